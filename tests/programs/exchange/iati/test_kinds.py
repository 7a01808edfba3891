"""What becomes of files of each kind: the values that are kept, shown and exported again."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from programs.exchange.iati.export import activities_file
from programs.exchange.iati.files import check_file, read_activities
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.opening import NotIati
from programs.exchange.iati.report import Report
from programs.exchange.iati.values import from_windows_1252
from programs.filters import ProgramFilter
from programs.models import Program
from tests import factories
from tests.programs.exchange.iati.writing import document, one_activity, transaction
from tests.programs.exchange.importing import bring_in_file

pytestmark = pytest.mark.django_db


def imported(folder: Path, *activities: str, encoding: str = "utf-8", before: str = "", name: str = "a.xml") -> Report:
    path = folder / name
    path.write_bytes(document(*activities, before=before).encode(encoding))
    return IatiImporter().import_files([path])


def codes(report: Report) -> set[str]:
    return {note.code for note in report.notes}


def exported(*, with_published: bool = True) -> str:
    return b"".join(activities_file(Program.objects.all(), with_published=with_published)).decode()


class TestSectorsOfOtherVocabularies:
    SECTORS = (
        '<sector vocabulary="2" code="152" percentage="100"/>'
        '<sector vocabulary="7" code="16" percentage="100"/>'
        '<sector vocabulary="10" code="10"/>'
        '<sector vocabulary="99" code="SEG-1" percentage="60"><narrative>Seguridad</narrative></sector>'
        '<sector vocabulary="99" code="SEG-2" percentage="40"/>'
    )

    def test_are_kept_with_shares_of_their_own(self, tmp_path: Path) -> None:
        report = imported(tmp_path, one_activity(sector=self.SECTORS))

        program = Program.objects.get()
        assert not program.sectors.exists()
        assert {(row.vocabulary, row.code, row.percentage) for row in program.other_sectors.all()} == {
            ("2", "152", 100), ("7", "16", 100), ("10", "10", 100), ("99", "SEG-1", 60), ("99", "SEG-2", 40),
        }  # fmt: skip
        assert "sector.vocabulary" in codes(report)

    def test_are_not_noted_where_purpose_codes_stand_beside_them(self, tmp_path: Path) -> None:
        report = imported(tmp_path, one_activity(sector='<sector code="15130"/>' + self.SECTORS))

        assert codes(report) == set()
        assert Program.objects.get().other_sectors.count() == 5

    @pytest.mark.parametrize(
        ("sector", "goal"),
        [
            ('<sector vocabulary="2" code="152"/>', None),
            ('<sector vocabulary="8" code="16.4"/>', 2),
            ('<sector vocabulary="8" code="SDG 16.3."/>', 3),
            ('<sector vocabulary="9" code="16.1.1"/>', 1),
        ],
    )
    def test_speak_for_goals_where_no_purpose_code_does(self, tmp_path: Path, sector: str, goal: int | None) -> None:
        imported(tmp_path, one_activity(title="Support", sector=sector).replace("Trains officers.", "Support."))

        program = Program.objects.get()
        assert program.scope == "in_scope"
        assert goal is None or program.goals.first().goal_id == goal

    def test_are_shown_by_their_names_in_the_readers_language(self, tmp_path: Path, client: Client) -> None:
        imported(tmp_path, one_activity(sector=self.SECTORS))
        program = Program.objects.get()
        client.force_login(factories.user(program.reporting_org, "manager"))

        page = client.get(program.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
        for words in ("DAC category (three digits)", "152 Conflict, peace and security", "SEG-1 Seguridad", "60"):
            assert words in page
        with translation.override("es"):
            shown = {row.shown for row in program.other_sectors.all()}
        assert "16 Paz, justicia e instituciones sólidas" in shown

    @pytest.mark.parametrize("with_published", [True, False])
    def test_are_exported_again(self, tmp_path: Path, with_published: bool) -> None:
        imported(tmp_path, one_activity(sector=self.SECTORS))
        before = set(Program.objects.get().other_sectors.values_list("vocabulary", "code", "name", "percentage"))
        again = tmp_path / "again.xml"
        again.write_text(exported(with_published=with_published))
        Program.objects.all().delete()

        IatiImporter().import_files([again])

        after = set(Program.objects.get().other_sectors.values_list("vocabulary", "code", "name", "percentage"))
        assert after == before

    @pytest.mark.parametrize(
        ("sector", "kept"),
        [
            ('<sector code="151"/>', ("2", "151", "")),
            ('<sector vocabulary="DAC-3" code="151"/>', ("2", "151", "")),
            ('<sector vocabulary="RO" code="X"/>', ("99", "X", "")),
            ('<sector vocabulary="WB" code="BC"/>', ("WB", "BC", "")),
            ('<sector code="15199"><narrative>Peace</narrative></sector>', ("1", "15199", "Peace")),
            ('<sector vocabulary="99"><narrative>Words alone</narrative></sector>', ("99", "", "Words alone")),
        ],
    )
    def test_of_any_spelling(self, tmp_path: Path, sector: str, kept: tuple[str, str, str]) -> None:
        report = imported(tmp_path, one_activity(sector=sector))

        row = Program.objects.get().other_sectors.get()
        assert (row.vocabulary, row.code, row.name) == kept
        assert "sector.vocabulary" in codes(report)

    def test_a_purpose_code_among_categories_is_a_purpose_code(self, tmp_path: Path) -> None:
        imported(tmp_path, one_activity(sector='<sector vocabulary="2" code="15130"/>'))

        assert Program.objects.get().sectors.get().sector_id == "15130"


class TestCountries:
    @pytest.mark.parametrize(
        "country",
        [
            '<recipient-country code="HN, GT, SV"/>',
            '<recipient-country code="HN GT SV" percentage="100"/>',
            '<recipient-country code="HND;GTM/SLV"/>',
            "<recipient-country><narrative>Honduras, Guatemala y El Salvador</narrative></recipient-country>",
        ],
    )
    def test_several_in_one_are_all_taken_with_unknown_shares(self, tmp_path: Path, country: str) -> None:
        report = imported(tmp_path, one_activity(country=country))

        rows = Program.objects.get().coverages.values_list("country_id", "percentage")
        assert set(rows) == {("HN", None), ("GT", None), ("SV", None)}
        assert "code.several" in codes(report)

    def test_one_that_is_unknown_among_them_is_told(self, tmp_path: Path) -> None:
        report = imported(tmp_path, one_activity(country='<recipient-country code="HN, XQ"/>'))

        assert set(Program.objects.get().coverages.values_list("country_id", flat=True)) == {"HN"}
        assert {"code.several", "country.unknown"} <= codes(report)

    def test_an_activity_for_elsewhere_is_named_with_its_line(self, tmp_path: Path) -> None:
        report = imported(tmp_path, one_activity(country='<recipient-country code="TZ"/>'))

        assert [(row.identifier, row.line, row.reason) for row in report.left_out] == [
            ("XX-TEST-1-1", 1, "Outside Central America: nothing to import.")
        ]


def place(position: str) -> str:
    return f"<location><name><narrative>X</narrative></name><point><pos>{position}</pos></point></location>"


class TestPoints:
    @pytest.mark.parametrize(
        ("country", "position", "latitude"),
        [("HN", "-87.64 14.45", "14.45"), ("GT", "-90.52 14.63", "14.63"), ("SV", "-89.2,13.7", "13.7")],
    )
    def test_swapped_are_turned_and_told(self, tmp_path: Path, country: str, position: str, latitude: str) -> None:
        of = f'<recipient-country code="{country}"/>'
        report = imported(tmp_path, one_activity(country=of, more=place(position)))

        row = Program.objects.get().locations.get()
        assert row.latitude == Decimal(latitude)
        assert row.area_id.startswith(country)
        assert "location.swapped" in codes(report)
        assert f">{latitude} -" in exported()

    @pytest.mark.parametrize(("position", "code"), [("48.85 2.35", "location.outside"), ("0 0", "location.point")])
    def test_that_are_wrong_in_another_way_are_told(self, tmp_path: Path, position: str, code: str) -> None:
        assert code in codes(imported(tmp_path, one_activity(more=place(position))))

    def test_that_are_right_stay(self, tmp_path: Path) -> None:
        report = imported(tmp_path, one_activity(more=place("14.45 -87.64")))

        assert (Program.objects.get().locations.get().latitude, codes(report)) == (Decimal("14.45"), set())


class TestCharacters:
    def test_of_windows_1252_in_a_file_that_says_iso_8859_1(self, tmp_path: Path) -> None:
        before = '<?xml version="1.0" encoding="ISO-8859-1"?>'
        report = imported(tmp_path, one_activity(title="Plan “Barrio Seguro” – 50 €"), encoding="cp1252", before=before)

        assert Program.objects.get().title == "Plan “Barrio Seguro” – 50 €"
        assert "text.encoding" in codes(report)
        assert "“Barrio Seguro”" in exported()

    def test_all_of_them(self) -> None:
        for code in range(0x80, 0xA0):
            expected = bytes([code]).decode("cp1252", errors="ignore")
            assert from_windows_1252(chr(code)) == expected


class TestSecondaryAndHumanitarian:
    SECOND = '<reporting-org ref="XX-TEST-1" type="10" secondary-reporter="{}"><narrative>T</narrative></reporting-org>'

    @pytest.mark.parametrize(("stated", "is_second"), [("1", True), ("true", True), ("0", False), ("false", False)])
    def test_a_secondary_report_is_marked_shown_filtered_and_exported(
        self, tmp_path: Path, client: Client, stated: str, is_second: bool
    ) -> None:
        report = imported(tmp_path, one_activity(reporter=self.SECOND.format(stated)))

        program = Program.objects.get()
        assert program.is_secondary_report is is_second
        assert ("reporting-org.secondary" in codes(report)) is is_second
        client.force_login(factories.user(program.reporting_org, "manager"))
        page = client.get(program.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
        assert ("Secondary report" in page) is is_second
        for value, is_found in (("secondary", is_second), ("first", not is_second)):
            assert ProgramFilter({"report": value}, Program.objects.all()).qs.exists() is is_found
        for with_published in (True, False):
            assert ('secondary-reporter="1"' in exported(with_published=with_published).replace('"true"', '"1"')) is (
                is_second
            )

    @pytest.mark.parametrize(
        ("attributes", "more", "expected"),
        [
            ('humanitarian="1"', "", True),
            ('humanitarian="TRUE"', "", True),
            ('humanitarian="0"', '<transaction humanitarian="1"/>', False),
            ("", transaction(5, "2024-01-01").replace("<transaction>", '<transaction humanitarian="1">'), True),
            ("", "", False),
        ],
    )
    def test_humanitarian_is_read_and_exported(
        self, tmp_path: Path, attributes: str, more: str, expected: bool
    ) -> None:
        imported(tmp_path, one_activity(attributes=f'default-currency="USD" xml:lang="en" {attributes}', more=more))

        assert Program.objects.get().is_humanitarian is expected
        assert ('humanitarian="1"' in exported(with_published=False)) is expected

    def test_what_is_neither_true_nor_false_is_told(self, tmp_path: Path) -> None:
        report = imported(
            tmp_path, one_activity(attributes='default-currency="USD" xml:lang="en" humanitarian="perhaps"')
        )

        assert [note.detail for note in report.notes if note.code == "code.unknown"] == ["humanitarian: perhaps"]


class TestFilesAsAWhole:
    def test_activities_of_nested_roots_are_taken_and_told(self, tmp_path: Path) -> None:
        path = tmp_path / "nested.xml"
        inner = document(one_activity(2))
        path.write_text(document(one_activity(1), inner, document(document(one_activity(3)))))

        report = IatiImporter().import_files([path])

        assert (report.activities, report.created) == (3, 3)
        assert [note.identifier for note in report.notes if note.code == "file.nested"] == [
            "XX-TEST-1-2",
            "XX-TEST-1-3",
        ]

    @pytest.mark.parametrize(
        "content",
        [
            "<iati-activities/>",
            document(document()),
            '<iati-activities xmlns:o="urn:o"><o:iati-activity/></iati-activities>',
        ],
    )
    def test_no_activities_are_told_by_the_command_and_by_the_page(self, content: str, tmp_path: Path) -> None:
        path = tmp_path / "none.xml"
        path.write_text(content)
        reporter = factories.organization("Test Agency", ref="XX-TEST-1")

        report = IatiImporter().import_files([path])
        job = bring_in_file(reporter, factories.user(reporter, "manager"), content.encode())

        sentence = "The file contains no activities, so there is nothing to import."
        assert [reason for _name, reason in report.refused_files] == [sentence]
        assert (job.state, job.problem["params"]["text"]["en"]) == ("unreadable", sentence)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<iati-activities><a>Half", "breaks off in line 1"),
            (b"<iati-activities><a></iati-activities>", "element ends that is not the one"),
            (b"<iati-activities>&nbsp;</iati-activities>", "abbreviation"),
            (b"<iati-activities>a & b</iati-activities>", "stands alone"),
            (b"<iati-activities>a < b</iati-activities>", "begins no element"),
            (b"<iati-activities><o:a/></iati-activities>", "prefix"),
            (b"<iati-activities a=1/>", "attributes of an element"),
            (b"<iati-activities a='1' a='2'/>", "same attribute twice"),
            (b"<iati-activities/><b/>", "more after the end"),
            (b"<!--c--><?xml version='1.0'?><iati-activities/>", "must be the first of the file"),
            (b"<iati-activities>\x02</iati-activities>", "character that XML does not allow"),
            (b"<iati-activities>\xff</iati-activities>", "not in the encoding"),
            (b"<?xml version='1.0' encoding='no-such'?><iati-activities/>", "encoding that does not exist"),
            (b"<iati-activities>" + b"x" * 11_000_000 + b"</iati-activities>", "longer than 10 million characters"),
            (b"<iati-activities a='" + b"x" * 11_000_000 + b"'/>", "longer than 10 million characters"),
            (b"", "does not begin with an element"),
            (b"identifier;title", "does not begin with an element"),
        ],
    )  # fmt: skip
    def test_no_sentence_of_the_parser_reaches_a_reader(self, content: bytes, words: str) -> None:
        with pytest.raises(NotIati) as refusal:
            check_file(content)

        assert words in str(refusal.value)
        for technical in ("xml", "XML_PARSE", "Entity", "tag", "libxml", "expected", "PCDATA", "DOCTYPE"):
            assert technical not in str(refusal.value).replace("xmlns", "").replace("<?xml", "")

    def test_lines_are_those_of_the_file(self) -> None:
        content = document("\n\n", one_activity()).encode()
        assert [activity.line for activity in read_activities(content)] == [3]
