"""Lists as JSON whose nested lists PostgreSQL builds: what the serializer says, in a fraction of its time.

The serializer stays the one place that says which fields there are: the query is made from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cached_property, partial
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers

# Beside the model's own names.
PREFIX = "json_"


class Row:
    """A row that was read: its values, and by the names of columns their places, which all rows share."""

    __slots__ = ("places", "values")

    def __init__(self, values: tuple[Any, ...], places: Mapping[str, int]) -> None:
        self.values, self.places = values, places

    def __getitem__(self, column: str) -> Any:
        return self.values[self.places[column]]


class JsonRows:
    """Rows of a ModelSerializer without the serializer's work for each.

    Of the serializer's `fields` nested lists of columns (ModelSerializer, many=True) become one JSON aggregate each;
    `computed` names the expression of what the model has as a property alone, `ordered_by` the columns that a cursor
    may stand beside.
    """

    def __init__(
        self,
        serializer_class: type[serializers.ModelSerializer],
        *,
        fields: Iterable[str],
        computed: Mapping[str, Any],
        ordered_by: Iterable[str] = ("id",),
    ) -> None:
        self.serializer_class = serializer_class
        self.fields = tuple(fields)
        self.computed = computed
        self.ordered_by = tuple(ordered_by)

    def read(self, queryset: QuerySet[Any]) -> list[Row]:
        """The queryset's rows in its order (by the model's own fields), as `shown` takes them; one query.

        Which rows they are is compiled again each time; what is read of them, which takes longer, only once."""
        keys = queryset.select_related(None).prefetch_related(None).values("pk")
        try:
            which, parameters = keys.query.sql_with_params()
        except EmptyResultSet:
            return []
        meta = self._model._meta
        backwards = not keys.query.standard_ordering
        order = ", ".join(_in_order(self._model, str(name), backwards) for name in keys.query.order_by)
        with connection.cursor() as cursor:
            cursor.execute(
                f'{self._selection} WHERE "{meta.db_table}"."{meta.pk.column}" IN ({which}) ORDER BY {order}',
                parameters,
            )
            places = {column.name: place for place, column in enumerate(cursor.description)}
            return [Row(values, places) for values in cursor.fetchall()]

    def shown(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Rows as orjson writes them."""
        if not rows:
            return []
        fields = [(name, rows[0].places[alias], write) for name, alias, write in self._fields]
        return [
            {
                name: value if write is None or value is None else write(value)
                for name, place, write in fields
                for value in (row.values[place],)
            }
            for row in rows
        ]

    def page(self, rows: Sequence[Row], **around: Any) -> HttpResponse:
        """The answer {**around, "results": rows}."""
        body = orjson.dumps({**around, "results": self.shown(rows)}, option=orjson.OPT_UTC_Z)
        return HttpResponse(body, content_type="application/json")

    def lines(self, rows: Sequence[Row]) -> Iterable[bytes]:
        """Each row as a line of newline-delimited JSON."""
        return (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z) for row in self.shown(rows))

    @cached_property
    def _chosen(self) -> list[tuple[str, Any]]:
        found = self.serializer_class().fields
        return [(name, found[name]) for name in self.fields]

    @cached_property
    def _fields(self) -> list[tuple[str, str, Any]]:
        """Field, its column in the rows, and what writes its value (None: as it is)."""
        fields = []
        for name, field in self._chosen:
            write: Any = None
            if isinstance(field, serializers.ListSerializer):
                write = orjson.Fragment
            elif isinstance(field, serializers.DateTimeField):
                # As the framework writes it: in the portal's time.
                write = partial(_instant, timezone.get_default_timezone())
            elif isinstance(field, serializers.DecimalField):
                write = str
            fields.append((name, PREFIX + name if self._is_made(name, field) else _path(field), write))
        return fields

    @cached_property
    def _model(self) -> type[Model]:
        return self.serializer_class.Meta.model  # type: ignore[attr-defined]

    @cached_property
    def _selection(self) -> str:
        """SELECT … FROM …, of all rows."""
        names = dict.fromkeys((*self.ordered_by, *self._columns))
        sql, parameters = (
            self._model._default_manager.order_by().values(*names, **self._expressions).query.sql_with_params()
        )
        assert not parameters, "the selection is a text of its own"
        return sql

    @cached_property
    def _columns(self) -> list[str]:
        """What is a column of the model, or of one that it refers to."""
        return [_path(field) for name, field in self._chosen if not self._is_made(name, field)]

    @cached_property
    def _expressions(self) -> dict[str, Any]:
        """What the query has to make."""
        return {
            PREFIX + name: self.computed[name] if name in self.computed else _aggregate(self._model, field)
            for name, field in self._chosen
            if self._is_made(name, field)
        }

    def _is_made(self, name: str, field: serializers.Field) -> bool:
        return name in self.computed or isinstance(field, serializers.ListSerializer)


def _aggregate(model: type[Model], field: serializers.ListSerializer) -> RawSQL:
    """A nested list as JSON text, in the order of its model.

    As SQL, since compiling the framework's own expressions again takes as long as the database takes for the page. It
    holds names of tables, columns and fields, all of them from the models and the serializer.
    """
    child: Any = field.child
    relation: Any = model._meta.get_field(str(field.source))
    nested: type[Model] = child.Meta.model
    pairs = ", ".join(f"'{name}', {_column(nested, inner)}" for name, inner in child.fields.items())
    order = ", ".join(map(partial(_order, nested), map(str, nested._meta.ordering or ("pk",))))
    outer = model._meta
    sql = (
        f"SELECT coalesce(json_agg(json_build_object({pairs}) ORDER BY {order}), '[]')::text"  # noqa: S608
        f' FROM "{nested._meta.db_table}" r'
        f' WHERE r."{relation.field.column}" = "{outer.db_table}"."{outer.pk.column}"'
    )
    return RawSQL(sql, [], TextField())  # noqa: S611


def _column(model: type[Model], field: serializers.Field) -> str:
    first, *further = str(field.source).split(".")
    if further:
        other: Any = model._meta.get_field(first).related_model
        wanted = other._meta.get_field(*further).column
        return (
            f'(SELECT o."{wanted}" FROM "{other._meta.db_table}" o'  # noqa: S608
            f' WHERE o."{other._meta.pk.column}" = {_own(model, first)})'
        )
    # As the framework writes money and shares: as text, so that nobody's floats round them.
    return _own(model, first) + ("::text" if isinstance(field, serializers.DecimalField) else "")


def _order(model: type[Model], name: str) -> str:
    return _own(model, name.removeprefix("-")) + (" DESC" if name.startswith("-") else "")


def _own(model: type[Model], name: str) -> str:
    """The column of a field, by the field's name or the column's (area, area_id)."""
    columns = {key: field.column for field in model._meta.concrete_fields for key in (field.name, field.attname)}
    return f'r."{columns[name] if name != "pk" else model._meta.pk.column}"'


def _path(field: serializers.Field) -> str:
    return str(field.source).replace(".", "__")


def _in_order(model: type[Model], name: str, backwards: bool) -> str:
    field = model._meta.pk if name.removeprefix("-") == "pk" else model._meta.get_field(name.removeprefix("-"))
    direction = "DESC" if name.startswith("-") != backwards else "ASC"
    return f'"{model._meta.db_table}"."{field.column}" {direction}'  # type: ignore[union-attr]


def _instant(zone: tzinfo, value: datetime) -> datetime:
    return value.astimezone(zone)
