"""The page of exchange rates: for everybody to read, for administrators to keep up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from donors.models import User
from goals.models import ExchangeRate, HeldRate, RateChange
from tests import factories
from tests.api import Api
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
FILE = "currency,month,usd_per_unit,source\nHNL,2026-10,0.0311,Banco Central de Honduras\n"
BY_HAND = {
    "currency": "HNL", "month": "2026-10", "usd_per_unit": "0.0311", "basis": "month", "source": "Banco Central",
}  # fmt: skip


@pytest.fixture
def administrator() -> User:
    return factories.user(is_superuser=True, is_staff=True, email="admin@sica.example")


@pytest.fixture
def admin(administrator: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(administrator)


@pytest.fixture
def held() -> HeldRate:
    return factories.held_rate()


def of_october() -> ExchangeRate:
    return ExchangeRate.objects.get(currency="HNL", month=date(2026, 10, 1))


class TestReading:
    def test_everybody_who_is_signed_in_sees_the_rates_and_their_sources(
        self, signed_in: Callable[[User], Client]
    ) -> None:
        client = signed_in(factories.user(factories.organization()))

        overview, lempira = client.get("/rates/").text, client.get("/rates/HNL/").text

        assert "BZD 1 = US$ 0.5" in overview
        assert "November 2026" in overview
        assert "Enter or correct a rate" not in overview
        assert "HM Revenue &amp; Customs (United Kingdom)" in lempira
        assert "Latest changes" not in lempira
        assert client.get("/rates/ZZZ/").status_code == 404

    def test_nobody_else_does(self, client: Client) -> None:
        assert client.get("/rates/").status_code == 302

    def test_as_many_queries_for_all_currencies_as_for_one(self, admin: Client) -> None:
        many = queries_of(admin, "/rates/")
        ExchangeRate.objects.exclude(currency="EUR").delete()

        assert queries_of(admin, "/rates/") == many

    def test_scripts_read_them_with_their_source(self) -> None:
        api = Api(factories.user(factories.organization()))

        rows = api.get("exchange-rates/?currency=HNL&month_from=2026-10-01")["results"]

        assert [(row["currency"], row["month"], row["basis"]) for row in rows] == [
            ("HNL", "2026-10-01", "set"),
            ("HNL", "2026-11-01", "set"),
        ]
        assert {row["source"] for row in rows} == {"HM Revenue & Customs (United Kingdom)"}
        assert api.client.post("/api/v1/exchange-rates/", {}).status_code == 405


class TestChanging:
    def test_a_rate_is_entered_by_hand_and_who_did_it_is_kept(self, admin: Client) -> None:
        before = of_october().usd_per_unit

        page = admin.post("/rates/enter/", BY_HAND, follow=True).text

        assert "The rate is saved." in page
        assert of_october().usd_per_unit == Decimal("0.0311")
        change = RateChange.objects.latest("id")
        assert (change.by, change.before, change.source) == ("admin@sica.example", before, "Banco Central")
        assert "admin@sica.example" in page
        assert "admin@sica.example" in admin.get("/rates/HNL/").text

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("currency", "XXY", "“XXY” is not a code of ISO 4217, such as HNL."),
            ("month", "October", "“October” is not a month, such as 2025-04."),
            ("usd_per_unit", "0,03", "“0,03” is not a number with a decimal point, such as 0.0381."),
            ("source", "", "This field is required."),
            ("basis", "week", "Select a valid choice."),
        ],
    )
    def test_a_wrong_entry_says_beside_its_field_what_would_be_right(
        self, admin: Client, field: str, value: str, sentence: str
    ) -> None:
        answer = admin.post("/rates/enter/", {**BY_HAND, field: value})

        assert answer.status_code == 400
        assert sentence in answer.text
        assert f'id="id_{field}_error"' in answer.text
        assert of_october().usd_per_unit != Decimal("0.0311")

    def test_a_file_is_uploaded(self, admin: Client) -> None:
        page = admin.post("/rates/upload/", {"file": SimpleUploadedFile("rates.csv", FILE.encode())}, follow=True)

        assert "1 rate is saved." in page.text
        assert of_october().usd_per_unit == Decimal("0.0311")

    def test_of_a_file_with_a_wrong_row_nothing_is_saved(self, admin: Client) -> None:
        content = f"{FILE}HNL,2026-09,zero,Banco\nXXY,2026-09,1,Banco\n".encode()

        answer = admin.post("/rates/upload/", {"file": SimpleUploadedFile("rates.csv", content)})

        assert answer.status_code == 400
        assert "Row 3: usd_per_unit: “zero” is not a number" in answer.text
        assert "Row 4: currency: “XXY” is not a code" in answer.text
        assert of_october().usd_per_unit != Decimal("0.0311")

    def test_no_file_is_a_sentence(self, admin: Client) -> None:
        answer = admin.post("/rates/upload/", {})

        assert (answer.status_code, "Choose a file." in answer.text) == (400, True)

    def test_a_held_rate_is_accepted(self, admin: Client, held: HeldRate) -> None:
        assert "HNL, January 2027" in admin.get("/rates/").text

        admin.post(f"/rates/held/{held.pk}/", {"decision": "accept"})
        again = admin.post(f"/rates/held/{held.pk}/", {"decision": "reject"}, follow=True)

        held.refresh_from_db()
        assert (held.decision, held.decided_by) == ("accepted", "admin@sica.example")
        assert "Another administrator has decided on this rate already." in again.text
        assert ExchangeRate.objects.get(currency="HNL", month=held.month).usd_per_unit == held.usd_per_unit

    def test_a_decision_must_be_one(self, admin: Client, held: HeldRate) -> None:
        page = admin.post(f"/rates/held/{held.pk}/", {"decision": "perhaps"}, follow=True)

        assert "Choose to accept or to reject the rate." in page.text

    def test_nobody_but_administrators_changes_anything(
        self, coordinator: User, signed_in: Callable[[User], Client], held: HeldRate
    ) -> None:
        for person in (coordinator, factories.user(factories.organization(), "manager")):
            client = signed_in(person)
            assert client.post("/rates/enter/", BY_HAND).status_code == 403
            assert client.post("/rates/upload/", {"file": SimpleUploadedFile("r.csv", b"x")}).status_code == 403
            assert client.post(f"/rates/held/{held.pk}/", {"decision": "accept"}).status_code == 403
        assert of_october().usd_per_unit != Decimal("0.0311")

    def test_in_spanish(self, admin: Client) -> None:
        page = admin.get("/rates/", headers={"accept-language": "es"}).text

        assert "Tipos de cambio por decidir" in page
        assert "noviembre de 2026" in page.lower()
