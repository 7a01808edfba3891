"""The demonstration data: what is in the files, what loading makes of them, and what the engine finds there."""

import csv
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from donors.models import Membership, Organization, User
from goals.models import Priority
from programs.exchange.demonstration.accounts import ACCOUNTS, password
from programs.exchange.demonstration.rows import AS_OF, intended_pairs, pairs_apart, read, rows
from programs.models import Participation, Program, ProgramLocation, Transaction
from programs.overlap.models import Overlap, Review
from programs.region.demonstration import DECISIONS, load_demonstration

SEVEN = {"BZ", "CR", "GT", "HN", "NI", "PA", "SV"}
# Loading and scanning take seconds: the tests that need them run in one process and share them.

# What people ask, in either language, and beginnings of the titles that answer it.
QUESTIONS = Path(__file__).parent / "questions.csv"
SHOWN = 10


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The demonstration data loaded, scanned and decided on, for the tests of this file; how many programs."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demonstration()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration: int, db: None) -> int:
    return demonstration


def flagged_pairs() -> dict[tuple[str, str], Overlap]:
    """Identifiers of each flagged pair -> its overlap, the highest score first."""
    found = Overlap.objects.filter(is_flagged=True).select_related("left", "right").order_by("-score")
    return {tuple(sorted((overlap.left.identifier, overlap.right.identifier))): overlap for overlap in found}


# --- The files --------------------------------------------------------------------------------------------


def test_every_program_says_in_two_sentences_or_more_what_it_does() -> None:
    for row in rows():
        sentences = re.split(r"(?<=[.!?])\s+", row.fields["description"].strip())
        assert 2 <= len(sentences) <= 5, row.identifier
        assert row.fields["title"].strip() == row.fields["title"]


def test_about_half_of_the_programs_are_told_in_each_language() -> None:
    languages = Counter(row.fields["language"] for row in rows())

    assert set(languages) == {"en", "es"}
    assert min(languages.values()) >= 0.4 * len(rows())


def test_programs_cover_all_countries_and_goals_but_leave_gaps() -> None:
    programs: Counter[tuple[str, str]] = Counter()
    for row in rows():
        for country in row.fields["countries"].split(","):
            for goal in row.fields["goals"].split(","):
                programs[country.partition(":")[0], goal.partition(":")[0]] += 1

    countries = {country for country, _goal in programs}
    assert countries >= SEVEN | {"@1032", "DO"}
    assert all(programs[country, goal] for country in SEVEN for goal in "12345")
    # Where little is done stands out beside where much is done.
    assert min(programs[country, goal] for country in SEVEN for goal in "12345") == 1
    assert max(programs.values()) >= 15


def test_every_list_of_percentages_adds_up_to_100() -> None:
    for row in rows():
        for column in ("goals", "sectors", "countries"):
            parts = [part.partition(":")[2] for part in row.fields[column].split(",")]
            stated = [Decimal(part) for part in parts if part]
            assert sum(stated) == 100 if stated else len(parts) == 1, (row.identifier, column)


def test_every_organization_takes_part_in_a_program() -> None:
    taking_part = {key for row in rows() for key in (row.reporter, *row.funders, *row.implementers, *row.accountable)}

    assert {row["key"] for row in read("organizations.csv")} == taking_part


def test_the_intended_pairs_are_of_all_kinds_and_many_speak_two_languages() -> None:
    pairs, language = intended_pairs(), {row.identifier: row.fields["language"] for row in rows()}
    kinds = Counter(pairs.values())

    assert kinds["overlap"] >= 12
    assert kinds["duplicate"] >= 5
    assert kinds["same_money"] >= 8
    assert sum(language[left] != language[right] for left, right in pairs) >= 15
    assert not pairs_apart() & set(pairs)


def test_five_donors_do_the_same_in_one_municipality() -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for row in rows():
        for group in row.intended:
            if group.startswith("ov"):
                members[group] |= set(row.funders)

    assert max(len(donors) for donors in members.values()) >= 5


# --- What loading makes of them ---------------------------------------------------------------------------


def test_it_loads_every_program_through_the_rules_of_the_database(loaded: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the percentages' triggers, which wait for the commit

    made = Program.objects.filter(source=Program.Source.DEMONSTRATION)
    assert loaded == made.count() == len(rows())
    assert set(made.values_list("stage", flat=True)) == {Program.Stage.PUBLISHED}
    assert set(made.values_list("scope", flat=True)) == {Program.Scope.IN_SCOPE}
    assert set(made.values_list("visibility", flat=True)) == set(Program.Visibility)
    assert {1, 2, 4} <= set(made.values_list("status", flat=True))


def test_a_second_load_changes_nothing(loaded: int, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMONSTRATION = True
    before = (Program.objects.count(), Organization.objects.count(), Review.objects.count(), Priority.objects.count())

    call_command("load_demonstration_data")

    assert "loaded before" in capsys.readouterr().out
    after = (Program.objects.count(), Organization.objects.count(), Review.objects.count(), Priority.objects.count())
    assert before == after


def test_the_accounts_sign_in_with_the_printed_password(loaded: int) -> None:
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert account.email.endswith("@example.org")
        assert user.check_password(password())
        assert user.is_superuser == (account.organization == "")
    roles = Counter(Membership.objects.values_list("role", flat=True))
    assert roles["coordinator"] == 2
    assert {"viewer", "editor", "manager"} <= set(roles)


def test_money_paid_never_exceeds_what_was_promised(loaded: int) -> None:
    paid: Counter[int] = Counter()
    promised: Counter[int] = Counter()
    for program, kind, value, day in Transaction.objects.values_list("program_id", "type", "value", "date"):
        assert value > 0
        assert day <= AS_OF
        if kind == Transaction.Type.COMMITMENT:
            promised[program] += value
        elif kind == Transaction.Type.DISBURSEMENT:
            paid[program] += value
    for program in Program.objects.filter(pk__in=promised):
        assert paid[program.pk] <= promised[program.pk]
        if program.status == Program.Status.CLOSED:
            assert paid[program.pk] == promised[program.pk], program.identifier


def test_every_currency_has_its_worth_in_dollars(loaded: int) -> None:
    in_dollars = defaultdict(set)
    for currency, value in Transaction.objects.values_list("currency", "value_usd"):
        in_dollars[currency].add(value is not None)

    assert set(in_dollars) >= {"USD", "EUR", "CAD", "GBP", "MXN", "COP", "CLP", "KRW", "GTQ"}
    assert all(known == {True} for known in in_dollars.values())


def test_what_is_in_preparation_has_a_budget_and_no_commitment_yet(loaded: int) -> None:
    prepared = Program.objects.filter(status=Program.Status.PIPELINE)

    assert prepared.count() >= 3
    assert set(prepared.values_list("committed_basis", flat=True)) == {Program.CommittedBasis.BUDGETS}
    assert not Transaction.objects.filter(program__in=prepared).exists()


def test_loans_are_told_apart_from_grants_and_ends_may_be_unknown(loaded: int) -> None:
    finance = Counter(Program.objects.values_list("finance_type", flat=True))

    assert finance["421"] >= 10
    assert finance["110"] > finance["421"]
    assert Program.objects.filter(planned_end__isnull=True).count() >= 5


def test_all_roles_occur(loaded: int) -> None:
    assert set(Participation.objects.values_list("role", flat=True)) == set(Participation.Role.values)


def test_localities_lie_near_the_point_of_their_area(loaded: int) -> None:
    for place in ProgramLocation.objects.select_related("area"):
        assert place.area is not None
        assert abs(place.latitude - place.area.latitude) < Decimal("2.5"), place.name
        assert abs(place.longitude - place.area.longitude) < Decimal("2.5"), place.name


def test_priorities_are_ranked_for_every_country_and_the_region(loaded: int) -> None:
    priorities = Priority.objects.filter(source="demonstration")

    assert priorities.count() == len(list(read("priorities.csv"))) >= 30
    assert set(priorities.values_list("country_id", flat=True)) == SEVEN | {None}
    assert all(priority.title_en and priority.title_es for priority in priorities)


# --- What the engine finds there --------------------------------------------------------------------------


def test_the_engine_finds_nine_in_ten_of_the_intended_pairs(loaded: int) -> None:
    found = flagged_pairs()
    intended = intended_pairs()

    missed = [pair for pair in intended if pair not in found]
    assert len(missed) <= 0.1 * len(intended), missed


def test_the_kinds_it_gives_are_the_intended_ones(loaded: int) -> None:
    found = flagged_pairs()
    of_another_kind = [
        (pair, kind, found[pair].kind)
        for pair, kind in intended_pairs().items()
        if pair in found and found[pair].kind != kind
    ]

    assert len(of_another_kind) <= 0.05 * len(intended_pairs()), of_another_kind


def test_the_top_of_its_list_is_not_noise(loaded: int) -> None:
    intended = intended_pairs()
    pairs = list(flagged_pairs())

    assert sum(pair in intended for pair in pairs[:50]) >= 48
    assert sum(pair in intended for pair in pairs) >= 0.8 * len(pairs)


def test_it_leaves_other_departments_and_other_phases_alone(loaded: int) -> None:
    assert len(pairs_apart()) >= 4
    assert not pairs_apart() & set(flagged_pairs())


def test_every_decision_of_the_coordinators_is_on_record(loaded: int) -> None:
    reviews = Review.objects.filter(actor__isnull=False)

    assert reviews.count() == len(DECISIONS) >= 5
    assert {review.action for review in reviews} == {Review.Action.CONFIRM, Review.Action.DISMISS}
    assert all(review.reason for review in reviews if review.action == Review.Action.DISMISS)
    assert set(Overlap.objects.values_list("state", flat=True)) == set(Overlap.State)
    assert all(review.created_at.date() >= dt.date(2026, 1, 1) for review in reviews)


# --- Finding ----------------------------------------------------------------------------------------------


def test_what_people_ask_for_is_among_the_first_ten(loaded: int) -> None:
    """Recall at ten, of each question as much as ten rows can hold."""
    with QUESTIONS.open(encoding="utf-8") as file:
        questions = [(row["question"], row["programs"].split("|")) for row in csv.DictReader(file, delimiter=";")]
    assert len(questions) >= 120
    titles = list(Program.objects.values_list("title", flat=True))
    recalls, missed = [], []
    for question, wanted in questions:
        assert all(any(title.startswith(one) for title in titles) for one in wanted), question
        found = (
            Program.objects.listed().search(question).nearest_first(question)[:SHOWN].values_list("title", flat=True)
        )
        right = [one for one in wanted if any(title.startswith(one) for title in found)]
        recalls.append(len(right) / min(SHOWN, len(wanted)))
        missed += [(question, one) for one in wanted if one not in right]
    assert sum(recalls) / len(recalls) >= 0.9, (round(sum(recalls) / len(recalls), 3), missed)
