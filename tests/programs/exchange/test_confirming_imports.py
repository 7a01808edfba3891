"""Unlikely values in files: shown by the check, confirmed when it is applied, on pages, by scripts and the command."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.errors import NeedsConfirmation
from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.models import ConfirmedWarning, Program
from tests import factories
from tests.api import Api
from tests.conftest import ROOT
from tests.programs.exchange.importing import apply, bring_in_file, checked, outcomes, row, undo

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
IATI = ROOT / "tests/corpus/iati"
HUGE = IATI / "09-100-trillion-unquestioned.xml"
LARGE, TRILLION = "amount_very_large", Decimal(10**14)


@pytest.fixture
def org() -> Organization:
    return factories.organization("Test Agency", ref="XX-TEST-1", kind="10")


@pytest.fixture
def manager(org: Organization) -> User:
    return factories.user(org, "manager")


@pytest.fixture(params=["csv", "iati"])
def job(request: Any, org: Organization, manager: User) -> Import:
    """A checked file with one program of 100 trillion dollars; the spreadsheet has a second one, which is as usual."""
    if request.param == "iati":
        return bring_in_file(org, manager, HUGE.read_bytes(), name="huge.xml")
    return checked(org, manager, [row(amount="100000000000000"), row(identifier="P-2")])


def confirmed() -> list[tuple[str, User | None]]:
    return [(one.code, one.actor) for one in ConfirmedWarning.objects.order_by("pk")]


def test_the_check_shows_it_and_nothing_is_applied_unconfirmed(job: Import, manager: User) -> None:
    assert (job.rows.counts().warned, "refused" in outcomes(job)) == (1, False)

    for confirm in ((), ["date_unlikely"]):
        with pytest.raises(NeedsConfirmation, match="100,000,000,000,000 USD"):
            services.apply_import(job, actor=manager, confirm=confirm)

    job.refresh_from_db()
    assert (job.state, Program.objects.count()) == ("checked", 0)


def test_what_is_confirmed_is_applied_and_who_said_so_is_kept(job: Import, manager: User) -> None:
    apply(job, manager, confirm=[LARGE])

    assert set(outcomes(job)) == {"created"}
    assert Program.objects.filter(committed_usd=TRILLION).count() == 1
    assert confirmed() == [(LARGE, manager)]
    undo(job, manager)
    assert not Program.objects.exists()


def test_the_second_time_nothing_is_asked(job: Import, org: Organization, manager: User) -> None:
    apply(job, manager, confirm=[LARGE])

    if job.is_spreadsheet:
        again = checked(org, manager, [row(amount="100000000000000", title="Another title")])
    else:
        changed = HUGE.read_bytes().replace(b"Police training", b"Another title")
        again = bring_in_file(org, manager, changed, name="again.xml")

    assert (outcomes(again), again.rows.counts().warned) == (["changed"], 0)
    apply(again, manager)
    assert outcomes(again) == ["changed"]


def test_what_was_not_shown_is_not_saved(job: Import, manager: User) -> None:
    job.rows.update(warnings=[])

    apply(job, manager)

    first = job.rows.earliest("number")
    assert (first.outcome, [problem["code"] for problem in first.problems]) == ("refused", ["changed_meanwhile"])
    assert not Program.objects.filter(committed_usd=TRILLION).exists()


def test_the_page_asks_for_each_kind_and_shows_the_rows(signed_in: SignIn, job: Import, manager: User) -> None:
    client = signed_in(manager)

    page = client.get(job.get_absolute_url()).text

    assert f'name="confirm" value="{LARGE}" required' in page
    shown = client.get(f"{job.get_absolute_url()}?show=warned").text
    assert "wrong--warning" in shown
    assert "P-2" not in shown
    client.post(reverse("exchange:apply", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "checked"
    client.post(reverse("exchange:apply", args=[job.pk]), {"confirm": [LARGE]})
    job.refresh_from_db()
    assert job.state == "applying"


def test_the_cell_is_named(org: Organization, manager: User) -> None:
    job = checked(org, manager, [row(planned="1970-01-01")])

    (warning,) = job.rows.get().warnings
    assert (warning["code"], job.headings[warning["cell"]]) == ("date_unlikely", "Planned start")


def test_a_script_reads_the_codes_and_confirms_them(job: Import, manager: User) -> None:
    api = Api(manager)
    assert api.get(f"imports/{job.pk}/")["counts"]["warned"] == 1
    (found,) = api.get(f"imports/{job.pk}/rows/?outcome=warned")["results"]
    assert [(one["code"], one["is_warning"]) for one in found["problems"]] == [(LARGE, True)]

    problem = api.send("POST", f"imports/{job.pk}/apply/", {}, 422)

    assert (problem["code"], problem["confirm"]) == ("confirmation_needed", [LARGE])
    assert [error["pointer"] for error in problem["errors"]] == ["#/confirm"]
    assert api.send("POST", f"imports/{job.pk}/apply/", {"confirm": [LARGE]}, 200)["state"] == "applying"


def test_a_script_sees_what_new_programs_would_say(job: Import, manager: User) -> None:
    first = Api(manager).get(f"imports/{job.pk}/rows/")["results"][0]

    values = {one["column"]: one["value"] for one in first["values"]}
    assert (first["outcome"], first["changes"]) == ("created", [])
    assert values["Title"] == first["title"]
    assert values["Amount committed"] == "100000000000000"
    assert values["Country"].startswith("Honduras")


def test_the_rows_of_a_spreadsheet_are_read_with_as_many_queries_as_one(org: Organization, manager: User) -> None:
    api = Api(manager)
    few = checked(org, manager, [row()])
    many = checked(org, manager, [row(identifier=f"Q-{number}", title=f"Title {number}") for number in range(30)])

    assert api.queries(f"imports/{few.pk}/rows/") == api.queries(f"imports/{many.pk}/rows/")


class TestCommand:
    def run(self, *arguments: str) -> tuple[str, dict[str, Any]]:
        out = io.StringIO()
        call_command("import_iati", *arguments, "--json", stdout=out)
        return out.getvalue(), json.loads(out.getvalue().splitlines()[-1])

    def test_it_lists_what_waits(self, org: Organization) -> None:
        words, told = self.run(str(HUGE))

        assert (told["created"], Program.objects.count()) == (0, 0)
        (asked,) = told["asked"]
        assert (asked["identifier"], asked["file"]) == ("XX-TEST-1-c95", HUGE.name)
        assert [one["code"] for one in asked["warnings"]] == [LARGE]
        assert f"{LARGE}: The amount 100,000,000,000,000 USD" in words

    @pytest.mark.parametrize("accept", [LARGE, "all"])
    def test_it_takes_what_is_accepted(self, org: Organization, accept: str) -> None:
        _words, told = self.run(str(HUGE), "--accept", accept)

        assert (told["created"], told["asked"], confirmed()) == (1, [], [(LARGE, None)])
        # Changed elsewhere, it is not asked about again.
        changed = Path(HUGE).read_text().replace("Police training", "Another title")
        again = self.imported(changed)
        assert (again["updated"], again["asked"]) == (1, [])

    def imported(self, text: str) -> dict[str, Any]:
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(text)
            file.flush()
            return self.run(file.name)[1]

    def test_another_code_accepts_nothing(self, org: Organization) -> None:
        _words, told = self.run(str(HUGE), "--accept", "date_unlikely")

        assert (told["created"], len(told["asked"])) == (0, 1)


@pytest.mark.parametrize(
    ("name", "committed", "basis"),
    [
        ("08-revised-budget-added", 150_000, "budgets"),
        ("money-zero-commitment-beside-a-budget", 200_000, "budgets"),
        ("money-cents-and-signs-that-net-out", "250000.25", "commitments"),
        ("08c-incoming-only-no-money", None, "none"),
    ],
)
def test_what_files_come_to(org: Organization, manager: User, name: str, committed: Any, basis: str) -> None:
    job = bring_in_file(org, manager, (IATI / f"{name}.xml").read_bytes(), name=f"{name}.xml")

    apply(job, manager)

    program = Program.objects.get()
    assert (program.committed_usd, program.committed_basis) == (committed and Decimal(committed), basis)
