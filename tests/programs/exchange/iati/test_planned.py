"""Planned disbursements come in as rows of the program and go out as they were, each once."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.ruleset import broken_rules
from programs.exchange.models import IatiRecord
from programs.models import PlannedDisbursement, Program
from programs.services import PlannedDisbursementData, save_program, stored_programs
from tests import factories
from tests.programs.exchange.iati.writing import document, one_activity

pytestmark = pytest.mark.django_db
# Everything that the standard has of one.
WHOLE = (
    '<planned-disbursement type="2"><period-start iso-date="2027-01-01"/><period-end iso-date="2028-06-30"/>'
    '<value currency="EUR" value-date="2026-02-03">1500.5</value>'
    '<provider-org ref="XX-TEST-1" provider-activity-id="XX-TEST-1-1" type="10"><narrative>Test Agency</narrative>'
    '</provider-org><receiver-org receiver-activity-id="HN-9" type="22"><narrative>Cruz Roja</narrative></receiver-org>'
    "</planned-disbursement>"
)
SHORT = (
    '<planned-disbursement><period-start iso-date="2027-03-01"/><value value-date="2027-03-01">7</value>'
    "</planned-disbursement>"
)


def take(path: Path) -> IatiImporter:
    importer = IatiImporter(include_all=True)
    importer.import_files([path])
    assert not importer.report.rejected
    assert not importer.report.asked
    return importer


def write(folder: Path, *more: str) -> Path:
    path = folder / "a.xml"
    path.write_text(document(one_activity(more="".join(more))))
    return path


def exported() -> tuple[Element, list[Element]]:
    root = etree.fromstring(b"".join(activities_file(Program.objects.all())))
    assert schema.problems(root) == []
    (activity,) = root.findall("iati-activity")
    return activity, activity.findall("planned-disbursement")


def same(one: Element, text: str) -> bool:
    return etree.tostring(one, method="c14n2", exclusive=True, strip_text=True) == etree.tostring(
        etree.fromstring(text), method="c14n2", exclusive=True, strip_text=True
    )


def test_it_works(tmp_path: Path) -> None:
    take(write(tmp_path, WHOLE, SHORT))

    first, second = PlannedDisbursement.objects.order_by("pk")
    assert (first.type, first.value, first.currency, first.value_date) == (
        2,
        Decimal("1500.50"),
        "EUR",
        date(2026, 2, 3),
    )
    assert (first.period_start, first.period_end) == (date(2027, 1, 1), date(2028, 6, 30))
    assert (str(first.provider), str(first.receiver)) == ("Test Agency", "Cruz Roja")
    assert (first.provider_activity, first.receiver_activity) == ("XX-TEST-1-1", "HN-9")
    assert (second.type, second.currency, second.period_end, second.provider) == (1, "USD", None, None)


def test_goes_out_once_and_as_it_was(tmp_path: Path) -> None:
    take(write(tmp_path, WHOLE, SHORT))

    activity, planned = exported()

    assert [same(one, text) for one, text in zip(planned, (WHOLE, SHORT), strict=True)] == [True, True]
    assert not [rule for rule, _detail in broken_rules(activity) if "period" in rule or "budget" in rule]


def test_one_that_is_said_twice_stays_twice(tmp_path: Path) -> None:
    take(write(tmp_path, SHORT, SHORT))

    assert PlannedDisbursement.objects.count() == 2
    assert len(exported()[1]) == 2


def test_what_is_changed_or_taken_out_here_goes_out_so(tmp_path: Path) -> None:
    take(write(tmp_path, WHOLE, SHORT))
    (stored,) = stored_programs(Program.objects.all())
    organization = factories.organization("Policía Nacional")
    new = PlannedDisbursementData(
        Decimal(9), "USD", date(2029, 1, 1), date(2029, 12, 31), receiver_id=organization.pk, receiver_activity="R-1"
    )
    data = replace(stored.original, planned_disbursements=(stored.data.planned_disbursements[0], new))
    save_program(data, actor=None, program=Program.objects.get())

    _activity, (kept, made) = exported()

    assert same(kept, WHOLE)
    assert made.findtext("value") == "9.00"
    assert made.find("receiver-org").attrib == {"type": organization.kind, "receiver-activity-id": "R-1"}
    assert made.find("period-end").get("iso-date") == "2029-12-31"


def test_an_export_of_ours_comes_in_again_as_the_same(tmp_path: Path) -> None:
    organization = factories.organization("Own", ref="XX-OWN")
    rows = (
        PlannedDisbursementData(Decimal("10.25"), "EUR", date(2027, 1, 1), date(2028, 12, 31), 2,
                                provider_id=organization.pk, provider_activity="A"),
        PlannedDisbursementData(Decimal(5), "USD", date(2027, 1, 1)),
    )  # fmt: skip
    factories.program(organization, planned_disbursements=rows)
    path = tmp_path / "own.xml"
    path.write_bytes(b"".join(activities_file(Program.objects.all())))

    take(path)

    (stored,) = stored_programs(Program.objects.all())
    assert Counter(stored.data.planned_disbursements) == Counter(rows)


def test_one_without_a_start_is_kept_apart_and_comes_in_again(tmp_path: Path) -> None:
    organization = factories.organization("Own", ref="XX-OWN")
    rows = (PlannedDisbursementData(Decimal(5), "USD"),)
    factories.program(organization, planned_disbursements=rows)

    _activity, planned = exported()
    path = tmp_path / "own.xml"
    path.write_bytes(b"".join(activities_file(Program.objects.all())))
    take(path)

    assert planned == []
    (stored,) = stored_programs(Program.objects.all())
    assert stored.data.planned_disbursements == rows


class TestOfAnEarlierRelease:
    """It left planned disbursements in the file alone."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = write(tmp_path, WHOLE)
        take(path)
        PlannedDisbursement.objects.all().delete()
        IatiRecord.objects.update(planned_taken=False)
        return path

    def test_they_go_out_as_they_were(self, path: Path) -> None:
        (planned,) = exported()[1]

        assert same(planned, WHOLE)

    def test_the_same_file_brings_them_in(self, path: Path) -> None:
        importer = take(path)

        assert (importer.report.updated, importer.report.unchanged) == (1, 0)
        assert PlannedDisbursement.objects.count() == 1
        assert len(exported()[1]) == 1
        assert take(path).report.unchanged == 1


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    importer = take(
        write(
            tmp_path,
            "<planned-disbursement><period-start iso-date='2027-01-01'/><value>much</value></planned-disbursement>",
            "<planned-disbursement><period-start iso-date='2027-01-01'/><period-end iso-date='2026-01-01'/>"
            "<value>5</value></planned-disbursement>",
        )
    )

    assert {"planned.value", "planned.period"} <= set(importer.report.oddities)
    assert PlannedDisbursement.objects.get().period_end is None
