"""Exchange rates from their sources: read, checked, held, stored; and what is said where that does not work."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction

from goals.models import Basis, ExchangeRate, HeldRate, Origin, RateChange, RateFetch
from goals.rates import ecb, hmrc, state
from goals.rates.fetching import fetch_rates
from goals.rates.readings import Reading, Unreadable
from goals.rates.storing import decide, store
from goals.rates.uploads import read_upload
from goals.reference import load_reference_data
from tests.goals.rate_files import Sources, ecb_file, ecb_month, hmrc_file, sources

TODAY = date(2027, 2, 3)
DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture
def served(settings: Any) -> Iterator[Sources]:
    """Both sources, at a server of our own."""
    with sources() as found:
        settings.RATES_ECB_URL = f"{found.address}/ecb.xml"
        settings.RATES_HMRC_URL = f"{found.address}/hmrc_{{year}}-{{month}}.xml"
        found.files["/ecb.xml"] = ecb_file(
            {**ecb_month(FEBRUARY, USD="1.2"), **ecb_month(JANUARY, USD="1.1", MXN="22"), "2026-12-30": {"USD": "9"}}
        )
        found.files["/hmrc_2027-1.xml"] = hmrc_file(JANUARY, USD="1.30", HNL="34.5", EUR="1.18")
        found.files["/hmrc_2027-2.xml"] = hmrc_file(FEBRUARY, USD="1.30", HNL="34.6", EUR="1.19")
        yield found


def rate(currency: str, month: date) -> ExchangeRate:
    return ExchangeRate.objects.get(currency=currency, month=month)


class TestReading:
    def test_the_ecb_s_days_become_the_average_of_each_month_that_ended(self) -> None:
        days = ecb_month(JANUARY, USD="1.10", MXN="22.0")
        days["2027-01-29"] = {"USD": "1.31", "MXN": "22.0"}
        content = ecb_file({**days, **ecb_month(FEBRUARY, USD="1.2"), "2026-12-30": {"USD": "5"}})

        found = {(one.currency, one.month): one for one in ecb.readings(content, TODAY)}

        assert set(found) == {("EUR", JANUARY), ("MXN", JANUARY)}
        euro = found["EUR", JANUARY]
        assert (euro.usd_per_unit, euro.basis, euro.source) == (Decimal("1.11"), Basis.MONTH, ecb.SOURCE)
        assert found["MXN", JANUARY].usd_per_unit == Decimal("0.050454545455")

    def test_hmrc_s_units_for_a_pound_become_dollars_for_a_unit(self) -> None:
        found = {one.currency: one for one in hmrc.readings(hmrc_file(JANUARY, USD="1.3", HNL="32.5"), TODAY)}

        assert set(found) == {"GBP", "HNL"}
        assert (found["HNL"].usd_per_unit, found["HNL"].month) == (Decimal("0.04"), JANUARY)
        assert (found["GBP"].usd_per_unit, found["GBP"].basis) == (Decimal("1.3"), Basis.SET)

    @pytest.mark.parametrize("currency", ["VES", "CUP", "ECS"])
    def test_an_official_rate_that_nobody_pays_is_not_taken(self, currency: str) -> None:
        content = hmrc_file(JANUARY, USD="1.3", **{currency: "30"})

        assert [one.currency for one in hmrc.readings(content, TODAY)] == ["GBP"]

    @pytest.mark.parametrize(
        ("read", "content"),
        [
            (ecb.readings, b"<html>Not found</html>"),
            (ecb.readings, b"no XML at all"),
            (ecb.readings, b""),
            (ecb.readings, ecb_file({})),
            (ecb.readings, ecb_file({"2027-01-04": {"MXN": "22"}})),
            (ecb.readings, ecb_file({"4 January": {"USD": "1.1"}})),
            (ecb.readings, ecb_file({"2027-01-04": {"USD": "1,1"}})),
            (ecb.readings, ecb_file({"2027-01-04": {"USD": "0"}})),
            (ecb.readings, ecb_file({"2027-01-04": {"USD": "NaN"}})),
            (ecb.readings, ecb_file({"2027-01-04": {"usd": "1.1"}})),
            (ecb.readings, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
            (ecb.readings, hmrc_file(JANUARY, USD="1.3")),
            (hmrc.readings, ecb_file(ecb_month(JANUARY, USD="1.1"))),
            (hmrc.readings, hmrc_file(JANUARY, HNL="32")),
            (hmrc.readings, hmrc_file(JANUARY, USD="1.3", HNL="-1")),
            (hmrc.readings, hmrc_file(JANUARY, USD="1.3").replace(b"01/Jan", b"07/Jan")),
            (hmrc.readings, hmrc_file(JANUARY, USD="1.3").replace(b"Period", b"Month")),
            (
                hmrc.readings,
                hmrc_file(JANUARY, USD="1.3").replace(
                    b"</exchangeRateMonthList>",
                    b"<exchangeRate><currencyCode>USD</currencyCode><rateNew>2</rateNew></exchangeRate>"
                    b"</exchangeRateMonthList>",
                ),
            ),
        ],
    )
    def test_another_file_is_not_taken_for_theirs(self, read: Any, content: bytes) -> None:
        with pytest.raises(Unreadable):
            read(content, TODAY)


@pytest.mark.django_db
class TestFetching:
    def test_it_works(self, served: Sources) -> None:
        attempts = fetch_rates(TODAY)

        assert [(one.provider, one.problem, one.held) for one in attempts] == [("ecb", "", 0), ("hmrc", "", 0)]
        assert (rate("EUR", JANUARY).usd_per_unit, rate("EUR", JANUARY).source) == (Decimal("1.1"), ecb.SOURCE)
        # A month that has not ended has the other source's rate, until the better one knows it.
        assert (rate("EUR", FEBRUARY).source, rate("HNL", FEBRUARY).source) == (hmrc.SOURCE, hmrc.SOURCE)
        assert rate("HNL", FEBRUARY).origin == Origin.FETCHED
        assert "/hmrc_2026-12.xml" not in served.files
        changes = RateChange.objects.filter(currency="HNL", month__gte=JANUARY)
        assert [(one.month, one.before, one.by) for one in changes] == [(FEBRUARY, None, ""), (JANUARY, None, "")]

    def test_again_changes_nothing(self, served: Sources) -> None:
        fetch_rates(TODAY)
        changes = RateChange.objects.count()

        assert [(one.stored, one.held) for one in fetch_rates(TODAY)] == [(0, 0), (0, 0)]
        assert RateChange.objects.count() == changes

    def test_a_better_source_replaces_what_was_fetched_before(self, served: Sources) -> None:
        fetch_rates(TODAY)
        fetch_rates(date(2027, 3, 2))

        assert (rate("EUR", FEBRUARY).source, rate("EUR", FEBRUARY).usd_per_unit) == (ecb.SOURCE, Decimal("1.2"))
        assert RateChange.objects.filter(currency="EUR", month=FEBRUARY).count() == 2

    def test_a_jump_is_held_for_a_person_and_asked_about_once(self, served: Sources) -> None:
        served.files["/hmrc_2027-1.xml"] = hmrc_file(JANUARY, USD="1.30", HNL="3.45", GTQ="10.2")

        attempts = fetch_rates(TODAY)
        fetch_rates(TODAY)

        assert attempts[1].held == 1
        held = HeldRate.objects.get()
        assert (held.currency, held.month, held.decision) == ("HNL", JANUARY, HeldRate.Decision.OPEN)
        assert held.known == ExchangeRate.objects.filter(currency="HNL", month__lt=JANUARY).latest("month").usd_per_unit
        assert not ExchangeRate.objects.filter(currency="HNL", month=JANUARY).exists()
        assert ExchangeRate.objects.filter(currency="GTQ", month=JANUARY).exists()

    @pytest.mark.parametrize(("factor", "is_held"), [("1.2", False), ("1.21", True), ("0.8", False), ("0.79", True)])
    def test_a_fifth_up_or_down_is_the_limit(self, factor: str, is_held: bool) -> None:
        known = ExchangeRate.objects.filter(currency="CRC").latest("month").usd_per_unit

        stored = store([Reading("CRC", JANUARY, known * Decimal(factor), Basis.MONTH, "Source")], origin=Origin.FETCHED)

        assert (len(stored.held), len(stored.changed)) == (int(is_held), int(not is_held))

    def test_without_a_network_it_says_so_and_keeps_what_it_has(self, settings: Any) -> None:
        with sources() as gone:
            settings.RATES_ECB_URL, settings.RATES_HMRC_URL = f"{gone.address}/ecb.xml", ""
        before = ExchangeRate.objects.count()

        (attempt,) = fetch_rates(TODAY)

        assert (attempt.problem, attempt.stored) == ("unreachable", 0)
        assert ExchangeRate.objects.count() == before
        ecb_s, hmrc_s = state.of_sources()
        assert "could not be reached" in ecb_s.words
        assert "127.0.0.1" not in ecb_s.words
        assert hmrc_s.words == "This source is switched off."

    def test_one_source_that_fails_stops_no_other(self, served: Sources) -> None:
        served.files["/ecb.xml"] = b"<html>We are moving</html>"

        attempts = fetch_rates(TODAY)

        assert [one.problem for one in attempts] == ["unreadable", ""]
        assert ExchangeRate.objects.filter(currency="HNL", month=JANUARY).exists()
        assert "not as expected" in state.of_sources()[0].words

    def test_no_file_at_all_is_a_problem(self, served: Sources) -> None:
        served.files.clear()

        assert [(one.problem, one.detail) for one in fetch_rates(TODAY)] == [("unreachable", "HTTP 404")] * 2

    def test_only_the_latest_attempts_are_kept(self, settings: Any) -> None:
        settings.RATES_ECB_URL = settings.RATES_HMRC_URL = ""
        RateFetch.objects.bulk_create(RateFetch(provider="ecb") for _number in range(130))

        fetch_rates(TODAY)

        assert RateFetch.objects.count() == 100

    def test_the_command_says_how_it_went(self, served: Sources, settings: Any) -> None:
        said = StringIO()
        call_command("fetch_rates", stdout=said)
        settings.RATES_ECB_URL = settings.RATES_HMRC_URL = ""
        call_command("fetch_rates", stdout=said)

        assert said.getvalue().splitlines()[-1].startswith("All sources are switched off")
        assert said.getvalue().startswith("ecb: ")


@pytest.mark.django_db
class TestKeeping:
    def test_what_a_person_entered_is_not_overwritten(self, served: Sources) -> None:
        by_hand = Reading("HNL", JANUARY, Decimal("0.0371"), Basis.MONTH, "Banco Central de Honduras")
        store([by_hand], origin=Origin.PERSON, by="ana@sica.example")

        fetch_rates(TODAY)
        load_reference_data()

        assert (rate("HNL", JANUARY).usd_per_unit, rate("HNL", JANUARY).source) == (
            by_hand.usd_per_unit,
            by_hand.source,
        )

    def test_the_table_of_the_portal_overwrites_nothing_that_came_since(self) -> None:
        month = date(2020, 5, 1)
        by_hand = Reading("EUR", month, Decimal("1.0999"), Basis.MONTH, "By hand")
        store([by_hand], origin=Origin.PERSON, by="ana@sica.example")

        load_reference_data()

        assert rate("EUR", month).usd_per_unit == by_hand.usd_per_unit

    def test_who_changed_what_and_when_is_kept_for_good(self) -> None:
        month = date(2020, 5, 1)
        before = rate("EUR", month).usd_per_unit

        store(
            [Reading("EUR", month, Decimal("1.2"), Basis.MONTH, "By hand")], origin=Origin.PERSON, by="ana@sica.example"
        )

        change = RateChange.objects.latest("id")
        assert (change.before, change.usd_per_unit, change.by) == (before, Decimal("1.2"), "ana@sica.example")
        with pytest.raises(InternalError), transaction.atomic():
            RateChange.objects.update(by="")
        with pytest.raises(InternalError), transaction.atomic():
            RateChange.objects.all().delete()

    def test_an_accepted_rate_counts_and_a_rejected_one_does_not(self) -> None:
        first, second = (
            HeldRate.objects.create(
                currency="HNL", month=month, usd_per_unit=Decimal("0.02"), known=Decimal("0.04"), source="Source"
            )
            for month in (JANUARY, FEBRUARY)
        )

        assert decide(first, accept=True, by="ana@sica.example")
        assert decide(second, accept=False, by="ana@sica.example")

        assert not decide(first, accept=False, by="ben@sica.example")
        assert rate("HNL", JANUARY).usd_per_unit == Decimal("0.02")
        assert not ExchangeRate.objects.filter(currency="HNL", month=FEBRUARY).exists()
        assert [one.decision for one in HeldRate.objects.order_by("month")] == ["accepted", "rejected"]

    def test_the_check_says_how_old_rates_are(self) -> None:
        ExchangeRate.objects.filter(currency="HNL", month__gt=date(2020, 1, 1)).delete()

        said = [one.msg for one in run_checks(databases=["default"]) if one.id == "carsi_portal.W006"]

        assert len(said) == 1
        assert said[0].startswith("Exchange rates are so many months old: HNL (")


FILE = "currency,month,usd_per_unit,source\nHNL,2026-10,0.0372,Banco Central de Honduras\n"


class TestUploads:
    def test_it_works(self) -> None:
        upload = read_upload(FILE.encode())

        assert upload.problems == []
        (reading,) = upload.readings
        assert reading == Reading("HNL", date(2026, 10, 1), Decimal("0.0372"), Basis.MONTH, "Banco Central de Honduras")

    @pytest.mark.parametrize(
        "text",
        [
            FILE.replace(",", ";"),
            "\ufeff" + FILE,
            FILE.replace("2026-10", "2026-10-01"),
            FILE.replace("currency", "Currency").replace("HNL", "hnl"),
            FILE.replace("\n", "\r\n") + ",,,\r\n",
        ],
    )
    def test_the_same_in_other_spellings(self, text: str) -> None:
        assert read_upload(text.encode()).readings == read_upload(FILE.encode()).readings

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Row 1: the columns currency, month, usd_per_unit, source are missing."),
            (FILE.replace("source", "quelle"), "Row 1: the columns source are missing."),
            (FILE.splitlines()[0], "The file has no rows below its headings."),
            (FILE.replace("HNL", "XXY"), "Row 2: currency: “XXY” is not a code of ISO 4217, such as HNL."),
            (FILE.replace("HNL", "USD"), "Row 2: currency: The rate of USD is fixed by law."),
            (FILE.replace("2026-10", "10/2026"), "Row 2: month: “10/2026” is not a month, such as 2025-04."),
            (FILE.replace("2026-10", "2026-10-15"), "Row 2: month: “2026-10-15” is not a month, such as 2025-04."),
            (FILE.replace("2026-10", "2199-10"), "Row 2: month: 2199-10 is before 1990 or in the future."),
            (FILE.replace("0.0372", "abc"), "Row 2: usd_per_unit: “abc” is not a number with a decimal point"),
            (FILE.replace("0.0372", "NaN"), "Row 2: usd_per_unit: “NaN” is not a number"),
            (FILE.replace("0.0372", "0"), "Row 2: usd_per_unit: 0 is not what one unit of a currency is worth"),
            (FILE.replace("0.0372", "1e99"), "Row 2: usd_per_unit: "),
            (FILE.replace("Banco Central de Honduras", ""), "Row 2: source: Say whose figure it is"),
            (FILE + FILE.splitlines()[1], "Row 3: HNL of this month is in row 2 already."),
        ],
    )
    def test_what_is_wrong_is_said_row_by_row(self, text: str, sentence: str) -> None:
        problems = read_upload(text.encode()).problems

        assert len(problems) == 1
        assert problems[0].startswith(sentence)

    def test_all_that_is_wrong_in_a_row_is_said_at_once(self) -> None:
        problems = read_upload((FILE + "XXY,2026-13,0,,week\n").replace("source\n", "source,basis\n").encode()).problems

        assert [one.split(": ")[:2] for one in problems] == [
            ["Row 3", name] for name in ("currency", "month", "usd_per_unit", "basis", "source")
        ]

    def test_a_file_in_another_encoding(self) -> None:
        assert read_upload("currency,…".encode("utf-16")).problems == [
            "The file is not UTF-8 text. Save it as CSV (UTF-8)."
        ]

    @pytest.mark.django_db
    def test_the_command_loads_a_file_or_nothing(self, tmp_path: Any) -> None:
        file = tmp_path / "rates.csv"
        file.write_text(FILE.replace("0.0372", "0.0311") + "HNL,2026-09,zero,Banco\n")
        with pytest.raises(CommandError, match="Row 3: usd_per_unit"):
            call_command("load_rates", str(file))
        assert rate("HNL", date(2026, 10, 1)).origin == Origin.FILE

        file.write_text(FILE.replace("0.0372", "0.0311"))
        said = StringIO()
        call_command("load_rates", str(file), "--by", "ana@sica.example", stdout=said)

        assert said.getvalue() == "1 rates loaded, 0 were there already.\n"
        assert rate("HNL", date(2026, 10, 1)).usd_per_unit == Decimal("0.0311")
        assert RateChange.objects.latest("id").by == "ana@sica.example"

    def test_the_command_names_a_file_that_is_not_there(self) -> None:
        with pytest.raises(CommandError, match="No such file"):
            call_command("load_rates", "/nowhere/rates.csv")
