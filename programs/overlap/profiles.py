"""Profiles: a program's facts and keys, made once a version and kept in the database.

What a scan reads of any program is its profile, in one row; the many tables of a program are read only when it has
changed. A profile and its keys are written together, and only for the version that they were read from, so that a
stale key is known by its profile's version.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from programs.models import Program
from programs.overlap.engine.facts import Money, ProgramFacts
from programs.overlap.engine.profile import Profile, profile_of
from programs.overlap.engine.reading import Reading
from programs.overlap.findable import findable
from programs.overlap.keys import Keys, home_of, keys_of
from programs.overlap.loading import load_facts
from programs.overlap.release import release_of_profiles
from programs.services.finding import keep_findable

# Another one makes all profiles due.
MADE_BY = release_of_profiles()
READ_AT_ONCE = 500

_DUE = """
SELECT p.id FROM programs_program p LEFT JOIN overlap_programprofile f ON f.program_id = p.id
WHERE (%(ids)s::bigint[] IS NULL OR p.id = ANY(%(ids)s))
    AND (f.version IS DISTINCT FROM p.version OR f.made_by <> %(made_by)s)
ORDER BY p.id
"""

_WRITE = """
INSERT INTO overlap_programprofile AS f (program_id, version, made_by, home, facts, numbers, reading, series)
SELECT program_id, version, made_by, home, facts, numbers, reading, series::bigint[]
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[])
    AS r(program_id, version, made_by, home, facts, numbers, reading, series)
ON CONFLICT (program_id) DO UPDATE SET
    version = excluded.version, made_by = excluded.made_by, home = excluded.home, facts = excluded.facts,
    numbers = excluded.numbers, reading = excluded.reading, series = excluded.series
WHERE f.version <= excluded.version
RETURNING program_id
"""

_WRITE_KEYS = """
INSERT INTO overlap_candidatekey (program_id, key, family, least, mask, starts, ends, series, title_series)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::smallint[], %s::bigint[], %s::int[], %s::int[],
    %s::bigint[], %s::bigint[])
"""

_NAMES = """
SELECT t.program_id, array_agg(DISTINCT a.normalized ORDER BY a.normalized)
FROM (
    SELECT id AS program_id, reporting_org_id AS organization_id FROM programs_program WHERE id = ANY(%(ids)s)
    UNION SELECT program_id, organization_id FROM programs_participation WHERE program_id = ANY(%(ids)s)
) t JOIN donors_organizationalias a USING (organization_id)
GROUP BY t.program_id
"""


def programs_to_read(ids: Collection[int] | None = None) -> list[int]:
    """Of these programs (None: of all), the ones without a current profile."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"ids": None if ids is None else list(ids), "made_by": MADE_BY})
        return [pk for (pk,) in cursor.fetchall()]


def refresh_profiles(ids: Collection[int], *, again: bool = False) -> None:
    """Makes the profiles of these programs current, with `again` even those that are; commits by itself.

    One that somebody is changing at this moment is left as it is: it is due again afterwards.
    """
    due = sorted(set(ids)) if again else programs_to_read(ids)
    for i in range(0, len(due), READ_AT_ONCE):
        _refresh(due[i : i + READ_AT_ONCE])


def refresh_renewed(*, ids: Collection[int], **_signal: Any) -> None:
    """Makes the profiles of programs again whose sums in US dollars were renewed, their versions being the same."""
    refresh_profiles(ids, again=True)


def _refresh(ids: list[int]) -> None:
    facts = load_facts(ids)
    scannable = set(Program.objects.scannable().filter(pk__in=ids).values_list("pk", flat=True))
    profiles = {pk: profile_of(of_it) for pk, of_it in facts.items()}
    keys = {pk: keys_of(facts[pk], profiles[pk].reading) for pk in facts if pk in scannable}
    organizations = _names_of_organizations(ids)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, version FROM programs_program WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE SKIP LOCKED", [ids]
        )
        unchanged = [pk for pk, version in cursor.fetchall() if pk in facts and facts[pk].version == version]
        if not unchanged:
            return
        rows = [
            (
                pk,
                facts[pk].version,
                MADE_BY,
                home_of(facts[pk]),
                packed(facts[pk]),
                *in_numbers(profiles[pk]),
                "{" + ",".join(map(str, profiles[pk].series)) + "}",
            )
            for pk in unchanged
        ]
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
        written = {pk for (pk,) in cursor.fetchall()}
        keep_findable(
            cursor,
            {pk: findable(facts[pk], profiles[pk].reading, organizations.get(pk, ())) for pk in sorted(written)},
        )
        cursor.execute("DELETE FROM overlap_candidatekey WHERE program_id = ANY(%s)", [sorted(written)])
        _write_keys(cursor, {pk: keys[pk] for pk in sorted(written & keys.keys())})


def _names_of_organizations(ids: list[int]) -> dict[int, list[str]]:
    """The names of who reports each of these programs, and takes part in it; all that each goes by, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"ids": ids})
        return dict(cursor.fetchall())


def _write_keys(cursor: Any, keys: dict[int, Keys]) -> None:
    rows = [
        (pk, key.key, int(key.family), key.least, of_it.mask, key.starts, key.ends, key.series, key.title_series)
        for pk, of_it in keys.items()
        for key in of_it.keys
    ]
    if rows:
        cursor.execute(_WRITE_KEYS, [list(column) for column in zip(*rows, strict=True)])


def stored_facts(ids: Iterable[int]) -> dict[int, ProgramFacts]:
    """The facts of these programs as their profiles hold them, by id; one query. Profiles that another release made
    are left out: they hold other things."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT program_id, facts FROM overlap_programprofile WHERE program_id = ANY(%s) AND made_by = %s",
            [sorted(set(ids)), MADE_BY],
        )
        return {pk: unpacked(text) for pk, text in cursor.fetchall()}


def stored_profiles(ids: Iterable[int]) -> dict[int, Profile]:
    """What the engine compares of these programs, by id; one query. Profiles that another release made are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT numbers, reading FROM overlap_programprofile WHERE program_id = ANY(%s) AND made_by = %s",
            [sorted(set(ids)), MADE_BY],
        )
        found = [from_numbers(numbers, reading) for numbers, reading in cursor.fetchall()]
    return {profile.id: profile for profile in found}


def stored_versions(ids: Iterable[int]) -> dict[int, int]:
    """The versions of these programs' profiles, by id; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT program_id, version FROM overlap_programprofile WHERE program_id = ANY(%s)", [sorted(set(ids))]
        )
        return dict(cursor.fetchall())


def stored_series(ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The series of those of these programs that belong to one, by id, as numbers; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT program_id, series FROM overlap_programprofile WHERE program_id = ANY(%s) AND series <> '{}'",
            [sorted(set(ids))],
        )
        return {pk: tuple(series) for pk, series in cursor.fetchall()}


def packed(facts: ProgramFacts) -> str:
    """Facts as JSON."""
    values = {field.name: _plain(getattr(facts, field.name)) for field in fields(facts)}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> ProgramFacts:
    """The facts that `packed` wrote."""
    values = json.loads(text)
    for name in ("start", "end"):
        values[name] = values[name] and dt.date.fromisoformat(values[name])
    for name in _SETS:
        values[name] = frozenset(values[name])
    values["texts"], values["titles"] = tuple(values["texts"]), tuple(values["titles"])
    values["committed_usd"] = _decimal(values["committed_usd"])
    values["budgets"] = frozenset(
        (Decimal(value), currency, begins and dt.date.fromisoformat(begins))
        for value, currency, begins in values["budgets"]
    )
    values["related"] = frozenset((kind, identifier) for kind, identifier in values["related"])
    values["listed"] = frozenset((pk, key) for pk, key in values.get("listed", ()))
    values["money"] = tuple(
        Money(out, Decimal(value), currency, day and dt.date.fromisoformat(day), *rest)
        for out, value, currency, day, *rest in values["money"]
    )
    return ProgramFacts(**values)


def in_numbers(profile: Profile) -> tuple[str, bytes]:
    """A profile as two columns: its numbers as JSON, in the order of its fields, and its reading."""
    numbers = [getattr(profile, name) for name in _NUMBERS]
    return json.dumps(numbers, separators=(",", ":")), profile.reading.as_bytes()


def from_numbers(numbers: str, reading: bytes) -> Profile:
    """The profile that `in_numbers` wrote."""
    values: list[Any] = [tuple(value) if type(value) is list else value for value in json.loads(numbers)]
    # A full scan reads tens of thousands: a frozen dataclass sets its fields one by one, which takes as long again.
    profile = object.__new__(Profile)
    vars(profile).update(zip(_NUMBERS, values, strict=True), reading=Reading.from_bytes(reading))
    return profile


_NUMBERS = tuple(field.name for field in fields(Profile) if field.name != "reading")


_SETS = (
    "goals", "sectors", "countries", "regions", "areas", "localities", "funders", "implementers", "others",
    "activity_identifiers",
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, Money):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
