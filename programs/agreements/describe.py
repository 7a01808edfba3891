"""Commitments and agreements in words, in the reader's language."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from programs.agreements.models import Commitment, Step

Kind = Commitment.Kind


def commitment_in_words(commitment: Commitment) -> str:
    """What is to be done, in one sentence. Wants organization, program, area and to_program read."""
    what = {
        "who": str(commitment.organization),
        "program": commitment.program.shown_title if commitment.program else "",
        "area": str(commitment.area or ""),
    }
    stated = _sentence(commitment, what)
    if commitment.amount is None:
        return stated
    money = {
        "amount": f"{number_format(commitment.amount, decimal_pos=2, force_grouping=True)} {commitment.currency}",
        "to": commitment.to_program.shown_title if commitment.to_program else "",
    }
    if commitment.to_program:
        return stated + " " + _("This releases %(amount)s for “%(to)s”.") % money
    return stated + " " + _("This releases %(amount)s.") % money


def _sentence(commitment: Commitment, what: dict[str, str]) -> str:
    if commitment.kind == Kind.MOVE_DATES:
        if commitment.new_start and commitment.new_end:
            return _("%(who)s moves “%(program)s” to %(start)s – %(end)s.") % {
                **what,
                "start": date_format(commitment.new_start, "DATE_FORMAT"),
                "end": date_format(commitment.new_end, "DATE_FORMAT"),
            }
        if commitment.new_start:
            day = date_format(commitment.new_start, "DATE_FORMAT")
            return _("%(who)s moves the start of “%(program)s” to %(day)s.") % {**what, "day": day}
        day = date_format(commitment.new_end, "DATE_FORMAT") if commitment.new_end else ""
        return _("%(who)s moves the end of “%(program)s” to %(day)s.") % {**what, "day": day}
    if commitment.kind == Kind.LEAVE_AREA:
        stated = _("%(who)s leaves %(area)s with “%(program)s”.") % what
    elif commitment.kind == Kind.TAKE_OVER_AREA:
        stated = _("%(who)s takes over %(area)s with “%(program)s”.") % what
    elif commitment.kind == Kind.CLOSE:
        stated = _("%(who)s closes “%(program)s”.") % what
    elif commitment.kind == Kind.REDUCE_MONEY:
        stated = _("%(who)s reduces the budget of “%(program)s”.") % what
    else:
        return f"{commitment.organization}: {commitment.text.strip()}"
    return f"{stated} {commitment.text.strip()}".strip()


def step_in_words(step: Step) -> str:
    """What happened, in one sentence. Wants actor, organization and commitment read (`Step.objects.in_words`)."""
    organization = str(step.organization) if step.organization else ""
    if step.actor and organization:
        who = _("%(person)s for %(organization)s") % {"person": step.actor.shown_name, "organization": organization}
    else:
        who = step.actor.shown_name if step.actor else organization or _("The portal")
    commitment = commitment_in_words(step.commitment).rstrip(".") if step.commitment else ""
    kind = Step.Kind(step.kind)  # type: ignore[call-arg]  # looked up by its value
    return str(kind.sentence) % {"who": who, "version": step.version, "commitment": commitment}
