"""Profiles and their briefs: what they count, for whom, and that they stay on two pages."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from core.money import left_out_of
from donors.models import Organization, User
from goals.models import Priority
from programs.services import (
    CoverageData,
    GoalData,
    LocationData,
    ParticipationData,
    PlannedDisbursementData,
    TransactionData,
)
from tests import factories
from tests.pdf import pages_in
from tests.queries import queries_of
from tests.worlds import World, overlap

pytestmark = pytest.mark.django_db
ADDRESSES = ("/countries/HN/", "/goals/1/", "/areas/HN-CR/")


@pytest.fixture
def client(signed_in: Callable[[User], Client]) -> Client:
    return signed_in(factories.user(factories.organization("Reader's own")))


def with_contact(name: str, email: str) -> Organization:
    made = factories.organization(name)
    made.contact_email = email
    made.save()
    return made


def busy_world() -> None:
    """More of everything than a brief has room for, all of it with long names."""
    long = "Fortalecimiento de la policía comunitaria y prevención de la violencia juvenil en los municipios " * 3
    goals = tuple(GoalData(number, Decimal(20)) for number in range(1, 6))
    soon = timezone.localdate() + timedelta(days=100)
    programs = []
    for number in range(14):
        name = f"Agencia de Cooperación Internacional para el Desarrollo y la Seguridad {number}"
        donor = with_contact(name, f"cooperacion.internacional.{number}@example.org")
        moved = tuple(
            TransactionData(kind, Decimal(1_234_567), "USD", date(year, 3, 1), date(year, 3, 1), donor.pk)
            for year in range(2012, 2027)
            for kind in (2, 3)
        )
        programs.append(
            factories.program(donor, title=long + str(number), goals=goals, transactions=moved, planned_end=soon)
        )
    for left, right in pairwise(programs):
        overlap(left, right)
    for rank in range(1, 9):
        Priority.objects.create(
            goal_id=1, country_id="HN", title_en=long[:250], title_es=long[:250], rank=rank,
            period_start=date(2020, 1, 1), period_end=date(2040, 1, 1),
        )  # fmt: skip


class TestPages:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_it_works(self, client: Client, address: str) -> None:
        donor = with_contact("Agency", "desk@agency.example")
        pair = overlap(factories.program(donor, title="First"), factories.program(donor, title="Second"))

        page = client.get(address).text

        for text in ("Agency", "US$ 2.0 M", "First", "Second", f'href="/overlaps/{pair.pk}/"', "desk@agency.example"):
            assert text in page
        assert f'href="{address}brief.pdf?lang=es"' in page

    def test_a_donor_has_the_same_on_its_own_page(self, client: Client) -> None:
        donor = with_contact("Agency", "desk@agency.example")
        factories.program(donor)

        page = client.get(f"/donors/{donor.pk}/").text

        for text in ("Funds by year", "desk@agency.example", f'href="/donors/{donor.pk}/brief.pdf?lang=en"'):
            assert text in page

    @pytest.mark.parametrize("address", [*ADDRESSES, "donor"])
    def test_asks_as_many_queries_for_50_programs_as_for_2(self, client: Client, address: str) -> None:
        donor = factories.organization()
        address = address.replace("donor", f"/donors/{donor.pk}/")
        overlap(factories.program(donor), factories.program(donor))
        few = queries_of(client, address)
        for _ in range(24):
            overlap(factories.program(donor), factories.program())

        assert queries_of(client, address) == few

    def test_what_does_not_exist_is_404(self, client: Client) -> None:
        for address in ("/countries/ES/", "/countries/XX/", "/goals/6/", "/areas/HN-XX/", "/donors/0/brief.pdf"):
            assert client.get(address).status_code == 404

    def test_an_empty_one_is_a_page_too(self, client: Client) -> None:
        for address in ADDRESSES:
            page = client.get(address).text
            assert "None in this view." in page
            assert "No dated commitment or disbursement is recorded." in page


class TestFigures:
    def figures(self, client: Client, address: str) -> tuple[int, int, int]:
        found = client.get(address).context["profile"].figures
        return found.programs, found.donors, round(found.committed_usd)

    def test_money_counts_by_country_goal_place_and_funder(self, client: Client) -> None:
        one, two = factories.organization(), factories.organization()
        factories.program(
            one,
            participations=(ParticipationData(one.pk, 1), ParticipationData(two.pk, 1)),
            coverages=(CoverageData("HN", None, Decimal(60)), CoverageData("GT", None, Decimal(40))),
            goals=(GoalData(1, Decimal(25)), GoalData(3, Decimal(75))),
            locations=(LocationData("HN-CR"), LocationData("HN-AT"), LocationData("GT-01"), LocationData("GT-02")),
        )

        assert self.figures(client, "/countries/HN/") == (1, 2, 600_000)
        assert self.figures(client, "/goals/3/") == (1, 2, 750_000)
        assert self.figures(client, "/areas/HN-CR/") == (1, 2, 250_000)
        rows = client.get("/countries/HN/").context["profile"].donors
        assert [(row.total.programs, row.total.committed_usd) for row in rows] == [(1, 300_000), (1, 300_000)]
        assert [cell.committed_usd for cell in rows[0].cells] == [75_000, 0, 225_000, 0, 0]

    def test_a_goal_comes_to_what_the_matrix_says(self, client: Client) -> None:
        outside = (CoverageData("HN", None, Decimal(50)), CoverageData("CO", None, Decimal(50)))
        factories.program(coverages=outside)
        factories.program(coverages=(CoverageData(region_id="389"),), locations=())

        total = client.get("/").context["matrix"].goal_totals[1]

        assert self.figures(client, "/goals/1/") == (total.programs, 2, round(total.committed_usd))
        cells = client.get("/goals/1/").context["profile"].column_rows
        assert {row["name"]: row["cell"].programs for row in cells if row["cell"].programs} == {
            "Honduras": 1,
            "Regional": 1,
        }

    def test_an_area_comes_to_what_the_map_says(self, client: Client) -> None:
        factories.program(locations=(LocationData("HN-CR"), LocationData("HN-AT"), LocationData(name="La Aldea")))

        areas = {area.code: area.committed_usd for area in client.get("/").context["areas"]}

        assert self.figures(client, "/areas/HN-CR/")[2] == areas["HN-CR"] == 500_000

    def test_a_second_report_is_left_out_of_sums_and_told(self, client: Client) -> None:
        first, second = factories.program(), factories.program()
        overlap(first, second, kind="same_money", second_report=second)

        for address in ADDRESSES:
            assert self.figures(client, address) == (2, 2, 1_000_000)
            assert "1 program is left out of the totals" in client.get(address).text

    def test_years_add_up_by_date(self, client: Client) -> None:
        day = date(2025, 5, 5)
        moves = [(2, 900, date(2024, 1, 1)), (3, 100, day), (4, 50, day), (7, 10, day)]
        rate_of = date(2023, 12, 31)  # its day is the rate's, not the money's
        factories.program(transactions=tuple(TransactionData(k, Decimal(v), "USD", d, rate_of) for k, v, d in moves))

        years = client.get("/countries/HN/").context["profile"].years

        assert [(row.year, row.committed_usd, row.disbursed_usd) for row in years] == [(2024, 900, 0), (2025, 0, 150)]

    @pytest.mark.parametrize("address", ["/countries/HN/", "/goals/1/", "/areas/HN-CR/", "donor"])
    def test_what_is_planned_for_the_coming_years_is_told_with_who_plans_it(self, client: Client, address: str) -> None:
        year = timezone.localdate().year + 1
        one, other = factories.organization("One"), factories.organization("Other")
        for body, usd, visibility in ((one, 100_000, "public"), (other, 300_000, "public"), (one, 9, "restricted")):
            factories.program(
                body,
                planned_end=date(year + 1, 1, 1),
                visibility=visibility,
                participations=(ParticipationData(body.pk, 1),),
                planned_disbursements=(
                    PlannedDisbursementData(Decimal(usd), "USD", date(year, 1, 1), date(year, 12, 31)),
                    PlannedDisbursementData(Decimal(7), "VES", date(year, 1, 1), date(year, 12, 31)),
                ),
            )
        of_donor = address == "donor"

        answer = client.get(f"/donors/{other.pk}/" if of_donor else address)
        profile = answer.context["profile"]

        assert [(row.year, row.planned_usd) for row in profile.years][-1] == (year, 300_000 if of_donor else 400_000)
        assert left_out_of(profile.years[-1].planned_usd) == {"VES": 7 if of_donor else 14}
        told = [(row.donor, *(usd for _year, usd in row.years)) for row in profile.planned]
        if of_donor:
            assert told == [(None, 300_000, 0, 0)]
        else:
            assert told == [(None, 400_000, 0, 0), (other, 300_000, 0, 0), (one, 100_000, 0, 0)]
            assert profile.next_planned == [(other, 300_000), (one, 100_000)]
        assert "Planned for the coming years" in answer.text

    def test_what_ends_within_a_year_is_told(self, client: Client) -> None:
        today = timezone.localdate()
        for title, end, status in (
            ("soon", today + timedelta(days=30), 2),
            ("over", today - timedelta(days=1), 2),
            ("late", today + timedelta(days=500), 2),
            ("cancelled", today + timedelta(days=30), 5),
        ):
            factories.program(title=title, planned_end=end, status=status)

        profile = client.get("/countries/HN/").context["profile"]

        assert ([program.title for program, _after in profile.ending], profile.figures.ending) == (["soon"], 1)
        ((_program, after),) = profile.ending
        assert (after.year, after.planned) == ((today + timedelta(days=30)).year + 1, 0)
        assert f"No funds are planned here for {after.year}." in client.get("/countries/HN/").text

    def test_donors_come_by_their_money_and_none_is_hidden(self, client: Client) -> None:
        many = factories.organization("Many small programs")
        for _ in range(3):
            factories.program(many, transactions=(TransactionData(2, Decimal(1_000), "USD", date(2024, 1, 1)),))
        for number in range(1, 11):
            donor = factories.organization(f"Donor {number:02}")
            factories.program(
                donor, transactions=(TransactionData(2, Decimal(number * 100_000), "USD", date(2024, 1, 1)),)
            )

        answer = client.get("/countries/HN/")
        profile = answer.context["profile"]

        assert [row.organization.name for row in profile.donors] == [
            *(f"Donor {number:02}" for number in range(10, 0, -1)), "Many small programs",
        ]  # fmt: skip
        assert profile.more_donors_usd == 303_000
        assert "Show 3 more donors (US$ 303 k)" in answer.text
        for row in profile.donors:
            assert f'href="/donors/{row.organization.pk}/"' in answer.text

    def test_priorities_say_what_serves_them_and_gaps_what_nobody_does(self, client: Client) -> None:
        for goal, title in ((1, "served"), (2, "bare")):
            Priority.objects.create(
                goal_id=goal, country_id="HN", title_en=title, title_es=title, rank=1,
                period_start=date(2020, 1, 1), period_end=date(2040, 1, 1),
            )  # fmt: skip
        served = Priority.objects.get(title_en="served")
        factories.priority_link(factories.program(), priority=served, state="confirmed", decided_at=timezone.now())
        factories.priority_link(factories.program(), priority=served)

        profile = client.get("/countries/HN/").context["profile"]

        assert [priority.title for priority in profile.unanswered] == ["bare"]
        assert [(priority.confirmed, priority.proposed) for priority in profile.priorities] == [(1, 1), (0, 0)]
        assert [need.goal.pk for need in profile.gaps.found] == [2, 3, 4, 5]


class TestWhoSees:
    def test_only_what_the_reader_may_see_counts(self, signed_in: Callable[[User], Client]) -> None:
        world = World()
        expected = {"member of nobody": 3, "viewer": 6, "coordinator": 7}

        for role, programs in expected.items():
            client = signed_in(world.person(role))  # type: ignore[arg-type]
            for address in ADDRESSES:
                profile = client.get(address).context["profile"]
                assert (profile.figures.programs, profile.figures.open_overlaps) == (programs, programs - 1)
                assert profile.figures.committed_usd == programs * 1_000_000
                assert profile.by_column[0 if address != "/goals/1/" else 4].programs == programs

    def test_the_public_view_is_the_same_for_everybody(self, signed_in: Callable[[User], Client]) -> None:
        world = World()
        client = signed_in(world.person("coordinator"))  # type: ignore[arg-type]
        world.other.contact_email = "desk@other.example"
        world.other.save()

        for address in ADDRESSES:
            page = client.get(f"{address}?view=public")
            assert page.context["profile"].figures.programs == 3
            assert "restricted" not in page.text.replace("other public", "").split("<main")[1]
            assert "desk@other.example" not in page.text


class TestBriefs:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_the_fullest_stays_on_two_pages(self, client: Client, language: str) -> None:
        busy_world()
        donor = client.get("/donors/").context["donors"][0][0]

        for address in (*ADDRESSES, f"/donors/{donor.pk}/"):
            answer = client.get(f"{address}brief.pdf?lang={language}")
            assert answer["Content-Type"] == "application/pdf"
            assert pages_in(answer.content) <= 2, address

    def test_it_names_date_language_and_view(self, client: Client) -> None:
        answer = client.get("/countries/HN/brief.pdf?lang=es")
        words = [template.name for template in answer.templates]

        assert "reports/brief.html" in words
        assert f"country-HN-{timezone.localdate()}-es.pdf" in answer["Content-Disposition"]
        assert answer.context["profile"].subject.about == "Perfil de país"
