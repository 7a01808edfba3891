"""Cursor pages: lists of the API by keyset."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, cast

from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from core.api.filters import MOST_ROWS_A_PAGE, check_page_size


@dataclass(frozen=True)
class Cursor:
    """A place in a list between two rows: beside the row with these values, after it or (backwards) before it."""

    ordering: tuple[str, ...]
    values: tuple[Any, ...]
    backwards: bool

    @classmethod
    def beside(cls, row: Any, ordering: tuple[str, ...], *, backwards: bool) -> Self:
        """Beside an object of the model, or beside a row whose columns have the model's names."""
        values = (_value(row, name.removeprefix("-")) for name in ordering)
        return cls(ordering, tuple(values), backwards)

    @classmethod
    def decode(cls, text: str, model: type[Model], ordering: tuple[str, ...]) -> Self:
        """What `encode` wrote; ValueError for anything else, and for a cursor of another ordering."""
        stated, backwards, *texts = json.loads(urlsafe_b64decode(text.encode("ascii")))
        if stated != ",".join(ordering) or len(texts) != len(ordering):
            raise ValueError("a cursor of another ordering")
        if not all(isinstance(value, str) and "\0" not in value for value in texts):
            raise ValueError("not a value of the database")
        fields = (_field(model, name.removeprefix("-")) for name in ordering)
        values = tuple(field.to_python(value) for field, value in zip(fields, texts, strict=True))
        return cls(ordering, values, bool(backwards))

    def encode(self, model: type[Model]) -> str:
        """The cursor as text."""
        columns = [name.removeprefix("-") for name in self.ordering]
        row = model(**dict(zip(columns, self.values, strict=True)))
        texts = [_field(model, name).value_to_string(row) for name in columns]
        return urlsafe_b64encode(json.dumps([",".join(self.ordering), self.backwards, *texts]).encode()).decode()

    @property
    def condition(self) -> Q:
        """Rows on the cursor's side of its row: the first column beyond it, or equal and the second one beyond it."""
        equal, beyond = Q(), Q()
        for name, value in zip(self.ordering, self.values, strict=True):
            column = name.removeprefix("-")
            smaller = name.startswith("-") != self.backwards
            beyond |= equal & Q(**{f"{column}__{'lt' if smaller else 'gt'}": value})
            equal &= Q(**{column: value})
        return beyond


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _value(row: Any, name: str) -> Any:
    return getattr(row, name) if isinstance(row, Model) else row[name]


class CursorPages(CursorPagination):
    """Pages by keyset: the last page costs no more than the first, and what is added or goes in the meantime shifts
    nothing. `page_size` up to 200, 50 by default.

    A view names its own `ordering` with the id at the end, and may allow others in `orderings`. The framework's own
    cursor holds the first column alone, and repeats rows where many have the same value.
    """

    page_size_query_param = "page_size"
    max_page_size = MOST_ROWS_A_PAGE
    ordering = "id"

    def paginate_queryset(
        self,
        queryset: QuerySet[Any],
        request: Request,
        view: Any = None,
        read: Callable[[QuerySet[Any]], list[Any]] = list,
    ) -> list[Any]:
        """The rows of the page that the request asks for, as `read` reads them."""
        ordering = self.get_ordering(request, queryset, view)
        size = self.get_page_size(request)
        cursor = self._cursor(request, queryset.model, ordering)
        backwards = cursor is not None and cursor.backwards
        rows = queryset.order_by(*ordering)
        if backwards:
            rows = rows.reverse()
        if cursor is not None:
            rows = rows.filter(cursor.condition)
        found = read(rows[: size + 1])
        is_more, page = len(found) > size, found[:size]
        if backwards:
            page.reverse()
        self._address = request.build_absolute_uri()
        self._next = self._previous = None
        if page and (is_more or backwards):
            self._next = Cursor.beside(page[-1], ordering, backwards=False).encode(queryset.model)
        if page and (is_more if backwards else cursor is not None):
            self._previous = Cursor.beside(page[0], ordering, backwards=True).encode(queryset.model)
        return page

    def get_next_link(self) -> str | None:
        return self._next and replace_query_param(self._address, self.cursor_query_param, self._next)

    def get_previous_link(self) -> str | None:
        return self._previous and replace_query_param(self._address, self.cursor_query_param, self._previous)

    def _cursor(self, request: Request, model: type[Model], ordering: tuple[str, ...]) -> Cursor | None:
        """The cursor of the request; ValidationError where it is none, or not one of this ordering."""
        text = request.query_params.get(self.cursor_query_param)
        try:
            return None if text is None else Cursor.decode(text, model, ordering)
        except (ValueError, TypeError, InvalidValue) as error:
            raise ValidationError(
                {
                    self.cursor_query_param: _(
                        "This cursor does not belong to this list and order. Start again without a cursor."
                    )
                }
            ) from error

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """The ordering asked for, if the view's `orderings` (name -> columns) has it; else the view's `ordering`."""
        orderings: dict[str, tuple[str, ...]] = getattr(view, "orderings", {})
        asked = request.query_params.get("ordering")
        if asked is not None and asked not in orderings:
            raise ValidationError(
                {
                    "ordering": _("Unknown order. Known orders: %(known)s.")
                    % {"known": ", ".join(sorted(orderings)) or "—"}
                }
            )
        if asked is not None:
            return orderings[asked]
        chosen = getattr(view, "ordering", self.ordering)
        return (chosen,) if isinstance(chosen, str) else tuple(chosen)

    def get_page_size(self, request: Request) -> int:
        """The size asked for; ValidationError where it is no number from 1 to 200."""
        check_page_size(request)
        return int(request.query_params.get(self.page_size_query_param) or self.page_size or 1)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the schema: the framework says “nullable”, which OpenAPI 3.1 does not know."""
        address = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": address, "previous": address, "results": schema}
        return {"type": "object", "required": [*properties], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the schema: the framework's own parameters, bounded, and the orderings that the view has."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        if orderings := sorted(getattr(view, "orderings", {})):
            schema = {"type": "string", "enum": orderings}
            parameters.append({"name": "ordering", "required": False, "in": "query", "schema": schema})
        return parameters
