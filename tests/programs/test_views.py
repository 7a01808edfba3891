import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from programs.models import Program
from programs.services import CoverageData, GoalData, ParticipationData, RelatedData, TransactionData
from tests import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[object], Client]


@pytest.fixture
def client(signed_in: SignIn) -> Client:
    return signed_in(factories.user(factories.organization("Somebody else's")))


def titles(client: Client, query: str) -> list[str]:
    answer = client.get(f"/programs/?{query}")
    assert answer.status_code == 200, query
    return [program.title for program in answer.context["page"]]


class TestList:
    def test_it_works(self, client: Client) -> None:
        program = factories.program(title="Model police precincts")

        answer = client.get("/programs/")

        assert f'href="/programs/{program.pk}/"' in answer.text
        assert "Model police precincts" in answer.text
        assert "1 program" in answer.text

    def test_each_filter_finds_what_it_is_for(self, client: Client) -> None:
        donor = factories.organization("Donor")
        factories.program(
            donor,
            title="wanted",
            description="Forensic labs",
            status=3,
            goals=(GoalData(2, Decimal(100)),),
            coverages=(CoverageData(country_id="GT", percentage=Decimal(100)),),
            locations=(),
            planned_start=date(2015, 1, 1),
            planned_end=date(2016, 12, 31),
        )
        factories.program(title="other")
        factories.program(title="out", goals=())

        for query in (
            "q=forens",
            "goal=2",
            "country=GT",
            f"donor={donor.pk}",
            "status=3",
            "end=2017-01-01",
            f"goal=2&country=GT&donor={donor.pk}&status=3&scope=in_scope&start=2016-12-31",
        ):
            assert titles(client, query) == ["wanted"], query
        assert "wanted" not in titles(client, "start=2017-01-01")
        assert titles(client, "scope=out_of_scope") == ["out"]

    def test_regional_programs_and_anywhere_in_the_region(self, client: Client) -> None:
        factories.program(title="all of it", coverages=(CoverageData(region_id="389"),), locations=())
        factories.program(title="Honduras")
        factories.program(title="Mexico", coverages=(CoverageData(country_id="MX"),), locations=())

        assert titles(client, "country=regional") == ["all of it"]
        assert set(titles(client, "country=region")) == {"all of it", "Honduras"}

    @pytest.mark.parametrize(
        ("name", "value"),
        [("goal", "6"), ("goal", "x"), ("country", "MX"), ("donor", "0"), ("donor", "x"), ("status", "9"),
         ("start", "yesterday"), ("end", "2024-13-01"), ("scope", "x"), ("q", "%00")],
    )  # fmt: skip
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_wrong_value_is_400_with_the_field_named(
        self, client: Client, name: str, value: str, language: str
    ) -> None:
        factories.program()

        answer = client.get(f"/programs/?{name}={value}", headers={"accept-language": language})

        assert answer.status_code == 400
        assert list(answer.context["filters"].form.errors) == [name]
        assert f'id="id_{name}_error"' in answer.text
        assert list(answer.context["page"]) == []

    def test_orders(self, client: Client) -> None:
        def spent(usd: int) -> tuple[TransactionData, ...]:
            return (TransactionData(2, Decimal(usd), "USD", date(2024, 1, 1)),)

        factories.program(title="b", transactions=spent(5), planned_start=date(2021, 1, 1))
        factories.program(title="c", transactions=(), planned_start=None)
        factories.program(title="a", transactions=spent(1), planned_start=date(2022, 1, 1))

        assert titles(client, "") == titles(client, "sort=updated") == ["a", "c", "b"]
        assert titles(client, "sort=title") == ["a", "b", "c"]
        assert titles(client, "sort=money") == ["b", "a", "c"]
        assert titles(client, "sort=start") == ["a", "b", "c"]

    @pytest.mark.parametrize("address", ["/programs/", "/overlaps/", "/donors/"])
    def test_an_unknown_order_is_refused_by_name_and_the_list_is_still_shown(
        self, client: Client, address: str
    ) -> None:
        factories.program(title="a")

        answer = client.get(f"{address}?sort=size", headers={"accept-language": "es"})

        assert answer.status_code == 400
        assert "Orden desconocido: «size»" in answer.text
        assert address == "/overlaps/" or len(answer.context["page"]) == 1

    def test_pages_hold_each_program_once_and_keep_filter_and_order(self, client: Client) -> None:
        for number in range(27):
            factories.program(title=f"{number:02}")

        first = client.get("/programs/?goal=1&sort=title")
        second = client.get("/programs/?goal=1&sort=title&page=2")

        assert [p.title for p in (*first.context["page"], *second.context["page"])] == [f"{n:02}" for n in range(27)]
        assert "?goal=1&amp;sort=title&amp;page=2" in first.text

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, client: Client, page: str) -> None:
        factories.program(title="only")

        assert titles(client, f"page={page}") == ["only"]

    def test_asks_as_many_queries_for_50_as_for_1(self, client: Client) -> None:
        factories.program()
        one = queries_of(client, "/programs/")
        for _ in range(49):
            factories.program()

        assert queries_of(client, "/programs/") == one

    def test_nothing_found_offers_the_way_back(self, client: Client) -> None:
        assert "No programs match these filters." in client.get("/programs/?q=nothing").text

    def test_speaks_spanish_and_leaves_titles_in_their_language(self, client: Client) -> None:
        factories.program(title="Police reform")

        page = client.get("/programs/", headers={"accept-language": "es"}).text

        assert '<html lang="es">' in page
        assert "1 programa" in page
        assert 'lang="en">Police reform' in page


class TestDetail:
    def test_it_works(self, client: Client) -> None:
        org = factories.organization("Agency")
        program = factories.program(org, title="Vetted units", description="Vetted police units")

        page = client.get(program.get_absolute_url()).text

        for text in ("Vetted units", "Vetted police units", "Agency", program.identifier, "Choloma", "US$ 1,000,000"):
            assert text in page

    def test_what_is_unknown_is_said_to_be_unknown(self, client: Client) -> None:
        program = factories.program(
            title="",
            description="",
            status=None,
            planned_start=None,
            planned_end=None,
            transactions=(),
            sectors=(),
            source="iati",
        )

        page = client.get(program.get_absolute_url()).text

        assert f"(untitled) {program.identifier}" in page
        assert "No description." in page
        assert "unknown" in page

    def test_shows_text_as_text(self, client: Client) -> None:
        program = factories.program(title="<script>alert(1)</script>", description="<b>x</b>")

        page = client.get(program.get_absolute_url()).text

        assert "<script>alert(1)" not in page
        assert "<b>x</b>" not in page

    def test_a_related_program_that_is_hidden_is_a_bare_identifier(self, client: Client) -> None:
        org = factories.organization()
        factories.program(org, identifier="HIDDEN-1", title="Secret title", visibility="restricted")
        shown = factories.program(org, related=(RelatedData(1, "HIDDEN-1"),))

        page = client.get(shown.get_absolute_url()).text

        assert "HIDDEN-1" in page
        assert "Secret title" not in page

    def test_asks_as_many_queries_for_50_rows_of_each_list_as_for_1(self, client: Client) -> None:
        def program(rows: int) -> Program:
            org = factories.organization()
            for number in range(rows):
                factories.program(org, identifier=f"{org.pk}-{number}", transactions=(), locations=(), goals=())
            return factories.program(
                org,
                transactions=tuple(
                    TransactionData(2, Decimal(1 + n), "USD", date(2024, 1, 1), None, org.pk) for n in range(rows)
                ),
                participations=tuple(ParticipationData(factories.organization().pk, 4) for _ in range(rows)),
                related=tuple(RelatedData(1, f"{org.pk}-{n}") for n in range(rows)),
            )

        one = queries_of(client, program(1).get_absolute_url())

        assert queries_of(client, program(50).get_absolute_url()) == one

    @pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
    def test_no_such_program_is_404(self, client: Client, pk: str) -> None:
        assert client.get(f"/programs/{pk}/").status_code == 404


class TestGoals:
    @pytest.fixture(autouse=True)
    def _program(self, signed_in: SignIn) -> None:
        org = factories.organization()
        self.program = factories.program(org)
        self.address = f"/programs/{self.program.pk}/goals/"
        self.first, self.second = (signed_in(factories.user(org, "editor")) for _ in range(2))

    def post(self, client: Client, version: int, **goals: str) -> object:
        return client.post(self.address, {"version": version, **goals})

    def stored(self) -> dict[int, Decimal]:
        return {row.goal_id: row.percentage for row in Program.objects.get().goals.all()}

    def test_it_works(self) -> None:
        answer = self.first.post(self.address, {"version": 1, "goal_2": "60", "goal_3": "40"}, follow=True)

        assert answer.redirect_chain == [(f"/programs/{self.program.pk}/", 302)]
        assert "Imports will not change them." in answer.text
        assert self.stored() == {2: 60, 3: 40}

    def test_all_empty_puts_it_outside_the_five_goals(self) -> None:
        assert self.post(self.first, 1).status_code == 302
        assert Program.objects.get().scope == "out_of_scope"

    @pytest.mark.parametrize(
        ("goals", "field", "words"),
        [
            ({"goal_1": "50"}, None, "they must make 100"),
            ({"goal_1": "x"}, "goal_1", "Enter a number."),
            ({"goal_1": "101"}, "goal_1", "less than or equal to 100"),
            ({"goal_1": "-1"}, "goal_1", "greater than or equal to 0"),
            ({"goal_1": "33.333"}, "goal_1", "2 decimal places"),
            ({"goal_1": "NaN"}, "goal_1", "Enter a number."),
        ],
    )
    def test_what_is_wrong_is_said_where_it_is_wrong(
        self, goals: dict[str, str], field: str | None, words: str
    ) -> None:
        answer = self.post(self.first, 1, **goals)

        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == [field or "__all__"]
        assert words in answer.text
        assert field is None or f'id="id_{field}_error"' in answer.text
        assert f'value="{next(iter(goals.values()))}"' in answer.text
        assert self.stored() == {1: 100}

    def test_an_empty_form_says_what_is_missing(self) -> None:
        answer = self.first.post(self.address, {})

        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == ["version"]

    def test_who_saves_second_is_told_keeps_the_entries_and_can_save_again(self) -> None:
        self.post(self.first, 1, goal_2="100")

        refused = self.post(self.second, 1, goal_3="100")

        assert refused.status_code == 409
        assert "Someone else changed this in the meantime." in refused.text
        assert re.search(r"Current goals:[^<]*2[^<]*100 %", refused.text)
        assert re.search(r'name="goal_3" value="100"', refused.text)
        assert 'name="version" value="2"' in refused.text
        assert self.stored() == {2: 100}
        assert self.post(self.second, 2, goal_3="100").status_code == 302
        assert self.stored() == {3: 100}

    def test_the_refusal_comes_in_spanish(self) -> None:
        answer = self.first.post(self.address, {"version": 1, "goal_1": "50"}, headers={"accept-language": "es"})

        assert "Los porcentajes suman 50" in answer.text
