"""`manage.py import_iati`: what goes in, what it becomes, what is said of the rest."""

import ast
import inspect
import json
import subprocess
import sys
from dataclasses import fields
from decimal import Decimal
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from goals.models import Area
from programs.exchange.iati.importer import DECIDED_HERE, IatiImporter
from programs.exchange.iati.reader import DEFAULT_CODES
from programs.exchange.models import IatiRecord
from programs.models import Program
from programs.services import GoalData, ProgramData, confirm_goals
from tests import factories
from tests.conftest import ROOT, environment
from tests.programs.exchange.iati.importing import imported

FIXTURES = Path(__file__).parent / "fixtures"
V2, V1, ODD = (FIXTURES / f"as-{name}.xml" for name in ("the-standard-says-203", "the-standard-says-103", "published"))

pytestmark = pytest.mark.django_db


def counts(report: dict[str, Any]) -> tuple[int, int, int, int, int]:
    """Activities, created, updated, unchanged, skipped."""
    return tuple(report[name] for name in ("activities", "created", "updated", "unchanged", "skipped"))  # type: ignore[return-value]


class TestTheProgram:
    def test_of_version_2(self) -> None:
        imported(V2)

        program = Program.objects.get(identifier="XX-TEST-203-1")
        assert program.title == "Community policing in Choloma"
        assert program.translations.get(language="es").title == "Policía comunitaria en Choloma"
        assert program.description == "Patrols with the neighbours.\n\nFewer homicides."
        assert (program.source, program.stage, program.visibility) == ("iati", "published", "partners")
        assert (program.status, program.hierarchy, program.aid_type, program.finance_type) == (2, 2, "C01", "110")
        assert {(row.country_id, row.percentage) for row in program.coverages.all()} == {("HN", 60), ("GT", 40)}
        assert [(row.area_id, row.name) for row in program.locations.all()] == [("HN-CR", "Choloma")]
        assert {(row.sector_id, row.percentage) for row in program.sectors.all()} == {("15132", 70), ("15220", 30)}
        assert {(str(part.organization), part.role) for part in program.participations.all()} == {
            ("Test Cooperation", 1),
            ("Barrio Seguro", 4),
        }
        assert [(link.identifier, link.type) for link in program.related_programs.all()] == [("XX-TEST-203", 1)]

    def test_has_its_money_in_its_currency_and_in_dollars_of_its_date(self) -> None:
        imported(V2)

        paid = Program.objects.get(identifier="XX-TEST-203-1").transactions.get()
        assert (paid.value, paid.currency, paid.rate_month.isoformat()) == (Decimal("1000000.50"), "EUR", "2023-01-01")
        assert Decimal(1_050_000) < paid.value_usd < Decimal(1_110_000)

    def test_of_version_1(self) -> None:
        imported(V1)

        program = Program.objects.get(identifier="XX-OLD-1")
        assert program.locations.get().area_id == "GT-01"  # Fraijanes lies in the department of Guatemala
        assert program.reporting_org.kind == "10"
        assert (program.committed_usd, program.actual_end.isoformat()) == (250_000, "2015-06-30")

    def test_has_goals_proposed_from_its_sectors(self) -> None:
        imported(V2)

        program = Program.objects.get(identifier="XX-TEST-203-1")
        assert (program.scope, program.goals_origin) == ("in_scope", "proposed")
        assert program.goals.order_by("-percentage").first().goal_id == 1
        assert all(row.reasons for row in program.goals.all())

    def test_is_seen_by_whom_the_administrator_says(self) -> None:
        imported(V2, visibility="public")
        assert set(Program.objects.values_list("visibility", flat=True)) == {"public"}

        Program.objects.update(visibility="restricted")
        IatiRecord.objects.update(checksum="0" * 64, xml="<iati-activity/>")  # as if the file had changed since
        imported(V2, visibility="public")
        assert set(Program.objects.values_list("visibility", flat=True)) == {"restricted"}

    def test_every_field_is_said_by_the_file_or_stays_as_it_was_entered(self) -> None:
        """A new field that is neither would be emptied by the next reading of a changed file."""
        [call] = [
            node
            for node in ast.walk(ast.parse(dedent(inspect.getsource(IatiImporter.program_data))))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ProgramData"
        ]
        stated = {f"{kind}_{end}" for kind in ("planned", "actual") for end in ("start", "end")} | {"default_currency"}
        stated |= {name for name, _longest in DEFAULT_CODES.values()}
        said = {keyword.arg for keyword in call.keywords if keyword.arg} | stated

        # Goals are proposed, or those that a person set: see ProgramSaver.
        assert {one.name for one in fields(ProgramData)} == said | set(DECIDED_HERE) | {"goals"}

    def test_as_published_is_kept(self) -> None:
        imported(ODD)

        record = IatiRecord.objects.get(identifier="XX-ODD-1")
        assert record.line == 3
        assert record.file_name == "as-published.xml"
        assert {"percentage.sum", "sector.unknown"} <= {oddity["code"] for oddity in record.oddities}
        assert "<narrative>Odd Bank</narrative>" in record.xml

    def test_has_shares_that_add_up_whatever_was_published(self) -> None:
        imported(ODD)

        program = Program.objects.get(identifier="XX-ODD-1")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert {(row.country_id, row.percentage) for row in program.coverages.all()} == {
            ("GT", Decimal("55.56")),
            ("SV", Decimal("44.44")),
        }


class TestWhatIsTaken:
    def test_what_touches_central_america(self) -> None:
        report = imported(ODD)

        assert counts(report) == (7, 3, 0, 0, 2)
        assert set(Program.objects.values_list("identifier", flat=True)) == {"XX-ODD-1", "XX-ODD-5", "XX-ODD-7"}

    def test_all_of_it_with_all(self) -> None:
        assert counts(imported(ODD, all=True)) == (7, 5, 0, 0, 0)

    def test_what_is_rejected_is_named_with_line_and_reason(self) -> None:
        assert imported(ODD)["rejected"] == [
            {
                "identifier": "",
                "line": 29,
                "reason": ("The activity has no iati-identifier."),
                "file": "as-published.xml",
            },
            {
                "identifier": "XX-ODD-3",
                "line": 30,
                "reason": "The activity has no reporting-org, so its reporter is unknown.",
                "file": "as-published.xml",
            },
        ]

    def test_a_place_in_one_of_the_seven_is_enough(self, tmp_path: Path) -> None:
        area = Area.objects.get(code="HN-AT")
        point = f"<location><point><pos>{area.latitude} {area.longitude}</pos></point></location>"
        path = tmp_path / "place.xml"
        path.write_text(ODD.read_text().replace('<recipient-country code="TZ"/>', point))

        imported(path)

        assert Program.objects.get(identifier="XX-ODD-4").locations.get().area_id == "HN-AT"


class TestAgain:
    def test_nothing_is_created_or_updated(self) -> None:
        imported(V2, V1, ODD)
        versions = set(Program.objects.values_list("identifier", "version"))

        report = imported(V2, V1, ODD)

        assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 5)
        assert set(Program.objects.values_list("identifier", "version")) == versions

    def test_a_changed_activity_updates_its_program(self, tmp_path: Path) -> None:
        imported(V2)
        path = tmp_path / "later.xml"
        path.write_text(V2.read_text().replace("Fewer homicides", "Fewer robberies"))

        assert counts(imported(path)) == (1, 0, 1, 0, 0)

        program = Program.objects.get(identifier="XX-TEST-203-1")
        assert program.description.endswith("Fewer robberies.")
        assert program.version == 2

    def test_the_goals_that_a_person_set_stay(self, tmp_path: Path) -> None:
        imported(V2)
        program = Program.objects.get(identifier="XX-TEST-203-1")
        sica = factories.organization("SICA", is_coordinating_body=True)
        actor = factories.user(sica, "coordinator")
        confirm_goals(program, (GoalData(4, Decimal(100)),), actor=actor, version=program.version)
        path = tmp_path / "later.xml"
        path.write_text(V2.read_text().replace("15220", "15137"))

        imported(path)

        program.refresh_from_db()
        assert program.goals_origin == "confirmed"
        assert [(row.goal_id, row.percentage) for row in program.goals.all()] == [(4, 100)]
        assert program.sectors.filter(sector="15137").exists()

    def test_who_may_see_it_stays(self, tmp_path: Path) -> None:
        imported(V2)
        Program.objects.update(visibility="restricted")
        path = tmp_path / "later.xml"
        path.write_text(V2.read_text().replace("Fewer homicides", "Fewer robberies"))

        imported(path)

        assert Program.objects.get(identifier="XX-TEST-203-1").visibility == "restricted"

    def test_an_identifier_that_comes_twice_with_other_contents_is_rejected_once(self, tmp_path: Path) -> None:
        path = tmp_path / "again.xml"
        path.write_text(V2.read_text().replace("Fewer homicides", "Fewer robberies"))

        report = imported(V2, path)

        assert counts(report) == (2, 1, 0, 0, 0)
        assert [row["reason"] for row in report["rejected"]] == [
            "The same identifier appeared earlier in this import, with different content."
        ]


class TestRefusedFiles:
    def test_the_others_go_in(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.xml"
        bad.write_text("identifier;title")
        out = StringIO()

        with pytest.raises(CommandError, match=r"bad\.xml: The file is not well-formed XML") as refused:
            call_command("import_iati", str(bad), str(V2), json=True, stdout=out)

        assert refused.value.returncode == 1
        assert json.loads(out.getvalue().strip().split("\n")[-1])["created"] == 1

    @pytest.mark.process
    def test_the_command_ends_with_status_1_and_no_traceback(self, tmp_path: Path) -> None:
        bad = tmp_path / "page.html"
        bad.write_text("<html></html>")

        ended = subprocess.run(
            [sys.executable, "manage.py", "import_iati", str(bad)],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )

        assert ended.returncode == 1
        assert f"{bad}: The file does not contain IATI activities" in ended.stderr
        assert "Traceback" not in ended.stderr
