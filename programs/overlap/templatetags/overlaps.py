"""What pages of lower layers show of overlaps: a template may ask upwards where Python may not import."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from programs.forms import ProgramEditor
from programs.models import Program
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap
from programs.overlap.records import series_of_program
from programs.overlap.services.preview import preview_of_form

register = template.Library()
MOST = 50


@register.filter
def took(duration: timedelta) -> str:
    """How long something took, in minutes and seconds."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    if not minutes:
        return _("%(seconds)s s") % {"seconds": seconds}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds}


@register.filter
def factor(value: float) -> str:
    """A factor of the stake, 0 to 1, with two decimals."""
    return number_format(round(value, 2), decimal_pos=2)


@register.filter
def bits(value: float) -> str:
    """Bits with their sign: +2.3; what rounds to nothing has none: 0.0."""
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=1)


@register.filter
def times_ten(value: float) -> str:
    """A place on a scale of 0 to 100, on one of 0 to 1000."""
    return f"{value * 10:.1f}"


@register.inclusion_tag("overlap/of_program.html", takes_context=True)
def overlaps_of(context: dict[str, Any], program: Program) -> dict[str, Any]:
    """The program's flagged overlaps that the user may see, the surest first; and the series it belongs to."""
    found = list(
        Overlap.objects.visible_to(context["request"].user)
        .flagged()
        .of_program(program)
        .select_related("left__reporting_org", "right__reporting_org")
        .order_by("-score")[:MOST]
    )
    names = Names(found)
    rows = [
        {"overlap": overlap, "other": overlap.other(program), "reasons": explain(overlap, names, 2)}
        for overlap in found
    ]
    return {"rows": rows, "series": series_of_program(program, context["request"].user), "program": program}


@register.inclusion_tag("overlap/preview.html", takes_context=True)
def overlaps_before_saving(context: dict[str, Any], editor: ProgramEditor) -> dict[str, Any]:
    """What the program in the form would overlap, of what the user may see."""
    return preview_of_form(editor.data if editor.organization else None, editor.program, context["request"].user)


@register.filter
def changes_in_words(changes: dict[str, list[Any]]) -> list[str]:
    """What reopened a decision: material facts of either program, before and after."""
    names = {
        "goals": _("goals"),
        "countries": _("countries"),
        "areas": _("areas"),
        "localities": _("localities"),
        "start": _("start"),
        "end": _("end"),
        "money": _("funds (US dollars)"),
        "funders": _("funders"),
        "implementers": _("implementers"),
        "title": _("title"),
        "text": _("description"),
    }
    sentences = []
    for key, (before, after) in changes.items():
        side, name = key.split(".", 1)
        which = _("first program") if side == "left" else _("second program")
        if name in ("text", "funders", "implementers"):
            sentences.append(_("%(program)s: %(fact)s changed") % {"program": which, "fact": names[name]})
        else:
            sentences.append(f"{which}: {names[name]}: {_value(before)} → {_value(after)}")
    return sentences


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "–"
    return "–" if value in (None, "") else str(value)
