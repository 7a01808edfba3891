"""One body under two names is one to the engine: in factors, keys and sentences."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Organization
from donors.services import create_organization
from programs.models import Participation, Program
from programs.overlap import services
from programs.overlap.engine import evidence, factors
from programs.overlap.engine.factors import Pairs
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import profile_of
from programs.overlap.engine.table import Table
from programs.overlap.keys import keys_of
from programs.overlap.loading import load_facts
from programs.overlap.profiles import packed, unpacked
from programs.overlap.services.bodies import compare_again_what_names_other_bodies
from programs.services import ParticipationData
from tests import factories
from tests.programs.overlap.test_keys import HERE


def value(factor: str, left: ProgramFacts, right: ProgramFacts) -> float:
    table = Table([profile_of(left), profile_of(right)])
    return float(getattr(factors, factor)(Pairs(table, np.array([0]), np.array([1])))[0])


ONE = replace(HERE, id=1, reporting_org=7, funders=frozenset({7}), implementers=frozenset({8}))
OTHER = replace(HERE, id=2, identifier="P-2", reporting_org=17, funders=frozenset({17}), implementers=frozenset({18}))
SAME = frozenset({(7, "es-aecid"), (8, "hn-pnh")})
AGAIN = frozenset({(17, "es-aecid"), (18, "hn-pnh")})


@pytest.mark.parametrize("factor", ["funder", "implementer", "reporter"])
def test_two_entries_of_one_body_are_one(factor: str) -> None:
    assert value(factor, ONE, OTHER) == 0
    assert value(factor, replace(ONE, listed=SAME), replace(OTHER, listed=AGAIN)) == 1
    assert value(factor, replace(ONE, listed=SAME), OTHER) == 0


@pytest.mark.parametrize(("factor", "entry"), [("funder", 7), ("implementer", 8), ("reporter", 7)])
def test_the_sentence_names_the_body_once(factor: str, entry: int) -> None:
    left, right = replace(ONE, listed=SAME), replace(OTHER, listed=AGAIN)
    sides = [evidence.Side(facts, profile_of(facts)) for facts in (left, right)]

    assert getattr(evidence, factor)(*sides) == getattr(evidence, factor)(*sides[::-1]) == {"organizations": [entry]}


def test_they_are_found_under_one_key() -> None:
    def keys(facts: ProgramFacts) -> set[int]:
        return {key.key for key in keys_of(facts, profile_of(facts).reading).keys if key.family.name == "PARTNERS"}

    assert not keys(ONE) & keys(OTHER)
    assert keys(replace(ONE, listed=SAME)) & keys(replace(OTHER, listed=AGAIN))


def test_records_of_one_body_under_two_entries_are_of_one_series() -> None:
    yearly = replace(OTHER, title=ONE.title, texts=ONE.texts, start=dt.date(2027, 1, 1), end=dt.date(2027, 12, 31))

    assert np.isnan(value("series", ONE, yearly))
    assert value("series", replace(ONE, listed=SAME), replace(yearly, listed=AGAIN)) == 1


def test_records_without_text_are_of_one_series_by_the_bodies_that_take_part() -> None:
    bare = [replace(one, title="", texts=(), committed_usd=None) for one in (ONE, OTHER)]

    assert np.isnan(value("series", *bare))
    assert value("series", replace(bare[0], listed=SAME), replace(bare[1], listed=AGAIN)) == 1


def test_one_record_entered_twice_under_two_entries_of_its_body_is_found() -> None:
    def keys(facts: ProgramFacts) -> set[int]:
        return {key.key for key in keys_of(facts, profile_of(facts).reading).keys if key.family.name == "SAME_RECORD"}

    again = replace(OTHER, title=ONE.title, texts=ONE.texts)
    assert keys(ONE)
    assert not keys(ONE) & keys(again)
    assert keys(replace(ONE, listed=SAME)) & keys(replace(again, listed=AGAIN))


def test_an_institution_in_the_text_is_the_one_that_takes_part() -> None:
    named = replace(
        ONE, title="Equips the Policía Nacional de Honduras", texts=("Equips the Policía Nacional de Honduras",)
    )
    left = replace(named, countries=frozenset({"HN"}))
    right = replace(OTHER, countries=frozenset({"HN"}), texts=("Radios",), title="Radios")

    assert np.isnan(value("institution", left, right))
    with_police = replace(right, listed=AGAIN)
    assert value("institution", left, with_police) == value("institution", with_police, left) == 1
    sides = [evidence.Side(facts, profile_of(facts)) for facts in (left, with_police)]
    assert evidence.institution(*sides) == {"institutions": ["hn-pnh"]}
    elsewhere = replace(left, countries=frozenset({"GT"}), areas=frozenset())
    assert np.isnan(value("institution", elsewhere, with_police))


def test_facts_are_kept_whole() -> None:
    budgets = frozenset({(Decimal(5), "USD", None), (Decimal(5), "USD", dt.date(2024, 1, 1))})
    facts = replace(ONE, listed=SAME, budgets=budgets)

    assert unpacked(packed(facts)) == facts


@pytest.mark.django_db
class TestInTheDatabase:
    def program(self, reporter: Organization, number: int) -> Program:
        return factories.program(
            reporter,
            identifier=f"B-{number}",
            participations=(ParticipationData(reporter.pk, Participation.Role.FUNDING),),
        )

    def test_facts_say_which_known_bodies_they_name(self) -> None:
        first = self.program(create_organization("AECID", ref="XX-1"), 1)
        other = create_organization("Cooperación Española (XX-2)", ref="XX-2")
        Organization.objects.filter(pk=other.pk).update(listed_as="es-aecid", compared_as="es-aecid")
        second = self.program(other, 2)

        facts = load_facts([first.pk, second.pk])
        with CaptureQueriesContext(connection) as one:
            load_facts([first.pk])
        with CaptureQueriesContext(connection) as two:
            load_facts([first.pk, second.pk])

        assert value("funder", facts[first.pk], facts[second.pk]) == 1
        assert len(one) == len(two)

    def test_what_names_an_organization_that_is_found_out_is_compared_again(self) -> None:
        own = create_organization("Somebody")
        program, other = self.program(own, 1), self.program(create_organization("Another"), 2)
        services.scan_programs([program.pk, other.pk])
        assert not Program.objects.due_for_scan().exists()

        Organization.objects.filter(pk=own.pk).update(listed_as="es-aecid")
        assert compare_again_what_names_other_bodies() == 1

        assert list(Program.objects.due_for_scan()) == [program]
        services.scan_programs([program.pk])
        assert compare_again_what_names_other_bodies() == 0
        assert not Program.objects.due_for_scan().exists()
