"""`manage.py evaluate_real_files`: real importer, real scan, in a database of its own."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from programs.models import Program
from tests import factories

TEXT = "Community policing with neighbourhood patrols"
ACTIVITY = """<iati-activity default-currency="USD" xml:lang="en"><iati-identifier>{name}</iati-identifier>
<reporting-org ref="{reporter}" type="10"><narrative>{reporter}</narrative></reporting-org>
<title><narrative>{title} in Choloma</narrative></title>
<description><narrative>{title} in Choloma, Honduras.</narrative></description>
<participating-org ref="{reporter}" role="1"><narrative>{reporter}</narrative></participating-org>
<activity-status code="2"/><activity-date iso-date="2021-01-01" type="1"/>
<activity-date iso-date="2024-12-31" type="3"/>
<recipient-country code="HN" percentage="100"/>
<location><name><narrative>Choloma</narrative></name></location>
<sector vocabulary="1" code="{sector}" percentage="100"/></iati-activity>"""


def measured(folder: Path, **options: Any) -> tuple[dict[str, Any], str]:
    out = StringIO()
    call_command("evaluate_real_files", str(folder), json=True, stdout=out, **options)
    return json.loads(out.getvalue().strip().splitlines()[-1]), out.getvalue()


def test_flagged_pairs_are_judged_by_labels_and_the_portals_data_is_left_alone(
    committed_db: None, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    # Water is out of the portal's sectors: it is compared all the same.
    told = [("XX-1-A", TEXT, "15130"), ("XX-2-B", TEXT, "15130"), ("XX-3-C", "Wells and water pipes", "14030"),
            ("XX-4-D", "Wells and water pipes", "14030"),
            ("XX-5-E", "Boats 2019", "15130"), ("XX-5-F", "Boats 2020", "15130")]  # fmt: skip
    activities = [ACTIVITY.format(name=n, reporter=n[:4], title=t, sector=s) for n, t, s in told]
    (folder / "all.xml").write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>')
    (folder / "broken.xml").write_text("<iati-activities><iati-activity>")
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "left,right,kind,reason,file_left,file_right,confidence,second_best\n"
        "XX-2-B,XX-1-A,overlap,,files/all.xml,files/all.xml,high,\n"
        "XX-1-A,XX-9-Z,overlap,,files/all.xml,files/all.xml,high,\n"
        "XX-5-E,XX-5-F,series,,files/all.xml,files/all.xml,high,\n"
    )
    factories.program(title="The portal's own")
    database = connection.settings_dict["NAME"]

    found, text = measured(folder, labels=labels)

    assert found["programs"] == 6
    assert found["absent"] == ["XX-9-Z"]
    assert found["known"]["pairs"] == 2
    assert found["known"]["candidates"] == found["known"]["flagged"] == 1
    assert found["known"]["ranks"][0]["left"] == "XX-1-A"
    assert found["pairs"]["right"] == 1
    assert found["pairs"]["precision"] < 1
    assert {(row["left"], row["right"]) for row in found["unlabelled"]} >= {("XX-3-C", "XX-4-D")}
    assert {key: found["series"][key] for key in ("number", "records", "pairs")} == {
        "number": 1, "records": 2, "pairs": 1,
    }  # fmt: skip
    assert found["series"]["labelled"]["series"] == {"pairs": 1, "in_a_series": 1}
    assert found["series"]["labelled"]["overlap"]["in_a_series"] == 0
    assert "1 of 1 pairs labelled series are within a series" in text
    assert "XX-3-C,XX-4-D," in text
    assert "broken.xml is left out" in text
    assert connection.settings_dict["NAME"] == database
    assert list(Program.objects.values_list("title", flat=True)) == ["The portal's own"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere: no folder with IATI files"):
        call_command("evaluate_real_files", str(tmp_path / "nowhere"))


def test_labels_of_another_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text('<iati-activities version="2.03"/>')

    with pytest.raises(CommandError, match="no labels of files in a folder"):
        call_command("evaluate_real_files", str(tmp_path))
