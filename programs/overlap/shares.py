"""Reads what the amount of a pair rests on: five queries, however many programs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from goals.codes import REGIONS_AROUND
from programs.models import Coverage, Program, ProgramGoal, ProgramLocation, ProgramSector
from programs.overlap.amounts import NOTHING, Location, Shares, in_parts
from programs.overlap.engine.text import plain_words
from programs.overlap.services.stakes import OF_DAYS, days_of


def read_shares(ids: Iterable[int], today: date) -> dict[int, Shares]:
    """These programs with the parts of their places, goals and sectors, by id, as far as they are there."""
    wanted = sorted(set(ids))
    coverages = _rows(Coverage, wanted, "country_id", "region_id")
    locations = _rows(ProgramLocation, wanted, "area_id", "area__parent_id", "name")
    goals, sectors = _rows(ProgramGoal, wanted, "goal_id"), _rows(ProgramSector, wanted, "sector_id")
    programs = Program.objects.filter(pk__in=wanted).only("committed_usd", *OF_DAYS)
    return {
        program.pk: _shares(
            program, coverages[program.pk], locations[program.pk], goals[program.pk], sectors[program.pk], today
        )
        for program in programs
    }


def _shares(program: Program, coverages: Any, locations: Any, goals: Any, sectors: Any, today: date) -> Shares:
    covered = in_parts(coverages)
    # Where no area is known of a locality, nothing says what of a country it is.
    rows = [row for row in locations if row[0][0]]
    located = in_parts([((area, within, _plain(name)), share) for (area, within, name), share in rows])
    places = tuple(Location(area, within or area, name, share) for (area, within, name), share in located.items())
    countries = {country: share for (country, _region), share in covered.items() if country}
    if not covered:
        for place in places:
            countries[place.area[:2]] = countries.get(place.area[:2], NOTHING) + place.share
    return Shares(
        id=program.pk,
        committed_usd=program.committed_usd,
        countries=countries,
        regional=sum((share for (_c, region), share in covered.items() if region in REGIONS_AROUND), NOTHING),
        elsewhere={region: share for (_c, region), share in covered.items() if region and region not in REGIONS_AROUND},
        locations=places,
        goals=in_parts([(goal, share) for (goal,), share in goals]),
        sectors=in_parts([(sector, share) for (sector,), share in sectors]),
        days=days_of(program, today),
    )


def _plain(name: str) -> str:
    return " ".join(plain_words(name))


def _rows(model: Any, ids: list[int], *columns: str) -> dict[int, list[tuple[tuple[Any, ...], Decimal | None]]]:
    rows: dict[int, list[tuple[tuple[Any, ...], Decimal | None]]] = defaultdict(list)
    read = model.objects.filter(program__in=ids).order_by("pk").values_list("program_id", "percentage", *columns)
    for pk, percentage, *values in read:
        rows[pk].append((tuple(values), percentage))
    return rows
