"""Where an activity works: its countries, its regions, its locations."""

from decimal import Decimal

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, Place
from programs.exchange.iati.node import KEPT_SHARE, Node
from programs.exchange.iati.parts import read_shares
from programs.exchange.iati.values import clean_code, parse_number, parse_percentage

LONGEST_NAME = 255


def read_places(activity: Activity, node: Node, language: str) -> None:
    """Fills countries, regions and places.

    2.0x lets each transaction name its country or region. Where the activity names no country itself, these are its
    countries; shares of the whole are not known then.
    """
    moves = node.all("transaction")
    for name, kept in (("recipient-country", activity.countries), ("recipient-region", activity.regions)):
        nodes = node.all(name)
        if not nodes and (name == "recipient-country" or not activity.countries):
            named = {(child.get("vocabulary"), child.get("code")): child for move in moves for child in move.all(name)}
            nodes = list(named.values())
        kept += read_shares(activity, nodes, name, language)
    for child in node.all("location"):
        activity.places.append(read_place(activity, child, language))


def read_place(activity: Activity, node: Node, language: str) -> Place:
    latitude, longitude = _point(activity, node)
    countries, codes, names = [], [], []
    for child in node.all("administrative"):
        countries.append(clean_code(child.element.get("country")).upper())
        code = clean_code(child.element.get("code"))
        if child.get("vocabulary").lower() == words.COUNTRY_VOCABULARY:
            countries.append(code[:2].upper())  # areas of ISO 3166-2 begin with their country
        codes += [code, child.get("adm1"), child.get("adm2")]
        names.append(child.words(language))
    codes += [child.get("code") for child in node.all("location-id")]
    name = node.first("name")
    stated = node.get("percentage") or node.get(KEPT_SHARE)
    percentage = parse_percentage(stated)
    if percentage is None and stated:
        activity.warn("percentage.unreadable", f"location: {stated}")
    designations = {node.code("feature-designation").upper(), node.code("location-type").upper()}
    return Place(
        name=(name.words(language) if name else "")[:LONGEST_NAME].strip(),
        latitude=latitude,
        longitude=longitude,
        percentage=percentage,
        country=next((country for country in countries if country), ""),
        admin_codes=tuple(code for code in codes if code),
        admin_names=tuple(text for text in names if text),
        designation=next((code for code in sorted(designations) if code), ""),
    )


def _point(activity: Activity, node: Node) -> tuple[Decimal | None, Decimal | None]:
    """(latitude, longitude) in WGS 84 degrees, or (None, None), noted where something was stated."""
    point, coordinates = node.first("point"), node.first("coordinates")
    stated: list[str] = []
    if point is not None:
        position = point.first("pos")
        stated = position.text.replace(";", " ").split() if position is not None else []
        if len(stated) == 1:  # "14.6,-90.5", where the standard has a space
            stated = stated[0].split(",")
        elif len(stated) == 2:
            stated = [part.rstrip(",") for part in stated]
    elif coordinates is not None:
        stated = [coordinates.get("latitude"), coordinates.get("longitude")]
    if not any(stated):
        return None, None
    if len(stated) == 2:
        latitude, longitude = parse_number(stated[0]), parse_number(stated[1])
        if latitude is not None and longitude is not None and abs(longitude) <= 90 < abs(latitude) <= 180:
            # No latitude is beyond 90 degrees: it can only be the longitude.
            activity.warn("location.swapped", " ".join(stated))
            latitude, longitude = longitude, latitude
        # 0, 0 lies in the Gulf of Guinea: what software writes for a point that nobody gave.
        if (
            latitude is not None
            and longitude is not None
            and abs(latitude) <= 90
            and abs(longitude) <= 180
            and (latitude, longitude) != (0, 0)
        ):
            return latitude, longitude
    activity.warn("location.point", " ".join(stated))
    return None, None
