"""The page of a case and its document."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from donors.models import Organization, User
from programs.models import PlannedYear, Program
from programs.overlap import services
from programs.overlap.describe import LEAST_BITS, Names
from programs.overlap.dossier import facts_of_programs, map_of, money_of, timeline_of, waterfall_of
from programs.overlap.models import Cluster, Overlap
from programs.services import (
    IndicatorData,
    PeriodData,
    ResultData,
    SustainabilityData,
    TransactionData,
    save_outlook,
)
from tests import factories
from tests.pdf import pages_in

SignIn = Callable[[User], Client]
TODAY = date(2026, 11, 25)


@pytest.fixture
def pair(db: None) -> list[Program]:
    """Two donors' community policing in one town, the second with other dates and another implementer."""
    made = [
        factories.program(),
        factories.program(
            planned_start=date(2025, 1, 1), planned_end=date(2027, 12, 31), implementer=factories.organization("NGO")
        ),
    ]
    services.sweep(seconds=None)
    return list(Program.objects.filter(pk__in=[one.pk for one in made]).for_page().order_by("pk"))


def test_it_works(pair: list[Program], coordinator: User, signed_in: SignIn) -> None:
    body = Organization.objects.get(pk=pair[0].reporting_org_id)
    factories.user(body, "manager", full_name="Ana Manager")

    page = signed_in(coordinator).get(Cluster.objects.get().get_absolute_url()).content.decode()

    assert "Ana Manager" in page
    assert "All of them run from Jan. 1, 2025 to Dec. 31, 2026" in page
    assert 'class="case-map"' in page


def test_whom_to_call_is_for_partners_and_nobody_is_named_by_an_address(
    pair: list[Program], sica: Organization, signed_in: SignIn
) -> None:
    factories.user(Organization.objects.get(pk=pair[0].reporting_org_id), "manager", full_name="Ana Manager")
    nameless = factories.user(sica, "coordinator", email="nameless@example.org")
    services.assign_cases([Cluster.objects.get().pk], nameless, actor=nameless)
    services.confirm(Overlap.objects.get(), actor=nameless)
    reader, case = signed_in(factories.user()), Cluster.objects.get()

    for address in (case.get_absolute_url(), Overlap.objects.get().get_absolute_url(), "/overlaps/?state=confirmed"):
        page = reader.get(address).content.decode()
        assert "nameless" in page
        assert "nameless@example.org" not in page
        assert "Ana Manager" not in page


def test_facts_that_agree_and_differ_are_told_apart(pair: list[Program]) -> None:
    facts = {fact.name: fact for fact in facts_of_programs(pair)}

    assert facts["Goals"].agrees
    assert facts["Places"].agrees
    assert not facts["Start"].agrees
    assert facts["Implementers"].values == [[], ["NGO"]]


def test_the_bars_of_the_waterfall_add_up_to_the_score(pair: list[Program]) -> None:
    for text in ("Street lamps and cameras for the police.", "A police station with a model of patrols.", "Radios."):
        factories.program(title=text, description=text)
    services.sweep(seconds=None)
    overlaps = list(Overlap.objects.flagged())
    # Where a bit more or less is seen.
    assert any(overlap.score < 0.99 for overlap in overlaps)

    for overlap in overlaps:
        waterfall = waterfall_of(overlap, Names([overlap]))

        assert waterfall.total == pytest.approx(sum(step.bits for step in waterfall.steps))
        assert 1 / (1 + 2**-waterfall.total) == pytest.approx(overlap.score, abs=1e-3)
        different = [
            step for step in waterfall.steps if step.factor.sentence.startswith("They are about different types")
        ]
        assert all(step.bits < 0 for step in different)
        assert all(abs(step.bits) >= LEAST_BITS for step in waterfall.steps[:-1])
        assert len({step.factor.name for step in waterfall.steps}) == len(waterfall.steps)
        assert all(step.left >= -0.001 and step.left + step.width <= 100.001 for step in waterfall.steps)


def test_pictures_in_the_document_have_colours_of_their_own(
    pair: list[Program], coordinator: User, signed_in: SignIn
) -> None:
    page = signed_in(coordinator).get(Cluster.objects.get().get_absolute_url()).content.decode()

    # What makes the document gives no style sheet to pictures: without a colour they are black.
    shapes = re.findall(r"<(?:rect|path|circle)[^>]*>", page[page.index("<h1>") :])
    assert len(shapes) > 10
    assert [shape for shape in shapes if "fill=" not in shape] == []


def test_it_says_what_they_reach_and_who_carries_them_on(
    pair: list[Program], coordinator: User, signed_in: SignIn
) -> None:
    after = SustainabilityData(date(2027, 6, 30), factories.organization("Ministry").pk, "Line 12 of the budget", True)
    period = PeriodData(date(2026, 1, 1), date(2026, 12, 31), Decimal(200), Decimal(150))
    reached = ResultData(1, "Trained officers", indicators=(IndicatorData("Officers", periods=(period,)),))
    save_outlook(pair[0], actor=None, results=[reached], sustainability=after)

    page = signed_in(coordinator).get(Cluster.objects.get().get_absolute_url()).content.decode()

    told = re.sub(r"<[^>]*>|\s+", " ", page[page.index('id="after"') :])
    for words in ("Officers: 75 % of the target", "June 30, 2027", "Continued by Ministry", "Line 12 of the budget"):
        assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", told)


def test_it_says_what_they_plan_for_the_coming_years(pair: list[Program], coordinator: User, signed_in: SignIn) -> None:
    year = timezone.localdate().year
    for number, usd in ((year, 1), (year + 1, 45_000), (year + 2, 20_000)):
        PlannedYear.objects.create(program=pair[0], year=number, basis="payments", usd=usd)

    page = signed_in(coordinator).get(Cluster.objects.get().get_absolute_url()).content.decode()

    told = re.sub(r"<[^>]*>|\s+", " ", page[page.index('id="after"') :])
    assert f"{year + 1}: US$ 45 k" in told.replace("\xa0", " ")
    assert f"{year + 2}: US$ 20 k" in told.replace("\xa0", " ")
    assert f"{year}: US$" not in told
    assert told.count("No funds are planned for the coming years.") == 1


def test_unknown_dates_are_drawn_as_unknown(pair: list[Program]) -> None:
    Program.objects.filter(pk=pair[1].pk).update(planned_end=None)
    timeline = timeline_of(list(Program.objects.filter(pk__in=[one.pk for one in pair]).order_by("pk")), TODAY)

    assert timeline is not None
    assert [span.end_known for span in timeline.spans] == [True, False]
    assert timeline.together == (date(2025, 1, 1), date(2026, 12, 31))


def test_programs_that_do_not_meet_in_time_have_none_together(pair: list[Program]) -> None:
    Program.objects.filter(pk=pair[1].pk).update(planned_start=date(2030, 1, 1), planned_end=date(2031, 1, 1))
    timeline = timeline_of(list(Program.objects.filter(pk__in=[one.pk for one in pair]).order_by("pk")), TODAY)

    assert timeline is not None
    assert timeline.together is None


def test_the_map_marks_the_areas_of_both(pair: list[Program]) -> None:
    drawn = map_of(pair)

    assert drawn is not None
    assert drawn.named == [("Cortés", 2)]


def test_money_is_told_in_its_own_currency(db: None) -> None:
    program = factories.program(
        transactions=(TransactionData(2, Decimal(500), "EUR", date(2024, 1, 1), date(2024, 1, 1)),)
    )

    assert money_of([program], set())[0].committed == [("EUR", Decimal(500))]


def test_has_no_trace_of_what_one_may_not_see(pair: list[Program], signed_in: SignIn) -> None:
    hidden = factories.program(title="Hidden patrols in Choloma", visibility="restricted")
    services.sweep(seconds=None)
    case = Cluster.objects.get()
    services.decide_cases([case.pk], "confirm", actor=factories.user(is_superuser=True), note="Hidden decision")
    client = signed_in(factories.user(pair[0].reporting_org))
    Overlap.objects.filter(left=pair[0], right=pair[1]).update(case=None, cluster=None)

    assert client.get(case.get_absolute_url()).status_code == 404
    Overlap.objects.filter(left=pair[0], right=pair[1]).update(case=case.pk, cluster=case)
    page = client.get(case.get_absolute_url()).content.decode()
    assert hidden.title not in page
    assert str(hidden.reporting_org) not in page
    assert page.count("Hidden decision") == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_document_is_a_pdf(pair: list[Program], coordinator: User, signed_in: SignIn, language: str) -> None:
    answer = signed_in(coordinator).get(
        reverse("overlap:case-pdf", args=[Cluster.objects.get().pk]), headers={"accept-language": language}
    )

    assert answer.headers["Content-Type"] == "application/pdf"
    assert 1 <= pages_in(answer.content) <= 4


def test_the_number_of_queries_does_not_grow_with_the_pairs(
    pair: list[Program], coordinator: User, signed_in: SignIn
) -> None:
    client, case = signed_in(coordinator), Cluster.objects.get()

    def queries() -> int:
        client.get(case.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(case.get_absolute_url()).status_code == 200
        return len(captured)

    before = queries()
    for _ in range(5):
        factories.program()
    services.sweep(seconds=None)

    assert queries() <= before
