"""What each factor says of a pair, in the reader's language; a sentence is true to the pair, or blank."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from programs.overlap.engine.institutions import institution_name
from programs.overlap.engine.taxonomy import taxonomy

# From these likenesses of two texts on (cosines, which are no shares of anything) they are called close, or related.
CLOSE_FROM, NEAR_FROM = 0.6, 0.35
# Below this cosine two texts have hardly a type of work in common.
DIFFERENT_BELOW = 0.05


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
    localities = ", ".join(names.place(place) for place in evidence.get("localities", ()))
    areas = names.all("areas", evidence.get("areas", ()))
    countries = names.all("countries", evidence.get("countries", ()))
    if localities:
        return _("Both work in %(places)s (%(countries)s).") % {"places": localities, "countries": countries}
    if areas and value < 0.5:
        return _("Both work in %(areas)s, but in different places.") % {"areas": areas}
    if areas:
        return _("Both work in %(areas)s.") % {"areas": areas}
    if countries and value > 0:
        return _("Both work in %(countries)s; one of them does not say where exactly.") % {"countries": countries}
    if countries:
        return _("Both work in %(countries)s, but in different areas.") % {"countries": countries}
    if value > 0:
        return _("Both cover the region as a whole.")
    return _("They work in different countries.")


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
    return ngettext(
        "Start or end dates differ by %(days)s day.", "Start or end dates differ by %(days)s days.", days
    ) % {"days": days}


def sector(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("sectors"):
        return _("Both have the sector %(sectors)s.") % {"sectors": names.all("sectors", evidence["sectors"])}
    return _("Their sectors differ.")


def entry_names(kinds: Iterable[str]) -> str:
    """Kinds of work, beneficiaries or means of the taxonomy in the reader's language, with commas between."""
    in_spanish = get_language() == "es"
    by_kind = {entry.kind: entry.kind_es if in_spanish else entry.kind for entry in taxonomy()}
    return ", ".join(by_kind.get(kind, kind) for kind in kinds)


def work(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("work"):
        return _("Both descriptions mention the same type of work: %(work)s.") % {"work": entry_names(evidence["work"])}
    if value < DIFFERENT_BELOW:
        return _("The descriptions mention different types of work.")
    return _("The descriptions mention related types of work.")


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
    where = ", ".join(names.place(place) for place in evidence.get("localities", ()))
    if evidence.get("work") and where and evidence.get("months"):
        return _("Both do this work in %(places)s in the same months: %(work)s.") % {
            "places": where,
            "work": entry_names(evidence["work"]),
        }
    if value < 0.05:
        return _("They do not do the same work in the same place at the same time.")
    return _("Type of work, place and time match by %(percent)s %% together.") % {"percent": _percent(value)}


def beneficiaries(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("beneficiaries"):
        return _("Both serve: %(people)s.") % {"people": entry_names(evidence["beneficiaries"])}
    return _("The beneficiaries are %(percent)s %% similar.") % {"percent": _percent(value)}


def means(value: float, evidence: dict[str, Any], names: Names) -> str:
    if evidence.get("means"):
        return _("Both use the same methods: %(means)s.") % {"means": entry_names(evidence["means"])}
    return _("The methods are %(percent)s %% similar.") % {"percent": _percent(value)}


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
    if value:
        return _("%(organizations)s funds both.") % {
            "organizations": names.all("organizations", evidence["organizations"])
        }
    return _("They have different funders.")


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
    return _("One is reported as part of the other.")
