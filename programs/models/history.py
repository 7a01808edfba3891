"""Every change to a program is kept: by triggers in the database, so that no way of writing goes around them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db.models import Model

M = TypeVar("M", bound=Model)


def keeps_history(exclude: Sequence[str] = ()) -> Callable[[type[M]], type[M]]:
    """A class decorator: rows as they were after each insert and update, and before each delete.

    `exclude` names what the machine derives and nobody needs to see the history of.

    Rows that are added or deleted are kept by one trigger a statement: a trigger a row writes the context of the
    change once more for each, which takes most of the time of an import. Updates stay with a trigger a row, whose
    condition costs nothing where only what is not kept changes.
    """
    return pghistory.track(
        pghistory.InsertEvent(level=pgtrigger.Statement),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(level=pgtrigger.Statement),
        exclude=list(exclude),
        append_only=True,
    )
