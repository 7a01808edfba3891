"""The money's way: what goes in comes out, and every flow opens the programs behind it."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from core.money import left_out_of
from programs.money.flows import Flow, Flows, Node, Stage, flows_of, programs_behind
from programs.money.stored import once_for
from programs.region.counting import programs_counted
from programs.region.money_way import DRAWN, MOST_ROWS, OTHERS, Names, drawing, tables
from programs.services import CoverageData, GoalData, ParticipationData, TransactionData
from tests import factories
from tests.api import Api
from tests.programs.money.test_once import DAY, commits, funded_by, in_equal_parts, reader_of_all

pytestmark = pytest.mark.django_db


def flows(reader: Any) -> Flows:
    return flows_of(programs_counted(reader), once_for(reader))


def between(found: Flows, source: Stage, target: Stage) -> dict[tuple[str, str], Decimal]:
    return {(flow.source.key, flow.target.key): flow.usd.quantize(Decimal("0.01")) for flow in found.of(source, target)}


@pytest.fixture
def chain() -> dict[str, Any]:
    """A donor gives 1,000 to a fund, which passes 400 on to a program of its own that an organization carries out."""
    donor, fund, carrier = (factories.organization(name) for name in ("Donor", "Fund", "Carrier"))
    pool = factories.program(
        donor, "published", identifier="XM-POOL", title="The pool", coverages=in_equal_parts("HN", "GT"), locations=(),
        participations=(*funded_by(donor), ParticipationData(fund.pk, 4)), transactions=(commits(1000),),
    )  # fmt: skip
    came = TransactionData(11, Decimal(400), "USD", DAY, provider_id=fund.pk, provider_activity="XM-POOL")
    part = factories.program(
        fund, "published", title="The part", visibility="restricted",
        participations=(*funded_by(fund), ParticipationData(carrier.pk, 4)), transactions=(commits(400), came),
        goals=(GoalData(1, Decimal(75)), GoalData(2, Decimal(25))),
    )  # fmt: skip
    return {"donor": donor, "fund": fund, "carrier": carrier, "pool": pool, "part": part}


def test_a_chain_goes_from_its_first_giver_by_way_of_who_passes_it_on(chain: dict[str, Any]) -> None:
    donor, fund, carrier = (str(chain[name].pk) for name in ("donor", "fund", "carrier"))
    found = flows(reader_of_all())
    assert found.total == 1000
    assert between(found, Stage.DONOR, Stage.BY_WAY) == {(donor, fund): 400}
    assert between(found, Stage.BY_WAY, Stage.CARRIER) == {(fund, carrier): 400}
    assert between(found, Stage.DONOR, Stage.CARRIER) == {(donor, fund): 600}
    assert between(found, Stage.CARRIER, Stage.PLACE) == {
        (fund, "HN"): 300, (fund, "GT"): 300, (carrier, "HN"): 400,
    }  # fmt: skip
    assert between(found, Stage.PLACE, Stage.GOAL) == {("HN", "1"): 600, ("HN", "2"): 100, ("GT", "1"): 300}


def test_who_does_not_see_the_part_sees_the_whole_go_straight(chain: dict[str, Any]) -> None:
    donor, fund = str(chain["donor"].pk), str(chain["fund"].pk)
    found = flows(factories.user(factories.organization()))
    assert between(found, Stage.DONOR, Stage.CARRIER) == {(donor, fund): 1000}
    assert found.of(Stage.DONOR, Stage.BY_WAY) == []


def test_what_is_not_stated_is_named_and_every_stage_adds_up() -> None:
    agency, body = factories.organization(), factories.organization()
    factories.program(agency, participations=(), coverages=(CoverageData("HN"), CoverageData("US")), locations=())
    factories.program(
        agency, participations=(*funded_by(agency), ParticipationData(body.pk, 3)), coverages=(), locations=(),
        transactions=(commits(7),),
    )  # fmt: skip
    factories.program(agency, transactions=(TransactionData(2, Decimal(5), "CUP", DAY),))
    found = flows(reader_of_all())
    assert found.total == 1_000_007
    assert dict(left_out_of(found.total)) == {"CUP": 5}
    sums = {stage: sum(found.nodes(stage).values(), Decimal(0)).quantize(Decimal("0.01")) for stage in Stage}
    assert sums == {**dict.fromkeys(Stage, 1_000_007), Stage.BY_WAY: 7}
    assert found.nodes(Stage.DONOR) == {"": 1_000_000, str(agency.pk): 7}
    assert between(found, Stage.CARRIER, Stage.PLACE) == {("", "HN"): 500_000, ("", "elsewhere"): 500_000, ("", ""): 7}
    names = Names(found)
    assert {names.of(flow.source) for flow in found.of(Stage.PLACE, Stage.GOAL)} == {
        "Honduras", "Other countries", "No country stated",
    }  # fmt: skip


def test_every_flow_opens_the_programs_behind_it(chain: dict[str, Any], signed_in: Any) -> None:
    reader = factories.user(chain["fund"])
    found = flows(reader)
    for flow in found.flows:
        rows = programs_behind(programs_counted(reader), once_for(reader), flow.source, flow.target)
        assert sum((usd for _program, usd in rows), Decimal(0)).quantize(Decimal("0.01")) == flow.usd.quantize(
            Decimal("0.01")
        )
        assert len(rows) == flow.programs
    client = signed_in(reader)
    page = client.get("/money/").text
    address = f"/money/programs/?source=donor%3A{chain['donor'].pk}&amp;target=by_way%3A{chain['fund'].pk}"
    assert f'href="{address}"' in page
    behind = client.get(address.replace("&amp;", "&")).text
    assert "The part" in behind
    assert "The pool" not in behind
    # Somebody else is not told that there is such a flow.
    assert signed_in(factories.user()).get(address.replace("&amp;", "&")).status_code == 404


def test_flows_that_are_remembered_follow_each_change_and_are_nobody_elses(
    chain: dict[str, Any], signed_in: Any
) -> None:
    own, other = factories.user(chain["fund"]), factories.user(factories.organization())
    assert "Carrier" in signed_in(own).get("/money/?country=HN").text
    assert "Carrier" not in signed_in(other).get("/money/?country=HN").text
    factories.program(implementer=factories.organization("A further body"))
    for reader in (own, other):
        assert "A further body" in signed_in(reader).get("/money/?country=HN").text
        assert "A further body" not in signed_in(reader).get("/money/?country=GT").text


@pytest.mark.parametrize(
    "ends",
    ["", "source=donor:1", "source=donor:x&target=goal:1", "source=goal:1&target=donor:1", "source=x&target=y:2"],
)
def test_what_is_no_flow_is_not_found(signed_in: Any, ends: str) -> None:
    assert signed_in(factories.user()).get(f"/money/programs/?{ends}").status_code == 404


def test_the_page_its_sheet_and_scripts_say_the_same_of_a_selection(chain: dict[str, Any], signed_in: Any) -> None:
    reader = factories.user(chain["fund"], "manager")
    client: Client = signed_in(reader)
    rows = list(csv.reader(StringIO(client.get("/money.csv?country=GT").getvalue().decode("utf-8-sig"))))
    answer = Api(reader).get("money/?country=GT")
    assert answer["committed_usd"] == "600.00"
    assert answer["left_out"] == []
    said = [[row[1], row[3], row[4]] for row in rows[1:-1]]
    assert said == [[flow["source"]["name"], flow["target"]["name"], flow["committed_usd"]] for flow in answer["flows"]]
    assert rows[-1] == ["Total", "", "", "", "600.00", "", ""]
    assert "US$ 600" in client.get("/money/?country=GT").text
    assert client.get("/money/?country=XX").status_code == 400
    assert client.get("/money.csv?country=XX").status_code == 404
    assert client.get("/money/?q=nothing+of+the+kind").status_code == 200


class Named:
    """Names that are keys."""

    def of(self, node: Node) -> str:
        return node.key

    short = of


def test_a_table_has_the_largest_flows_and_says_how_many_there_are() -> None:
    many = [
        Flow(Node(Stage.DONOR, str(n)), Node(Stage.CARRIER, ""), Decimal(1000 - n), 1) for n in range(MOST_ROWS + 5)
    ]
    (table,) = tables(Flows(Decimal(1), many), Named(), {})  # type: ignore[arg-type]
    assert table["number"] == MOST_ROWS + 5
    assert [row["usd"] for row in table["rows"]] == [1000 - n for n in range(MOST_ROWS)]


def test_a_drawing_has_the_largest_nodes_and_the_others_as_one() -> None:
    donors = [Node(Stage.DONOR, str(number)) for number in range(1, DRAWN + 4)]
    body = Node(Stage.CARRIER, "")
    made = Flows(Decimal(1), [Flow(donor, body, Decimal(100 - int(donor.key)), 1) for donor in donors])

    drawn = drawing(made, Named(), {})  # type: ignore[arg-type]
    others = f"donor:{OTHERS}"
    assert [node["id"] for node in drawn["nodes"] if node["id"].startswith("donor:")][-1] == others
    assert len(drawn["nodes"]) == DRAWN + 2
    (rest,) = [link for link in drawn["links"] if link["source"] == others]
    assert (rest["value"], rest["address"]) == (87 + 86 + 85, "")


def test_it_costs_as_many_queries_for_one_program_as_for_twenty(
    signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(factories.user())
    factories.program()
    client.get("/money/")
    with django_assert_max_num_queries(40) as first:
        client.get("/money/?q=")
    for _ in range(20):
        factories.program()
    client.get("/money/")
    with django_assert_max_num_queries(40) as second:
        client.get("/money/?q=")
    assert len(first.captured_queries) == len(second.captured_queries)
