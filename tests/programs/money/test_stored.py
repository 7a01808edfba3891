"""What is kept of families is what comes out if all is calculated, whatever was changed, by whatever way."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donors.models import Organization
from programs.models import (
    Participation,
    PlannedDisbursement,
    PlannedYear,
    Program,
    RelatedProgram,
    Transaction,
)
from programs.money import tasks
from programs.money.calculated import calculated
from programs.money.checking import check_kept
from programs.money.links import ADMINISTRATOR, family_of
from programs.money.models import Counted, Due
from programs.money.once import Once
from programs.money.stored import once_for, renew, renew_all
from programs.overlap.models import Overlap
from programs.services import RelatedData, TransactionData, delete_program, save_program
from tests import factories
from tests.programs.exchange.importing import apply, bring_in_file, undo
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
PARENT = 1
IDENTIFIERS = ("GB-1", "GB-1-A", "GB-1-A-X", "GB-1-B", "OTHER", "OTHER/1")
NUMBERS = st.integers(0, 5)
AMOUNTS = st.none() | st.integers(-100, 10_000_00).map(lambda cents: Decimal(cents) / 100)


def by_content(once: Once) -> Any:
    left_out = {code: sums for code, sums in once.currencies.items() if sums != ({}, {})}
    return once.committed, once.disbursed, once.twice, once.funders, left_out, once.plans


def holds(*readers: Any) -> None:
    """Every reader is given what comes out if everything is calculated for them."""
    for reader in readers:
        assert by_content(once_for(reader)) == by_content(calculated(reader).once)


def family(**child: Any) -> tuple[Organization, Program, Program]:
    agency = factories.organization()
    parent = factories.program(agency, identifier="P", transactions=(committed(1000),))
    part = factories.program(
        agency, identifier="C", transactions=(committed(600),), related=(RelatedData(PARENT, "P"),), **child
    )
    return agency, parent, part


def committed(value: int, **fields: Any) -> TransactionData:
    return TransactionData(2, Decimal(value), "USD", date(2024, 1, 1), **fields)


def test_what_is_kept_is_read_until_something_of_the_family_changes() -> None:
    _agency, parent, child = family()
    other = factories.program()
    assert renew() == Program.objects.count()
    assert set(Counted.objects.values_list("program_id", flat=True)) == {parent.pk, child.pk}
    Counted.objects.filter(program_id=parent.pk).update(committed=1)
    assert once_for(AnonymousUser()).committed[parent.pk] == 1
    Program.objects.filter(pk=other.pk).update(committed_usd=5)
    assert once_for(AnonymousUser()).committed[parent.pk] == 1
    Program.objects.filter(pk=child.pk).update(committed_usd=700)
    assert once_for(AnonymousUser()).committed[parent.pk] == 300


def test_a_family_that_is_partly_hidden_is_calculated_for_who_sees_less() -> None:
    agency, parent, child = family()
    renew()
    Program.objects.filter(pk=child.pk).update(visibility="restricted")
    assert Due.objects.count() == 0
    assert parent.pk not in once_for(AnonymousUser()).committed
    assert once_for(factories.user(agency)).committed[parent.pk] == 400


def test_a_new_link_between_a_visible_and_a_hidden_program_shows_nothing_of_it() -> None:
    """Neither before nor after it was calculated."""
    agency = factories.organization()
    parent = factories.program(agency, identifier="P", transactions=(committed(1000),))
    child = factories.program(agency, identifier="C", visibility="restricted", transactions=(committed(600),))
    renew()
    RelatedProgram.objects.create(program=child, type=PARENT, identifier="P", related=parent)
    for _when in ("due", "kept"):
        assert parent.pk not in once_for(AnonymousUser()).committed
        assert once_for(factories.user(agency)).committed[parent.pk] == 400
        renew()


def test_the_family_of_a_program_are_all_that_are_linked_with_it_through_others() -> None:
    agency, parent, child = family()
    grandchild = factories.program(agency, related=(RelatedData(PARENT, "C"),))
    twin = factories.program()
    overlap(grandchild, twin, kind="duplicate", second_report=twin)
    factories.program(agency)
    for one in (parent, child, grandchild, twin):
        assert family_of(one.pk) == [parent.pk, child.pk, grandchild.pk, twin.pk]


def test_an_import_and_its_undoing() -> None:
    agency = factories.organization("Fund", ref="XX-FUND", kind="10")
    editor = factories.user(agency, "editor")
    factories.program(agency, identifier="XX-FUND-1", transactions=(committed(1000),))
    renew()
    content = b"""<iati-activities version="2.03"><iati-activity default-currency="USD">
        <iati-identifier>XX-FUND-2</iati-identifier>
        <reporting-org ref="XX-FUND" type="10"><narrative>Fund</narrative></reporting-org>
        <title><narrative>Courts</narrative></title><activity-status code="2"/>
        <recipient-country code="HN" percentage="100"/><sector code="15130" vocabulary="1"/>
        <transaction><transaction-type code="2"/><transaction-date iso-date="2024-01-15"/>
        <value value-date="2024-01-15">250</value></transaction>
        <related-activity ref="XX-FUND-1" type="1"/></iati-activity></iati-activities>"""
    job = apply(bring_in_file(agency, editor, content, name="a.xml"), editor)
    assert set(once_for(ADMINISTRATOR).committed.values()) == {750}
    holds(AnonymousUser(), editor)
    renew()
    assert check_kept() == []
    undo(job, editor)
    assert once_for(ADMINISTRATOR).committed == {}
    renew()
    assert check_kept() == []
    assert Counted.objects.count() == 0


def test_services_that_change_and_delete() -> None:
    agency, parent, child = family()
    renew()
    data = factories.program_data(agency, identifier="C", transactions=(committed(200),))
    save_program(data, actor=None, program=child)
    assert once_for(ADMINISTRATOR).committed == {}
    holds(ADMINISTRATOR)
    renew()
    assert Counted.objects.count() == 0
    save_program(
        factories.program_data(agency, identifier="P", related=(RelatedData(2, "C"),), transactions=(committed(900),)),
        actor=None,
        program=Program.objects.get(pk=parent.pk),
    )
    renew()
    assert once_for(ADMINISTRATOR).committed == {parent.pk: 700}
    delete_program(child, actor=None)
    assert once_for(ADMINISTRATOR).committed == {}
    renew()
    assert Counted.objects.count() == 0


def test_what_is_kept_and_wrong_is_found(capsys: Any) -> None:
    _agency, parent, _child = family()
    renew()
    call_command("check_money")
    Counted.objects.filter(program_id=parent.pk).update(committed=1)
    with pytest.raises(CommandError):
        call_command("check_money")
    said = capsys.readouterr().out
    assert "What is kept of families: WRONG" in said
    assert f"Program {parent.pk}: sums take 1.00 as committed, and its family comes to 400.00." in said
    renew_all()
    call_command("check_money")


def test_each_night_what_is_kept_and_wrong_is_mended() -> None:
    _agency, parent, _child = family()
    renew()
    assert tasks.check() == 0
    Counted.objects.filter(program_id=parent.pk).delete()
    assert tasks.check() == 1
    assert tasks.check() == 0


class Changes:
    """Everything that may happen to rows, done straight to them as no service would."""

    def __init__(self) -> None:
        self.reporters = [factories.organization(), factories.organization()]
        self.readers = [
            AnonymousUser(),
            ADMINISTRATOR,
            factories.user(self.reporters[0]),
            factories.user(factories.organization(is_coordinating_body=True), "coordinator"),
        ]

    def at(self, number: int) -> Program | None:
        programs = list(Program.objects.order_by("pk"))
        return programs[number % len(programs)] if programs else None

    def add(self, one: int, other: int, usd: Decimal | None) -> None:
        reporter, identifier = self.reporters[other % 2], IDENTIFIERS[one]
        if not Program.objects.filter(reporting_org=reporter, identifier=identifier).exists():
            Program.objects.create(
                reporting_org=reporter, identifier=identifier, title="T", stage=("published", "submitted")[one == 4],
                visibility=("public", "partners", "restricted")[other % 3], hierarchy=identifier.count("-") or None,
                committed_usd=usd, disbursed_usd=usd,
            )  # fmt: skip

    def change(self, one: int, other: int, usd: Decimal | None) -> None:
        if program := self.at(one):
            value: Any = {
                "committed_usd": usd, "disbursed_usd": usd, "hierarchy": other, "visibility": "restricted",
                "stage": "archived" if program.stage == "published" else "published",
                "committed_left_out": {"CUP": str(usd)} if usd else {},
            }  # fmt: skip
            field = list(value)[other]
            Program.objects.filter(pk=program.pk).update(**{field: value[field]})

    def relate(self, one: int, other: int, usd: Decimal | None) -> None:
        whole, part = self.at(one), self.at(other)
        if whole and part and whole.pk != part.pk:
            RelatedProgram.objects.update_or_create(
                program=part, type=1 + (usd is None), identifier=f"{other}", defaults={"related": whole}
            )

    def pay(self, one: int, other: int, usd: Decimal | None) -> None:
        giver, receiver = self.at(one), self.at(other)
        if giver and receiver and usd is not None:
            amount = {"value": usd, "currency": "USD", "value_usd": usd}
            Transaction.objects.create(
                **amount, program=giver, type=2, provider=self.reporters[0], receiver_activity=receiver.identifier
            )
            Transaction.objects.create(
                **amount, program=receiver, type=1, provider=self.reporters[1], provider_activity=giver.identifier
            )

    def fund(self, one: int, other: int, usd: Decimal | None) -> None:
        giver, receiver = self.at(one), self.at(other)
        if giver and receiver:
            Participation.objects.update_or_create(
                program=receiver, organization=self.reporters[one % 2], role=1,
                defaults={"activity_identifier": giver.identifier if usd else ""},
            )  # fmt: skip

    def plan(self, one: int, other: int, usd: Decimal | None) -> None:
        giver, receiver = self.at(one), self.at(other)
        if giver and receiver:
            for program, planned in ((giver, 500), (receiver, abs(usd or 7))):
                PlannedYear.objects.update_or_create(
                    program=program, year=2027, defaults={"basis": PlannedYear.Basis.values[0], "usd": planned}
                )
            if usd is not None:
                PlannedDisbursement.objects.create(
                    program=giver, period_start=date(2027, 1, 1), period_end=date(2027, 12, 31), value=abs(usd),
                    value_usd=abs(usd), currency="USD", receiver_activity=receiver.identifier,
                )  # fmt: skip

    def correct(self, one: int, _other: int, usd: Decimal | None) -> None:
        if program := self.at(one):
            program.transactions.update(value=usd or 0, value_usd=usd or 0)
            if usd is None:
                program.participations.all().delete()

    def flag(self, one: int, other: int, usd: Decimal | None) -> None:
        left, right = self.at(min(one, other)), self.at(max(one, other))
        if left and right and left.pk != right.pk:
            pair = Overlap.objects.filter(left__in=(left, right), right__in=(left, right)).first()
            if pair is None:
                overlap(left, right, kind="duplicate", second_report=left if usd is None else right)
            else:
                Overlap.objects.filter(pk=pair.pk).update(
                    state="dismissed" if pair.state == "open" else "open", is_flagged=usd is not None
                )

    def delete(self, one: int, other: int, usd: Decimal | None) -> None:
        """A program, or its rows."""
        if (program := self.at(one)) is None:
            return
        if usd is None:
            program.delete()
        elif other % 2:
            program.transactions.all().delete()
        else:
            program.related_programs.all().delete()

    def renew(self, *_arguments: Any) -> None:
        holds(*self.readers)
        renew()


KINDS: list[Callable[..., None]] = [
    Changes.add, Changes.add, Changes.change, Changes.relate, Changes.relate, Changes.pay, Changes.fund, Changes.plan,
    Changes.plan, Changes.correct, Changes.flag, Changes.delete, Changes.renew, Changes.renew,
]  # fmt: skip


class TestAnyOrder(TestCase):
    """Any order of changes leaves what one who calculates everything comes to."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.tuples(NUMBERS, NUMBERS, AMOUNTS), min_size=3, max_size=6),
        st.lists(st.tuples(st.sampled_from(KINDS), NUMBERS, NUMBERS, AMOUNTS), max_size=10),
        st.lists(st.tuples(st.sampled_from(KINDS), NUMBERS, NUMBERS, AMOUNTS), min_size=1, max_size=4),
    )
    def test_it_is_as_if_made_from_nothing(self, added: list[Any], changes: list[Any], later: list[Any]) -> None:
        made = Changes()
        for arguments in added:
            made.add(*arguments)
        for kind, *arguments in [*changes, (Changes.renew,), *later]:
            kind(made, *arguments)
        holds(*made.readers)
        renew()
        assert Due.objects.count() == 0
        assert check_kept() == []
        kept = list(Counted.objects.order_by("pk").values_list())
        renew_all()
        assert list(Counted.objects.order_by("pk").values_list()) == kept


def test_each_table_is_watched_for_rows_added_changed_and_deleted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'money_due%'")
        found = cursor.fetchall()
    tables = ("overlap_overlap", *(f"programs_{name}" for name in ("participation", "program", "relatedprogram")))
    more = {"programs_transaction", "programs_plannedyear", "programs_planneddisbursement"}
    assert {table for table, _name in found} == {*tables, *more}
    assert len(found) == 21
