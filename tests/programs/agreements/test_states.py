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
from programs.agreements.models import Agreement, Answer, Commitment, Meeting
from programs.agreements.states import MOVES, STEPS, State
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


@pytest.fixture
def the() -> World:
    return World()


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
        (services.end if state == "ended" else services.break_off)(agreement, actor=the.carmen, note="So")
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
        "break": lambda agreement: services.break_off(agreement, actor=actor, note="So"),
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
    with pytest.raises(IntegrityError, match="begins as a draft"):
        Agreement.objects.create(title="a", kind="lead", state="proposed", created_by=the.carmen)


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


# Constraint -> a statement that breaks it, on a draft with one commitment to leave an area, an answer and a meeting.
BREAKS = {
    "agreement_has_a_title": "UPDATE agreements_agreement SET title = ' '",
    "agreement_kind_is_known": "UPDATE agreements_agreement SET kind = 'x'",
    "agreement_version_begins_at_1": "UPDATE agreements_agreement SET version = 0",
    "agreement_is_dated_as_it_stands": "UPDATE agreements_agreement SET agreed_at = now()",
    "party_once": "INSERT INTO agreements_party (agreement_id, organization_id, must_accept)"
    " SELECT agreement_id, organization_id, true FROM agreements_party",
    "version_once": "INSERT INTO agreements_version (agreement_id, number, kind, text, note, author_id, is_sealed,"
    " created_at) SELECT agreement_id, number, kind, text, note, author_id, false, now() FROM agreements_version",
    "version_kind_is_known": "UPDATE agreements_version SET kind = 'x'",
    "version_sealed_says_something": "UPDATE agreements_version SET text = ' ', is_sealed = true",
    "answer_once_a_version": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, organization_id, answer, note, actor_id, now() FROM agreements_answer",
    "answer_is_known": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, {aecid}, 'x', note, actor_id, now() FROM agreements_answer",
    "answer_declining_says_why": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, {aecid}, 'decline', ' ', actor_id, now() FROM agreements_answer",
    "commitment_once": "INSERT INTO agreements_commitment (version_id, number, organization_id, kind, text, currency,"
    " due_on, follow_up) SELECT version_id, number, organization_id, 'other', 'x', '', due_on, 'x'"
    " FROM agreements_commitment",
    "commitment_has_what_its_kind_needs": "UPDATE agreements_commitment SET area_id = NULL",
    "commitment_money_has_its_currency": "UPDATE agreements_commitment SET amount = 5",
    "commitment_dollars_are_dollars": "UPDATE agreements_commitment SET amount = 5, currency = 'USD', amount_usd = 6",
    "commitment_money_goes_elsewhere": "UPDATE agreements_commitment SET amount = 5, currency = 'EUR',"
    " to_program_id = program_id",
    "commitment_dates_in_order": "UPDATE agreements_commitment SET new_start = '2030-01-02', new_end = '2030-01-01'",
    "commitment_names_its_follow_up": "UPDATE agreements_commitment SET follow_up = ''",
    "commitment_seen_was_kept": "UPDATE agreements_commitment SET seen_at = now()",
    "step_is_known": "INSERT INTO agreements_step (agreement_id, kind, version, note, created_at)"
    " SELECT id, 'x', 1, '', now() FROM agreements_agreement",
    "step_reminds_once": "INSERT INTO agreements_step (agreement_id, kind, version, note, created_at)"
    " SELECT id, 'overdue', 1, '', now() FROM agreements_agreement, generate_series(1, 2)",
    "meeting_has_a_title": "UPDATE agreements_meeting SET title = ''",
    "item_once_in_a_place": "INSERT INTO agreements_item (meeting_id, position)"
    " SELECT id, 1 FROM agreements_meeting, generate_series(1, 2); SET CONSTRAINTS ALL IMMEDIATE",
    "outcome_has_what_it_needs": "INSERT INTO agreements_outcome (item_id, choice, reason, note, present, actor_id,"
    " created_at) SELECT id, 'dismiss', '', '', '', {carmen}, now() FROM agreements_item",
}


def test_every_constraint_is_tried() -> None:
    models = Agreement._meta.app_config.get_models()  # type: ignore[union-attr]
    assert {one.name for model in models for one in model._meta.constraints} == set(BREAKS)


def test_the_database_refuses_each(the: World) -> None:
    agreement = the.draft()
    version = agreement.versions.get()
    Answer.objects.create(version=version, organization=the.inl, answer="accept", actor=the.ines)
    meeting = Meeting.objects.create(title="a", held_on="2026-01-01", created_by=the.carmen)
    meeting.items.create(position=1)
    ids = {"aecid": the.aecid.pk, "carmen": the.carmen.pk}
    for name, statement in BREAKS.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; " + statement.format(**ids))


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
