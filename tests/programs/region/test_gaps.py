"""Where help is missing: need beside money, who could close it, and nothing of what one may not see."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from donors.models import User
from goals.figures import country_figures
from programs.region.gaps import Gaps, Need
from programs.services import CoverageData, GoalData
from tests import factories
from tests.api import Api
from tests.queries import queries_of
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOW = {"planned_start": dt.date(2020, 1, 1), "planned_end": dt.date(2090, 1, 1)}


@pytest.fixture
def client(signed_in: SignIn) -> Client:
    return signed_in(factories.user(factories.organization("Somebody else's")))


def gaps(client: Client) -> Gaps:
    return client.get("/gaps/").context["gaps"]


def need(client: Client, goal: int, code: str) -> Need:
    return gaps(client).by_cell()[goal, code]


def in_country(code: str, **fields: Any) -> Any:
    return factories.program(
        **{**NOW, "coverages": (CoverageData(code, None, Decimal(100)),), "locations": (), **fields}
    )


def test_it_works(client: Client) -> None:
    in_country("HN")
    factories.priority(country_id="GT", goal_id=3, title_en="Independent courts")

    page = client.get("/gaps/").text

    for text in ("Independent courts", "How this is calculated", "Need and possible donors", "Guatemala"):
        assert text in page


def test_what_all_needs_would_get_adds_up_to_what_there_is(client: Client) -> None:
    in_country("HN")
    in_country("GT", goals=(GoalData(3, Decimal(100)),))

    found = gaps(client)

    assert found.total == 2_000_000
    assert abs(sum(one.expected for one in found.needs) - found.total) < 1


def test_population_homicides_and_priorities_weigh_as_the_docs_say(client: Client) -> None:
    in_country("HN")
    figures = country_figures()
    before = need(client, 1, "PA").weight
    factories.priority(country_id="PA", rank=1)
    factories.priority(country_id="PA", rank=2)

    cells = gaps(client).by_cell()

    assert cells[1, "PA"].weight == pytest.approx(before * 2.5)
    size = (figures["HN"].population / figures["GT"].population) ** 0.5
    average = sum(float(row.homicide_rate) for row in figures.values() if row.homicide_rate) / 4
    safety = min(2, 35.8 / average) / min(2, max(0.5, 17.3 / average))
    assert cells[1, "HN"].weight / cells[1, "GT"].weight == pytest.approx(size * safety)


def test_a_priority_of_another_time_asks_for_nothing_now(client: Client) -> None:
    factories.priority(period_start="2001-01-01", period_end="2002-01-01")

    assert need(client, 1, "HN").priorities == []


def test_bare_is_less_than_half_and_thick_more_than_one_and_a_half(client: Client) -> None:
    in_country("HN")
    factories.priority(goal_id=4)

    found = gaps(client)
    thick, barer = found.thick[0]

    assert (thick.goal.pk, thick.code) == (1, "HN")
    assert [(one.goal.pk, one.code) for one in barer] == [(4, "HN")]
    assert (1, "HN") not in {(one.goal.pk, one.code) for one in found.missing}
    assert found.missing == sorted(found.missing, key=lambda one: -one.missing)


def test_a_cancelled_program_fills_no_gap_and_closes_none(client: Client) -> None:
    donor = factories.organization("Donor")
    in_country("HN", reporting_org=donor, status=5)
    in_country("HN")

    cell = need(client, 1, "HN")

    assert cell.programs == 1
    assert donor.pk not in cell.here_ids
    assert len(client.get(f"/programs/?{cell.programs_query}").context["page"].object_list) == 1


def test_a_second_report_and_what_is_over_count_for_nothing(client: Client) -> None:
    first, second = in_country("HN"), in_country("HN")
    overlap(first, second, kind="same_money", second_report=second)
    in_country("HN", planned_end=dt.date(2021, 1, 1), actual_end=dt.date(2021, 1, 1))

    cell = need(client, 1, "HN")

    assert (cell.programs, cell.money) == (2, 1_000_000)


def test_each_number_opens_the_programs_behind_it(client: Client) -> None:
    in_country("HN")
    in_country("HN", planned_end=dt.date(2021, 1, 1))
    factories.program(**NOW, coverages=(CoverageData(region_id="389"),), locations=())

    for one in gaps(client).needs:
        listed = client.get(f"/programs/?{one.programs_query}").context["page"]
        assert listed.paginator.count == one.programs, (one.goal.pk, one.code)


def test_the_donors_next_door_are_named(client: Client) -> None:
    there, on_goal = factories.organization("There"), factories.organization("On the goal")
    in_country("PA", reporting_org=there)
    in_country("GT", reporting_org=on_goal, goals=(GoalData(3, Decimal(100)),))

    gap = need(client, 3, "PA")

    assert ([str(one) for one in gap.here], [str(one) for one in gap.on_the_goal]) == (["There"], ["On the goal"])


def test_a_hidden_program_has_no_trace_whoever_looked_before(signed_in: SignIn, coordinator: User) -> None:
    hidden = factories.organization("Hidden donor")
    in_country("HN", reporting_org=hidden, visibility="restricted")
    outsider = signed_in(factories.user(factories.organization()))

    for client, programs in ((signed_in(coordinator), 1), (outsider, 0), (signed_in(factories.user(hidden)), 1)):
        assert need(client, 1, "HN").programs == programs
    for there in ("/gaps/", "/", "/region/gaps.csv", "/region/donors.svg"):
        answer = outsider.get(there)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert b"Hidden donor" not in content


def test_a_change_is_seen_at_once(client: Client) -> None:
    assert need(client, 1, "HN").programs == 0
    in_country("HN")
    assert need(client, 1, "HN").programs == 1
    factories.priority(title_en="New")
    assert [one.title for one in need(client, 1, "HN").priorities] == ["New"]


def test_scripts_read_the_same(coordinator: User, signed_in: SignIn) -> None:
    in_country("HN")
    factories.priority(goal_id=4)

    rows, cells = Api(coordinator).get("gaps/"), Api(coordinator).get("matrix/")

    page = gaps(signed_in(coordinator)).missing
    assert [(row["goal"], row["country"], Decimal(row["missing_usd"])) for row in rows] == [
        (one.goal.pk, one.code, one.missing) for one in page
    ]
    assert [cell for cell in cells if cell["programs"]] == [
        {"goal": 1, "country": "HN", "programs": 1, "committed_usd": "1000000.00", "disbursed_usd": "0.00",
         "overlaps": 0, "gap": None, "missing_usd": "0.00", "left_out": []}
    ]  # fmt: skip


def test_asks_as_many_queries_for_50_as_for_1(client: Client) -> None:
    in_country("HN")
    factories.priority()
    cold = []
    for _round in range(2):
        queries_of(client, "/gaps/")
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get("/gaps/")
        cold.append(len(asked))
        for _ in range(24):
            in_country("GT")
            factories.priority()

    assert cold[0] == cold[1]
