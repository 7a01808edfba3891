"""How many bytes a view takes at most. Said beside the view, and held by carsi_portal/bodies.py before one is read."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])

MIB = 1024 * 1024
# A form of a few fields; a form of hundreds of rows, such as a program's; a form with a file (of 60 MiB at most).
SHORT_FORM, LONG_FORM, WITH_A_FILE = MIB, 5 * MIB, 65 * MIB


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """A decorator for a view whose form may be longer than SHORT_FORM."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark
