import json
from base64 import urlsafe_b64encode
from datetime import date
from decimal import Decimal
from itertools import chain
from urllib.parse import urlencode

import pytest

from programs.models import Program
from programs.services import CoverageData, GoalData, TransactionData, TranslationData
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(factories.user(factories.organization("Somebody else's")))


def test_it_works(api: Api) -> None:
    program = factories.program(title="Vetted units")

    row = api.get("programs/")["results"][0]

    assert (row["id"], row["title"], row["reporting_org"]) == (program.pk, "Vetted units", program.reporting_org.name)
    assert (row["start"], row["end"]) == ("2024-01-01", "2026-12-31")
    assert row["goals"] == [{"goal": 1, "percentage": "100.00"}]
    assert row["coverages"] == [{"country": "HN", "region": None, "percentage": "100.00"}]
    assert row["participations"][0]["organization_id"] == program.reporting_org.pk


def test_one_program_has_its_money_and_its_translations(api: Api) -> None:
    program = factories.program(translations=(TranslationData("es", "Unidades", "Policía"),))

    found = api.get(f"programs/{program.pk}/")

    assert found["translations"] == [{"language": "es", "title": "Unidades", "description": "Policía"}]
    assert found["transactions"][0]["value"] == "1000000.00"
    assert found["budgets"] == []


def test_money_is_text_with_all_its_digits(api: Api) -> None:
    paid = TransactionData(2, Decimal("12345678901234.56"), "USD", date(2024, 1, 1))
    program = factories.program(transactions=(paid,))

    found = api.get(f"programs/{program.pk}/")

    assert found["committed_usd"] == found["transactions"][0]["value_usd"] == "12345678901234.56"


def test_what_is_unknown_is_null(api: Api) -> None:
    program = factories.program(transactions=(), planned_start=None, planned_end=None, status=None)

    found = api.get(f"programs/{program.pk}/")

    assert [found[name] for name in ("start", "end", "status", "committed_usd")] == [None] * 4


class TestFilters:
    def test_each_finds_what_it_is_for(self, api: Api) -> None:
        donor = factories.organization()
        wanted = factories.program(
            donor,
            title="Forensic labs",
            status=3,
            goals=(GoalData(2, Decimal(100)),),
            coverages=(CoverageData(country_id="GT", percentage=Decimal(100)),),
            locations=(),
            planned_start=date(2015, 1, 1),
            planned_end=date(2016, 12, 31),
        )
        other = factories.program()

        for query in ("q=forens", "goal=2", "country=GT", f"donor={donor.pk}", "status=3", "end=2017-01-01"):
            assert api.ids(f"programs/?{query}") == [wanted.pk], query
        for query in ("country=HN", "start=2017-01-01", "goal=1"):
            assert api.ids(f"programs/?{query}") == [other.pk], query
        assert api.ids("programs/?goal=2&country=HN") == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [("goal", "6"), ("country", "ZZ"), ("donor", "0"), ("donor", "x"), ("status", "x"), ("start", "2024"),
         ("start", "01/02/2026"), ("stage", "x"), ("reporting_org", "0"),
         ("end", "x"), ("scope", "x"), ("q", "%00"), ("page_size", "0"), ("page_size", "-1"), ("page_size", "x"),
         ("page_size", "²"), ("ordering", "title"), ("cursor", "x"), ("cursor", "%00"),
         ("goal", ""), ("q", "%20"), ("cursor", ""), ("goal", "1&goal=2")],
    )  # fmt: skip
    def test_a_wrong_value_is_refused_by_field(self, api: Api, name: str, value: str) -> None:
        assert [field for field, _ in api.refused(f"programs/?{name}={value}")] == [name]

    def test_a_program_that_was_sent_is_found_again_though_it_is_a_draft(self) -> None:
        own = factories.organization()
        draft = factories.program(own, identifier="XX-7", stage="draft")
        listed = factories.program(own, identifier="XX-8")
        api = Api(factories.user(own, "editor"))

        assert api.ids(f"programs/?reporting_org={own.pk}") == [listed.pk]
        assert api.ids(f"programs/?reporting_org={own.pk}&identifier=XX-7&stage=draft") == [draft.pk]
        assert Api(factories.user()).ids("programs/?stage=draft") == []

    def test_an_unknown_filter_is_refused_by_name_and_says_which_there_are(self, api: Api) -> None:
        (field, sentence), *more = api.refused("programs/?contry=HN&goal=1")

        assert (field, more) == ("contry", [])
        assert "country, cursor, donor, end, expand, fields, goal, iati, identifier, ordering, page_size, q" in sentence

    def test_the_refusal_comes_in_spanish(self) -> None:
        ((_, sentence),) = Api(factories.user(), "es").refused("programs/?contry=HN")

        assert sentence.startswith("Filtro desconocido")


class TestPages:
    @pytest.mark.parametrize("ordering", ["id", "-id", "updated_at", "-updated_at"])
    def test_neither_skip_nor_repeat(self, api: Api, ordering: str) -> None:
        made = [factories.program().pk for _ in range(7)]
        # All changed at one moment, as by an import: only the id tells them apart.
        Program.objects.update(updated_at="2024-01-01T00:00Z")

        pages = api.pages(f"programs/?page_size=3&ordering={ordering}")

        assert [len(page) for page in pages] == [3, 3, 1]
        assert [*chain(*pages)] == (made[::-1] if ordering.startswith("-") else made)

    def test_keep_the_filter(self, api: Api) -> None:
        wanted = [factories.program(status=3).pk for _ in range(3)]
        factories.program()

        assert api.all("programs/?status=3&page_size=2") == wanted

    def test_a_program_added_meanwhile_shifts_nothing(self, api: Api) -> None:
        made = [factories.program().pk for _ in range(4)]
        first = api.get("programs/?ordering=-id&page_size=2")
        factories.program()

        second = api.client.get(first["next"]).json()

        assert [row["id"] for row in (*first["results"], *second["results"])] == made[::-1]

    def test_hold_200_at_most(self, api: Api) -> None:
        org = factories.organization()
        Program.objects.bulk_create(
            Program(reporting_org=org, identifier=str(n), title="x", stage="published", visibility="public")
            for n in range(201)
        )

        assert (len(api.ids("programs/")), len(api.ids("programs/?page_size=200"))) == (50, 200)
        assert api.refused("programs/?page_size=201") == [("page_size", "Give a number from 1 to 200.")]

    @pytest.mark.parametrize("ordering", ["id", "updated_at"])
    @pytest.mark.parametrize("value", ["yesterday", "2024-13-01", "\0", None, 1, {}])
    def test_a_made_up_cursor_is_refused_by_name(self, api: Api, ordering: str, value: object) -> None:
        columns = {"id": ["id"], "updated_at": ["updated_at", "id"]}[ordering]

        address = "programs/?" + urlencode({"cursor": cursor(columns, *[value] * len(columns)), "ordering": ordering})

        assert [field for field, _ in api.refused(address)] == ["cursor"]

    @pytest.mark.parametrize("text", ["{}", "[]", "1", "null", "[", '["id"]', '["id", false]', '["-id", false, "1"]'])
    def test_a_cursor_that_says_something_else_is_refused_by_name(self, api: Api, text: str) -> None:
        address = "programs/?" + urlencode({"cursor": urlsafe_b64encode(text.encode()).decode()})

        assert [field for field, _ in api.refused(address)] == ["cursor"]

    def test_a_cursor_beyond_all_numbers_is_at_the_end(self, api: Api) -> None:
        factories.program()

        assert api.ids("programs/?" + urlencode({"cursor": cursor(["id"], "9" * 30)})) == []


def cursor(columns: list[str], *values: object) -> str:
    """A cursor that nobody gave out."""
    return urlsafe_b64encode(json.dumps([",".join(columns), False, *values]).encode()).decode()


@pytest.mark.parametrize("address", ["programs/0/", "programs/99999999999999999999/", "programs/x/", "nothing/"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_not_there_is_404_as_json(address: str, language: str) -> None:
    answer = Api(factories.user(), language).get(address, status=404)

    assert (answer["code"], answer["status"], answer["type"]) == ("not_found", 404, "/api/docs/#problem-not_found")
    assert answer["detail"]


def test_asks_as_many_queries_for_50_as_for_1(api: Api) -> None:
    factories.program()
    one = api.queries("programs/")
    for _ in range(49):
        factories.program()

    assert len(api.ids("programs/")) == 50
    assert api.queries("programs/") == one


def test_one_program_asks_as_many_queries_for_50_rows_as_for_1(api: Api) -> None:
    def program(rows: int) -> int:
        return factories.program(
            transactions=tuple(TransactionData(2, Decimal(n + 1), "USD", date(2024, 1, 1)) for n in range(rows))
        ).pk

    one = api.queries(f"programs/{program(1)}/")

    assert api.queries(f"programs/{program(50)}/") == one
