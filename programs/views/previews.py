"""Pages that show what a form would say, and change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Takes back all that is written inside.

    Reading a form adds the known bodies that it names (decision 15): they stay with a form that is saved. The page is
    rendered inside, too, since it may be the first to ask for them.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
