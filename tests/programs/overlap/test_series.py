"""Records of one reporter: what is a series, what is one record entered twice, and what both cost and look like."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given

from programs.models import Program
from programs.overlap import services
from programs.overlap.candidates import PAIRS, candidate_pairs
from programs.overlap.cases import Places, pair_rows
from programs.overlap.clustering import PairInCluster, money_at_stake, series_among
from programs.overlap.engine.catalogue import FACTORS
from programs.overlap.engine.facts import Money, ProgramFacts
from programs.overlap.engine.score import score_pair
from programs.overlap.engine.series import TELLING_ENOUGH, stem, telling
from programs.overlap.models import Cluster, Overlap, ProgramProfile
from programs.overlap.profiles import stored_series
from programs.overlap.records import series_of_program
from programs.services import TransactionData
from tests import factories
from tests.programs.overlap.test_engine import program, programs, values_of
from tests.programs.overlap.test_keys import meet

STANDARD = "Standard debit entry. The amount corresponds to general management support of the output."
SCHOLARSHIP = "Taiwan scholarships for civil engineers"


# --- What is left of a title ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Salaries 2019, Honduras (Q3)", "salaries"),
        ("Sueldos del año 2020 en El Salvador", "sueldos"),
        ("GMS 8% - Output 00097744", "gms output"),
        ("TZ-PRSC 3 (last)", "tz prsc"),
        ("TZ-PRSC2", "tz prsc"),
        ("Merienda escolar, fase II", "merienda escolar"),
        ("Merienda escolar – segunda etapa", "merienda escolar"),
        ("Courts, lot B, 3rd tranche of USD 400,000", "courts"),
        ("Community policing in Choloma", "community policing choloma"),
        ("2019", ""),
        ("", ""),
    ],
)
def test_a_stem_is_a_title_without_numbers_parts_and_countries(title: str, left: str) -> None:
    assert stem(title) == left


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Administrative costs 2019", 0),
        ("Costos administrativos, Honduras", 0),
        ("Salaries", 0),
        ("", 0),
        ("Salaries of coast guards", 2),
        ("Output 00097744", 2),
        ("Taiwan scholarships for civil engineers and nurses", TELLING_ENOUGH),
    ],
)
def test_a_standard_title_tells_nothing(title: str, words: int) -> None:
    assert telling(title) == words


# --- Pairs ------------------------------------------------------------------------------------------------


def line(number: int, **changes: Any) -> ProgramFacts:
    """A record of reporter 7: a scholarship of 2016, 30,000 dollars."""
    values: dict[str, Any] = {
        "reporting_org": 7,
        "start": dt.date(2016, 1, 1),
        "end": dt.date(2016, 12, 31),
        "committed_usd": Decimal(30_000),
        "countries": frozenset({"HN"}),
        "goals": frozenset({3}),
        "sectors": frozenset({"15132"}),
        "funders": frozenset({7}),
    }
    title = changes.pop("title", SCHOLARSHIP)
    return program(number, title, changes.pop("description", ""), **{**values, **changes})


def is_series(left: ProgramFacts, right: ProgramFacts) -> bool:
    there, back = values_of(left, right)["series"], values_of(right, left)["series"]
    assert np.isnan(there) == np.isnan(back)
    return there == 1


@pytest.mark.parametrize(
    "other",
    [
        {"start": dt.date(2017, 1, 1), "end": dt.date(2017, 12, 31)},
        {"end": dt.date(2017, 12, 31)},
        {"start": None},
        {"committed_usd": Decimal(45_000)},
        {"committed_usd": None},
        {"title": f"{SCHOLARSHIP} 2016"},
        {"title": f"{SCHOLARSHIP}, phase II"},
        {"sectors": frozenset({"15130"})},
        {"countries": frozenset({"GT"})},
        {"areas": frozenset({"HN-FM"}), "localities": frozenset()},
        {"localities": frozenset({"tela"})},
    ],
)
def test_records_of_one_stem_that_differ_in_something_are_a_series(other: dict[str, Any]) -> None:
    first = line(1, areas=frozenset({"HN-CR"}), localities=frozenset({"choloma"}))

    second = line(2, **{"areas": first.areas, "localities": first.localities, **other})

    assert is_series(first, second)
    assert not score_pair(first, second).is_flagged


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"reporting_org": 8, "start": dt.date(2017, 1, 1)},
        {"title": "Taiwan scholarships for nurses", "start": dt.date(2017, 1, 1)},
        {"start": dt.date(2016, 1, 31), "end": dt.date(2016, 12, 1)},
        {"committed_usd": Decimal(31_000)},
        {"sectors": frozenset()},
        # One names the other as a report of the same.
        {"start": dt.date(2017, 1, 1), "activity_identifiers": frozenset({"P-1"})},
    ],
)
def test_what_is_no_series(other: dict[str, Any]) -> None:
    assert not is_series(line(1), line(2, **other))


def test_one_standard_text_under_other_titles_is_a_series_and_a_few_words_are_none() -> None:
    salaries, travel = "PD&S: staff of the mission", "PD&S: journeys"

    assert is_series(line(1, title=salaries, description=STANDARD), line(2, title=travel, description=STANDARD))
    assert is_series(
        line(1, title=salaries, description=f"{STANDARD} Year 2016."),
        line(2, title=travel, description=f"{STANDARD} Year 2017."),
    )
    assert not is_series(line(1, title=salaries, description="n/a"), line(2, title=travel, description="n/a"))


def test_records_without_any_text_are_a_series_by_who_takes_part_and_their_sectors() -> None:
    bare = line(1, title="")

    assert is_series(bare, line(2, title="", committed_usd=Decimal(9)))
    assert not is_series(bare, line(2, title="", committed_usd=Decimal(9), implementers=frozenset({9})))
    assert not is_series(bare, line(2, title="", committed_usd=Decimal(9), sectors=frozenset({"15130"})))


def test_without_a_sum_only_a_telling_title_makes_one_record_entered_twice() -> None:
    unknown = {"committed_usd": None}

    assert not is_series(line(1, **unknown), line(2, **unknown))
    assert is_series(line(1, title="Salaries", **unknown), line(2, title="Salaries", **unknown))
    assert not is_series(line(1, title="Salaries"), line(2, title="Salaries"))


@pytest.mark.parametrize("title", [SCHOLARSHIP, "Community policing in Choloma"])
def test_one_record_entered_twice_is_a_duplicate(title: str) -> None:
    paid = (Money(True, Decimal(30_000), "USD", dt.date(2016, 1, 1), 7, 9, "", ""),)
    first, second = (line(number, title=title, money=paid) for number in (1, 2))

    verdict = score_pair(first, second)

    assert (verdict.kind, verdict.is_flagged) == ("duplicate", True)
    other_title = replace(second, title="Nurses abroad", texts=("Nurses abroad",))
    assert score_pair(first, other_title).score < verdict.score


@given(programs(1), programs(2))
def test_only_records_of_one_reporter_are_a_series_and_none_is_flagged(left: ProgramFacts, right: ProgramFacts) -> None:
    if is_series(left, right):
        assert left.reporting_org == right.reporting_org
        assert set(left.series) & set(right.series)
        assert not score_pair(left, right).is_flagged


# --- Titles and sums --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "value"),
    [
        (SCHOLARSHIP, 1.0),
        (SCHOLARSHIP.upper() + "!", 1.0),
        ("Nurses abroad", 0.0),
        ("", np.nan),
    ],
)
def test_a_title_word_for_word_counts_whoever_reports_it(title: str, value: float) -> None:
    found = values_of(line(1), line(2, reporting_org=8, title=title))["same_title"]

    assert found == pytest.approx(value, nan_ok=True)


def test_the_rarer_a_title_the_more_it_counts() -> None:
    titles = ("Administrative costs", "Guards", "Coast guards", SCHOLARSHIP)

    found = [values_of(line(1, title=title), line(2, title=title))["same_title"] for title in titles]

    assert found == [0, 0.25, 0.5, 1]


def test_only_the_title_that_both_have_says_how_much_it_tells() -> None:
    both = ("Administrative costs", SCHOLARSHIP)

    def of(number: int, *titles: str) -> ProgramFacts:
        return line(number, title=titles[0], titles=titles, texts=titles)

    assert values_of(of(1, *both), of(2, "Administrative costs", "Patrols of the coast at night"))["same_title"] == 0
    assert values_of(of(1, *both), of(2, "Patrols of the coast", SCHOLARSHIP))["same_title"] == 1
    assert values_of(of(1, *both), of(2, *both))["same_title"] == 1


def test_a_standard_title_beside_another_telling_one_makes_no_record_entered_twice() -> None:
    def of(number: int, other: str) -> ProgramFacts:
        titles = ("Salaries", other)
        return line(number, title=titles[0], titles=titles, texts=titles, committed_usd=None)

    assert is_series(of(1, "Patrols of the coast"), of(2, "Nurses abroad"))
    assert not is_series(of(1, SCHOLARSHIP), of(2, SCHOLARSHIP))


def test_a_title_in_the_other_language_counts() -> None:
    spanish = "Becas de Taiwán para ingenieros civiles"
    both = line(1, titles=(SCHOLARSHIP, spanish), texts=(SCHOLARSHIP, spanish))

    assert values_of(both, line(2, title=spanish, reporting_org=8))["same_title"] == 1


DAY = dt.date(2016, 3, 1)


def paid(*sums: tuple[int, str, dt.date]) -> tuple[Money, ...]:
    return tuple(Money(True, Decimal(value), currency, day, 7, 9, "", "") for value, currency, day in sums)


@pytest.mark.parametrize(
    ("other", "value"),
    [
        (paid((500, "EUR", DAY)), 1.0),
        (paid((500, "EUR", DAY), (9, "EUR", DAY)), 1.0),
        (paid((500, "USD", DAY)), np.nan),
        (paid((500, "EUR", dt.date(2016, 3, 2))), np.nan),
        (paid((501, "EUR", DAY)), np.nan),
        ((), np.nan),
    ],
)
def test_a_sum_counts_in_its_currency_on_its_day(other: tuple[Money, ...], value: float) -> None:
    first = line(1, money=paid((500, "EUR", DAY)))

    assert values_of(first, line(2, money=other))["same_sum"] == pytest.approx(value, nan_ok=True)


def test_more_sums_in_common_count_more_and_a_budget_is_of_the_day_it_begins() -> None:
    first = line(1, money=paid((500, "EUR", DAY), (700, "EUR", DAY)))
    assert values_of(first, line(2, money=paid((500, "EUR", DAY), (8, "EUR", DAY))))["same_sum"] == 0.5

    assert values_of(planned(1), planned(2))["same_sum"] == 1
    assert np.isnan(values_of(planned(1), planned(2, start=DAY))["same_sum"])
    assert np.isnan(values_of(planned(1, start=None), planned(2, start=None))["same_sum"])


def planned(number: int, begins: dt.date | None = None, **changes: Any) -> ProgramFacts:
    """A record whose budget is of a period that begins then; None: it names no period."""
    return line(number, budgets=frozenset({(Decimal("500.00"), "EUR", begins)}), money=(), **changes)


def test_a_budget_is_of_its_own_period_where_it_names_one() -> None:
    later = dt.date(2018, 1, 1)

    assert np.isnan(values_of(planned(1, DAY), planned(2, later))["same_sum"])
    assert values_of(planned(1, DAY), planned(2, DAY, start=later))["same_sum"] == 1
    assert values_of(planned(1, DAY), line(2, money=paid((500, "EUR", DAY))))["same_sum"] == 1
    # Of a budget without a period it is the program's first day.
    assert values_of(planned(1, DAY), planned(2, start=DAY))["same_sum"] == 1


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ([(500, "EUR")], [(500, "EUR")], True),
        ([(500, "EUR")], [(520, "EUR")], True),
        ([(500, "EUR")], [(600, "EUR")], False),
        ([(500, "EUR")], [(500, "GTQ")], False),
        # 100 + 900 is not 500 + 500 where they are of two currencies.
        ([(100, "EUR"), (900, "GTQ")], [(500, "EUR"), (500, "GTQ")], False),
        ([(100, "EUR"), (900, "GTQ")], [(900, "GTQ"), (100, "EUR")], True),
        ([(1000, "EUR")], [(100, "EUR"), (900, "GTQ")], False),
        ([(100, "EUR"), (900, "EUR")], [(1000, "EUR")], True),
    ],
)
def test_what_two_records_come_to_is_compared_in_one_currency(
    first: list[tuple[int, str]], second: list[tuple[int, str]], is_one: bool
) -> None:
    ours, theirs = (
        line(number, committed_usd=None, money=paid(*((value, currency, DAY) for value, currency in moved)))
        for number, moved in ((1, first), (2, second))
    )

    assert is_series(ours, theirs) is not is_one
    # They meet where they may be one record, and need not where they are not.
    assert meet(ours, theirs) or not is_one


def test_commitments_in_dollars_count_before_payments() -> None:
    ours = line(1, money=paid((500, "EUR", DAY)))

    assert ours.totals == {"USD": 3_000_000}
    assert line(2, committed_usd=None, money=paid((500, "EUR", DAY), (-9, "USD", DAY))).totals == {"EUR": 50_000}


class NoNames:
    """Names of nothing: the sentences of these factors ask for none."""

    def all(self, kind: str, keys: Any) -> str:
        return ""

    def as_written(self, plain: str) -> str:
        return plain

    place = as_written


@pytest.mark.parametrize(
    ("name", "left", "right", "english", "spanish"),
    [
        ("same_title", {}, {}, "Both have the same title, word for word.", "palabra por palabra"),
        ("same_title", {}, {"title": "Nurses"}, "Their titles differ.", "títulos son distintos"),
        ("same_title", {"title": "Salaries"}, {"title": "Salaries"}, "standard title, which says little", "dice poco"),
        ("same_sum", {"money": paid((500, "EUR", DAY))}, {"money": paid((500, "EUR", DAY))},
         "Both report the same amount on the same day: 500 EUR on March 1, 2016.", "500 EUR"),
        ("series", {}, {"committed_usd": Decimal(9)}, "one series", "una misma serie"),
    ],
)  # fmt: skip
def test_what_is_said_is_true_in_both_languages(
    name: str, left: dict[str, Any], right: dict[str, Any], english: str, spanish: str
) -> None:
    terms = {term.factor.name: term.factor for term in score_pair(line(1, **left), line(2, **right)).terms}
    value = terms[name].value
    assert value is not None

    for language, expected in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert expected in FACTORS[name].sentence(value, terms[name].evidence, NoNames())


# --- Scans ------------------------------------------------------------------------------------------------


def scan_all() -> None:
    services.sweep(seconds=None)


# What ends then has all its time left, so that its amount alone tells how soon to look at it.
FAR = dt.date(2099, 12, 31)


def records(
    count: int, organization: Any, planned_end: dt.date = dt.date(2025, 12, 31), unit: int = 1000, **fields: Any
) -> list[Program]:
    """Yearly records of one title, from 2014 on, each of its own sum."""
    return [
        factories.program(
            organization,
            title=f"Police patrols of the coast {2014 + number}",
            planned_start=dt.date(2014 + number, 1, 1),
            planned_end=planned_end,
            transactions=(TransactionData(2, Decimal(unit * (number + 1)), "USD", dt.date(2014 + number, 1, 1)),),
            **fields,
        )
        for number in range(count)
    ]


def test_yearly_records_are_not_flagged_and_a_record_entered_twice_is(db: None) -> None:
    reporter = factories.organization()
    yearly = records(4, reporter)
    scan_all()
    assert not Overlap.objects.exists()
    assert candidate_pairs([one.pk for one in yearly]) == []

    again = factories.program(
        reporter,
        title=yearly[3].title,
        planned_start=yearly[3].planned_start,
        planned_end=yearly[3].planned_end,
        transactions=(TransactionData(2, Decimal(4000), "USD", dt.date(2017, 1, 1)),),
    )
    scan_all()

    found = Overlap.objects.get()
    assert (found.left_id, found.right_id, found.kind) == (yearly[3].pk, again.pk, "duplicate")
    services.run_full_scan()
    assert Overlap.objects.get().score == found.score


def test_a_typed_record_of_a_series_shows_no_overlap_with_it(db: None) -> None:
    from programs.overlap.services.preview import preview
    from programs.overlap.unsaved import facts_of

    reporter = factories.organization()
    records(3, reporter)
    scan_all()
    coordinator = factories.user(factories.organization(is_coordinating_body=True), "coordinator")
    fields: dict[str, Any] = {"planned_start": dt.date(2016, 1, 1), "planned_end": dt.date(2025, 12, 31)}
    money = (TransactionData(2, Decimal(3000), "USD", dt.date(2016, 1, 1)),)

    def shown(title: str) -> list[str]:
        data = factories.program_data(reporter, title=title, transactions=money, **fields)
        return [row.kind for row in preview(facts_of(data), coordinator)]

    assert shown("Police patrols of the coast 2019") == []
    assert shown("Police patrols of the coast 2016") == ["duplicate"]


def test_lines_of_one_series_cost_no_quadratic_work(db: None) -> None:
    """What the look-up reads beside a program's own keys: nothing for lines alone, and as much as others there are."""
    reporter = factories.organization()
    lines = records(12, reporter, locations=())

    def read() -> tuple[int, int]:
        services.run_full_scan()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE overlap_candidatekey, overlap_programprofile")
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            # A table this small may be read by any index: only the one that large ones are read by is left.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE overlap_candidatekey DROP CONSTRAINT IF EXISTS overlap_candidatekey_pkey")
            ids = [one.pk for one in lines]
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {PAIRS}", {"ids": ids, "upwards": False})
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        others = [node for node in nodes(plan[0]["Plan"]) if node.get("Alias", "").startswith("o_")]
        assert {node["Index Name"] for node in others} == {"candidatekey_by_series"}
        return round(sum(node["Actual Rows"] * node["Actual Loops"] for node in others)), len(candidate_pairs(ids))

    assert read() == (0, 0)

    factories.program(title="Patrullas de policía en la costa", locations=())
    rows, found = read()
    assert found == 12
    assert 12 <= rows <= 12 * ProgramProfile.objects.latest("pk").program.candidate_keys.count()


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


# --- Cases and pages --------------------------------------------------------------------------------------


def pair(left: int, right: int, money: int | None, series: tuple[tuple[int, ...], tuple[int, ...]]) -> PairInCluster:
    amount = None if money is None else Decimal(money)
    return PairInCluster(left, right, left * 100 + right, ("HN",), "overlap", 0.9, amount, None, series=series)


def test_a_program_beside_ten_records_of_a_series_counts_once() -> None:
    ten = [pair(1, 10 + number, 5 + number, ((), (77,))) for number in range(10)]

    assert money_at_stake(ten) == Decimal(14)
    assert money_at_stake([pair(1, 10 + number, 5, ((), ())) for number in range(10)]) == Decimal(50)
    assert series_among(ten) == [10]
    # Another series, and a record of the first entered twice.
    assert money_at_stake([*ten, pair(1, 30, 4, ((), (88,))), pair(10, 11, 3, ((77,), (77,)))]) == Decimal(14 + 4 + 3)
    assert money_at_stake([pair(1, 10, None, ((), (77,)))]) is None


def test_another_donors_program_and_yearly_records_are_one_case_the_largest_first(db: None) -> None:
    yearly = records(4, factories.organization("Coast guard"), planned_end=FAR, unit=100_000)
    other = factories.program(
        title="Patrullas de policía en la costa",
        planned_start=dt.date(2014, 1, 1),
        planned_end=FAR,
    )
    scan_all()

    cluster = Cluster.objects.get()
    rows = pair_rows(Overlap.objects.flagged())
    assert {(row.left, row.right) for row in rows} == {(one.pk, other.pk) for one in yearly}
    assert (cluster.pairs, cluster.money_usd) == (4, Decimal(400_000))
    assert rows[0].left == yearly[3].pk
    assert Places(rows).title(rows) == "5 programs in Choloma, Honduras (4 of them one series)"
    with translation.override("es"):
        assert "4 de ellos de una misma serie" in Places(rows).title(rows)


def test_a_programs_page_tells_of_its_series_what_the_reader_may_see(db: None, client: Client) -> None:
    reporter = factories.organization("Coast guard")
    yearly = records(4, reporter)
    records(1, factories.organization())
    hidden = records(1, reporter, visibility="restricted")
    scan_all()

    client.force_login(factories.user(factories.organization()))
    page = client.get(yearly[1].get_absolute_url()).content.decode()

    assert "4 records of Coast guard look like one series (2014–2017)" in " ".join(page.split())
    assert all(one.get_absolute_url() in page for one in yearly)
    assert hidden[0].get_absolute_url() not in page
    assert stored_series([hidden[0].pk]).keys() == {hidden[0].pk}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_three_records_are_called_a_series_and_two_are_not(db: None, count: int) -> None:
    first = records(count, factories.organization())[0]
    scan_all()

    found = series_of_program(first, factories.user(factories.organization(is_coordinating_body=True), "coordinator"))

    assert (found.records if found else None) == (3 if count == 3 else None)


def test_a_programs_page_asks_as_often_for_a_long_series_as_for_a_short_one(db: None, client: Client) -> None:
    client.force_login(factories.user(factories.organization()))

    def asked(first: Program) -> int:
        client.get(first.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(first.get_absolute_url())
        return len(queries)

    short, long = (records(count, factories.organization()) for count in (3, 7))
    scan_all()

    assert asked(short[0]) == asked(long[0])
