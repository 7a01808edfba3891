"""Proposes the CARSI goals of a program from its DAC sectors, its words and its policy markers, and says why.

Transparent on purpose: two tables (goals/data/sector_goals.csv, goals/data/goal_terms.csv) and the few rules below,
which docs/goals-from-sectors.md tells in words. Pure: no database; the same program gets the same answer always.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.names import without_accents
from core.numbers import to_hundred
from goals.codes import GOALS
from goals.vocabularies import CATEGORIES, CLUSTERS, SDG_GOALS, SDG_INDICATORS, SDG_TARGETS, plain_code

DATA = Path(__file__).parent / "data"
IN_SCOPE, OUT_OF_SCOPE, UNDETERMINED = "in_scope", "out_of_scope", "undetermined"

# Sectors of security and justice decide by themselves from this share of a program on.
SECTORS_DECIDE_FROM = Decimal("0.25")
# What words must weigh: beside a sector that may be within the goals, and with no such sector at all.
WORDS_SETTLE_FROM = Decimal("1")
WORDS_ALONE_FROM = Decimal("2.5")
# How much sectors say about which goal, where words speak too.
SECTORS_PART = Decimal("0.4")
# A goal with less than this part of the evidence is left out.
SMALLEST_PART = Decimal("0.15")
# Policy marker 3 is participatory development and good governance; a principal objective (2) speaks for goal 3.
GOVERNANCE_MARKER, PRINCIPAL = "3", "2"
MARKER_WEIGHT = Decimal("0.5")
# Vocabularies whose codes speak for goals where no purpose code does, the most exact first, and what is said before
# their codes.
BEFORE_CODES = {CATEGORIES: "", SDG_INDICATORS: "SDG ", SDG_TARGETS: "SDG ", SDG_GOALS: "SDG ", CLUSTERS: "cluster "}


@dataclass(frozen=True)
class ProposedGoal:
    """A goal (1 to 5), its percentage of the program, and the evidence: sectors, terms and markers with weights."""

    goal_id: int
    percentage: Decimal
    reasons: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Proposal:
    """The goals, adding up to 100.00 (none if not in scope), the scope, and the ESCA component (1 to 4 or None)."""

    goals: tuple[ProposedGoal, ...]
    scope: str
    esca_component: int | None


@dataclass(frozen=True)
class SectorRule:
    """What a DAC sector says: `decides` alone, or only where words agree; its weights by goal; its component."""

    decides: bool
    weights: dict[int, Decimal]
    component: int


@cache
def sector_rules() -> dict[str, SectorRule]:
    """The table of sectors; one that is not in it lies outside the five goals."""
    rules = {}
    with (DATA / "sector_goals.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            weights = {goal: Decimal(row[f"goal_{goal}"]) for goal in GOALS if row[f"goal_{goal}"]}
            rules[row["sector"]] = SectorRule(row["rule"] == "in", weights, int(row["component"]))
    return rules


@cache
def terms() -> dict[str, tuple[int, Decimal]]:
    """The table of terms in both languages, without accents: term -> goal and weight. A final * is any ending."""
    with (DATA / "goal_terms.csv").open(encoding="utf-8") as file:
        return {row["term"]: (int(row["goal"]), Decimal(row["weight"])) for row in csv.DictReader(file)}


@cache
def other_sector_rules() -> dict[str, SectorRule]:
    """The same for codes of other vocabularies, each called as `rule_key` says."""
    rules = {}
    with (DATA / "other_sectors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["rule"]:
                weights = {goal: Decimal(row[f"goal_{goal}"]) for goal in GOALS if row[f"goal_{goal}"]}
                key = rule_key(row["vocabulary"], row["code"])
                rules[key] = SectorRule(row["rule"] == "in", weights, int(row["component"]))
    return rules


def rule_key(vocabulary: str, code: str) -> str:
    """How a code of another vocabulary is called among sectors: “152”, “SDG 16.1”, “cluster 10”.

    An indicator is called as its target; "" where the vocabulary speaks for no goals.
    """
    bare = plain_code(vocabulary, code)
    if vocabulary == SDG_INDICATORS:
        bare = ".".join(bare.split(".")[:2])
    return BEFORE_CODES[vocabulary] + bare if vocabulary in BEFORE_CODES and bare else ""


@cache
def _rules() -> dict[str, SectorRule]:
    return sector_rules() | other_sector_rules()


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    words = "|".join(re.escape(phrase).replace(r"\*", "[a-z0-9]*") for phrase in longest_first)
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


@cache
def _blind_pattern() -> re.Pattern[str]:
    with (DATA / "blind_phrases.csv").open(encoding="utf-8") as file:
        return _pattern(row["phrase"] for row in csv.DictReader(file))


@cache
def _term_pattern() -> re.Pattern[str]:
    return _pattern(terms())


@cache
def _stems() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Terms with an ending left open, to name the one that a found word belongs to."""
    return tuple((_pattern([term]), term) for term in terms() if "*" in term)


# As many words as all endings of the table's terms have in practice.
@lru_cache(maxsize=5000)
def _terms_of(word: str) -> frozenset[str]:
    """The terms that a found word belongs to."""
    if word in terms():
        return frozenset((word,))
    return frozenset(term for pattern, term in _stems() if pattern.fullmatch(word))


_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents, single spaces for all that is no letter or digit: how terms are compared."""
    return _BETWEEN_WORDS.sub(" ", without_accents(text)).strip()


def terms_in(texts: Iterable[str]) -> set[str]:
    """The terms of the table that the texts hold, each once; the longest where several fit, blind phrases skipped."""
    found: set[str] = set()
    for text in texts:
        seen = _blind_pattern().sub(" | ", plain(text))
        for word in set(_term_pattern().findall(seen)):
            found |= _terms_of(word)
    return found


def propose_goals(
    sectors: Sequence[tuple[str, Decimal | None]],
    texts: Sequence[str],
    policy_markers: Sequence[tuple[str, str]] = (),
) -> Proposal:
    """The goals that a program's own statements speak for.

    `sectors` are DAC codes, or codes of another vocabulary as `rule_key` calls them, with percentages (None: equal
    parts); `texts` its titles and descriptions in any
    language; `policy_markers` are (IATI code, significance). Sectors of the table decide alone from a quarter of
    the program on; sectors that may go either way need a term; without either, terms of weight 2.5 are needed.
    """
    rules = _rules()
    shares = _shares(sectors)
    found = terms_in(texts)
    words: dict[int, Decimal] = dict.fromkeys(GOALS, Decimal(0))
    for term in found:
        goal, weight = terms()[term]
        words[goal] += weight
    # Good governance leans to goal 3, but is no word of security: it never settles the scope.
    markers = [marker for marker in policy_markers if marker == (GOVERNANCE_MARKER, PRINCIPAL)]
    weight_of_words = sum(words.values(), Decimal(0))

    deciding = sum((share for code, share in shares if code in rules and rules[code].decides), Decimal(0))
    possible = sum((share for code, share in shares if code in rules), Decimal(0)) >= SECTORS_DECIDE_FROM
    settled = weight_of_words >= WORDS_SETTLE_FROM
    if deciding >= SECTORS_DECIDE_FROM or (possible and settled) or weight_of_words >= WORDS_ALONE_FROM:
        scope = IN_SCOPE
    elif not shares and not any(plain(text) for text in texts):
        return Proposal((), UNDETERMINED, None)
    else:
        return Proposal((), OUT_OF_SCOPE, None)

    by_sector: dict[int, Decimal] = dict.fromkeys(GOALS, Decimal(0))
    components: dict[int, Decimal] = {}
    counted = [(code, share) for code, share in shares if code in rules and (settled or rules[code].decides)]
    for code, share in counted:
        components[rules[code].component] = components.get(rules[code].component, Decimal(0)) + share
        for goal, weight in rules[code].weights.items():
            by_sector[goal] += share * weight
    if markers:
        words[3] += MARKER_WEIGHT
    parts = _combine(by_sector, words)
    kept = {goal: part for goal, part in parts.items() if part >= SMALLEST_PART} or {
        max(parts, key=lambda goal: (parts[goal], -goal)): Decimal(1)
    }
    percentages = to_hundred(list(kept.values()))
    goals = tuple(
        ProposedGoal(goal, percentage, _reasons(goal, counted, found, bool(markers)))
        for goal, percentage in zip(kept, percentages, strict=True)
    )
    component = min(components, key=lambda number: (-components[number], number)) if components else None
    return Proposal(goals, scope, component)


def _shares(sectors: Sequence[tuple[str, Decimal | None]]) -> list[tuple[str, Decimal]]:
    """Sectors with their share of the program, 0 to 1; equal parts where a percentage is missing."""
    if not sectors:
        return []
    stated = [percentage for _code, percentage in sectors if percentage is not None]
    if len(stated) < len(sectors) or sum(stated) <= 0:
        return sorted((code, Decimal(1) / len(sectors)) for code, _percentage in sectors)
    total = sum(stated, Decimal(0))
    return sorted((code, (percentage or Decimal(0)) / total) for code, percentage in sectors)


def _combine(by_sector: dict[int, Decimal], words: dict[int, Decimal]) -> dict[int, Decimal]:
    """One distribution over the goals from two, each weighing what it is given, as far as both speak."""
    sector_total, word_total = sum(by_sector.values()), sum(words.values())
    sectors_weigh = SECTORS_PART if sector_total and word_total else Decimal(bool(sector_total))
    parts = {}
    for goal in GOALS:
        part = Decimal(0)
        if sector_total:
            part += sectors_weigh * by_sector[goal] / sector_total
        if word_total:
            part += (1 - sectors_weigh) * words[goal] / word_total
        parts[goal] = part
    return parts


def _reasons(
    goal: int, counted: Sequence[tuple[str, Decimal]], found: set[str], governance: bool
) -> tuple[dict[str, Any], ...]:
    rules = _rules()
    reasons: list[dict[str, Any]] = [
        {"kind": "sector", "code": code, "weight": str(rules[code].weights[goal])}
        for code, _share in counted
        if goal in rules[code].weights
    ]
    reasons += [
        {"kind": "term", "term": term, "weight": str(terms()[term][1])}
        for term in sorted(found)
        if terms()[term][0] == goal
    ]
    if governance and goal == 3:
        reasons.append({"kind": "marker", "code": GOVERNANCE_MARKER, "weight": str(MARKER_WEIGHT)})
    return tuple(reasons)


def describe_reason(reason: dict[str, Any]) -> str:
    """One piece of evidence as a sentence in the active language."""
    if reason["kind"] == "sector":
        return _("Sector %(code)s points to this goal (weight %(weight)s).") % reason
    if reason["kind"] == "term":
        shown = {"term": reason["term"].replace("*", "…"), "weight": reason["weight"]}
        return _("The text mentions “%(term)s” (weight %(weight)s).") % shown
    return _("Good governance is marked as the principal objective (weight %(weight)s).") % reason
