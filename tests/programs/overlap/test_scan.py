"""Scanning against the real database: what is found, what stays, what is decided."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed, Refused
from donors.models import User
from programs import services as program_services
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Overlap, ProgramProfile, Review, ScanRun
from programs.services import LocationData, save_program
from tests import factories
from tests.conftest import wait_until


def stored() -> set[tuple[Any, ...]]:
    """The overlaps, by what the engine says of them."""
    return {
        (o.left.identifier, o.right.identifier, o.kind, o.score, o.money_usd, o.left_version, o.right_version)
        for o in Overlap.objects.flagged().select_related("left", "right")
    }


def scan_all() -> None:
    services.sweep(seconds=None)


@pytest.fixture
def pair(db: None) -> tuple[Program, Program]:
    """Two donors' community policing in one town, begun half a year apart."""
    later = {"planned_start": date(2024, 7, 1), "planned_end": date(2027, 6, 30)}
    return factories.program(), factories.program(title="Policía comunitaria en Choloma", **later)


class TestScanning:
    def test_it_works(self, pair: tuple[Program, Program]) -> None:
        scan_all()

        overlap = Overlap.objects.get()
        assert (overlap.left, overlap.right) == pair
        assert (overlap.kind, overlap.state) == ("overlap", "open")
        # 914 of the first one's 1,096 days, of the second one's 1,095: from July 2024 to December 2026.
        assert overlap.money_usd == Decimal("833_900")
        assert (overlap.smaller_id, overlap.parts["left"]["months"]) == (pair[0].pk, [30, 36])
        assert not Program.objects.due_for_scan().exists()

    def test_scanning_again_changes_nothing(self, pair: tuple[Program, Program]) -> None:
        scan_all()
        before = Overlap.objects.values().get()

        services.scan_programs([pair[0].pk])
        services.run_full_scan()

        assert Overlap.objects.values().get() == before

    def test_a_full_scan_of_what_is_scanned_makes_no_words_and_writes_nothing(
        self, pair: tuple[Program, Program]
    ) -> None:
        scan_all()
        services.run_full_scan()

        with CaptureQueriesContext(connection) as queries:
            found = services.run_full_scan()

        assert (found.programs, found.flagged) == (2, 1)
        assert not [query["sql"] for query in queries if "overlap_overlap AS o (" in query["sql"]]

    def test_profiles_of_another_release_are_made_again_and_lose_no_pair(
        self, pair: tuple[Program, Program], client: Client
    ) -> None:
        scan_all()
        before = Overlap.objects.values_list("left", "right", "is_flagged").get()
        ProgramProfile.objects.update(made_by="4-another", facts="{}", numbers="[]")
        client.force_login(factories.user(factories.organization(is_coordinating_body=True), "coordinator"))

        assert client.get(f"/overlaps/{Overlap.objects.get().pk}/").status_code == 200
        services.scan_programs([pair[0].pk])

        assert Overlap.objects.values_list("left", "right", "is_flagged").get() == before
        assert not ProgramProfile.objects.filter(made_by="4-another").exists()

    @pytest.mark.parametrize(
        "otherwise", [{"model_version": "2020.1"}, {"left_version": 0}, {"right_version": 0}, {"is_flagged": False}]
    )
    def test_a_full_scan_writes_anew_what_another_model_or_version_said(
        self, pair: tuple[Program, Program], otherwise: dict[str, Any]
    ) -> None:
        scan_all()
        before = Overlap.objects.values().get()
        Overlap.objects.update(score=0.99, factors=[], **otherwise)

        services.run_full_scan()

        assert Overlap.objects.values().get() | {"updated_at": None} == before | {"updated_at": None}

    @pytest.mark.parametrize(
        "change",
        [
            {
                "locations": (LocationData(area_id="HN-FM", name="Tegucigalpa"),),
                "title": "In Tegucigalpa",
                "description": "",
            },
            {"planned_start": date(2010, 1, 1), "planned_end": date(2012, 1, 1)},
            {"status": 5},
        ],
    )
    def test_an_undecided_pair_goes_when_a_program_moves_away(
        self, pair: tuple[Program, Program], change: dict[str, Any]
    ) -> None:
        scan_all()
        data = factories.program_data(pair[0].reporting_org, identifier=pair[0].identifier, **change)

        save_program(data, actor=None)
        scan_all()

        assert not Overlap.objects.exists()

    @pytest.mark.parametrize("stage", ["draft", "archived"])
    def test_drafts_and_archived_programs_are_not_scanned(self, db: None, stage: str) -> None:
        factories.program()
        factories.program(stage=stage)

        scan_all()

        assert not Overlap.objects.exists()

    def test_the_funder_and_the_implementer_report_the_same_money(self, db: None) -> None:
        donor, ngo = factories.organization(), factories.organization()
        from programs.services import BudgetData, ParticipationData, TransactionData

        paid = TransactionData(3, Decimal(500_000), "USD", date(2024, 2, 1), None, donor.pk, ngo.pk)
        upper = factories.program(
            donor, transactions=(paid,), participations=(ParticipationData(donor.pk, 1), ParticipationData(ngo.pk, 4))
        )
        got = TransactionData(1, Decimal(500_000), "USD", date(2024, 2, 9), None, donor.pk, ngo.pk)
        lower = factories.program(
            ngo,
            transactions=(got,),
            budgets=(BudgetData(Decimal(500_000), "USD", date(2024, 1, 1)),),
            participations=(ParticipationData(donor.pk, 1), ParticipationData(ngo.pk, 4)),
        )

        scan_all()

        overlap = Overlap.objects.get()
        assert (overlap.left, overlap.kind, overlap.second_report) == (upper, "same_money", lower)

    def test_a_change_while_the_scan_runs_is_not_written_over(
        self, pair: tuple[Program, Program], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from programs.overlap.services import scan

        score_pair = scan.flagged_among

        def change_meanwhile(*everything: Any, **more: Any) -> Any:
            Program.objects.filter(pk=pair[1].pk).update(version=2, title="Changed meanwhile")
            return score_pair(*everything, **more)

        monkeypatch.setattr(scan, "flagged_among", change_meanwhile)
        services.scan_programs([pair[0].pk])

        assert not Overlap.objects.exists()
        assert Program.objects.due_for_scan().filter(pk=pair[1].pk).exists()


class TestDecisions:
    @pytest.fixture
    def overlap(self, pair: tuple[Program, Program]) -> Overlap:
        scan_all()
        return Overlap.objects.get()

    def test_survive_a_rescan(self, overlap: Overlap, coordinator: User) -> None:
        services.dismiss(overlap, actor=coordinator, reason="complementary")

        services.run_full_scan()

        assert Overlap.objects.get().state == "dismissed"

    def test_a_material_change_reopens_and_says_what_changed(self, overlap: Overlap, coordinator: User) -> None:
        services.confirm(overlap, actor=coordinator)
        left = overlap.left
        data = factories.program_data(left.reporting_org, identifier=left.identifier, planned_end=date(2027, 6, 30))

        save_program(data, actor=None)
        scan_all()

        review = Review.objects.get(action="reopen")
        assert Overlap.objects.get().state == "open"
        assert review.actor is None
        assert review.changes == {"left.end": ["2026-12-31", "2027-06-30"]}

    def test_what_is_not_material_does_not_reopen(self, overlap: Overlap, coordinator: User) -> None:
        services.confirm(overlap, actor=coordinator)
        left = overlap.left
        data = factories.program_data(left.reporting_org, identifier=left.identifier, hierarchy=2)

        save_program(data, actor=None)
        scan_all()

        assert Overlap.objects.get().state == "confirmed"

    def test_a_decided_pair_that_is_no_longer_flagged_is_kept(self, overlap: Overlap, coordinator: User) -> None:
        services.confirm(overlap, actor=coordinator)
        left = overlap.left
        elsewhere = (LocationData(area_id="HN-FM", name="Tegucigalpa"),)
        data = factories.program_data(
            left.reporting_org, identifier=left.identifier, locations=elsewhere, title="x", description="x"
        )

        save_program(data, actor=None)
        scan_all()

        kept = Overlap.objects.get()
        assert (kept.is_flagged, kept.state) == (False, "confirmed")

    def test_a_program_with_decisions_is_archived_not_deleted(self, overlap: Overlap, coordinator: User) -> None:
        services.confirm(overlap, actor=coordinator)

        with pytest.raises(Refused, match="Archive it"):
            program_services.delete_program(overlap.left, actor=None)

    @pytest.mark.parametrize("role", ["viewer", "editor", "manager"])
    def test_only_coordinators_decide(self, overlap: Overlap, role: str) -> None:
        with pytest.raises(NotAllowed):
            services.confirm(overlap, actor=factories.user(overlap.left.reporting_org, role))

    def test_a_dismissal_says_why(self, overlap: Overlap, coordinator: User) -> None:
        with pytest.raises(Refused, match="reason"):
            services.dismiss(overlap, actor=coordinator, reason="")
        with pytest.raises(Refused, match="note"):
            services.dismiss(overlap, actor=coordinator, reason="other", note=" ")

    def test_nobody_decides_twice(self, overlap: Overlap, coordinator: User) -> None:
        services.confirm(overlap, actor=coordinator)

        with pytest.raises(Refused, match="already"):
            services.dismiss(overlap, actor=coordinator, reason="complementary")


class TestWorkers:
    def test_a_save_is_scanned_by_a_worker(self, committed_db: None, worker: Callable[[], Any]) -> None:
        worker()
        factories.program()
        factories.program()

        wait_until(lambda: Overlap.objects.exists() and not Program.objects.due_for_scan().exists())

    def test_a_worker_killed_in_mid_scan_ends_with_the_same_overlaps(
        self, committed_db: None, worker: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from programs.overlap.services import full_scan
        from programs.overlap.tasks import scan_part, sweep

        orgs = [factories.organization() for _ in range(6)]
        for number in range(48):
            data = factories.program_data(orgs[number % 6], title=f"Community policing, part {number % 7}")
            program_services.ProgramSaver(actor=None, ask_for_scan=False).save(data)
        services.run_full_scan()
        expected = stored()
        Overlap.objects.all().delete()
        monkeypatch.setattr(full_scan, "PROGRAMS_A_PART", 6)
        run = services.start_full_scan()
        first = worker()
        for part in run.parts.all():
            scan_part.delay(part.pk)
        wait_until(lambda: run.parts.filter(done_at__isnull=False).exists())

        os.killpg(first.pid, signal.SIGKILL)
        assert run.parts.filter(done_at__isnull=True).exists(), "the worker was done before it could be killed"
        worker()
        sweep.delay()

        wait_until(lambda: ScanRun.objects.get(pk=run.pk).finished_at is not None)
        assert expected
        assert stored() == expected


def test_saving_does_not_wait_for_a_broker_that_refuses(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import current_app

    from core import jobs

    monkeypatch.setattr(jobs, "_broker_failed_at", float("-inf"))
    with current_app.connection_for_write() as connection:
        assert connection  # the real one is reachable; now one that nobody serves
    monkeypatch.setitem(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setitem(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    data = factories.program_data(factories.organization())

    saved = save_program(replace(data, title="Saved all the same"), actor=None)

    assert Program.objects.due_for_scan().filter(pk=saved.program.pk).exists()
