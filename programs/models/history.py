"""Every change to a program is kept: by triggers in the database, so that no way of writing goes around them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db.models import Model

M = TypeVar("M", bound=Model)


def keeps_history(exclude: Sequence[str] = ()) -> Callable[[type[M]], type[M]]:
    """A class decorator: rows as they were after each insert and update, and before each delete.

    `exclude` names what the machine derives and nobody needs to see the history of.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
        append_only=True,
    )
