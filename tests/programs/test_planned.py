"""Planned payments and budgets by year: what counts for each year, and every way in and out."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from donors.models import Organization, User
from goals.models import Basis, Origin
from goals.rates.readings import Reading
from goals.rates.storing import store
from programs.models import PlannedDisbursement, PlannedYear, Program
from programs.services import BudgetData, PlannedDisbursementData
from programs.services.dollars import renew_dollars
from programs.services.planned import Line, planned_years
from tests import factories
from tests.api import Api

SignIn = Callable[[User], Client]
ORIGINAL, REVISED = 1, 2
Y26 = (date(2026, 1, 1), date(2026, 12, 31))
Y27 = (date(2027, 1, 1), date(2027, 12, 31))


def line(
    value: int, start: date | None, end: date | None, kind: int = ORIGINAL, *parties: int | None, known: bool = True
) -> Line:
    return Line(
        start, end, kind, Decimal(value) if known else None, "USD" if known else "VES", Decimal(value), *parties
    )


def years(budgets: list[Line], payments: list[Line]) -> dict[int, tuple[str, Decimal | None]]:
    return {year: (one.basis.value, one.usd) for year, one in planned_years(budgets, payments).items()}


@pytest.mark.parametrize(
    ("budgets", "payments", "expected"),
    [
        ([], [], {}),
        ([line(10, *Y26), line(20, *Y27)], [], {2026: ("budgets", 10), 2027: ("budgets", 20)}),
        # A year with payments counts these, another one its budget.
        ([line(10, *Y26), line(20, *Y27)], [line(7, *Y27)], {2026: ("budgets", 10), 2027: ("payments", 7)}),
        # Several of a year add up.
        ([], [line(7, *Y26, ORIGINAL, 1, 2), line(8, *Y26, ORIGINAL, 1, 3)], {2026: ("payments", 15)}),
        # A revised one replaces the original of its period, to a few days.
        ([line(10, *Y26), line(12, date(2026, 1, 3), Y26[1], REVISED)], [], {2026: ("budgets", 12)}),
        ([], [line(10, *Y26), line(12, *Y26, REVISED)], {2026: ("payments", 12)}),
        # But not that to another receiver; one that names nobody is the same.
        (
            [],
            [line(10, *Y26, ORIGINAL, 1, 2), line(12, *Y26, REVISED, 1, 3)],
            {2026: ("payments", 22)},
        ),
        ([], [line(10, *Y26, ORIGINAL, 1, 2), line(12, *Y26, REVISED)], {2026: ("payments", 12)}),
        # Money of two years is divided by days: 184 of 2026 and 181 of 2027.
        ([line(365, date(2026, 7, 1), date(2027, 6, 30))], [], {2026: ("budgets", 184), 2027: ("budgets", 181)}),
        # Without an end it is for its first day; without a date, for no year.
        ([], [line(5, date(2026, 12, 1), None)], {2026: ("payments", 5)}),
        ([line(5, None, date(2026, 12, 1))], [], {2026: ("budgets", 5)}),
        ([line(5, None, None)], [line(5, None, None)], {}),
        # Payments that are all 0 hide no budget.
        ([line(10, *Y26)], [line(0, *Y26)], {2026: ("budgets", 10)}),
        ([], [line(0, *Y26)], {2026: ("payments", 0)}),
    ],
)
def test_what_is_planned_for_a_year(budgets: list[Line], payments: list[Line], expected: dict[int, Any]) -> None:
    assert years(budgets, payments) == expected


def test_an_amount_without_a_rate_is_named_and_not_dropped() -> None:
    found = planned_years([], [line(10, *Y26), line(7, *Y26, known=False)])

    assert (found[2026].usd, found[2026].left_out) == (Decimal(10), {"VES": Decimal("7.00")})


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 3000),
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False),
)
def test_no_cent_is_lost_between_years(start: date, days: int, value: Decimal) -> None:
    end = date.fromordinal(start.toordinal() + days)

    found = planned_years([Line(start, end, ORIGINAL, value, "USD", value)], [])

    assert sum(one.usd or 0 for one in found.values()) == value


def payment(value: int = 500, **fields: Any) -> PlannedDisbursementData:
    return PlannedDisbursementData(
        **{"value": Decimal(value), "currency": "USD", "period_start": Y27[0], "period_end": Y27[1], **fields}
    )


def stored_years(program: Program) -> list[tuple[int, str, Decimal | None, dict[str, str]]]:
    return list(program.planned_years.values_list("year", "basis", "usd", "left_out"))


@pytest.mark.django_db
class TestSaving:
    def test_it_works(self) -> None:
        program = factories.program(
            budgets=(BudgetData(Decimal(900), "USD", *Y26),), planned_disbursements=(payment(),)
        )

        assert stored_years(program) == [(2026, "budgets", Decimal(900), {}), (2027, "payments", Decimal(500), {})]
        # What is planned is not committed.
        assert program.committed_usd == Decimal(1_000_000)
        assert program.planned_disbursements.get().value_usd == Decimal(500)

    def test_follows_the_rates(self) -> None:
        program = factories.program(planned_disbursements=(payment(1000, currency="VES", value_date=date(2024, 3, 9)),))
        assert stored_years(program) == [(2027, "payments", None, {"VES": "1000.00"})]

        store(
            [Reading("VES", date(2024, 3, 1), Decimal("0.03"), Basis.MONTH, "By hand")],
            origin=Origin.PERSON,
            by="a@sica.example",
        )
        assert renew_dollars().changed == 1

        assert stored_years(program) == [(2027, "payments", Decimal(30), {})]
        assert renew_dollars().changed == 0

    def test_budgets_that_the_release_before_wrote_get_their_years(self) -> None:
        program = factories.program(budgets=(BudgetData(Decimal(900), "USD", *Y26),))
        before = program.version
        PlannedYear.objects.all().delete()

        assert renew_dollars().changed == 1

        program.refresh_from_db()
        assert stored_years(program) == [(2026, "budgets", Decimal(900), {})]
        assert program.version == before


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agencia Española de Cooperación", short_name="AECID", ref="ES-DIR3-1")


def typed(org: Organization, **fields: str) -> dict[str, str]:
    return {
        "reporting_org": str(org.pk), "title": "Community policing", "description": "Patrols.", "language": "en",
        "status": "2", "planned_start": "2026-01-01", "planned_end": "2028-12-31", "visibility": "partners",
        "goals_by": "proposed", "token": "ABC234", "version": "", "countries-0-place": "HN",
        "sectors-0-sector": "15132", "organizations-0-name": "aecid", "organizations-0-role": "1",
        "payments-0-period_start": "2027-01-01", "payments-0-period_end": "2027-12-31", "payments-0-value": "500",
        "payments-0-currency": "USD", "payments-0-type": "1", "payments-0-receiver": "aecid",
        **fields,
    }  # fmt: skip


@pytest.mark.django_db
class TestForm:
    def test_it_works(self, signed_in: SignIn, org: Organization) -> None:
        client = signed_in(factories.user(org, "manager"))

        answer = client.post(reverse("programs:new"), typed(org, do="publish"))

        assert answer.status_code == 302, answer.context["editor"].errors
        row = PlannedDisbursement.objects.get()
        assert (row.value, row.period_start, row.period_end, row.receiver, row.provider) == (500, *Y27, org, None)

    def test_it_comes_back_unchanged_with_what_its_row_does_not_show(
        self, signed_in: SignIn, org: Organization
    ) -> None:
        one = payment(provider_id=org.pk, provider_activity="A-1", receiver_activity="B-2", value_date=date(2026, 5, 5))
        program = factories.program(org, planned_disbursements=(one,))
        client = signed_in(factories.user(org, "manager"))

        raw = client.get(reverse("programs:edit", args=[program.pk])).context["editor"].raw
        answer = client.post(
            reverse("programs:edit", args=[program.pk]), {**raw, "title": "Another title", "do": "save"}
        )

        assert answer.status_code == 302, answer.context["editor"].errors
        row = program.planned_disbursements.get()
        assert (row.provider, row.provider_activity, row.receiver_activity, row.value_date) == (
            org, "A-1", "B-2", date(2026, 5, 5),
        )  # fmt: skip
        assert program.planned_disbursements.get().pk == row.pk

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "Planned payments, row 1, To"), ("es", "Pagos previstos, fila 1, Hasta")],
    )
    def test_an_error_names_the_row_and_the_field(
        self, signed_in: SignIn, org: Organization, language: str, words: str
    ) -> None:
        client = signed_in(factories.user(org, "manager"))
        wrong = {"payments-0-period_end": "2026-12-31", "do": "publish"}

        answer = client.post(reverse("programs:new"), typed(org, **wrong), headers={"accept-language": language})

        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert not Program.objects.exists()

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_the_page_shows_it(self, signed_in: SignIn, org: Organization, language: str) -> None:
        program = factories.program(org, planned_disbursements=(payment(receiver_id=org.pk),))
        client = signed_in(factories.user(org))

        page = client.get(program.get_absolute_url(), headers={"accept-language": language}).content.decode()

        with translation.override(language):
            assert str(PlannedDisbursement._meta.verbose_name_plural).capitalize() in page
        assert 'id="planned-years"' in page
        assert 'id="planned-payments"' in page


@pytest.mark.django_db
class TestApi:
    def test_is_written_and_read(self, org: Organization) -> None:
        program = factories.program(org)
        api = Api(factories.user(org, "editor"))
        row = {"type": 2, "period_start": "2027-01-01", "period_end": "2027-12-31", "value": "500.00",
               "currency": "USD", "receiver_id": org.pk, "receiver_activity": "B-2"}  # fmt: skip

        made = api.send(
            "PATCH", f"programs/{program.pk}/", {"planned_disbursements": [row]}, 200, if_match=f'"{program.version}"'
        )

        (got,) = made["planned_disbursements"]
        assert {name: got[name] for name in row} == row
        assert (got["value_usd"], got["provider_id"]) == ("500.00", None)
        (listed,) = api.get("programs/?fields=id,planned_disbursements")["results"]
        assert listed == {"id": program.pk, "planned_disbursements": [got]}

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"period_end": "2026-12-31"}, "/planned_disbursements/0/period_end"),
            ({"currency": "XXQ"}, "/planned_disbursements/0/currency"),
            ({"receiver_id": 2_000_000}, "/planned_disbursements/0/receiver_id"),
            ({"value": "much"}, "/planned_disbursements/0/value"),
            ({"status": 1}, "/planned_disbursements/0/status"),
        ],
    )
    def test_a_wrong_row_is_named(self, org: Organization, wrong: dict[str, Any], pointer: str) -> None:
        program = factories.program(org)
        api = Api(factories.user(org, "editor"))
        row = {"type": 1, "period_start": "2027-01-01", "value": "500.00", "currency": "USD", **wrong}

        problem = api.send(
            "PATCH", f"programs/{program.pk}/", {"planned_disbursements": [row]}, 400, if_match=f'"{program.version}"'
        )

        assert pointer in str(problem)
        assert not PlannedDisbursement.objects.exists()
