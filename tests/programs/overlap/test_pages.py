"""The pages of overlaps, clusters and full scans, as different people see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import BegunScan, Cluster, Overlap, ScanPart, ScanRun
from programs.overlap.services.sweep import parts_to_queue
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def three(db: None) -> list[Program]:
    """Three donors' community policing in one town."""
    made = [factories.program() for _ in range(3)]
    services.sweep(seconds=None)
    return made


@pytest.fixture
def viewer(three: list[Program]) -> User:
    """Somebody of the first donor."""
    return factories.user(three[0].reporting_org)


class TestOverlapsPage:
    def test_shows_a_matter_once_with_its_pairs_inside(
        self, three: list[Program], viewer: User, signed_in: SignIn
    ) -> None:
        page = signed_in(viewer).get(reverse("overlap:list")).content.decode()

        cluster = Cluster.objects.get()
        assert (cluster.programs, cluster.pairs) == (3, 3)
        assert page.count('<details class="case-pairs"') == 1
        assert "3 programs in Choloma, Honduras" in page
        assert all(reverse("overlap:detail", args=[overlap.pk]) in page for overlap in Overlap.objects.all())

    def test_a_pair_that_was_dismissed_stands_alone(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        overlap = Overlap.objects.earliest("pk")
        services.dismiss(overlap, actor=coordinator, reason="complementary")

        page = signed_in(coordinator).get(reverse("overlap:list"), {"state": "dismissed"}).content.decode()

        assert Cluster.objects.get().pairs == 2
        assert reverse("overlap:detail", args=[overlap.pk]) in page
        assert '<details class="case-pairs"' not in page

    @pytest.mark.parametrize("address", ["list", "cluster"])
    def test_the_number_of_queries_does_not_grow_with_the_pairs(
        self, three: list[Program], coordinator: User, signed_in: SignIn, address: str
    ) -> None:
        client = signed_in(coordinator)

        def queries() -> int:
            place = reverse("overlap:list") if address == "list" else Cluster.objects.get().get_absolute_url()
            client.get(place)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(place).status_code == 200
            return len(captured)

        before = queries()
        for _ in range(4):
            factories.program()
        services.sweep(seconds=None)

        assert queries() <= before


class TestClusterPage:
    def test_shows_its_programs_and_pairs(self, three: list[Program], viewer: User, signed_in: SignIn) -> None:
        page = signed_in(viewer).get(Cluster.objects.get().get_absolute_url()).content.decode()

        assert all(program.get_absolute_url() in page for program in three)
        assert "Possible duplication: US$ 2,000,000" in page

    def test_has_no_trace_of_what_one_may_not_see(self, three: list[Program], viewer: User, signed_in: SignIn) -> None:
        hidden = three[2]
        Program.objects.filter(pk=hidden.pk).update(visibility="restricted")

        page = signed_in(viewer).get(Cluster.objects.get().get_absolute_url()).content.decode()

        assert "2 programs in Choloma" in page
        assert "Possible duplication: US$ 1,000,000" in page
        assert hidden.get_absolute_url() not in page
        assert str(hidden.reporting_org) not in page

    def test_does_not_exist_for_whom_only_one_program_is_visible(
        self, three: list[Program], viewer: User, signed_in: SignIn
    ) -> None:
        Program.objects.filter(pk__in=[three[1].pk, three[2].pk]).update(visibility="restricted")
        client, cluster = signed_in(viewer), Cluster.objects.get()

        assert client.get(cluster.get_absolute_url()).status_code == 404
        assert not Cluster.objects.visible_to(viewer).exists()
        assert str(cluster.pk) not in str(client.get("/api/v1/overlaps/").json()["results"])

    def test_a_deleted_program_leaves_its_cluster(self, three: list[Program]) -> None:
        from programs.services import delete_program

        delete_program(three[2], actor=None)
        services.sweep(seconds=None)

        cluster = Cluster.objects.get()
        assert (cluster.programs, cluster.pairs) == (2, 1)


def test_the_api_names_the_cluster(three: list[Program], viewer: User, signed_in: SignIn) -> None:
    rows = signed_in(viewer).get("/api/v1/overlaps/").json()["results"]

    assert {row["cluster"] for row in rows} == {Cluster.objects.get().pk}


class TestScansPage:
    def test_a_coordinator_starts_a_scan_and_sees_how_far_it_is(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        client = signed_in(coordinator)

        response = client.post(reverse("overlap:start-scan"), follow=True)

        run = ScanRun.objects.get()
        assert "Comparing programs: 0 of 3." in response.content.decode()
        assert client.get(reverse("overlap:scan-progress")).json() == {
            "running": True, "done": 0, "total": 3, "words": "Comparing programs: 0 of 3.",
        }  # fmt: skip
        for part in run.parts.all():
            services.scan_part(part.pk)
        assert client.get(reverse("overlap:scan-progress")).json() == {"running": False}

    def test_starting_twice_goes_on_with_the_first(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        client = signed_in(coordinator)

        client.post(reverse("overlap:start-scan"))
        client.post(reverse("overlap:start-scan"))

        assert ScanRun.objects.count() == 1

    @pytest.mark.parametrize("name", ["scans", "scan-progress", "start-scan", "cancel-scan", "delete-scan"])
    def test_is_for_coordinators(self, viewer: User, signed_in: SignIn, name: str) -> None:
        client = signed_in(viewer)
        ask = client.post if name.endswith("-scan") else client.get

        assert ask(reverse(f"overlap:{name}", args=[1] if name == "delete-scan" else [])).status_code == 403
        assert not ScanRun.objects.exists()

    def test_a_coordinator_cancels_a_scan_and_deletes_its_record(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        client, run = signed_in(coordinator), services.start_full_scan()
        delete = reverse("overlap:delete-scan", args=[run.pk])
        assert "Cancel it first" in client.post(delete, follow=True).content.decode()

        page = client.post(reverse("overlap:cancel-scan"), follow=True).content.decode()
        assert f"Cancelled by {coordinator}" in page
        assert parts_to_queue() == []
        assert [services.scan_part(part.pk) for part in run.parts.all()] == [None]
        client.post(delete)
        assert not ScanRun.objects.exists()

    def test_a_part_that_no_worker_came_to_the_end_of_is_given_up_and_its_programs_stay_due(
        self, three: list[Program], coordinator: User, signed_in: SignIn
    ) -> None:
        Program.objects.update(scanned_version=0, updated_at=timezone.now() - timedelta(days=1))
        run = services.start_full_scan()
        assert parts_to_queue() == [run.parts.get().pk]
        assert parts_to_queue() == []  # it waits in the queue
        run.parts.update(attempts=3)

        assert services.scan_part(run.parts.get().pk) == []

        assert ScanRun.objects.get().finished_at
        assert Program.objects.due_for_scan().count() == 3
        page = signed_in(coordinator).get(reverse("overlap:scans")).content.decode()
        assert "1 part could not be compared: the comparison was interrupted three times" in page


def test_a_program_at_which_workers_die_keeps_no_other_from_being_scanned(coordinator: User, signed_in: SignIn) -> None:
    _first, deadly, _last = (factories.program() for _ in range(3))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.program_id = {deadly.pk} THEN RAISE EXCEPTION 'dead'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER die BEFORE INSERT ON overlap_programprofile FOR EACH ROW EXECUTE FUNCTION die()"""
        )

    services.sweep(seconds=None)
    assert list(Program.objects.due_for_scan()) == [deadly]
    assert Overlap.objects.flagged().count() == 1
    services.sweep(seconds=None)
    assert BegunScan.objects.get().attempts == 3
    services.sweep(seconds=None)
    assert BegunScan.objects.get().attempts == 3
    page = signed_in(coordinator).get(reverse("overlap:scans")).content.decode()
    assert "1 program could not be compared" in page

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER die ON overlap_programprofile")
    Program.objects.filter(pk=deadly.pk).update(version=2)
    services.sweep(seconds=None)
    assert not BegunScan.objects.exists()
    assert Overlap.objects.flagged().count() == 3


def test_a_full_scan_reads_what_changed_before_it_compares(db: None) -> None:
    for _ in range(3):
        factories.program()

    run = services.start_full_scan()
    first = run.parts.get()
    ready = services.scan_part(first.pk)

    assert first.step == ScanPart.Step.READ
    assert ready == list(run.parts.filter(step=ScanPart.Step.COMPARE).values_list("pk", flat=True))
    assert [services.scan_part(pk) for pk in ready or ()] == [[]]
    assert ScanRun.objects.get().finished_at is not None
    assert Overlap.objects.count() == 3
