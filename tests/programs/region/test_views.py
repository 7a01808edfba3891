from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from donors.models import User
from programs.services import CoverageData, GoalData, ParticipationData
from tests import factories
from tests.queries import queries_of
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(factories.user(factories.organization("Somebody else's")))


class TestHome:
    def test_it_works(self, client: Client) -> None:
        pair = overlap(factories.program(title="First"), factories.program(title="Second"))

        page = client.get("/").text

        for text in ("Honduras", "US$ 2,000,000", f'href="/overlaps/{pair.pk}/"', "1 overlap", "no programs"):
            assert text in page

    def test_an_empty_portal_has_a_page_too(self, client: Client) -> None:
        assert "No open overlaps." in client.get("/").text

    def test_each_cell_leads_to_a_list_of_as_many_as_it_counts(self, client: Client) -> None:
        two = (GoalData(1, Decimal(50)), GoalData(2, Decimal(50)))
        halves = tuple(CoverageData(country_id=code, percentage=Decimal(50)) for code in ("HN", "GT"))
        overlap(factories.program(goals=two), factories.program(coverages=halves, locations=(), goals=two))
        factories.program(coverages=(CoverageData(region_id="389"),), locations=())
        matrix = client.get("/").context["matrix"]
        cells = [*matrix.cells.values(), *matrix.goal_totals.values(), *matrix.column_totals.values(), matrix.total]
        empty = [cell for cell in cells if not cell.programs]

        for cell in [*(cell for cell in cells if cell.programs), *empty[:2], *empty[-2:]]:
            programs = client.get(f"/programs/?{cell.programs_query}")
            overlaps = client.get(f"/overlaps/?{cell.overlaps_query}")

            assert (programs.status_code, overlaps.status_code) == (200, 200)
            assert programs.context["page"].paginator.count == cell.programs, cell
            assert overlaps.context["page"].paginator.count == cell.overlaps, cell

    def test_money_is_shared_by_goal_and_country_and_adds_up(self, client: Client) -> None:
        goals = (GoalData(1, Decimal(25)), GoalData(3, Decimal(75)))
        places = (CoverageData("HN", None, Decimal(40)), CoverageData("GT", None, Decimal(60)))
        factories.program(goals=goals, coverages=places, locations=())

        matrix = client.get("/").context["matrix"]

        assert matrix.cells[1, "HN"].committed_usd == 100_000
        assert matrix.cells[3, "GT"].committed_usd == 450_000
        assert matrix.total.committed_usd == 1_000_000
        assert (matrix.total.programs, matrix.cells[2, "HN"].is_empty) == (1, True)

    def test_a_second_report_of_the_same_money_is_left_out_and_told(self, client: Client) -> None:
        first, second = factories.program(), factories.program()
        overlap(first, second, kind="same_money", second_report=second)

        answer = client.get("/")

        assert answer.context["totals"].committed_usd == answer.context["matrix"].total.committed_usd == 1_000_000
        assert "US$ 1,000,000 of 1 program is left out of the totals" in answer.text

    def test_asks_as_many_queries_for_50_programs_as_for_1(self, client: Client) -> None:
        overlap(factories.program(), factories.program())
        one = queries_of(client, "/")
        for _ in range(24):
            overlap(factories.program(), factories.program())

        assert queries_of(client, "/") == one

    def test_speaks_spanish(self, client: Client) -> None:
        page = client.get("/", headers={"accept-language": "es"}).text

        assert '<html lang="es">' in page
        assert "Panorama de la región" in page

    def test_says_so_where_it_holds_demonstration_data(self, client: Client) -> None:
        factories.program(source="demonstration")

        assert "This site contains demonstration data" in client.get("/").text


class TestDonors:
    def names(self, client: Client, query: str = "") -> list[str]:
        return [donor.name for donor, _funded in client.get(f"/donors/?{query}").context["donors"]]

    def test_it_works(self, client: Client) -> None:
        donor, other = factories.organization("Agency"), factories.organization("Implementer")
        factories.program(donor, participations=(ParticipationData(donor.pk, 1), ParticipationData(other.pk, 4)))

        page = client.get("/donors/").text

        assert f'href="/donors/{donor.pk}/"' in page
        assert "US$ 1,000,000" in page
        assert self.names(client) == ["Agency"]

    def test_finds_by_name_and_alias_without_accents(self, client: Client) -> None:
        factories.program(factories.organization("Agencia Española", aliases=("AECID",)))
        factories.program(factories.organization("Another"))

        assert self.names(client, "q=espanola") == self.names(client, "q=aecid") == ["Agencia Española"]
        assert "No donor has this name." in client.get("/donors/?q=nobody").text

    def test_takes_any_text(self, client: Client) -> None:
        for text in ("%00", "%25", "'", "%5C", "a" * 3000, "%F0%9F%98%80"):
            assert client.get(f"/donors/?q={text}").status_code == 200

    def test_orders(self, client: Client) -> None:
        rich, busy = factories.organization("b"), factories.organization("a")
        factories.program(rich)
        for _ in range(2):
            factories.program(busy, transactions=())

        assert self.names(client) == self.names(client, "sort=money") == ["b", "a"]
        assert self.names(client, "sort=programs") == self.names(client, "sort=name") == ["a", "b"]

    def test_a_program_of_two_donors_counts_for_each_in_equal_parts(self, client: Client) -> None:
        one, two = factories.organization("one"), factories.organization("two")
        factories.program(one, participations=(ParticipationData(one.pk, 1), ParticipationData(two.pk, 1)))

        donors = client.get("/donors/").context["donors"]

        assert [(funded.programs, funded.committed_usd) for _donor, funded in donors] == [(1, 500_000), (1, 500_000)]

    def test_pages_and_a_constant_number_of_queries(self, client: Client) -> None:
        factories.program()
        one = queries_of(client, "/donors/")
        for _ in range(50):
            factories.program()

        assert queries_of(client, "/donors/") == one
        assert (len(self.names(client)), len(self.names(client, "page=2"))) == (50, 1)


class TestDonor:
    def test_it_works(self, client: Client) -> None:
        donor = factories.organization("Agency")
        program = factories.program(donor)

        page = client.get(f"/donors/{donor.pk}/").text

        for text in ("Agency", program.title, "US$ 1,000,000", "Funding by goal and country"):
            assert text in page

    def test_who_only_implements_has_no_matrix(self, client: Client) -> None:
        implementer = factories.organization()
        factories.program(participations=(ParticipationData(implementer.pk, 4),))

        answer = client.get(f"/donors/{implementer.pk}/")

        assert answer.context["matrix"] is None
        assert len(answer.context["page"]) == 1

    def test_asks_as_many_queries_for_50_programs_as_for_1(self, client: Client) -> None:
        donor = factories.organization()
        overlap(factories.program(donor), factories.program(donor))
        one = queries_of(client, f"/donors/{donor.pk}/")
        for _ in range(24):
            overlap(factories.program(donor), factories.program(donor))

        assert queries_of(client, f"/donors/{donor.pk}/") == one

    def test_no_such_organization_is_404(self, client: Client) -> None:
        assert client.get("/donors/0/").status_code == 404


def test_an_organizations_own_sum_leaves_out_the_second_report_of_the_same_money(
    signed_in: Callable[[User], Client],
) -> None:
    org = factories.organization()
    first, second = factories.program(org), factories.program(org)
    overlap(first, second, kind="same_money", second_report=second)

    page = signed_in(factories.user(org)).get("/my-organization/")

    assert page.context["numbers"]["committed"] == 1_000_000
