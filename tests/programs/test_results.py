"""Results of a program and what comes after its funding: saved, entered on their page, shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pghistory.models import Events

from core.errors import EditConflict, NotAllowed
from programs.changes import saves_of
from programs.models import IndicatorPeriod, Program, ProgramResult, Sustainability
from programs.progress import progress, shown_outlooks
from programs.services import (
    IndicatorData,
    PeriodData,
    ResultData,
    SustainabilityData,
    save_outlook,
    stored_outlooks,
)
from tests import factories
from tests.api import Api
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

PERIOD = PeriodData(date(2024, 1, 1), date(2024, 12, 31), Decimal(80), Decimal(100))
ROBBERIES = IndicatorData(
    "Robberies a year", ascending=False, baseline_year=2023, baseline_value=Decimal(120), periods=(PERIOD,)
)
RESULT = ResultData(2, "Safer markets", "In Choloma.", (ROBBERIES,))


class TestSaving:
    def test_what_is_saved_is_what_is_stored(self) -> None:
        program = factories.program()
        after = SustainabilityData(date(2026, 12, 31), program.reporting_org_id, "Budget of the ministry", True)

        assert save_outlook(program, actor=None, results=[RESULT], sustainability=after)

        outlook = stored_outlooks([program.pk])[program.pk]
        assert (outlook.results, outlook.sustainability) == ((RESULT,), after)
        assert Program.objects.get(pk=program.pk).version == 2

    def test_saving_the_same_again_changes_nothing(self) -> None:
        program = factories.program()
        save_outlook(program, actor=None, results=[RESULT], sustainability=SustainabilityData(budget_source="a"))
        keys = set(IndicatorPeriod.objects.values_list("pk", flat=True))

        assert not save_outlook(
            program, actor=None, results=[RESULT], sustainability=SustainabilityData(budget_source="a")
        )
        assert Program.objects.get(pk=program.pk).version == 2
        assert set(IndicatorPeriod.objects.values_list("pk", flat=True)) == keys

    def test_a_result_that_stays_keeps_its_rows_beside_one_that_changes(self) -> None:
        program = factories.program()
        save_outlook(program, actor=None, results=[RESULT, ResultData(1, "Lights")])
        kept = ProgramResult.objects.get(title="Safer markets").pk

        save_outlook(program, actor=None, results=[RESULT, ResultData(1, "Lamps")])

        assert ProgramResult.objects.get(title="Safer markets").pk == kept
        assert not ProgramResult.objects.filter(title="Lights").exists()

    def test_emptying_what_comes_after_takes_it_away(self) -> None:
        program = factories.program()
        save_outlook(program, actor=None, sustainability=SustainabilityData(budget_source="a"))

        save_outlook(program, actor=None, sustainability=SustainabilityData())

        assert not Sustainability.objects.exists()

    def test_the_second_of_two_people_does_not_write_over_the_first(self) -> None:
        program = factories.program()
        save_outlook(program, actor=None, results=[RESULT], version=1)

        with pytest.raises(EditConflict):
            save_outlook(program, actor=None, results=[], version=1)
        assert ProgramResult.objects.count() == 1

    def test_who_may_not_save_the_program_may_not_save_its_results(self) -> None:
        program = factories.program()

        with pytest.raises(NotAllowed):
            save_outlook(program, actor=factories.user(factories.organization(), "manager"), results=[RESULT])

    def test_each_change_is_in_the_programs_history(self) -> None:
        program = factories.program()
        editor = factories.user(program.reporting_org, "editor")
        save_outlook(program, actor=editor, results=[RESULT])

        told = {entry.what for save in saves_of(program) if save.actor == editor for entry in save.entries}

        assert {"result", "indicator", "period of an indicator"} <= told
        assert Events.objects.references(program).filter(pgh_obj_model="programs.IndicatorPeriod").exists()


@pytest.mark.parametrize(
    ("indicator", "percent"),
    [
        (ROBBERIES, 50),
        (replace(ROBBERIES, baseline_value=None, baseline_year=None), None),  # fewer than what?
        (replace(ROBBERIES, ascending=True, baseline_value=None, baseline_year=None), 100),  # beyond the target
        (replace(ROBBERIES, baseline_value=Decimal(90)), 0),  # farther away than before
        (replace(ROBBERIES, baseline_value=Decimal(80)), None),  # no way to go
        (replace(ROBBERIES, measure=5), None),
        (replace(ROBBERIES, periods=(replace(PERIOD, actual=None),)), None),
        (replace(ROBBERIES, periods=()), None),
    ],
)
def test_progress_is_the_part_of_the_way_from_baseline_to_target(indicator: IndicatorData, percent: int | None) -> None:
    assert progress(indicator, indicator.periods[0] if indicator.periods else None) == percent


def test_the_queries_of_shown_results_do_not_grow(django_assert_max_num_queries: object) -> None:
    programs = [factories.program() for _number in range(6)]
    for program in programs:
        save_outlook(
            program,
            actor=None,
            results=[RESULT, replace(RESULT, title="Other")],
            sustainability=SustainabilityData(organization_id=program.reporting_org_id),
        )

    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert len(shown_outlooks(program.pk for program in programs)) == 6


class TestPage:
    @pytest.fixture
    def program(self) -> Program:
        return factories.program()

    @pytest.fixture
    def client(self, client: Client, program: Program) -> Client:
        client.force_login(factories.user(program.reporting_org, "editor"))
        return client

    def typed(self, **fields: str) -> dict[str, str]:
        values = {
            "version": "1",
            "do": "save",
            "after-funding_ends": "2026-12-31",
            "after-budget_source": "Ministry of Security",
            "after-confirmed": "yes",
            "i-0-result_type": "2",
            "i-0-result": "Safer markets",
            "i-0-title": "Robberies a year",
            "i-0-measure": "1",
            "i-0-direction": "0",
            "i-0-baseline_year": "2023",
            "i-0-baseline_value": "120",
            "i-0-p-0-start": "2024-01-01",
            "i-0-p-0-end": "2024-12-31",
            "i-0-p-0-target": "80",
            "i-0-p-0-actual": "1,100.5",
            "i-1-result_type": "1",
            "i-1-measure": "1",
            "i-1-direction": "1",
        }
        return {**values, **{key.replace("__", "-"): value for key, value in fields.items()}}

    def test_what_is_entered_is_stored_and_shown(self, client: Client, program: Program) -> None:
        answer = client.post(reverse("programs:results", args=[program.pk]), self.typed(), follow=True)

        page = answer.content.decode()
        assert answer.redirect_chain
        assert "Safer markets" in page
        assert "Baseline 2023: 120" in page
        assert "target 80, achieved 1,100.5" in page
        assert '<progress max="100" value="0"' in page
        outlook = stored_outlooks([program.pk])[program.pk]
        assert outlook.sustainability.confirmed is True
        assert len(outlook.results) == 1

    def test_the_page_gives_back_what_is_stored(self, client: Client, program: Program) -> None:
        address = reverse("programs:results", args=[program.pk])
        client.post(address, self.typed(after__organization=program.reporting_org.name))
        before = stored_outlooks([program.pk])[program.pk]
        page = client.get(address)

        raw = page.context["editor"].raw
        client.post(address, {**raw, "version": "2", "do": "save"})

        assert stored_outlooks([program.pk])[program.pk] == before
        assert Program.objects.get(pk=program.pk).version == 2

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"i-0-title": ""}, "This field is required."),
            ({"i-0-p-0-end": "2023-01-01"}, "The end is before the start. Correct one of them."),
            ({"i-0-p-0-start": ""}, "A period needs a start and an end date."),
            ({"i-0-baseline_year": ""}, "Enter the year of the baseline."),
            ({"i-0-p-0-target": "many"}, "is not a number"),
            ({"i-0-measure": "77"}, "Select a valid choice."),
            ({"after-organization": "Nobody at all"}, "is not in the list of organizations"),
            ({"after-budget_source": ""}, "Enter who will continue it, or from which budget."),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(
        self, client: Client, program: Program, fields: dict[str, str], words: str
    ) -> None:
        answer = client.post(reverse("programs:results", args=[program.pk]), {**self.typed(), **fields})

        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert not ProgramResult.objects.exists()

    def test_room_for_another_saves_nothing(self, client: Client, program: Program) -> None:
        answer = client.post(reverse("programs:results", args=[program.pk]), {**self.typed(), "do": "more"})

        page = answer.content.decode()
        assert 'value="Robberies a year"' in page
        assert 'name="i-0-p-1-start"' in page
        assert 'name="i-2-title"' in page
        assert not ProgramResult.objects.exists()

    def test_somebody_saved_meanwhile(self, client: Client, program: Program) -> None:
        save_outlook(program, actor=None, results=[ResultData(1, "First")])

        answer = client.post(reverse("programs:results", args=[program.pk]), self.typed())

        assert answer.status_code == 409
        assert 'value="Safer markets"' in answer.content.decode()
        assert [row.title for row in stored_outlooks([program.pk])[program.pk].results] == ["First"]

    def test_a_program_that_one_may_not_see_is_not_there(self, client: Client) -> None:
        hidden = factories.program(visibility="restricted")

        assert client.get(reverse("programs:results", args=[hidden.pk])).status_code == 404

    def test_the_programs_page_asks_no_more_with_many_results(self, client: Client, program: Program) -> None:
        save_outlook(program, actor=None, results=[RESULT])
        few = queries_of(client, program.get_absolute_url())
        save_outlook(program, actor=None, results=[replace(RESULT, title=f"R {number}") for number in range(20)])

        assert queries_of(client, program.get_absolute_url()) == few


def test_the_api_shows_them_with_the_program() -> None:
    program = factories.program()
    save_outlook(program, actor=None, results=[RESULT], sustainability=SustainabilityData(budget_source="Line 12"))

    shown = Api(factories.user()).get(f"programs/{program.pk}/")

    assert shown["sustainability"]["budget_source"] == "Line 12"
    assert shown["results"][0]["indicators"][0]["periods"] == [
        {
            "start": "2024-01-01",
            "end": "2024-12-31",
            "target": "80.0000",
            "target_comment": "",
            "actual": "100.0000",
            "actual_comment": "",
        }
    ]
