"""Programs and areas as GeoJSON (RFC 7946): WGS 84, longitude before latitude; streams in constant memory."""

import itertools
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from core.money import as_list
from core.streams import Writing
from donors.models import Organization
from goals.models import Area
from programs.exchange.localities import locality
from programs.models import Participation, Program, ProgramLocation
from programs.querysets import amount_left_out
from programs.services import LocationData, ProgramData, stored_programs

PROGRAMS_AT_ONCE = 200
TYPE = "application/geo+json"


def programs_file(programs: Any) -> Iterator[bytes]:
    """A feature a program, in the order of their ids: its points, that of the town it names, else one inside the area.

    A program whose place is not known finer than a country has no geometry (null). Programs that could not be written
    are named in `left_out`, a member beside the features, which is there only then (RFC 7946, section 6.1).
    """
    names = dict(Organization.objects.values_list("pk", "name"))
    inside = {
        code: (longitude, latitude)
        for code, longitude, latitude in Area.objects.values_list("code", "longitude", "latitude")
    }

    def feature(program: Program, data: ProgramData) -> bytes:
        return _feature(program.pk, _points(data.locations, inside), _properties(program, data, names))

    def features(writing: Writing) -> Iterator[bytes | None]:
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            for program, stored in zip(chunk, stored_programs(chunk), strict=True):
                yield writing.attempt(program.pk, stored.data.identifier, feature, program, stored.data)

    return _collection(features, Writing("geojson"))


def areas_file(programs: Any) -> Iterator[bytes]:
    """A feature an area where any of the programs works: its outline (or a point inside), and how many they are.

    `committed_usd` is what is committed there, as far as programs say the shares of their places; `left_out` are the
    amounts that no exchange rate is known for.
    """
    located = ProgramLocation.objects.filter(area__isnull=False, program__in=programs.order_by().values("pk"))
    counts = dict(located.values_list("area").annotate(count=Count("program", distinct=True)).order_by())
    money: dict[str, Decimal] = {}
    left_out: dict[str, dict[str, Decimal]] = {}
    shares = located.filter(percentage__isnull=False)
    stated = shares.filter(program__committed_usd__isnull=False)
    for area, share, committed in stated.values_list("area", "percentage", F("program__committed_usd")).iterator():
        money[area] = money.get(area, Decimal(0)) + committed * share / 100
    for currency in programs.currencies_left_out():
        sums = (
            shares.values("area")
            .order_by()
            .annotate(sum=Sum(amount_left_out("committed_usd", currency, program="program__") * F("percentage") / 100))
        )
        for area, amount in sums.filter(sum__isnull=False).values_list("area", "sum"):
            left_out.setdefault(area, {})[currency] = amount

    def feature(area: Area) -> bytes:
        point = {"type": "Point", "coordinates": [float(area.longitude), float(area.latitude)]}
        properties = {
            "code": area.code,
            "name": area.name,
            "type": area.type,
            "country": area.country_id,
            "programs": counts[area.code],
            **_money("committed_usd", money.get(area.code)),
            "left_out": as_list(committed_usd=left_out.get(area.code, {})),
        }
        return _feature(area.code, wound(area.outline) if area.outline else point, properties)

    def features(writing: Writing) -> Iterator[bytes | None]:
        for area in Area.objects.filter(code__in=counts).select_related("country").order_by("code").iterator():
            yield writing.attempt(area.code, area.code, feature, area)

    return _collection(features, Writing("geojson-areas", of="area"))


def _points(locations: tuple[LocationData, ...], inside: dict[str, tuple[Decimal, Decimal]]) -> dict[str, Any] | None:
    points = []
    for row in locations:
        if row.longitude is not None and row.latitude is not None:
            points.append([float(row.longitude), float(row.latitude)])
        elif (town := locality(row.name, row.area_id or "")) and town.point:
            points.append(list(town.point))
        elif row.area_id:
            points.append([float(part) for part in inside[row.area_id]])
    if not points:
        return None
    return (
        {"type": "Point", "coordinates": points[0]}
        if len(points) == 1
        else {"type": "MultiPoint", "coordinates": points}
    )


def _properties(program: Program, data: ProgramData, names: dict[int, str]) -> dict[str, Any]:
    def taking_part(role: int) -> list[str]:
        return [names[row.organization_id] for row in data.participations if row.role == role]

    return {
        "identifier": data.identifier,
        "title": data.title,
        "reporting_org": names[data.reporting_org_id],
        "funders": taking_part(Participation.Role.FUNDING),
        "implementers": taking_part(Participation.Role.IMPLEMENTING),
        "status": data.status,
        "start": program.start.isoformat() if program.start else None,
        "end": program.end.isoformat() if program.end else None,
        "goals": [row.goal_id for row in data.goals or ()],
        "sectors": [row.sector_id for row in data.sectors],
        "countries": [row.country_id for row in data.coverages if row.country_id],
        "areas": [row.area_id for row in data.locations if row.area_id],
        **_money("committed_usd", program.committed_usd),
        **_money("disbursed_usd", program.disbursed_usd),
        "left_out": program.left_out,
        "updated_at": program.updated_at.isoformat(),
    }


def _money(name: str, value: Decimal | None) -> dict[str, str | float | None]:
    """As exact text, as the API gives money, and as a number for maps, which compute with 15 or 16 digits of it."""
    return {name: None if value is None else f"{value:.2f}", f"{name}_number": None if value is None else float(value)}


def wound(geometry: dict[str, Any]) -> dict[str, Any]:
    """A Polygon or MultiPolygon with its outer rings counterclockwise and its holes clockwise (RFC 7946, 3.1.6)."""
    if geometry["type"] == "Polygon":
        return {**geometry, "coordinates": _wound(geometry["coordinates"])}
    if geometry["type"] == "MultiPolygon":
        return {**geometry, "coordinates": [_wound(rings) for rings in geometry["coordinates"]]}
    return geometry


def _wound(rings: list[Any]) -> list[Any]:
    return [ring if (_area(ring) > 0) == (number == 0) else ring[::-1] for number, ring in enumerate(rings)]


def _area(ring: list[Any]) -> float:
    """Twice the area within a ring in square degrees; negative where it runs clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1, *_), (x2, y2, *_) in itertools.pairwise(ring))


def _feature(key: int | str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> bytes:
    feature = {"type": "Feature", "id": key, "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False).encode()


def _collection(features: Callable[[Writing], Iterator[bytes | None]], writing: Writing) -> Iterator[bytes]:
    """A collection of the features, without those that could not be written (None), which it names."""
    yield b'{"type":"FeatureCollection","features":['
    separator = b"\n"
    with writing:
        for feature in features(writing):
            if feature is not None:
                yield separator + feature
                separator = b",\n"
    yield b"\n]"
    if writing.left_out:
        named = [{"id": one.id, "identifier": one.name} for one in writing.left_out]
        yield b',"left_out":' + json.dumps(named, ensure_ascii=False).encode()
    yield b"}\n"
