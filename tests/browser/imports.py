"""Imports as the pages of imports show them, one in each state."""

from math import inf

from django.urls import reverse

from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import
from programs.models import Program
from tests.programs.exchange.importing import apply, checked, undo, upload_file

HEADINGS = ["Identifier", "Title", "Visible to", "Planned start", "Country", "Sector", "Funder", "Amount committed"]
WRONG = [
    ["IMP-1", "Policía comunitaria", "", "2024-13-45", "Hondorus", "15132", "Banco Interamericano", "1.5 millones"],
    ["IMP-2", "", "", "2024", "Honduras 70 %; Guatemala 20 %", "99999", "Nobody Knows This Fund", "-"],
    ["IMP-3", "Community policing in Tela", "", "2024-03-01", "Honduras", "15132", "", "1,250,000.50"],
]  # fmt: skip
NEW = [["IMP-4", "Brought in by an import", "restricted", "2024-03-01", "Honduras", "15132", "", ""]]

IATI = """<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03"><iati-activity default-currency="USD">
    <iati-identifier>IMP-5</iati-identifier><reporting-org ref="{ref}" type="40"/>
    <title><narrative xml:lang="es">Juzgados de familia</narrative></title><activity-status code="2"/>
    <recipient-country code="HN" percentage="60"/><sector code="15130" vocabulary="1"/></iati-activity><iati-activity>
    <iati-identifier>IMP-6</iati-identifier><reporting-org ref="{ref}" type="40"/>
    <title><narrative>Roads</narrative></title><recipient-country code="KE"/></iati-activity></iati-activities>"""


def imports_in_every_state() -> dict[str, str]:
    """Name of an address -> address, of imports for the Inter-American Development Bank."""
    editor = User.objects.get(email="editor.idb@example.org")
    bank = Organization.objects.get(memberships__user=editor)
    twin = Program.objects.filter(reporting_org=bank).earliest("pk")

    def begun(rows: list[list[str]]) -> Import:
        return upload_file(bank, editor, rows, kind="xlsx", headings=HEADINGS)

    def addresses(**jobs: Import) -> dict[str, str]:
        return {f"import_{name}": job.get_absolute_url() for name, job in jobs.items()}

    columns = begun(WRONG)
    busy = begun(NEW)
    services.choose_columns(busy, busy.columns, date_order="", actor=editor)
    wrong = checked(bank, editor, WRONG, kind="xlsx", headings=HEADINGS)
    changed = [twin.identifier, twin.title + ", second phase", "", "", "", "", "", ""]
    changes = checked(bank, editor, [changed, *NEW], kind="xlsx", headings=HEADINGS)
    asking = checked(bank, editor, [["", twin.title, "", "", "", "", "", ""]], kind="xlsx", headings=HEADINGS)
    undone = undo(apply(checked(bank, editor, NEW, headings=HEADINGS), editor), editor)
    applied = apply(checked(bank, editor, NEW, headings=HEADINGS), editor)
    iati = services.start_import(
        bank, file_name="iati.xml", content=IATI.format(ref=bank.ref).encode(), language="en", actor=editor
    )
    services.work_on(iati.pk, seconds=inf)
    unreadable = begun(NEW)
    stopped = begun(NEW)
    services.choose_columns(stopped, stopped.columns, date_order="", actor=editor)
    services.cancel_import(stopped, actor=editor)
    Import.objects.filter(pk=unreadable.pk).update(state="unreadable", problem={"code": "file_broken", "params": {}})
    return {
        "import_columns": reverse("exchange:columns", args=[columns.pk]),
        **addresses(busy=busy, wrong=wrong, changes=changes, asking=asking, undone=undone, applied=applied,
                    iati=iati, unreadable=unreadable, stopped=stopped),
    }  # fmt: skip
