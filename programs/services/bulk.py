"""Rows into their tables by one statement, without Django's work on every value: for hundreds of rows at once.

Values travel as one JSON document, which PostgreSQL casts to the columns' own types; constraints, triggers and the
history are those of any other statement.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

_INSERT = """
    INSERT INTO {table} ({columns}) SELECT {columns} FROM json_to_recordset(%s::json) AS new ({typed})
    RETURNING {key}
"""
_UPDATE = """
    UPDATE {table} SET {values} FROM json_to_recordset(%s::json) AS new ({typed})
    WHERE {table}.{key} = new.{key}
"""
Values = Mapping[str, Any]


def insert_rows(model: type[models.Model], rows: Sequence[Values]) -> list[int]:
    """Inserts rows given as attribute -> value, the same attributes in each; their ids, in order.

    What the rows leave out gets the default of its field. One query. Raises what the database raises.
    """
    if not rows:
        return []
    fields = _written(model)
    given = [(field.column, field.attname) for field in fields if field.attname in rows[0]]
    defaults = {field.column: field.get_default() for field in fields if field.attname not in rows[0]}
    document = [defaults | {column: row[attribute] for column, attribute in given} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_insert(model), [json.dumps(document, default=str)])
        return [pk for (pk,) in cursor.fetchall()]


def insert_all(instances: Sequence[models.Model]) -> None:
    """Inserts instances of one model, and gives them their ids; one query."""
    if not instances:
        return
    model = type(instances[0])
    values = _read(model)
    rows = [
        {name: getattr(one, name) if field is None else field.pre_save(one, True) for name, field in values}
        for one in instances
    ]
    for instance, pk in zip(instances, insert_rows(model, rows), strict=True):
        instance.pk = pk
        instance._state.adding = False
        instance._state.db = connection.alias


def update_all(instances: Sequence[models.Model]) -> None:
    """Writes all columns of stored instances of one model; one query."""
    if not instances:
        return
    model = type(instances[0])
    fields = _written(model)
    key = _key(model)
    document = [
        {key.column: row.pk, **{field.column: field.pre_save(row, False) for field in fields}} for row in instances
    ]
    with connection.cursor() as cursor:
        cursor.execute(_update(model), [json.dumps(document, default=str)])


@cache
def _insert(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    fields = _written(model)
    return _INSERT.format(
        table=quote(model._meta.db_table),
        key=quote(_key(model).column),
        columns=", ".join(quote(field.column) for field in fields),
        typed=_typed(fields),
    )


@cache
def _update(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    fields, key = _written(model), _key(model)
    return _UPDATE.format(
        table=quote(model._meta.db_table),
        key=quote(key.column),
        values=", ".join(f"{quote(field.column)} = new.{quote(field.column)}" for field in fields),
        typed=_typed([key, *fields]),
    )


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk


@cache
def _written(model: type[models.Model]) -> list[Any]:
    """The fields of which a statement says the values: neither the key that the database gives nor what it derives."""
    return [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]


@cache
def _read(model: type[models.Model]) -> list[tuple[str, Any]]:
    """The attributes of which a statement says the values, each with its field where that sets it when it is saved."""
    plain = models.Field.pre_save
    return [(field.attname, None if type(field).pre_save is plain else field) for field in _written(model)]


def _typed(fields: Sequence[Any]) -> str:
    quote = connection.ops.quote_name
    return ", ".join(f"{quote(field.column)} {_type(field)}" for field in fields)


def _type(field: Any) -> str:
    """PostgreSQL's type of a column, without what makes a key count by itself."""
    return str(field.cast_db_type(connection))
