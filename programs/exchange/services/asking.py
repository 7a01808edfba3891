"""Asking the coordinators who the organizations are that a file names and the register does not know."""

from collections.abc import Iterable

import structlog
from xlsxwriter.utility import xl_col_to_name

from core.errors import NotAllowed, Refused
from donors.services import ask_for_organization
from programs.exchange.models import Import
from programs.exchange.services.evaluate import Evaluated

log = structlog.get_logger(__name__)


def ask_for_organizations(job: Import, items: Iterable[Evaluated]) -> None:
    """Asks for each name once, in the name of who applies the import; asked before, it stays one request.

    A name that cannot be asked for (it is in the list by now, or its organization may not ask) is passed over: the
    rows of the import say that it is unknown.
    """
    if job.applied_by is None:
        return
    places: dict[str, str] = {}
    for item in items:
        for one in item.read.awaited:
            places.setdefault(one.name, f"{job.file_name}, {xl_col_to_name(one.cell)}{item.row.number}")
    for name, place in places.items():
        try:
            ask_for_organization(name, actor=job.applied_by, asked_for=job.organization, place=place)
        except (NotAllowed, Refused):
            log.info("import.organization_not_asked_for", import_id=job.pk)
