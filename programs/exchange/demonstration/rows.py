"""The programs of programs.csv, and what the engine is meant to find among them."""

import csv
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent
# The day that the made-up programs are told as of: what lies behind it has happened.
AS_OF = dt.date(2026, 11, 24)
# How the groups of the column `intended` begin -> the kind of overlap between any two programs of such a group.
KINDS = {"ov": "overlap", "dup": "duplicate", "sm": "same_money"}
# Programs of such a group look alike and are not to be flagged: other departments, other years.
APART = "not"


@dataclass(frozen=True)
class Row:
    """A program of programs.csv. Organizations are keys of organizations.csv, the amount is in `currency`.

    `intended` names the groups of overlaps, duplicates, double reports and look-alikes that the program is in.
    """

    identifier: str
    reporter: str
    funders: tuple[str, ...]
    implementers: tuple[str, ...]
    accountable: tuple[str, ...]
    fields: dict[str, str]
    start: dt.date
    end: dt.date | None
    amount: Decimal
    currency: str
    intended: tuple[str, ...]

    @property
    def is_reported_by_funder(self) -> bool:
        return self.reporter in self.funders

    @property
    def is_from_inventory(self) -> bool:
        """Whether SICA lists a program of others: it knows the sum, and nothing passes through its hands."""
        return self.reporter == "SICA" and "SICA" not in self.implementers

    @property
    def has_begun(self) -> bool:
        return self.start <= AS_OF

    @property
    def has_ended(self) -> bool:
        return self.end is not None and self.end <= AS_OF

    @property
    def years(self) -> int:
        """In how many yearly instalments it is paid; four where the end is unknown."""
        end = self.end or self.start + dt.timedelta(days=4 * 365)
        return max(1, round((end - self.start).days / 365))


def read(name: str) -> Iterator[dict[str, str]]:
    """The lines of a file of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rows() -> list[Row]:
    """The programs of the file, in its order; their identifiers are numbered by it."""
    refs = {row["key"]: row["ref"] or row["key"] for row in read("organizations.csv")}
    return [
        Row(
            identifier=f"{refs[fields['reporter']]}-CARSI-{number:03d}",
            reporter=fields["reporter"],
            funders=tuple(fields["funders"].split(",")),
            implementers=tuple(fields["implementers"].split(",")),
            accountable=tuple(filter(None, fields["accountable"].split(","))),
            fields=fields,
            start=dt.date.fromisoformat(fields["start"]),
            end=dt.date.fromisoformat(fields["end"]) if fields["end"] else None,
            amount=Decimal(fields["amount"]),
            currency=fields["currency"],
            intended=tuple(fields["intended"].split()),
        )
        for number, fields in enumerate(read("programs.csv"), start=1)
    ]


def intended_pairs() -> dict[tuple[str, str], str]:
    """Pairs of identifiers that the engine is meant to find, with their kind; the same money before an overlap.

    Who overlaps with a program overlaps with its duplicate and with the other report of its money too.
    """
    groups = _groups()
    pairs: dict[tuple[str, str], str] = {}
    for kind in ("same_money", "duplicate"):
        for name, members in groups.items():
            if KINDS.get(name.rstrip("0123456789")) == kind:
                pairs |= dict.fromkeys(itertools.combinations(sorted(members), 2), kind)
    twins: dict[str, set[str]] = {}
    for left, right in pairs:
        twins.setdefault(left, {left}).add(right)
        twins.setdefault(right, {right}).add(left)
    for name, members in groups.items():
        if KINDS.get(name.rstrip("0123456789")) == "overlap":
            everyone = set().union(*(twins.get(member, {member}) for member in members))
            for pair in itertools.combinations(sorted(everyone), 2):
                pairs.setdefault(pair, "overlap")
    return pairs


def pairs_apart() -> set[tuple[str, str]]:
    """Pairs of identifiers that look alike and that the engine is meant to leave alone."""
    return {
        pair
        for name, members in _groups().items()
        if name.rstrip("0123456789") == APART
        for pair in itertools.combinations(sorted(members), 2)
    }


def _groups() -> dict[str, list[str]]:
    """Name of a group -> the identifiers in it, in the file's order."""
    groups: dict[str, list[str]] = {}
    for row in rows():
        for group in row.intended:
            groups.setdefault(group, []).append(row.identifier)
    return groups
