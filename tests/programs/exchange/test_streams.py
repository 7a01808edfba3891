"""Files that are sent while they are made: one bad record keeps no other out, and none ends silently."""

import csv
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from lxml import etree
from openpyxl import load_workbook

from core.streams import Writing, streamed
from donors.models import Organization
from programs.exchange import geojson, hxl
from programs.exchange.downloads import API_FORMATS
from programs.exchange.iati import export as iati
from programs.exchange.models import IatiRecord
from programs.exchange.spreadsheet import export
from programs.models import Program
from programs.services import ManySaver, Wanted
from tests import factories
from tests.conftest import ROOT, environment, wait_until
from tests.programs.exchange.importing import checked, outcomes

# What each format makes of one program; broken here for one, as a fault in it would.
WRITES: dict[str, tuple[Any, str]] = {
    "csv": (export, "_row"),
    "xlsx": (export, "_row"),
    "hxl": (hxl, "_rows"),
    "geojson": (geojson, "_points"),
    "iati": (iati, "merged"),
    "iati-organisations": (iati, "_organisation"),
    "geojson-areas": (geojson, "_feature"),
}


# What the files call the records of the tests below, where it is not the programs' identifiers.
IDENTIFIERS = {
    "iati-organisations": ("XX-OWN", "XX-TWO", "XX-WWW"),
    "geojson-areas": ("HN-AT", "HN-CH", "HN-CL"),
}


def cells(workbook: bytes) -> str:
    return str(list(load_workbook(BytesIO(workbook)).active.values))


def made(name: str) -> bytes:
    file = API_FORMATS[name].make(Program.objects.order_by("pk"), "en")
    return file.read() if hasattr(file, "read") else b"".join(file)


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization("Own", ref="XX-OWN", kind="10")


@pytest.fixture
def break_one(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the writing of the second record of a format fail."""

    def break_it(name: str) -> None:
        module, function = WRITES[name]
        whole, calls = getattr(module, function), []

        def broken(*args: Any, **options: Any) -> Any:
            calls.append(args)
            if len(calls) == 2:
                raise KeyError("nobody thought of this")
            return whole(*args, **options)

        monkeypatch.setattr(module, function, broken)

    return break_it


class TestARecordThatCannotBeWritten:
    @pytest.fixture
    def programs(self, organization: Organization) -> list[Program]:
        other = factories.organization("Other", ref="XX-TWO")
        third = factories.organization("Third", ref="XX-WWW")
        return [
            factories.program(reporter, identifier=f"P-{area}", locations=(factories.LocationData(area),))
            for reporter, area in ((organization, "HN-AT"), (other, "HN-CH"), (third, "HN-CL"))
        ]

    @pytest.mark.parametrize("name", list(WRITES))
    def test_keeps_no_other_out_and_is_named_in_the_file_and_in_the_log(
        self, programs: list[Program], name: str, break_one: Callable[[str], None], caplog: pytest.LogCaptureFixture
    ) -> None:
        break_one(name)

        content = made(name)

        text = content.decode("utf-8-sig") if name != "xlsx" else cells(content)
        first, second, third = IDENTIFIERS.get(name, ("P-HN-AT", "P-HN-CH", "P-HN-CL"))
        assert first in text
        assert third in text
        if name.startswith("iati"):
            named = [str(one.text) for one in etree.fromstring(content).iter(etree.Comment)]
            assert named == [f" Left out, 1: they could not be written: {second} "]
        elif name.startswith("geojson"):
            read = json.loads(content)
            assert len(read["features"]) == 2
            assert [one["identifier"] for one in read["left_out"]] == [second]
        else:
            (row,) = [line for line in text.splitlines() if "Left out" in line] if name != "xlsx" else [text]
            assert second in row
            assert str(programs[1].pk) in row
        (entry,) = [record.msg for record in caplog.records if record.msg["event"] == "export.left_out"]  # type: ignore[index]
        key = {"iati-organisations": "organization_id", "geojson-areas": "area_id"}.get(name, "program_id")
        wanted = {"program_id": programs[1].pk, "organization_id": programs[1].reporting_org_id, "area_id": "HN-CH"}
        assert entry[key] == wanted[key]
        assert "nobody thought of this" in entry["exception"]

    def test_in_a_table_it_stays_as_it_is_when_the_table_is_imported(
        self, organization: Organization, break_one: Callable[[str], None]
    ) -> None:
        for number in range(3):
            factories.program(organization, identifier=f"P-{number}")
        break_one("csv")
        headings, *rows = csv.reader(StringIO(made("csv").decode("utf-8-sig")))

        job = checked(organization, factories.user(organization, "editor"), rows, headings=headings)

        assert outcomes(job) == ["unchanged"] * 3

    def test_because_its_published_activity_is_damaged(self, programs: list[Program]) -> None:
        IatiRecord.objects.create(
            program=programs[0], identifier="A---B", checksum="0" * 64, xml="", file_name="", line=1
        )
        Program.objects.filter(pk=programs[0].pk).update(identifier="A---B-")

        root = etree.fromstring(made("iati"))

        assert len(root.findall("iati-activity")) == 2
        assert [str(one.text) for one in root.iter(etree.Comment)] == [
            " Left out, 1: they could not be written: A- - -B- "
        ]

    def test_a_comment_of_identifiers_with_hyphens_is_well_formed(self, organization: Organization) -> None:
        factories.program(organization, identifier="A---B--", planned_start=None, planned_end=None)

        assert "A- - -B- -" in next(str(one.text) for one in etree.fromstring(made("iati")).iter(etree.Comment))


class TestWriting:
    def test_a_failure_of_the_database_is_no_records(self) -> None:
        def fail() -> None:
            raise OperationalError("gone")

        with pytest.raises(OperationalError), Writing("csv") as writing:
            writing.attempt(1, "P-1", fail)
        assert writing.left_out == []

    def test_a_reader_who_goes_is_no_failure(self, caplog: pytest.LogCaptureFixture) -> None:
        def pieces() -> Iterator[bytes]:
            with Writing("csv"):
                yield b"first"
                yield b"second"

        reading = pieces()
        next(reading)
        reading.close()  # type: ignore[attr-defined]

        assert caplog.records == []

    def test_for_a_client_that_knows_no_chunks_the_file_is_whole_before_it_is_sent(self) -> None:
        request = RequestFactory().get("/", SERVER_PROTOCOL="HTTP/1.0")

        answer = streamed(request, iter([b"one", b"two"]), "text/csv")

        assert (answer["Content-Length"], answer["Content-Type"]) == ("6", "text/csv")
        assert b"".join(answer.streaming_content) == b"onetwo"  # type: ignore[arg-type]

        def broken() -> Iterator[bytes]:
            yield b"one"
            raise OperationalError("gone")

        with pytest.raises(OperationalError):
            streamed(request, broken(), "text/csv")


class _OnSocket(http.client.HTTPConnection):
    """HTTP over a UNIX socket, whose buffers are small: the server waits until its client reads on."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self.path))


@pytest.mark.process
class TestOnARealServer:
    PROGRAMS = 2_500
    ADDRESSES = {
        "csv": "/imports/programs.csv",
        "hxl": "/imports/programs.3w.hxl.csv",
        "geojson": "/imports/programs.geojson",
        "iati": "/imports/programs.iati.xml",
        "ndjson": "/api/v1/programs/?format=ndjson",
    }

    @pytest.fixture
    def server(self, committed_db: None, tmp_path: Path) -> Iterator[Path]:
        """The socket of a web server as the portal runs it; what it logs is in the file `log` beside it."""
        place = tmp_path / "web"
        with (tmp_path / "log").open("wb") as log:
            command = ["gunicorn", "carsi_portal.wsgi", "--bind", f"unix:{place}", "--workers", "1", "--threads", "2"]
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT, env={**environment(), "SECRET_KEY": settings.SECRET_KEY}, start_new_session=True,
                stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(place.exists)
        yield place
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)

    def test_a_failure_after_the_first_byte_breaks_the_answer_off_and_is_logged(self, server: Path) -> None:
        organization = factories.organization("Own", ref="XX-OWN")
        reader = factories.user(organization, "editor")
        data = [factories.program_data(organization, title="Policía comunitaria " * 12) for _ in range(self.PROGRAMS)]
        ManySaver(actor=None, ask_for_scan=False).save_many([Wanted(one) for one in data])
        client = Client()
        client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

        for name, address in self.ADDRESSES.items():
            asking = _OnSocket(server)
            asking.request("GET", address, headers={"Cookie": cookie})
            answer = asking.getresponse()
            assert answer.status == 200, (name, answer.getheader("Location"))
            answer.read(1_000)
            with connection.cursor() as cursor:  # the database goes away while the file is sent
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            with pytest.raises(http.client.IncompleteRead):
                answer.read()
            asking.close()

        lines = (server.parent / "log").read_text().splitlines()
        broken = [json.loads(line) for line in lines if '"export.broken"' in line]
        assert [one["form"] for one in broken] == ["table", "hxl", "geojson", "iati", "ndjson"]
        assert all(one["program_id"] for one in broken)
