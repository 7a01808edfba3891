"""Programs pushed to the real portal."""

import json
from pathlib import Path

import pytest
from carsi import Portal
from carsi.commands import main

from donors.services import create_api_key
from programs.models import Program
from tests import factories
from tests.client.conftest import HASTE, Site
from tests.client.proxy import Proxy


@pytest.fixture
def key(site: Site) -> str:
    return create_api_key(site.editor, "push", scopes=["write"]).secret


def pushed(site: Site, *identifiers: str) -> list[dict[str, object]]:
    return [
        {"reporting_org_id": site.organization.pk, "identifier": identifier, "title": f"Program {identifier}"}
        for identifier in identifiers
    ]


def test_each_row_has_its_result(
    site: Site, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARSI_URL", site.url)
    monkeypatch.setenv("CARSI_KEY", key)
    file = tmp_path / "programs.ndjson"
    elsewhere = factories.organization("Somebody else's")
    good, bad, foreign = pushed(site, "P-1", "P-2", "P-3")
    rows = [good, {**bad, "titel": "x"}, {**foreign, "reporting_org_id": elsewhere.pk}]
    file.write_text("\n".join(json.dumps(row) for row in rows))

    assert main(["push", str(file)]) == 1

    made = Program.objects.get(identifier="P-1")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"line 1\tP-1\tcreated\t{made.pk}"
    assert lines[1] == "line 2\tP-2\trefused\t"
    assert "titel: Unknown field." in "\n".join(lines[2:])
    assert [line for line in lines if line.startswith("line 3")] == ["line 3\tP-3\trefused\t"]
    assert not Program.objects.filter(identifier__in=["P-2", "P-3"]).exists()

    file.write_text(json.dumps([good]))
    assert main(["push", str(file)]) == 0
    assert capsys.readouterr().out == f"row 1\tP-1\tunchanged\t{made.pk}\n"
    made.delete()


def test_what_was_done_before_the_line_broke_is_not_done_again(site: Site, key: str) -> None:
    with Proxy(site.port, cuts=[300]) as proxy, Portal(proxy.url, key, patience=HASTE) as portal:
        results = list(portal.upsert(pushed(site, "P-4", "P-5")))

    assert [result.outcome for result in results] == ["created", "created"]  # the first answer again
    assert len(proxy.requests) == 2
    assert [program.version for program in Program.objects.filter(identifier__in=["P-4", "P-5"])] == [1, 1]
    Program.objects.filter(identifier__in=["P-4", "P-5"]).delete()


def test_a_key_that_only_reads_pushes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CARSI_URL", site.url)
    monkeypatch.setenv("CARSI_KEY", site.key)
    file = tmp_path / "programs.json"
    file.write_text(json.dumps(pushed(site, "P-6")))

    assert main(["push", str(file)]) == 3
    assert not Program.objects.filter(identifier="P-6").exists()
