"""What every trigger asks before it does its work: whether it is to be ignored. Asked some twenty times a program.

The function that pgtrigger installs catches the error of a setting that is not there, which nearly always is not. Each
caught error has PostgreSQL look through all that is deferred to the end of the transaction: in a transaction that
writes hundreds of programs this took a third of the database's time. Ours gives the same answers without an error.
"""

from typing import Any

from django.db import connections

_SHOULD_IGNORE = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    LANGUAGE sql STABLE AS $$
        SELECT COALESCE(trigger_name = ANY(NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]), FALSE)
    $$
"""


def answer_without_errors(using: str, **_of_signal: Any) -> None:
    """Puts our function in the place of pgtrigger's, which each migration that adds a trigger installs again."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('public._pgtrigger_should_ignore(name)') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(_SHOULD_IGNORE)
