"""What pages of lower layers show of agreements: a template may ask upwards where Python may not import."""

from typing import Any

from django import template
from django.urls import reverse

from programs.agreements.describe import step_in_words
from programs.agreements.models import Agreement, Commitment, Meeting
from programs.agreements.pages.agreements import rows_of
from programs.agreements.services import may_coordinate
from programs.models import Program
from programs.overlap.cases import OverlapCase
from programs.overlap.models import Overlap
from programs.querysets import among

register = template.Library()
register.filter("step_in_words", step_in_words)
MOST = 10
# Pairs of one case that one proposal takes up: as many as an address can name.
MOST_PROPOSED = 60


@register.inclusion_tag("agreements/of_overlaps.html", takes_context=True)
def agreements_of(context: dict[str, Any], subject: Overlap | OverlapCase) -> dict[str, Any]:
    """The agreements on an overlap or on the pairs of a case that the user may see; for coordinators, the way to
    propose one where a pair is confirmed, and to put the case on the list of a meeting."""
    user = context["request"].user
    if isinstance(subject, Overlap):
        states, case = {subject.pk: subject.state}, subject.case or -subject.pk
    else:
        states, case = {row.id: row.state for row in subject.rows}, subject.key
    visible = Agreement.objects.visible_to(user).of_overlaps(among(states))
    found = list(visible.for_list().order_by("-updated_at", "-pk")[:MOST])
    propose, meetings = "", []
    if user.is_authenticated and may_coordinate(user):
        meetings = list(Meeting.objects.visible_to(user).filter(closed_at__isnull=True)[:MOST])
        confirmed = sorted(pk for pk, state in states.items() if state == Overlap.State.CONFIRMED)
        if chosen := "&".join(f"overlap={pk}" for pk in confirmed[:MOST_PROPOSED]):
            propose = f"{reverse('agreements:new')}?{chosen}"
    return {
        "rows": rows_of(found, user) if found else [],
        "propose": propose,
        "meetings": meetings,
        "case": case,
        "as_document": context.get("as_document", False),
    }


@register.filter
def organizations_of(program: Program) -> str:
    """Who takes part in the program, each once. Wants the participations read."""
    return ", ".join(dict.fromkeys(str(part.organization) for part in program.participations.all()))


@register.inclusion_tag("agreements/of_organization.html", takes_context=True)
def agreements_of_organization(context: dict[str, Any], organization: Any) -> dict[str, Any]:
    """The agreements of an organization that the user may see, the newest first, with the money that they free."""
    user = context["request"].user
    found = Agreement.objects.visible_to(user).of_organization([organization.pk])
    rows = rows_of(found.for_list().order_by("-updated_at", "-pk")[:MOST], user)
    commitments = Commitment.objects.filter(
        organization=organization, version__agreement__in=found.order_by().values("pk")
    )
    return {"rows": rows, "money": commitments.money(user) if rows else {}, "count": found.count() if rows else 0}


@register.inclusion_tag("agreements/waiting.html", takes_context=True)
def agreements_waiting(context: dict[str, Any], organization: Any) -> dict[str, Any]:
    """What waits for the user's answer for the organization, and what is overdue there."""
    user = context["request"].user
    visible = Agreement.objects.visible_to(user)
    waiting = visible.waiting_for([organization.pk]).for_list().order_by("-updated_at", "-pk")[:MOST]
    overdue = visible.of_organization([organization.pk]).overdue().for_list().order_by("-updated_at", "-pk")[:MOST]
    return {"waiting": rows_of(waiting, user), "overdue": rows_of(overdue, user), "organization": organization}
