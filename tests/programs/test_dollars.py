"""What is stored in US dollars follows the rates, and nothing that somebody saves is lost."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from donors.models import User
from goals.models import Basis, ExchangeRate, Origin, RateChange
from goals.money import RateTable
from goals.rates.readings import Reading
from goals.rates.storing import store
from programs.models import Program
from programs.overlap.profiles import refresh_profiles, stored_facts
from programs.services import BudgetData, TransactionData, dollars
from programs.services.dollars import renew_dollars
from tests import factories
from tests.conftest import wait_until

MARCH = date(2024, 3, 1)


def in_lempiras(**fields: Any) -> Program:
    transactions = (
        TransactionData(2, Decimal(25_000_000), "HNL", date(2024, 3, 9)),
        TransactionData(3, Decimal(1000), "USD", date(2024, 3, 9)),
    )
    budgets = (BudgetData(Decimal(5000), "HNL", MARCH, date(2024, 12, 31)),)
    return factories.program(**{"transactions": transactions, "budgets": budgets, **fields})


def correct(rate: str, month: date = MARCH, currency: str = "HNL") -> None:
    store([Reading(currency, month, Decimal(rate), Basis.MONTH, "By hand")], origin=Origin.PERSON, by="a@sica.example")


def sums(program: Program) -> tuple[Decimal | None, Decimal | None, dict[str, str]]:
    program.refresh_from_db()
    return program.committed_usd, program.disbursed_usd, program.committed_left_out


@pytest.mark.django_db
class TestRenewing:
    def test_it_works(self) -> None:
        program = in_lempiras()
        version = program.version
        correct("0.05")

        renewed = renew_dollars()

        assert (renewed.changed, renewed.after) == (1, None)
        assert sums(program) == (Decimal(1_250_000), Decimal(1000), {})
        row = program.transactions.get(currency="HNL")
        assert (row.value_usd, row.rate_month) == (Decimal(1_250_000), MARCH)
        assert program.budgets.get().value_usd == Decimal(250)
        # Nobody changed it: who edits it at this moment overwrites nothing.
        assert program.version == version
        assert renew_dollars().changed == 0

    def test_an_amount_that_was_left_out_is_added_once_there_is_a_rate(self) -> None:
        program = factories.program(transactions=(TransactionData(2, Decimal(1000), "VES", MARCH),))
        assert sums(program) == (None, None, {"VES": "1000.00"})

        correct("0.03", currency="VES")
        renew_dollars()

        assert sums(program) == (Decimal(30), None, {})

    def test_a_rate_that_goes_leaves_the_amount_out_and_says_so(self) -> None:
        program = in_lempiras()
        ExchangeRate.objects.filter(currency="HNL").delete()

        renew_dollars()

        assert sums(program) == (None, Decimal(1000), {"HNL": "25000000.00"})

    def test_what_a_release_before_did_not_write_is_written(self) -> None:
        program = factories.program(transactions=(TransactionData(2, Decimal(1000), "VES", MARCH),))
        Program.objects.update(committed_left_out={}, disbursed_left_out={})

        renew_dollars()

        assert sums(program)[2] == {"VES": "1000.00"}

    def test_other_currencies_and_other_months_stay(self) -> None:
        euros = factories.program(transactions=(TransactionData(2, Decimal(1000), "EUR", MARCH),))
        earlier = factories.program(transactions=(TransactionData(2, Decimal(1000), "HNL", date(2024, 2, 9)),))
        before = [sums(euros), sums(earlier)]
        correct("0.05")

        assert renew_dollars().changed == 0
        assert [sums(euros), sums(earlier)] == before

    def test_it_is_done_in_bounded_parts(
        self, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        programs = [in_lempiras() for _number in range(5)]
        correct("0.05")
        monkeypatch.setattr(dollars, "A_PART", 1)
        monkeypatch.setattr(dollars, "PARTS_A_JOB", 2)

        after, jobs = 0, 0
        while True:
            with django_capture_on_commit_callbacks() as asked:
                renewed = renew_dollars(after)
            jobs += 1
            assert len(asked) == (0 if renewed.after is None else 1)
            if renewed.after is None:
                break
            after = renewed.after

        assert jobs == 3
        assert {sums(program)[0] for program in programs} == {Decimal(1_250_000)}

    def test_a_rate_that_changes_meanwhile_has_all_done_again(self, django_capture_on_commit_callbacks: Any) -> None:
        correct("0.05")
        known = RateChange.objects.latest("id").pk
        correct("0.06")

        with django_capture_on_commit_callbacks() as asked:
            renew_dollars(after=10**9, change=known)

        assert len(asked) == 1

    def test_a_change_of_a_rate_asks_for_it(self, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks() as asked:
            correct("0.05")
        with django_capture_on_commit_callbacks() as unchanged:
            correct("0.05")

        assert (len(asked), len(unchanged)) == (1, 0)

    def test_figures_that_were_remembered_are_made_again(
        self, coordinator: User, signed_in: Callable[[User], Client]
    ) -> None:
        in_lempiras()
        client = signed_in(coordinator)
        client.get("/")
        correct("0.05")

        renew_dollars()

        assert "US$ 1,250,000" in client.get("/").text

    def test_the_engine_compares_the_renewed_sums(self) -> None:
        program = in_lempiras()
        refresh_profiles([program.pk])
        correct("0.05")

        renew_dollars()

        assert stored_facts([program.pk])[program.pk].committed_usd == Decimal(1_250_000)

    def test_all_stored_money_is_what_the_table_says(self) -> None:
        programs = [in_lempiras() for _number in range(3)]
        correct("0.07")
        renew_dollars()

        rates = RateTable()
        for program in programs:
            for row in (*program.transactions.all(), *program.budgets.all()):
                worth = rates.to_usd(row.value, row.currency, row.converted_on)
                assert worth is not None
                assert (row.value_usd, row.rate_month) == (worth.value, worth.rate_month)


def test_nothing_that_somebody_saves_meanwhile_is_lost(committed_db: Any) -> None:
    program = in_lempiras()
    correct("0.05")
    done = []

    def renew() -> None:
        done.append(renew_dollars())
        connection.close()

    with transaction.atomic():
        Program.objects.select_for_update().get(pk=program.pk)
        thread = Thread(target=renew)
        thread.start()
        wait_until(_somebody_waits)
        # What a save does after it has locked the program.
        program.transactions.filter(currency="HNL").update(value=Decimal(1_000_000), value_usd=None, rate_month=None)
    thread.join()

    assert done[0].changed == 1
    assert sums(program)[0] == Decimal(50_000)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_program_page_says_which_rate_was_used(signed_in: Callable[[User], Client]) -> None:
    ExchangeRate.objects.filter(currency="EUR", month__gt=date(2025, 4, 1)).delete()
    program = factories.program(
        transactions=(
            TransactionData(2, Decimal(1), "EUR", date(2025, 4, 9)),
            TransactionData(2, Decimal(2), "EUR", date(2026, 1, 9)),
            TransactionData(2, Decimal(3), "HNL", date(2008, 7, 1)),
            TransactionData(2, Decimal(4), "BZD", date(2026, 1, 9)),
        ),
        budgets=(BudgetData(Decimal(5), "EUR", date(2026, 2, 1)),),
    )
    client = signed_in(factories.user(program.reporting_org))

    page = client.get(f"/programs/{program.pk}/").text
    spanish = client.get(f"/programs/{program.pk}/", headers={"accept-language": "es"}).text

    assert page.count(">rate of April 2025<") == 1
    assert page.count(">estimated with the rate of April 2025<") == 2
    assert page.count(">average of the year 2008 (IMF)<") == 1
    assert "promedio del año 2008 (IMF)" in spanish
    assert "estimado con el tipo de cambio de abril" in spanish.lower()
