"""Every change to imports (uploaded, checked, decided on, applied, undone) and the nightly files."""

from programs.exchange.services.choices import NEW, choose, choose_all
from programs.exchange.services.dumps import content_of, make_dumps
from programs.exchange.services.moves import (
    apply_import,
    cancel_import,
    check_again,
    delete_import,
    open_moves,
    undo_import,
    warnings_of,
)
from programs.exchange.services.upload import choose_columns, choose_headings, look_at, start_import, take_upload
from programs.exchange.services.work import imports_to_queue, work_on

__all__ = [
    "NEW",
    "apply_import",
    "cancel_import",
    "check_again",
    "choose",
    "choose_all",
    "choose_columns",
    "choose_headings",
    "content_of",
    "delete_import",
    "imports_to_queue",
    "look_at",
    "make_dumps",
    "open_moves",
    "start_import",
    "take_upload",
    "undo_import",
    "warnings_of",
    "work_on",
]
