"""The life of an agreement: each row of its table, what the database refuses, and the docs printed from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotAllowed, Refused
from programs.agreements import services
from programs.agreements.models import Agreement, Answer, Commitment
from programs.agreements.states import MOVES, STEPS, State
from programs.discussion.models import Topic
from tests import factories
from tests.programs.agreements.world import World
from tools.print_agreement_states import as_markdown

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
# Said here a second time on purpose: a change of the table is a change of this one.
LEADS = {
    "propose": ({"draft"}, "proposed", "coordinator"),
    "accept": ({"proposed"}, "proposed", "party"),
    "counter": ({"proposed"}, "proposed", "party"),
    "decline": ({"proposed"}, "declined", "party"),
    "revise": ({"proposed", "declined"}, "proposed", "coordinator"),
    "agree": ({"proposed"}, "agreed", "portal"),
    "keep": ({"agreed"}, "kept", "portal"),
    "fall_back": ({"kept"}, "agreed", "portal"),
    "break": ({"agreed", "kept"}, "broken", "coordinator"),
    "end": ({"agreed", "kept"}, "ended", "coordinator"),
    "drop": ({"draft"}, "withdrawn", "coordinator"),
    "withdraw": ({"proposed", "declined"}, "withdrawn", "coordinator"),
}


def in_state(the: World, state: str) -> Agreement:
    """An agreement that came to the state by the moves of the table."""
    if state == "draft":
        return the.draft()
    words = the.terms(the.commitment(text="Share the manual"))
    agreement = the.proposed(words)
    if state == "declined":
        services.decline(agreement, actor=the.ines, organization=the.inl, version=1, note="No")
    if state == "withdrawn":
        services.withdraw(agreement, actor=the.carmen)
    if state in ("agreed", "kept", "broken", "ended"):
        the.accept(agreement)
    if state == "kept":
        row = Commitment.objects.get(version__agreement=agreement)
        services.say_kept(row, actor=the.elena)
        services.see(row, actor=the.carmen)
    if state in ("broken", "ended"):
        (services.end if state == "ended" else services.record_broken)(agreement, actor=the.carmen, note="So")
    found = Agreement.objects.get(pk=agreement.pk)
    assert found.state == state
    return found


def taken_by(the: World, person: str) -> dict[str, Callable[[Agreement], Any]]:
    """The moves as this person asks for them."""
    actor = {
        "coordinator": the.carmen,
        "party": the.ines,
        "editor": factories.user(the.inl, "editor"),
        "stranger": the.victor,
    }[person]
    answer: dict[str, Any] = {"actor": actor, "organization": the.inl, "version": 1}
    terms = the.terms(the.commitment(text="Other"))
    return {
        "propose": lambda agreement: services.propose(agreement, actor=actor),
        "accept": lambda agreement: services.accept(agreement, **answer),
        "counter": lambda agreement: services.counter(agreement, **answer, terms=terms, note=""),
        "decline": lambda agreement: services.decline(agreement, **answer, note="No"),
        "revise": lambda agreement: services.revise(agreement, actor=actor, terms=terms, version=1),
        "break": lambda agreement: services.record_broken(agreement, actor=actor, note="So"),
        "end": lambda agreement: services.end(agreement, actor=actor, note="So"),
        "drop": lambda agreement: services.drop(agreement, actor=actor),
        "withdraw": lambda agreement: services.withdraw(agreement, actor=actor),
    }


def test_the_table_is_the_one_said_here() -> None:
    assert {key: (set(move.leaves), move.to, move.who) for key, move in MOVES.items()} == LEADS


@pytest.mark.parametrize("state", State.values)
def test_every_move_from_every_state_by_everybody(state: str, the: World) -> None:
    agreement = in_state(the, state)
    for person in ("coordinator", "party", "editor", "stranger"):
        for key, take in taken_by(the, person).items():
            leaves, leads_to, who = LEADS[key]
            may = who == person and state in leaves
            with transaction.atomic():
                if may:
                    take(agreement)
                    assert Agreement.objects.get(pk=agreement.pk).state == leads_to, key
                else:
                    with pytest.raises((Refused, NotAllowed)):
                        take(agreement)
                    assert Agreement.objects.get(pk=agreement.pk).state == state, key
                transaction.set_rollback(True)


@pytest.mark.parametrize("state", State.values)
def test_the_database_refuses_every_other_step(state: str, the: World) -> None:
    agreement = in_state(the, state)
    allowed = {after for before, after in STEPS if before == state}
    for other in set(State.values) - allowed - {state}:
        with pytest.raises(IntegrityError, match="does not lead to that one"), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(state=other)


def test_it_begins_as_a_draft_in_the_database(the: World) -> None:
    topic = Topic.objects.create(kind="agreement")

    with pytest.raises(IntegrityError, match="begins as a draft"):
        Agreement.objects.create(topic=topic, title="a", kind="lead", state="proposed", created_by=the.carmen)


def test_the_database_lets_nothing_be_agreed_that_somebody_has_not_accepted(the: World) -> None:
    agreement = the.proposed()
    services.accept(agreement, actor=the.ines, organization=the.inl, version=1)

    with pytest.raises(IntegrityError, match="not all have accepted"):
        Agreement.objects.filter(pk=agreement.pk).update(state="agreed", agreed_at=agreement.proposed_at)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE agreements_version SET text = 'x'", "sealed_version_stays"),
        ("DELETE FROM agreements_version", "sealed_version_stays"),
        ("UPDATE agreements_commitment SET due_on = '2030-01-01'", "what was proposed stays"),
        ("DELETE FROM agreements_commitment", "what was proposed stays"),
        ("INSERT INTO agreements_commitment (version_id, number, organization_id, kind, text, currency, due_on,"
         " follow_up) SELECT version_id, 9, organization_id, 'other', 'x', '', due_on, 'x' FROM agreements_commitment",
         "what was proposed stays"),
        ("UPDATE agreements_answer SET note = 'x'", "answer_stays"),
        ("DELETE FROM agreements_answer", "answer_stays"),
        ("UPDATE agreements_step SET note = 'x'", "step_stays"),
        ("DELETE FROM agreements_step", "step_stays"),
        ("UPDATE agreements_party SET must_accept = false", "the parties of a proposal stay"),
        ("DELETE FROM agreements_party", "the parties of a proposal stay"),
    ],
)  # fmt: skip
def test_what_was_proposed_and_answered_stays(statement: str, says: str, the: World) -> None:
    services.accept(the.proposed(), actor=the.ines, organization=the.inl, version=1)

    with pytest.raises((IntegrityError, InternalError), match=says), connection.cursor() as cursor:
        cursor.execute(statement)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["ines", "elena", "counter ines", "counter elena", "revise"]), max_size=8))
def test_it_is_agreed_exactly_when_all_have_accepted_the_same_version(the: World, answers: list[str]) -> None:
    with transaction.atomic():
        agreement = the.proposed()
        for given_answer in answers:
            number = Agreement.objects.get(pk=agreement.pk).version
            verb, _space, name = given_answer.rpartition(" ")
            who: dict[str, Any] = {
                "actor": the.ines if "ines" in name else the.elena,
                "organization": the.inl if "ines" in name else the.aecid,
                "version": number,
            }
            try:
                if name == "revise":
                    services.revise(agreement, actor=the.carmen, terms=the.terms(), version=number)
                elif verb:
                    services.counter(agreement, **who, terms=the.terms(), note="")
                else:
                    services.accept(agreement, **who)
            except Refused:
                continue
        found = Agreement.objects.get(pk=agreement.pk)
        accepted = Answer.objects.filter(
            version__agreement=found, version__number=found.version, answer="accept"
        ).values_list("organization", flat=True)

        assert (found.state == "agreed") == ({the.inl.pk, the.aecid.pk} == set(accepted))
        assert list(found.versions.values_list("number", flat=True)) == list(range(1, found.version + 1))
        transaction.set_rollback(True)


def test_the_docs_are_the_table() -> None:
    assert (ROOT / "docs" / "agreements.md").read_text(encoding="utf-8") == as_markdown()
