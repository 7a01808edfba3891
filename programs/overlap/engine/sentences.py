"""What each factor says of a pair, in the reader's language; a sentence is true to the pair, or blank."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from programs.overlap.engine.factors import IN_THE_COUNTRY, ONE_COUNTRY
from programs.overlap.engine.institutions import institution_name
from programs.overlap.engine.taxonomy import taxonomy

# From these likenesses of two texts on (cosines, which are no shares of anything) they are called close, or related.
CLOSE_FROM, NEAR_FROM = 0.6, 0.35
# Below this cosine two texts have hardly a type of work in common.
DIFFERENT_BELOW = 0.05
# Below this the same work in the same place at the same time is not said of a pair.
HARDLY_HERE = 0.05


class Names(Protocol):
    """The names of what factors speak of."""

    def all(self, kind: str, keys: Iterable[Any]) -> str:
        """The names of goals, areas, countries, sectors or organizations, with commas between."""

    def as_written(self, plain: str) -> str:
        """Words in small letters without accents, as the programs write them."""

    def place(self, plain: str) -> str:
        """The same for the name of a place."""


def _percent(value: float) -> str:
    return number_format(round(value * 100))


def _usd(text: str) -> str:
    return number_format(Decimal(text).quantize(Decimal(1)), use_l10n=True, force_grouping=True)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def goal(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not evidence.get("goals"):
        return _("They serve different goals.")
    return _("Both serve: %(goals)s.") % {"goals": names.all("goals", evidence["goals"])}


def place(value: float, evidence: dict[str, Any], names: Names) -> str:
    both, named = _places(evidence, names)
    areas = names.all("areas", evidence.get("areas", ()))
    countries = names.all("countries", evidence.get("countries", ()))
    if both:
        return _("Both work in %(places)s (%(countries)s).") % {"places": both, "countries": countries}
    if named:
        return _("Both mention %(places)s (%(countries)s).") % {"places": named, "countries": countries}
    if areas and value < 0.5:
        return _("Both work in %(areas)s, but in different places.") % {"areas": areas}
    if areas:
        return _("Both work in %(areas)s.") % {"areas": areas}
    if countries and value >= ONE_COUNTRY:
        return _("Both work in %(countries)s; neither says where exactly.") % {"countries": countries}
    if countries and value > 0:
        return _("Both work in %(countries)s; one of them does not say where exactly.") % {"countries": countries}
    if countries:
        return _("Both work in %(countries)s, but name different places there.") % {"countries": countries}
    if value >= ONE_COUNTRY:
        return _("Both cover the region as a whole.")
    if value > 0:
        return _("Both list the same region.")
    return _("They list no country in common.")


def _places(evidence: dict[str, Any], names: Names) -> tuple[str, str]:
    """The places of both, and those that one of them has and the text of the other mentions."""
    mentioned = frozenset(evidence.get("mentioned", ()))
    both: list[str] = []
    named: list[str] = []
    for place in evidence.get("localities", ()):
        (named if place in mentioned else both).append(names.place(place))
    return ", ".join(both), ", ".join(named)


def time(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "months" in evidence:
        return _("They overlap for %(months)s (%(percent)s %% of the shorter program).") % {
            "months": _count_of_months(evidence),
            "percent": _percent(value),
        }
    if "from" in evidence:
        return _("Both run from %(day)s; the end of one or both is unknown.") % {"day": _day(evidence["from"])}
    return _("They do not run at the same time.")


def _count_of_months(evidence: dict[str, Any]) -> str:
    if not evidence["months"]:
        return ngettext("%(n)s day", "%(n)s days", evidence["days"]) % {"n": evidence["days"]}
    return ngettext("%(count)s month", "%(count)s months", evidence["months"]) % {"count": evidence["months"]}


def months(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "months" in evidence:
        return _("They overlap for %(months)s, from %(begin)s to %(end)s.") % {
            "months": _count_of_months(evidence),
            "begin": _day(evidence["from"]),
            "end": _day(evidence["to"]),
        }
    return time(value, evidence, names)


def same_dates(value: float, evidence: dict[str, Any], names: Names) -> str:
    days = evidence["days"]
    known = evidence.get("of", ["start", "end"])
    if days == 0:
        if known == ["start"]:
            return _("They start on the same day.")
        if known == ["end"]:
            return _("They end on the same day.")
        return _("They start and end on the same days.")
    if known == ["start"]:
        return ngettext("They start %(days)s day apart.", "They start %(days)s days apart.", days) % {"days": days}
    if known == ["end"]:
        return ngettext("They end %(days)s day apart.", "They end %(days)s days apart.", days) % {"days": days}
    return ngettext(
        "Their start and end dates differ by at most %(days)s day.",
        "Their start and end dates differ by at most %(days)s days.",
        days,
    ) % {"days": days}


def sector(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("sectors"):
        return _("Both have the sector %(sectors)s.") % {"sectors": names.all("sectors", evidence["sectors"])}
    if near := _near_sectors(evidence, names):
        return _("Their sectors are closely related: %(first)s, and %(second)s.") % near
    return _("No specific sector is the same in both.")


def _near_sectors(evidence: dict[str, Any], names: Names) -> dict[str, str]:
    """The sectors of each that are nearly one of the other's; {} where there are none."""
    if not evidence.get("near"):
        return {}
    first, second = (names.all("sectors", codes) for codes in evidence["near"])
    return {"first": first, "second": second}


def entry_names(kinds: Iterable[str]) -> str:
    """Kinds of work, beneficiaries or means of the taxonomy in the reader's language, with commas between."""
    in_spanish = get_language() == "es"
    return ", ".join(_in_spanish().get(kind, kind) if in_spanish else kind for kind in kinds)


@cache
def _in_spanish() -> dict[str, str]:
    return {entry.kind: entry.kind_es for entry in taxonomy()}


def work(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("sectors"):
        return _("At least one of them has no text; both have the sector %(sectors)s.") % {
            "sectors": names.all("sectors", evidence["sectors"])
        }
    if near := _near_sectors(evidence, names):
        return (
            _("At least one of them has no text; their sectors are closely related: %(first)s, and %(second)s.") % near
        )
    if "sectors" in evidence and value >= NEAR_FROM:
        return _("At least one of them has no text; what its sector is called is close to the work of the other.")
    if "sectors" in evidence:
        return _("At least one of them has no text; no specific sector is the same in both.")
    if evidence.get("work"):
        return _("Both are about %(work)s.") % {"work": entry_names(evidence["work"])}
    if value < DIFFERENT_BELOW:
        return _("They are about different types of work.")
    if value >= NEAR_FROM:
        return _("They are about related types of work; none is clearly the same in both.")
    return _("No type of work is clearly the same in both.")


def meaning(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value >= CLOSE_FROM:
        return _("What they do is close in meaning.")
    if value >= NEAR_FROM:
        return _("What they do belongs to related fields.")
    return _("What they do belongs to different fields.")


def content(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value >= CLOSE_FROM:
        return _("The texts as a whole are close in meaning.")
    if value >= NEAR_FROM:
        return _("The texts as a whole have something in common.")
    return _("The texts as a whole have little in common.")


def work_here(value: float, evidence: dict[str, Any], names: Names) -> str:
    where, _named = _places(evidence, names)
    if evidence.get("work") and where and evidence.get("months"):
        return _("Both do this work in %(places)s in the same months: %(work)s.") % {
            "places": where,
            "work": entry_names(evidence["work"]),
        }
    if value < HARDLY_HERE:
        return _("They do not do the same work in the same place at the same time.")
    return _("Type of work, place and time match at least in part.")


def scope(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "place" not in evidence:
        # Stored by an earlier model, which did not keep how widely they meet.
        return _("How alike their work must be depends on how widely they meet.")
    where = place(evidence["place"], evidence, names)
    if IN_THE_COUNTRY <= evidence["place"] <= ONE_COUNTRY:
        # There the value is that of `work`.
        return f"{where} {work(value, evidence, names)}"
    return where


def beneficiaries(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("beneficiaries"):
        return _("Both serve: %(people)s.") % {"people": entry_names(evidence["beneficiaries"])}
    return _("No group of beneficiaries is clearly the same in both.")


def means(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("means"):
        return _("Both use the same methods: %(means)s.") % {"means": entry_names(evidence["means"])}
    return _("No method is clearly the same in both.")


def wording(value: float, evidence: dict[str, Any], names: Names) -> str:
    words = ", ".join(_("“%(word)s”") % {"word": names.as_written(word)} for word in evidence.get("words", ()))
    return _("Both texts say %(words)s.") % {"words": words} if words else _("The texts share no specific words.")


def institution(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not evidence.get("institutions"):
        return _("They name different institutions.")
    return _("Both name %(institutions)s.") % {
        "institutions": ", ".join(institution_name(key, get_language() or "en") for key in evidence["institutions"])
    }


def funder(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not value:
        return _("No funder is the same in both.")
    organizations = {"organizations": names.all("organizations", evidence["organizations"])}
    if evidence.get("presumed"):
        return _("%(organizations)s funds or reports both.") % organizations
    return _("%(organizations)s funds both.") % organizations


def implementer(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value:
        return _("%(organizations)s implements both.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("They have different implementers.")


def reporter(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("The same organization reports both.") if value else _("Different organizations report them.")


def roles(value: float, evidence: dict[str, Any], names: Names) -> str:
    if value:
        return _("The funder reports one, the implementer reports the other: %(organizations)s.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("Neither is reported by the funder or implementer of the other.")


def transfer(value: float, evidence: dict[str, Any], names: Names) -> str:
    if not value:
        return _("No payment appears in both.")
    return _("A payment of %(value)s %(currency)s on %(day)s appears in both.") % {
        "value": _usd(evidence["value"]),
        "currency": evidence["currency"],
        "day": _day(evidence["date"]),
    }


def amount(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "value" in evidence:
        return _("Both report %(value)s %(currency)s on %(day)s.") % {
            "value": _usd(evidence["value"]),
            "currency": evidence["currency"],
            "day": _day(evidence["date"]),
        }
    first, second = (_usd(amount) for amount in evidence["usd"])
    return _("Amounts: %(first)s and %(second)s US dollars.") % {"first": first, "second": second}


def same_title(value: float, evidence: dict[str, Any], names: Names) -> str:
    if "title" not in evidence:
        return _("Their titles differ.")
    if not value:
        return _("Both have the same standard title, which says little.")
    return _("Both have the same title, word for word.")


def same_sum(value: float, evidence: dict[str, Any], names: Names) -> str:
    values = {
        "value": _usd(evidence["value"]),
        "currency": evidence["currency"],
        "day": _day(evidence["date"]),
        "sums": evidence["sums"],
    }
    return (
        ngettext(
            "Both report the same amount on the same day: %(value)s %(currency)s on %(day)s.",
            "Both report %(sums)s amounts on the same days, such as %(value)s %(currency)s on %(day)s.",
            evidence["sums"],
        )
        % values
    )


def series(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("Both are records of one series of the same organization.")


def pointer(value: float, evidence: dict[str, Any], names: Names) -> str:
    return _("One refers to the other by its identifier, %(identifier)s.") % evidence


def lineage(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("siblings"):
        return _("Both are reported as parts of one program.")
    return _("One is reported as part of the other.")
