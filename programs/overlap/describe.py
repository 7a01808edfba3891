"""The engine's factors in words, in the reader's language, every sentence true to the pair."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from donors.models import Organization
from goals.models import Area, Country, Goal, Sector
from programs.models import ProgramLocation
from programs.overlap.engine.taxonomy import taxonomy
from programs.overlap.engine.text import plain_words
from programs.overlap.models import Overlap

# What adds less than this is not worth a sentence.
SMALLEST_BITS = 0.2
# Small within the name of a place.
PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "of", "the", "and"})


@dataclass(frozen=True)
class Explained:
    """A factor of an overlap for a page: its name, its sentence, its value (0..1) and the bits that it adds."""

    name: str
    sentence: str
    value: float
    bits: float

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


def explain(overlap: Overlap, names: Names | None = None, most: int | None = None) -> list[Explained]:
    """The overlap's factors, what adds most first, `most` of them; without those of less than SMALLEST_BITS."""
    return list(islice(_explained(overlap, names or Names([overlap])), most))


def _explained(overlap: Overlap, names: Names) -> Iterator[Explained]:
    for factor in sorted(overlap.factors, key=lambda one: -one["bits"]):
        # What another version of the engine stored under a name of its own has no sentence here.
        say = SENTENCES.get(factor["name"]) if abs(factor["bits"]) >= SMALLEST_BITS else None
        if say and (sentence := say(factor["value"], factor["evidence"], names)):
            yield Explained(factor_name(factor["name"]), sentence, factor["value"], factor["bits"])


def explain_beside_typical(overlap: Overlap, names: Names, typical: dict[str, float]) -> list[Explained]:
    """Every factor that has a say, with the bits by which it differs from a typical pair's; what adds most first.

    The contributions of a linear model as Lundberg and Lee (2017) define them: against what is expected, so that a
    factor that says less than usual speaks against, even where nothing at all would have been worse.
    """
    stored = {factor["name"]: factor for factor in overlap.factors}
    explained = []
    for name in {**stored, **typical}:
        factor = stored.get(name, {"value": None, "bits": 0.0, "evidence": {}})
        bits = factor["bits"] - typical.get(name, 0.0)
        if name not in SENTENCES or not (bits or factor["bits"]):
            continue
        sentence = _("Not known.")
        if factor["value"] is not None:
            said = SENTENCES[name](factor["value"], factor["evidence"], names)
            sentence = said or _("Nothing of the kind is stated.")
        explained.append(Explained(factor_name(name), sentence, factor["value"] or 0.0, bits))
    return sorted(explained, key=lambda one: -one.bits)


def with_reasons(overlaps: Iterable[Overlap], names: Names) -> list[dict[str, Any]]:
    """Rows of a list of overlaps: each with the three reasons that add most."""
    return [{"overlap": overlap, "reasons": explain(overlap, names, 3)} for overlap in overlaps]


FACTORS = {
    "goal": gettext_lazy("Goal"),
    "place": gettext_lazy("Place"),
    "time": gettext_lazy("Time"),
    "same_dates": gettext_lazy("Dates"),
    "sector": gettext_lazy("Sector"),
    "months": gettext_lazy("Months in common"),
    "work": gettext_lazy("Kind of work"),
    "meaning": gettext_lazy("Meaning"),
    "work_here": gettext_lazy("Same work in the same place"),
    "beneficiaries": gettext_lazy("Beneficiaries"),
    "means": gettext_lazy("Means"),
    "wording": gettext_lazy("Wording"),
    "funder": gettext_lazy("Funder"),
    "implementer": gettext_lazy("Implementer"),
    "reporter": gettext_lazy("Reported by"),
    "roles": gettext_lazy("Roles"),
    "transfer": gettext_lazy("Payment"),
    "amount": gettext_lazy("Amount"),
    "pointer": gettext_lazy("Identifier"),
    "lineage": gettext_lazy("Relation"),
}


def factor_name(name: str) -> str:
    """What a factor is called."""
    return str(FACTORS[name])


def _percent(value: float) -> str:
    return number_format(round(value * 100))


def _usd(text: str) -> str:
    return number_format(Decimal(text).quantize(Decimal(1)), use_l10n=True, force_grouping=True)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _goal(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not evidence.get("goals"):
        return _("They serve different goals.")
    return _("Both serve: %(goals)s.") % {"goals": names.all("goals", evidence["goals"])}


def _place(value: float, evidence: dict[str, Any], names: Names) -> str:
    localities = ", ".join(names.place(place) for place in evidence.get("localities", ()))
    areas = names.all("areas", evidence.get("areas", ()))
    countries = names.all("countries", evidence.get("countries", ()))
    if localities:
        return _("Both work in %(places)s (%(countries)s).") % {"places": localities, "countries": countries}
    if areas and value < 0.5:
        return _("Both work in %(areas)s, but in different places there.") % {"areas": areas}
    if areas:
        return _("Both work in %(areas)s.") % {"areas": areas}
    if countries and value > 0:
        return _("Both work in %(countries)s; one of them does not say where there.") % {"countries": countries}
    if countries:
        return _("Both work in %(countries)s, but in different areas.") % {"countries": countries}
    if value > 0:
        return _("Both are for the region as a whole.")
    return _("They work in different countries.")


def _time(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "months" in evidence:
        return _("They run together for %(months)s, %(percent)s %% of the shorter one's time.") % {
            "months": _count_of_months(evidence),
            "percent": _percent(value),
        }
    if "from" in evidence:
        return _("Both run from %(day)s on; the end of one or both is not known.") % {"day": _day(evidence["from"])}
    return _("They do not run at the same time.")


def _count_of_months(evidence: dict[str, Any]) -> str:
    return ngettext("%(count)s month", "%(count)s months", evidence["months"]) % {"count": evidence["months"]}


def _months(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "months" in evidence:
        return _("They run together for %(months)s, from %(begin)s to %(end)s.") % {
            "months": _count_of_months(evidence),
            "begin": _day(evidence["from"]),
            "end": _day(evidence["to"]),
        }
    return _time(value, evidence, names)


def _same_dates(value: float, evidence: dict[str, Any], names: Names) -> str:
    days = evidence["days"]
    known = evidence.get("of", ["start", "end"])
    if days == 0:
        if known == ["start"]:
            return _("They begin on the same day.")
        if known == ["end"]:
            return _("They end on the same day.")
        return _("They begin and end on the same days.")
    return ngettext(
        "Their starts or ends lie %(days)s day apart.", "Their starts or ends lie %(days)s days apart.", days
    ) % {"days": days}


def _sector(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("sectors"):
        return _("Both have the sector %(sectors)s.") % {"sectors": names.all("sectors", evidence["sectors"])}
    return _("Their sectors differ.")


def entry_names(kinds: Iterable[str]) -> str:
    """Kinds of work, beneficiaries or means of the taxonomy in the reader's language, with commas between."""
    in_spanish = get_language() == "es"
    by_kind = {entry.kind: entry.kind_es if in_spanish else entry.kind for entry in taxonomy()}
    return ", ".join(by_kind.get(kind, kind) for kind in kinds)


def _work(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("work"):
        return _("Both texts speak of the same kind of work: %(work)s.") % {"work": entry_names(evidence["work"])}
    if value < 0.05:
        return _("Their texts speak of different kinds of work.")
    return _("The kinds of work that their texts speak of are alike to %(percent)s %%.") % {"percent": _percent(value)}


def _meaning(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("What they say of their work is near in meaning to %(percent)s %%.") % {"percent": _percent(value)}


def _work_here(value: float, evidence: dict[str, Any], names: Names) -> str:
    where = ", ".join(names.place(place) for place in evidence.get("localities", ()))
    if evidence.get("work") and where and evidence.get("months"):
        return _("Both do this work in %(places)s in the same months: %(work)s.") % {
            "places": where,
            "work": entry_names(evidence["work"]),
        }
    if value < 0.05:
        return _("They do not do the same work in the same place at the same time.")
    return _("Kind of work, place and time agree together to %(percent)s %%.") % {"percent": _percent(value)}


def _beneficiaries(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("beneficiaries"):
        return _("Both are for: %(people)s.") % {"people": entry_names(evidence["beneficiaries"])}
    return _("The people that they are for are alike to %(percent)s %%.") % {"percent": _percent(value)}


def _means(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("means"):
        return _("Both work by the same means: %(means)s.") % {"means": entry_names(evidence["means"])}
    return _("Their means are alike to %(percent)s %%.") % {"percent": _percent(value)}


def _wording(value: float, evidence: dict[str, Any], names: Names) -> str:
    words = ", ".join(_("“%(word)s”") % {"word": names.as_written(word)} for word in evidence.get("words", ()))
    if not words:
        return _("Their wording is alike to %(percent)s %%.") % {"percent": _percent(value)}
    return _("Their wording is alike to %(percent)s %%; both say %(words)s.") % {
        "percent": _percent(value),
        "words": words,
    }


def _funder(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value:
        return _("%(organizations)s pays for both.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("Different bodies pay for them.")


def _implementer(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value:
        return _("%(organizations)s carries out both.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("Different bodies carry them out.")


def _reporter(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("One body reports both.") if value else _("Different bodies report them.")


def _roles(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value:
        return _("One is reported by who pays, the other by who carries it out: %(organizations)s.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("Neither is reported by the funder or the implementer of the other.")


def _transfer(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not value:
        return _("What the one pays is not what the other receives.")
    return _("What the one pays the other receives: %(value)s %(currency)s on %(day)s.") % {
        "value": _usd(evidence["value"]),
        "currency": evidence["currency"],
        "day": _day(evidence["date"]),
    }


def _amount(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "value" in evidence:
        return _("Both report %(value)s %(currency)s on %(day)s.") % {
            "value": _usd(evidence["value"]),
            "currency": evidence["currency"],
            "day": _day(evidence["date"]),
        }
    first, second = (_usd(amount) for amount in evidence["usd"])
    return _("Their sizes: %(first)s and %(second)s US dollars.") % {"first": first, "second": second}


def _pointer(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("One names the other by its identifier, %(identifier)s.") % evidence


def _lineage(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("One is reported as a part of the other.")


SENTENCES = {
    "goal": _goal,
    "place": _place,
    "time": _time,
    "same_dates": _same_dates,
    "sector": _sector,
    "months": _months,
    "work": _work,
    "meaning": _meaning,
    "work_here": _work_here,
    "beneficiaries": _beneficiaries,
    "means": _means,
    "wording": _wording,
    "funder": _funder,
    "implementer": _implementer,
    "reporter": _reporter,
    "roles": _roles,
    "transfer": _transfer,
    "amount": _amount,
    "pointer": _pointer,
    "lineage": _lineage,
}
