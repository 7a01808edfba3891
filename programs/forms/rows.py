"""The rows of the program form that repeat: one form a row, and the list that they make.

A list is found by its fields' names (`countries-0-place`), not by a count: rows may be added and taken out in any
order, with or without JavaScript, and a form that was kept somewhere is still whole.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.lookups import FormLookups

Raw = Mapping[str, str]
MOST_ROWS = 400


def combobox(kind: str, **attributes: str) -> forms.TextInput:
    """A text field that JavaScript lets choose from the server's list of that kind; without it, plain text."""
    return forms.TextInput(attrs={"autocomplete": "off", "data-combobox": kind, **attributes})


class RowForm(forms.Form):
    """One row. `content` are the fields that make it a row at all: with all of them empty it is a spare one."""

    content: ClassVar[tuple[str, ...]] = ()
    said_twice: ClassVar[Any] = _("Already in the list.")
    # The row as the services take it; only after it was found valid. Each list has its own.
    row_data: Callable[..., Any]

    def __init__(self, *args: Any, lookups: FormLookups, **kwargs: Any) -> None:
        self.lookups = lookups
        super().__init__(*args, **kwargs)

    def identity(self) -> Any:
        """What may stand in the list only once; None where anything may stand twice."""
        return None

    @property
    def number(self) -> str:
        """Its number in the names of its fields."""
        return str(self.prefix).rsplit("-", 1)[1]


class Rows:
    """All rows of one list. `checked` rows say what is wrong with them; unchecked ones only show what was typed."""

    def __init__(
        self,
        name: str,
        form_class: type[RowForm],
        raw: Raw,
        *,
        checked: bool,
        lookups: FormLookups,
        spare: int = 1,
    ) -> None:
        self.name, self.form_class, self.lookups = name, form_class, lookups
        self.errors: list[str] = []
        numbers = row_numbers(raw, name)[:MOST_ROWS]
        self.forms = [self._form(raw, number, checked) for number in numbers]
        blanks = sum(1 for form in self.forms if not form.is_bound and self._is_blank(raw, form.number))
        following = max(numbers, default=-1) + 1
        for number in range(following, following + max(0, spare - blanks)):
            self.forms.append(self._form({}, number, False))
        if checked:
            self._refuse_doubles()

    def _is_blank(self, raw: Raw, number: str | int) -> bool:
        return not any(raw.get(f"{self.name}-{number}-{field}", "").strip() for field in self.form_class.content)

    def _form(self, raw: Raw, number: int, checked: bool) -> RowForm:
        prefix = f"{self.name}-{number}"
        if checked and not self._is_blank(raw, number):
            return self.form_class(raw, prefix=prefix, lookups=self.lookups)
        fields = self.form_class.base_fields
        typed = {field: raw[f"{prefix}-{field}"] for field in fields if f"{prefix}-{field}" in raw}
        return self.form_class(initial=typed, prefix=prefix, lookups=self.lookups)

    def _refuse_doubles(self) -> None:
        seen: set[Any] = set()
        for form in self.forms:
            if not form.is_bound or not form.is_valid():
                continue
            identity = form.identity()
            if identity is not None and identity in seen:
                form.add_error(form.content[0], form.said_twice)
            seen.add(identity)

    @property
    def blank(self) -> RowForm:
        """The row that JavaScript copies; its number is __row__."""
        return self.form_class(prefix=f"{self.name}-__row__", lookups=self.lookups)

    @property
    def is_valid(self) -> bool:
        return not self.errors and all(form.is_valid() for form in self.forms if form.is_bound)

    @property
    def data(self) -> tuple[Any, ...]:
        """The rows that could be read, as the services take them."""
        return tuple(form.row_data() for form in self.forms if form.is_bound and form.is_valid())

    def add_error(self, sentence: str) -> None:
        """Something that is wrong with the list as a whole."""
        self.errors.append(sentence)


def row_numbers(raw: Raw, name: str) -> list[int]:
    """The numbers of the rows of a list, in order."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,6}})-")
    return sorted({int(match.group(1)) for key in raw if (match := pattern.match(key))})
