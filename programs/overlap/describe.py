"""The engine's factors in words, in the reader's language, every sentence true to the pair."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from donors.models import Organization
from goals.models import Area, Country, Goal, Sector
from programs.models import ProgramLocation
from programs.overlap.engine.catalogue import FACTORS
from programs.overlap.engine.text import plain_words
from programs.overlap.models import Overlap
from programs.overlap.quoting import NEARNESS, Quote, Quotes

# What adds less than this is not worth a sentence.
SMALLEST_BITS = 0.2
# Less than this, in bits, is shown as nothing where each factor has a bar: nothing is quoted for it.
LEAST_BITS = 0.05
# Says how far the other factors count: in the waterfall alone, in no list of reasons.
NO_REASONS = frozenset({"scope"})
# Small within the name of a place.
PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "of", "the", "and"})


@dataclass(frozen=True)
class Explained:
    """A factor of an overlap for a page: its name, its sentence, its value (0..1) and the bits that it adds; and the
    words of both programs that bear it out, where they are asked for."""

    name: str
    sentence: str
    value: float
    bits: float
    quotes: tuple[Quote, ...] = ()

    @property
    def speaks_for(self) -> bool:
        return self.bits > 0


class Names:
    """Names of what the factors of some overlaps speak of: one query for each kind of thing, then none."""

    def __init__(self, overlaps: Iterable[Overlap]) -> None:
        wanted: dict[str, set[Any]] = {}
        overlaps = list(overlaps)
        for overlap in overlaps:
            for factor in overlap.factors:
                for key, values in factor["evidence"].items():
                    if isinstance(values, list):
                        wanted.setdefault(key, set()).update(values)
        self.goals = Goal.objects.in_bulk(wanted.get("goals", set()))
        self.areas = Area.objects.defer("outline").in_bulk(wanted.get("areas", set()))
        self.countries = Country.objects.in_bulk(wanted.get("countries", set()))
        self.sectors = Sector.objects.in_bulk(wanted.get("sectors", set()))
        self.organizations = Organization.objects.in_bulk(wanted.get("organizations", set()))
        self._spelling: dict[str, str] = {}
        if wanted.get("localities") or wanted.get("words"):
            self._learn_spelling(overlaps)

    def all(self, kind: str, keys: Iterable[Any]) -> str:
        """The names of these, with commas between."""
        known = getattr(self, kind)
        return ", ".join(str(known[key]) for key in keys if key in known)

    def as_written(self, plain: str) -> str:
        """Words that the engine compares without accents, in small letters with the accents of the programs' texts."""
        return " ".join(self._spelling.get(word, word) for word in plain.split())

    def place(self, plain: str) -> str:
        """The same for the name of a place."""
        return place_name(self.as_written(plain))

    def _learn_spelling(self, overlaps: list[Overlap]) -> None:
        """From the texts of the pairs' programs and the names of their places, which one query reads."""
        programs = {program.pk: program for overlap in overlaps for program in (overlap.left, overlap.right)}
        texts = [text for program in programs.values() for text in (program.title, program.description)]
        texts += ProgramLocation.objects.filter(program__in=programs).values_list("name", flat=True)
        with_accents = " ".join(text for text in texts if not text.isascii()).lower()
        for word in re.findall(r"[^\W\d_]+", with_accents):
            if word.isascii():
                continue
            plain = plain_words(word)
            if len(plain) == 1 and plain[0] != word:
                self._spelling.setdefault(plain[0], word)


def place_name(written: str) -> str:
    """A place's name in small letters as names are written: “ciudad de guatemala” is Ciudad de Guatemala."""
    first, *others = written.split() or [written]
    return " ".join([first.capitalize(), *(word if word in PARTICLES else word.capitalize() for word in others)])


def explain(
    overlap: Overlap, names: Names | None = None, most: int | None = None, quotes: Quotes | None = None
) -> list[Explained]:
    """The overlap's factors, what adds most first, `most` of them; without those of less than SMALLEST_BITS."""
    return list(islice(_explained(overlap, names or Names([overlap]), quotes), most))


def _explained(overlap: Overlap, names: Names, quotes: Quotes | None) -> Iterator[Explained]:
    for factor in sorted(overlap.factors, key=lambda one: -one["bits"]):
        # What another version of the engine stored under a name of its own has no sentence here.
        if factor["name"] in FACTORS.keys() - NO_REASONS and abs(factor["bits"]) >= SMALLEST_BITS:
            sentence, quoted = _stated(overlap, factor, names, quotes)
            if sentence:
                one = Explained(factor_name(factor["name"]), sentence, factor["value"], factor["bits"], quoted)
                yield _introduced(factor["name"], one)


def _stated(
    overlap: Overlap, factor: dict[str, Any], names: Names, quotes: Quotes | None
) -> tuple[str, tuple[Quote, ...]]:
    """What a factor of known value says, and the words that bear it out."""
    evidence, quoted = quotes.of(overlap, factor) if quotes else (factor["evidence"], ())
    sentence = FACTORS[factor["name"]].sentence(factor["value"], evidence, names)
    return sentence, quoted


def _introduced(name: str, one: Explained) -> Explained:
    """A factor with what its quotes are, where its sentence does not say it."""
    if not one.quotes or name not in NEARNESS:
        return one
    return replace(one, sentence=" ".join((one.sentence, _("These two passages are the closest."))))


def explain_beside_typical(
    overlap: Overlap, names: Names, typical: dict[str, float], quotes: Quotes | None = None
) -> list[Explained]:
    """Every factor that has a say, with the bits by which it differs from a typical pair's; what adds most first. The
    same words are quoted once.

    The contributions of a linear model as Lundberg and Lee (2017) define them: against what is expected, so that a
    factor that says less than usual speaks against, even where nothing at all would have been worse.
    """
    stored = {factor["name"]: factor for factor in overlap.factors}
    explained = []
    for name in {**stored, **typical}:
        factor = stored.get(name, {"value": None, "bits": 0.0, "evidence": {}})
        bits = factor["bits"] - typical.get(name, 0.0)
        if name not in FACTORS or not (bits or factor["bits"]):
            continue
        sentence = _("Unknown.")
        quoted: tuple[Quote, ...] = ()
        if factor["value"] is not None:
            stated, quoted = _stated(overlap, factor, names, quotes if abs(bits) >= LEAST_BITS else None)
            sentence = stated or _("The programs do not say.")
        explained.append((name, Explained(factor_name(name), sentence, factor["value"] or 0.0, bits, quoted)))
    return _each_quote_once(sorted(explained, key=lambda named: -named[1].bits))


def _each_quote_once(explained: list[tuple[str, Explained]]) -> list[Explained]:
    """Of several factors that both programs bear out by the same words only the first with them."""
    shown: set[tuple[Quote, ...]] = set()
    once = []
    for name, one in explained:
        once.append(replace(one, quotes=()) if one.quotes and one.quotes in shown else _introduced(name, one))
        shown.add(one.quotes)
    return once


def with_reasons(overlaps: Iterable[Overlap], names: Names) -> list[dict[str, Any]]:
    """Rows of a list of overlaps: each with the three reasons that add most."""
    return [{"overlap": overlap, "reasons": explain(overlap, names, 3)} for overlap in overlaps]


def factor_name(name: str) -> str:
    """What a factor is called."""
    return str(FACTORS[name].label)
