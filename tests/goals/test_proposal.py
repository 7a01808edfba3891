import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.models import Sector
from goals.proposal import DATA, describe_reason, propose_goals, sector_rules, terms
from tests.conftest import ROOT

codes = st.sampled_from([*sector_rules(), "12220", "31120", "NA"])
sectors = st.lists(
    st.tuples(codes, st.none() | st.decimals(min_value="0.01", max_value=100, places=2)),
    max_size=6,
    unique_by=lambda row: row[0],
)
texts = st.lists(st.text(max_size=80) | st.sampled_from([term.replace("*", "") for term in terms()]), max_size=8)


@given(sectors, texts)
def test_proposed_goals_add_up_or_there_are_none(rows: list, words: list[str]) -> None:
    proposal = propose_goals(rows, words)

    total = sum(goal.percentage for goal in proposal.goals)
    assert total == (Decimal("100.00") if proposal.scope == "in_scope" else 0)
    assert all(describe_reason(reason) for goal in proposal.goals for reason in goal.reasons)


@given(sectors, texts)
def test_the_order_of_what_is_said_does_not_matter(rows: list, words: list[str]) -> None:
    assert propose_goals(rows, words) == propose_goals(rows[::-1], words[::-1])


@pytest.mark.parametrize(
    ("rows", "words", "goal"),
    [
        ([("15132", None)], ["Community policing in Choloma against gangs and homicide"], 1),
        ([("16063", None)], ["Maritime interdiction of cocaine with the coast guard"], 2),
        ([("15130", None)], ["Capacitación de fiscales y jueces"], 3),
        ([("15220", None)], ["Centros de alcance en comunidades en riesgo"], 4),
        ([("15210", None)], ["Regional cooperation and information sharing among the police of SICA"], 5),
        ([("43030", None)], ["Alumbrado y policía comunitaria contra las pandillas"], 1),
    ],
)
def test_what_speaks_for_a_goal_wins(rows: list, words: list[str], goal: int) -> None:
    proposal = propose_goals(rows, words)

    assert max(proposal.goals, key=lambda proposed: proposed.percentage).goal_id == goal


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("12220", None)], ["Basic health services in rural districts"]),
        ([("31120", None)], ["Food security and social security for farmers; customs and traditions"]),
        ([("43030", None)], ["Land registry of the city"]),
        ([("72010", None)], ["Doctors without Borders: drug-resistant tuberculosis"]),
    ],
)
def test_what_lies_outside_is_out_of_scope(rows: list, words: list[str]) -> None:
    assert propose_goals(rows, words).scope == "out_of_scope"


def test_nothing_said_is_undetermined() -> None:
    assert propose_goals([], ["", " "]).scope == "undetermined"


def test_each_row_of_the_sector_table_is_valid() -> None:
    for code, rule in sector_rules().items():
        assert sum(rule.weights.values()) == 1, code
        assert rule.component in (1, 2, 3, 4), code


@pytest.mark.django_db
def test_each_sector_of_the_table_exists() -> None:
    assert set(sector_rules()) <= set(Sector.objects.values_list("code", flat=True))


def test_the_documentation_prints_the_table() -> None:
    documented = (ROOT / "docs" / "goals-from-sectors.md").read_text()

    with Path(DATA / "sector_goals.csv").open() as file:
        for row in csv.DictReader(file):
            weights = " | ".join(row[f"goal_{goal}"] or " " for goal in range(1, 6))
            assert f"| {row['sector']} | {row['rule']} | {weights} | {row['component']} |" in documented, row["sector"]
