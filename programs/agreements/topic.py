"""Agreements as a topic that people comment on and are told of: what `discussion` needs to know of them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.agreements.describe import step_in_words
from programs.agreements.models import Agreement, Step
from programs.discussion.topics import TopicEvent, TopicKind

TOPIC = "agreement"


def _owners(agreement: Any) -> set[int]:
    return set(agreement.parties.values_list("organization_id", flat=True))


def _who_drafted(agreement: Any) -> Q:
    return Q(pk=agreement.created_by_id)


def _comments_address(agreement: Any) -> str:
    return reverse("agreements:comments", args=[agreement.pk])


def _steps(numbers: Collection[int]) -> dict[int, TopicEvent]:
    steps = Step.objects.filter(pk__in=numbers).in_words()
    return {step.pk: TopicEvent(step_in_words(step), step.note) for step in steps}


AGREEMENTS = TopicKind(
    name=TOPIC,
    label=_("agreement"),
    model=Agreement,
    owners=_owners,
    also_told=_who_drafted,
    comments_address=_comments_address,
    commented=_("%(person)s commented on the agreement."),
    # What is said before it is proposed, its parties would read later.
    no_comments_yet=_("You can comment on an agreement once it is proposed to the parties."),
    events=_steps,
)
