"""Pulls from the real portal, over lines that break."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from carsi import NoAnswer, Portal, Refusal, WrongUse
from carsi.commands import main
from carsi.mirroring import Mirror
from django.utils import timezone

from programs.models import Program
from tests import factories
from tests.client.conftest import HASTE, PROGRAMS, Site
from tests.client.proxy import Proxy
from tests.conftest import ROOT


@pytest.fixture
def _settings(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARSI_URL", site.url)
    monkeypatch.setenv("CARSI_KEY", site.key)


pytestmark = pytest.mark.usefixtures("_settings")


def rows_in(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_module_gives_what_the_filters_leave(site: Site) -> None:
    with Portal(site.url, site.key) as portal:
        honduran = [program["id"] for program in portal.programs(country="HN", goal=1, page_size=5)]
        one = portal.get("programs", honduran[0])

    assert honduran == site.programs[:PROGRAMS]
    assert (one["id"], one["transactions"][0]["value"]) == (honduran[0], "1000000.00")


def test_a_filter_that_there_is_not_is_refused_by_its_name(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with Portal(site.url, site.key) as portal, pytest.raises(Refusal) as refused:
        list(portal.programs(contry="HN"))
    code = main(["pull", "programs", "--contry", "HN"])

    assert refused.value.parameters == {"contry"}
    assert (code, refused.value.code) == (3, "invalid")
    assert "contry: Unknown filter." in capsys.readouterr().err


def test_a_key_that_is_none_is_said_so(site: Site, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("CARSI_KEY", "carsi_nobodys")

    assert main(["pull", "programs"]) == 3
    assert "key" in capsys.readouterr().err


def test_the_lists_and_their_filters_are_those_of_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds"]) == 0

    shown = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert {"programs", "overlaps", "organizations", "areas"} <= set(shown)
    assert {"country", "goal", "ordering"} <= set(shown["programs"])


def test_a_line_that_breaks_within_pages_loses_nothing_and_repeats_nothing(site: Site) -> None:
    with Proxy(site.port, cuts=(700, 2500, 2600, 6000)) as proxy, Portal(proxy.url, site.key, patience=HASTE) as portal:
        pulled = [program["id"] for program in portal.programs(page_size=4)]

    assert pulled == site.programs
    assert len(proxy.requests) == 6 + 4


@pytest.mark.process
def test_a_pull_that_was_killed_goes_on_where_it_was(site: Site, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "programs.ndjson"
    asked = ["pull", "programs", "--page-size", "4", "-o", str(file)]
    with Proxy(site.port, hold=7000) as proxy:
        environment = {**os.environ, "CARSI_URL": proxy.url, "PYTHONPATH": str(ROOT / "client")}
        killed = subprocess.Popen([sys.executable, "-m", "carsi", *asked], env=environment)
        assert proxy.held.wait(30)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before = rows_in(file.with_name("programs.ndjson.part"))
        port = proxy.url.rsplit(":", 1)[1]
    assert not file.exists()
    assert 0 < len(before) < len(site.programs)

    # The line is mended: the same address leads to the portal again.
    with Proxy(site.port, listen=int(port)) as mended:
        assert main([*asked, "--url", mended.url]) == 0

    assert [row["id"] for row in rows_in(file)] == site.programs
    assert len(mended.requests) == 6 - len(before) // 4
    assert f"goes on after {len(before)} rows" in capsys.readouterr().err
    assert [left.name for left in tmp_path.iterdir()] == [file.name]


def test_a_table_holds_the_same_rows(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "programs.csv"

    assert main(["pull", "programs", "--page-size=10", "--format", "csv", "--output", str(file)]) == 0

    lines = file.read_bytes().decode().split("\r\n")
    assert lines[0].startswith("id,identifier,")
    assert [int(line.split(",")[0]) for line in lines[1:-1]] == site.programs


def test_what_is_pulled_to_standard_output_can_be_read_line_by_line(site: Site, capfdbinary: Any) -> None:
    assert main(["pull", "programs", "--country", "GT", "-o", "-"]) == 0

    assert [json.loads(line)["id"] for line in capfdbinary.readouterr().out.splitlines()] == site.programs[-1:]


def test_what_changed_since_a_day_is_pulled_alone(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    Program.objects.filter(pk=site.programs[0]).update(updated_at="2020-01-01T00:00:00Z")

    assert main(["pull", "programs", "--since", "2020-01-02", "-q"]) == 0

    pulled = [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()]
    Program.objects.filter(pk=site.programs[0]).update(updated_at=timezone.now())
    assert pulled == site.programs[1:]


def test_whoami_says_whose_the_key_is(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whoami"]) == 0

    assert json.loads(capsys.readouterr().out)["email"] == site.editor.email


def test_a_mirror_is_exact_after_each_run(site: Site, tmp_path: Path) -> None:
    gone, changed = (factories.program(site.organization, title="Before").pk for _number in range(2))
    with Portal(site.url, site.key, patience=HASTE) as portal:
        mirror = Mirror(portal, "programs", tmp_path, {"page_size": 10})
        first = mirror.update()
        Program.objects.filter(pk=gone).delete()
        Program.objects.filter(pk=changed).update(title="After")
        second = mirror.update()
        listed = list(portal.programs())
        again = mirror.update()
    Program.objects.filter(pk=changed).delete()

    assert (first.added, first.rows) == (len(site.programs) + 2, len(site.programs) + 2)
    assert (second.added, second.changed, second.removed) == (0, 1, 1)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert rows_in(mirror.file) == [dict(sorted(row.items())) for row in listed]


def test_a_mirror_that_was_stopped_keeps_its_file_and_is_mended_by_the_next_run(site: Site, tmp_path: Path) -> None:
    once = replace(HASTE, tries=1)
    with Proxy(site.port, cuts=[7000]) as proxy, Portal(proxy.url, site.key, patience=once) as portal:
        mirror = Mirror(portal, "programs", tmp_path, {"page_size": 4})
        with pytest.raises(NoAnswer):
            mirror.update()
        assert not mirror.file.exists()
        changes = mirror.update()

    assert 0 < changes.added < changes.rows == len(site.programs)
    assert [row["id"] for row in rows_in(mirror.file)] == site.programs


def test_a_folder_is_the_copy_of_one_list(site: Site, tmp_path: Path) -> None:
    with Portal(site.url, site.key) as portal:
        Mirror(portal, "goals", tmp_path, {}).update()
        (tmp_path / "sectors.sqlite3").write_text("no database, but as long as one " * 9)

        with pytest.raises(WrongUse, match="another folder"):
            Mirror(portal, "goals", tmp_path, {"page_size": 2}).update()
        with pytest.raises(WrongUse, match="remove it"):
            Mirror(portal, "sectors", tmp_path, {}).update()
        with pytest.raises(WrongUse, match="carsi pull"):
            Mirror(portal, "matrix", tmp_path, {}).update()
        with pytest.raises(WrongUse, match="--ordering"):
            Mirror(portal, "programs", tmp_path, {"ordering": "-updated_at"})

    assert [row["number"] for row in rows_in(tmp_path / "goals.ndjson")] == [1, 2, 3, 4, 5]


def test_overlaps_are_read_in_an_order_that_stays_while_scans_change_their_scores(site: Site) -> None:
    with Portal(site.url, site.key) as portal:
        assert "ordering=id" in portal.first_page("overlaps", {})
        assert "ordering=-score" in portal.first_page("overlaps", {"ordering": "-score"})
        assert list(portal.overlaps()) == []
