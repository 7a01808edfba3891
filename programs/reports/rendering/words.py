"""Codes of a report's data as words of the active language."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.templatetags.figures import left_out_words
from programs.models import Program
from programs.overlap.models import Overlap, Review
from programs.overlap.stake import Priority
from programs.region.gaps import Gap
from programs.reports.models import OverlapReport

Data = dict[str, Any]


def language() -> str:
    return (get_language() or "en")[:2]


def money(text: str | None) -> Decimal | None:
    """US dollars as they were kept."""
    return None if text is None else Decimal(text)


def left_out(row: Data) -> str:
    """The amounts that the sums of a row leave out; reports of earlier releases have none."""
    names = {"committed_usd": _("Committed"), "disbursed_usd": _("Disbursed")}
    found: dict[str, dict[str, Decimal]] = {}
    for amount in row.get("left_out", ()):
        found.setdefault(amount["sum"], {})[amount["currency"]] = Decimal(amount["amount"])
    return "; ".join(f"{names[of]}: {left_out_words(amounts)}" for of, amounts in found.items())


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def kind(code: str) -> str:
    return str(dict(Overlap.Kind.choices).get(code, code))


def state(code: str) -> str:
    return str(dict(Overlap.State.choices).get(code, code))


def status(code: int | None) -> str:
    return "" if code is None else str(dict(Program.Status.choices).get(code, code))


def goal(summary: Data, number: int) -> str:
    return summary["goals"].get(str(number), {}).get(language(), str(number))


def country(summary: Data, code: str) -> str:
    if code == "regional":
        return _("Regional")
    if code == "region":
        return _("Anywhere in the region")
    return summary["countries"].get(code, {}).get(language(), code)


def priority(row: Data) -> str:
    """The priority of a case or a pair; "" in a report from before it had one of these."""
    code = row.get("priority")
    return f"{Priority(code).label} ({row['points']} / 100)" if code else ""


def amount(text: str | None) -> Any:
    """An amount that may be spent twice, for a cell."""
    return _("unknown") if text is None else Decimal(text)


def gap_of(cell: Data) -> str | None:
    """The kind of gap that a goal in a country is. A report from before gaps had kinds knows only of the one."""
    code: str | None = cell.get("gap", None if cell["programs"] else Gap.NO_PROGRAM.value)
    return code


def gap(cell: Data) -> str:
    code = gap_of(cell)
    return str(Gap(code).label) if code else ""


def priorities(cell: Data, separator: str) -> str:
    """What was asked for, each with its rank and how many programs answer it."""
    return separator.join(_priority(asked) for asked in cell["priorities"])


def _priority(asked: Data) -> str:
    title = f"{asked['rank']}. {asked[language()]}"
    if "confirmed" not in asked:
        return title
    answered = _("%(confirmed)s confirmed, %(proposed)s proposed") % asked
    return f"{title} ({answered})"


def decisions(pair: Data) -> str:
    """What was decided on a pair, oldest first, a line each."""
    actions, reasons = dict(Review.Action.choices), dict(Review.Reason.choices)
    lines = []
    for review in pair["decisions"]:
        parts = [
            date_format(date.fromisoformat(review["on"]), "SHORT_DATE_FORMAT"),
            actions.get(review["action"], review["action"]),
            reasons.get(review["reason"], review["reason"]),
            review["note"],
            review["by"] or _("the engine"),
        ]
        lines.append(" · ".join(str(part) for part in parts if part))
    return "\n".join(lines)


def selection(report: OverlapReport) -> list[tuple[str, str]]:
    """What was selected, as label and value."""
    summary: Data = report.summary or {}
    chosen = summary["selection"]
    return [
        (_("Goal"), goal(summary, chosen["goal"]) if chosen["goal"] else _("All goals")),
        (_("Country"), country(summary, chosen["country"]) if chosen["country"] else _("All countries")),
        (_("Donor"), chosen["donor"] or _("All donors")),
        (_("Kind"), kind(chosen["kind"]) if chosen["kind"] else _("All kinds")),
        (pgettext("record", "Status"), state(chosen["state"]) if chosen["state"] else _("Any status")),
    ]


def figures(report: OverlapReport) -> list[tuple[str, Any]]:
    """The summary's figures, as label and number."""
    summary: Data = report.summary or {}
    states, decided = summary["states"], summary["decisions"]
    return [
        (_("Cases"), summary["cases"]),
        (_("Pairs of programs"), summary["pairs"]),
        (_("Programs in these cases"), summary["programs"]),
        (_("Possible duplicate amount in US dollars"), Decimal(summary["money"])),
        *(((_("Cases with an unknown amount"), summary["money_unknown"]),) if summary.get("money_unknown") else ()),
        (_("Open"), states.get("open", 0)),
        (_("Confirmed"), states.get("confirmed", 0)),
        (_("Flagged in the period"), summary["flagged_in_period"]),
        (_("Confirmed in the period"), decided.get("confirm", 0)),
        (_("Dismissed in the period"), decided.get("dismiss", 0)),
    ]


def joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def why_not_made(report: OverlapReport) -> str | None:
    """Why there is no report; None where there is one, or may be."""
    if report.status == OverlapReport.Status.FAILED:
        return _(
            "The report could not be created: the work on it was interrupted three times. Choose a narrower "
            "selection or a shorter period."
        )
    if report.status == OverlapReport.Status.CANCELLED:
        return _("This report was cancelled before it was created.")
    return None
