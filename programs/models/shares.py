"""Percentages of one list of a program: all stated and adding up to 100.00, or none stated."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.codes import Stage


def percentage_field(*, stated: bool = False) -> models.DecimalField:
    """A share of the program, 0 < percentage <= 100; null where the list has none (unless `stated`)."""
    return models.DecimalField(_("percentage"), max_digits=5, decimal_places=2, null=not stated, blank=not stated)


def percentage_check(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(percentage__isnull=True) | Q(percentage__gt=0, percentage__lte=100),
    )


def shares_add_up(table: str) -> pgtrigger.Trigger:
    """A deferred constraint trigger on `table`: at commit its rows of the program add up to 100.00, or state nothing.

    Drafts are exempt: they may be incomplete.
    """
    return pgtrigger.Trigger(
        name="shares_add_up",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("of_program", "bigint"), ("rows", "bigint"), ("stated", "bigint"), ("total", "numeric")],
        func=f"""
            of_program := COALESCE(NEW.program_id, OLD.program_id);
            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total
                FROM {table} WHERE program_id = of_program;
            IF stated > 0 AND (stated < rows OR total <> 100)
                AND EXISTS (SELECT 1 FROM programs_program WHERE id = of_program AND stage <> '{Stage.DRAFT.value}')
            THEN
                RAISE EXCEPTION 'percentages of program % in {table} add up to %, not 100', of_program, total
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_shares_add_up';
            END IF;
            RETURN NULL;
        """,
    )


SHARE_TABLES = (
    "programs_coverage",
    "programs_programlocation",
    "programs_programgoal",
    "programs_programsector",
)


def published_shares_add_up() -> pgtrigger.Trigger:
    """The same for a program that leaves its draft: all four lists are held to it at commit."""
    checks = "".join(
        f"""
            SELECT count(*), count(percentage), sum(percentage) INTO rows, stated, total
                FROM {table} WHERE program_id = NEW.id;
            IF stated > 0 AND (stated < rows OR total <> 100) THEN
                RAISE EXCEPTION 'percentages of program % in {table} add up to %, not 100', NEW.id, total
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_shares_add_up';
            END IF;
        """
        for table in SHARE_TABLES
    )
    return pgtrigger.Trigger(
        name="published_shares_add_up",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("stage"),
        condition=pgtrigger.Q(old__stage=Stage.DRAFT.value) & ~pgtrigger.Q(new__stage=Stage.DRAFT.value),
        timing=pgtrigger.Deferred,
        declare=[("rows", "bigint"), ("stated", "bigint"), ("total", "numeric")],
        func=f"{checks} RETURN NULL;",
    )
