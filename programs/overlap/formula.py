"""How the amount and the priority of a case come about, in words with its own numbers."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.figures import percent, usd
from programs.models import Program
from programs.overlap.clustering import PairInCluster, counted_pairs
from programs.overlap.models import Overlap
from programs.overlap.services.stakes import days_of
from programs.overlap.stake import Stake, stake_of
from programs.querysets import REGIONAL

# So many of the pairs whose amounts add up to that of a case are told; the others are on their own pages.
MOST_EXPLAINED = 3
MOST_PLACES = 4


@dataclass(frozen=True)
class PartInWords:
    """What a program has in common with the other one: its amount in US dollars (None: unknown), and how it
    comes about."""

    program: Program
    usd: Decimal | None
    sentence: str


@dataclass(frozen=True)
class PairInWords:
    """The amount of a pair: both parts, of which it is the smaller one. Without parts the portal has yet to work it
    out."""

    overlap: Overlap
    parts: list[PartInWords]

    @property
    def is_counted(self) -> bool:
        """Whether the same funds would be counted twice, and not spent twice."""
        return self.overlap.kind != Overlap.Kind.OVERLAP


@dataclass(frozen=True)
class Formula:
    """Of a case: the factors of its priority, and its largest pairs whose amounts add up to its own; `more` are the
    others."""

    stake: Stake
    pairs: list[PairInWords]
    more: int


def explained_pairs(rows: Sequence[PairInCluster], lead: PairInCluster) -> list[int]:
    """The ids of the pairs that the formula of a case tells of."""
    return [lead.id, *(row.id for row in (counted_pairs(rows) or [lead])[:MOST_EXPLAINED])]


def where_of(overlaps: Iterable[Overlap]) -> set[str]:
    """The places that the formulas of these pairs name."""
    parts = [overlap.parts or {} for overlap in overlaps]
    return {site for part in parts for side in ("left", "right") for site in part.get(side, {}).get("where", ())} - {
        REGIONAL
    }


def formula_of(
    rows: Sequence[PairInCluster], lead: PairInCluster, overlaps: Mapping[int, Overlap], name_of: Callable[[str], str]
) -> Formula | None:
    """The formula of a case of these pairs; `overlaps` are those of `explained_pairs`, with their programs. No query.
    None where a scan took the pair away since."""
    if lead.id not in overlaps:
        return None
    counted = counted_pairs(rows) or [lead]
    told = [overlaps[row.id] for row in counted[:MOST_EXPLAINED] if row.id in overlaps]
    return Formula(
        stake_of_pair(overlaps[lead.id]), [in_words(one, name_of) for one in told], max(0, len(counted) - len(told))
    )


def stake_of_pair(overlap: Overlap) -> Stake:
    """The factors of a pair's priority as of today."""
    today = timezone.localdate()
    left, right = (days_of(program, today) for program in overlap.sides)
    return stake_of(overlap.score, overlap.money_usd, overlap.sites, left, right, today)


def in_words(overlap: Overlap, name_of: Callable[[str], str]) -> PairInWords:
    """The amount of a pair; no query where its programs are read."""
    parts = overlap.parts
    if not parts:
        return PairInWords(overlap, [])
    sides = (("left", overlap.left), ("right", overlap.right))
    return PairInWords(
        overlap,
        [
            PartInWords(program, _decimal(parts[side]["usd"]), _sentence(parts[side], overlap.kind, name_of))
            for side, program in sides
        ],
    )


def _sentence(part: Mapping[str, Any], kind: str, name_of: Callable[[str], str]) -> str:
    """US$ 8,700,000 committed × 25 % for Cortés × 60 % for goal 1 × 23 of its 60 months (38.33 %) = US$ 499,000."""
    committed = _decimal(part["committed"])
    if committed is None:
        return _("no commitment in US dollars is known")
    factors = [_("%(money)s committed") % {"money": usd(committed)}]
    if kind == Overlap.Kind.OVERLAP:
        factors += [factor for factor in (_place(part, name_of), _work(part), _time(part)) if factor]
    return " × ".join(factors) + (f" = {usd(_decimal(part['usd']))}" if part["usd"] is not None else "")


def _place(part: Mapping[str, Any], name_of: Callable[[str], str]) -> str:
    share = _decimal(part["place"])
    if share is None:
        return _("an unknown share: no place in common is recorded")
    if not part["where"]:
        return _("all its places, because one of the programs names none")
    names = [_("the region as a whole") if site == REGIONAL else name_of(site) for site in part["where"]]
    values = {"share": percent(share * 100), "places": ", ".join(names[:MOST_PLACES])}
    if len(names) > MOST_PLACES:
        number = len(names) - MOST_PLACES
        return ngettext(
            "%(share)s for %(places)s and %(number)s other place",
            "%(share)s for %(places)s and %(number)s other places",
            number,
        ) % {**values, "number": number}
    return _("%(share)s for %(places)s") % values


def _work(part: Mapping[str, Any]) -> str:
    share = _decimal(part["work"])
    if share is None:
        return _("an unknown share: no goal or sector in common is recorded")
    named: Collection[Any] = part["goals"] or part["sectors"]
    if not named:
        return _("all its work, because one of the programs names no goal or sector")
    values = {"share": percent(share * 100), "names": ", ".join(map(str, named))}
    if part["goals"]:
        return ngettext("%(share)s for goal %(names)s", "%(share)s for goals %(names)s", len(named)) % values
    return ngettext("%(share)s for sector %(names)s", "%(share)s for sectors %(names)s", len(named)) % values


def _time(part: Mapping[str, Any]) -> str:
    share = _decimal(part["time"]) or Decimal(0)
    if part["months"] is None:
        return _("all its time, because it states no dates") if share else _("no time in which both run")
    shared, own = part["months"]
    values = {"share": percent(share * 100), "shared": shared, "number": own}
    return (
        ngettext(
            "%(share)s of its time (%(shared)s of %(number)s month)",
            "%(share)s of its time (%(shared)s of %(number)s months)",
            own,
        )
        % values
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
