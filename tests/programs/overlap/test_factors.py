"""What single factors say of two programs."""

import csv
import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from programs.overlap.engine.catalogue import FACTORS, evidence_of
from programs.overlap.engine.evidence import Side
from programs.overlap.engine.factors import BY_SECTOR_ALONE
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.institutions import institutions
from programs.overlap.engine.profile import profile_of, read_facts
from programs.overlap.engine.reading import read
from programs.overlap.engine.score import score_pair
from programs.overlap.engine.sectors import sector_names, stems, telling_sectors
from programs.overlap.engine.taxonomy import EXAMPLES, WORK, taxonomy
from tests.programs.overlap.test_engine import program, values_of
from tests.programs.overlap.test_keys import meet
from tests.programs.overlap.test_quotes import AsTheyAre

HONDURAS = {
    "countries": frozenset({"HN"}), "start": dt.date(2020, 1, 1), "end": dt.date(2022, 1, 1),
}  # fmt: skip


def at(number: int, *localities: str, areas: tuple[str, ...] = (), **changes: object) -> ProgramFacts:
    texts = ("Community policing", "Foot patrols of the police with neighbours.")
    places = {"localities": frozenset(localities), "areas": frozenset(areas)}
    return program(number, *texts, **{**HONDURAS, **places, **changes})


def value(name: str, left: ProgramFacts, right: ProgramFacts) -> float:
    return values_of(left, right)[name]


# From the nearest to the farthest: two programs and how they meet.
MEETINGS = {
    "a town": (at(1, "choloma"), at(2, "choloma")),
    "a capital": (at(1, "tegucigalpa"), at(2, "tegucigalpa")),
    "one area": (at(1, areas=("HN-CR",)), at(2, areas=("HN-CR",))),
    "a town in the area of the other": (at(1, "choloma"), at(2, areas=("HN-CR",))),
    "one country": (at(1), at(2)),
    "a town in the country of the other": (at(1, "choloma"), at(2)),
    "two towns of one area": (at(1, "choloma"), at(2, "villanueva", areas=("HN-CR",))),
    "two areas": (at(1, areas=("HN-CR",)), at(2, areas=("HN-FM",))),
}


def test_the_nearer_two_programs_meet_the_higher_is_the_value_of_their_place() -> None:
    values = [value("place", *both) for both in MEETINGS.values()]

    assert all(nearer > farther for nearer, farther in pairwise(values)), values
    assert (values[0], values[-1]) == (1, 0)


def test_the_wider_two_programs_meet_the_more_their_work_must_be_the_same() -> None:
    near, wide = MEETINGS["one area"], MEETINGS["one country"]
    related = program(3, "Neighbours report crime by telephone", **HONDURAS)

    assert value("scope", *near) == 1
    assert value("scope", *wide) == value("work", *wide)
    assert value("scope", wide[0], related) == value("work", wide[0], related) < 1
    assert value("scope", *MEETINGS["two areas"]) == 0


# --- Institutions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "countries", "named"),
    [
        ("Fiscales de la FGR de San Salvador", {"SV"}, True),
        ("Prosecutors of the Attorney General's Office, FGR", {"SV"}, True),
        ("Fiscalía General de la República", {"SV"}, True),
        ("Fiscales de la FGR", {"HN"}, False),
        ("fgr", {"SV"}, False),
        ("Talleres de carpintería", {"SV"}, False),
    ],
)
def test_an_institution_is_named_in_its_own_country_and_an_acronym_in_capitals(
    text: str, countries: set[str], named: bool
) -> None:
    assert bool(institutions([text], frozenset(countries))) is named


def test_whether_two_programs_name_one_institution() -> None:
    salvador = {**HONDURAS, "countries": frozenset({"SV"})}
    ours = program(1, "Equipo para la FGR", **salvador)
    theirs = program(2, "Training at the Fiscalía General de la República", **salvador)
    others = program(3, "Radios para la PNC", **salvador)

    assert value("institution", ours, theirs) == 1
    assert value("institution", ours, others) == 0
    assert np.isnan(value("institution", ours, program(4, "Talleres", **salvador)))


def test_an_institution_that_a_text_says_has_no_part_in_it_is_not_named() -> None:
    salvador = {**HONDURAS, "countries": frozenset({"SV"})}

    assert program(1, "Credit for shops", "It does not work with the FGR.", **salvador).institutions == frozenset()
    assert program(1, "Credit for shops", "It works with the FGR.", **salvador).institutions


# --- Sectors, where a text says little --------------------------------------------------------------------


def test_the_sector_is_read_where_there_is_no_text() -> None:
    road = program(1, sectors=frozenset({"21020"}), **HONDURAS)
    works = program(2, "Paving of trunk roads", "Asphalt and bridges on the road to the coast.", **HONDURAS)
    water = program(3, sectors=frozenset({"14030"}), **HONDURAS)

    assert value("work", road, works) > 0.5 > value("work", water, works)
    assert np.isnan(value("content", road, works))
    assert np.isnan(value("work", program(4, **HONDURAS), works))


def test_a_text_that_tells_its_work_is_read_without_the_sector() -> None:
    texts = ("Refuge for battered women", "It takes in women who flee abuse.")

    assert read(*texts, frozenset(), ("Road transport",)).work == read(*texts).work
    assert read("", "", frozenset(), ("Road transport",)).work != bytes(len(read(*texts).work))


def test_without_text_two_sectors_of_one_group_are_the_same_work() -> None:
    plain = program(1, sectors=frozenset({"14021"}), **HONDURAS)
    told = {"sectors": frozenset({"14020"}), **HONDURAS}

    assert value("work", plain, program(2, "Pumps and mains for the port", **told)) >= 0.8
    assert value("sector", plain, program(2, "Pumps and mains for the port", **told)) == 1
    both_told = (program(1, "Wells", sectors=frozenset({"14021"}), **HONDURAS), program(2, "Mains", **told))
    assert value("sector", *both_told) == 0
    assert meet(plain, program(2, **told))


@pytest.mark.parametrize(
    ("sectors", "is_the_same"),
    [
        (("14020",), True),
        (("14020", "14010", "14030"), True),
        # More than half in water, and a sector that tells nothing.
        (("14020", "14010", "15110", "43010"), True),
        (("14020", "14010", "15110", "21020"), False),
        (("14020", "11110", "12220", "15110", "21020", "23020", "31110"), False),
    ],
)
def test_a_record_without_text_meets_what_a_program_is_mainly_in(sectors: tuple[str, ...], is_the_same: bool) -> None:
    """Budget support in seven sectors is not the same work as a line of accounts in one of them."""
    line = program(1, sectors=frozenset({"14020"}), **HONDURAS)
    told = program(2, "Sixth credit", sectors=frozenset(sectors), **HONDURAS)

    assert (value("work", line, told) >= BY_SECTOR_ALONE) == is_the_same
    assert value("work", line, told) == value("work", told, line)
    assert value("sector", line, told) == 1


def test_sectors_that_say_nothing_of_the_work_do_not_count() -> None:
    assert telling_sectors({"43010", "91010", "99810", "15130"}) == {"15130"}
    assert stems({"14021", "14020", "99810"}) == {"1402"}
    assert sector_names({"99810", "21020", "no such code"}) == ("Road transport",)


def test_a_line_of_accounts_that_takes_money_back_meets_nobody_by_its_sector() -> None:
    road = {"sectors": frozenset({"21020"}), **HONDURAS}
    ours = program(1, **road)

    assert meet(ours, program(2, committed_usd=100, **road))
    assert not meet(ours, program(2, committed_usd=-100, **road))
    assert meet(program(1, "Roads", **road), program(2, "Roads", committed_usd=-100, **road))


def test_those_for_a_whole_country_meet_by_the_domain_of_their_work() -> None:
    ours = program(1, "Reform of the career of judges", **HONDURAS)
    theirs = program(2, "Asset declarations of judges are checked", **HONDURAS)
    elsewhere = program(3, "Asset declarations of judges are checked", **HONDURAS | {"countries": frozenset({"GT"})})

    assert read_facts(ours).work != read_facts(theirs).work
    assert meet(ours, theirs)
    assert not meet(ours, elsewhere)


def test_a_town_places_a_program_in_its_area() -> None:
    assert "HN-CR" in at(1, "choloma").located
    assert profile_of(at(1, "choloma")).areas


# --- Examples ---------------------------------------------------------------------------------------------


def test_every_type_of_work_has_examples_in_both_languages_and_none_is_there_twice() -> None:
    with EXAMPLES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = Counter((row["kind"], row["language"]) for row in rows)
    kinds = {entry.kind for entry in taxonomy() if entry.role == WORK}

    assert {kind for kind, _language in found} == kinds
    assert min(found.get((kind, language), 0) for kind in kinds for language in ("en", "es")) >= 5
    assert len({row["text"] for row in rows}) == len(rows)


def test_of_a_program_without_text_the_sector_is_told_and_no_text_is_claimed() -> None:
    plain = program(1, sectors=frozenset({"14021"}), **HONDURAS)
    told = program(2, "Pumps and mains", sectors=frozenset({"14020"}), **HONDURAS)

    evidence = evidence_of("work", *(Side(facts, profile_of(facts)) for facts in (plain, told)), {})

    assert evidence == {"sectors": [], "near": [["14021"], ["14020"]]}
    assert said("work", plain, told) == (
        "At least one of them has no text; their sectors are closely related: 14021, and 14020."
    )
    assert said("sector", plain, told) == "Their sectors are closely related: 14021, and 14020."


def said(name: str, left: ProgramFacts, right: ProgramFacts) -> str:
    """A factor's sentence on two programs, with codes for names."""
    values = values_of(left, right)
    evidence = evidence_of(name, *(Side(facts, profile_of(facts)) for facts in (left, right)), values)
    return FACTORS[name].sentence(values[name], evidence, AsTheyAre())


@pytest.mark.parametrize(
    ("mine", "theirs", "texts", "sector", "work"),
    [
        # What both have, and nothing that only one has.
        ({"14021", "15130"}, {"14021", "14020"}, ("", "Mains"), "Both have the sector 14021.",
         "At least one of them has no text; both have the sector 14021."),
        # 43010 is in both, and says nothing of the work.
        ({"43010", "14021"}, {"43010", "21020"}, ("", "Paving of trunk roads"),
         "No specific sector is the same in both.",
         "At least one of them has no text; no specific sector is the same in both."),
        ({"21020"}, {"15130"}, ("", "Paving of trunk roads"), "No specific sector is the same in both.",
         "At least one of them has no text; what its sector is called is close to the work of the other."),
    ],
)  # fmt: skip
def test_sectors_are_told_exactly_as_both_records_have_them(
    mine: set[str], theirs: set[str], texts: tuple[str, str], sector: str, work: str
) -> None:
    left, right = (
        program(number, *filter(None, [text]), sectors=frozenset(sectors), **HONDURAS)
        for number, text, sectors in ((1, texts[0], mine), (2, texts[1], theirs))
    )

    assert (said("sector", left, right), said("work", left, right)) == (sector, work)


@pytest.mark.parametrize("factor", ["sector", "work"])
@pytest.mark.parametrize("theirs", ["14021", "14020", "21020"])
@pytest.mark.parametrize("text", ["", "Pumps and mains"])
def test_no_sentence_says_that_sectors_differ_where_they_count_as_the_same(factor: str, theirs: str, text: str) -> None:
    left = program(1, sectors=frozenset({"14021"}), **HONDURAS)
    right = program(2, *filter(None, [text]), sectors=frozenset({theirs}), **HONDURAS)

    assert value(factor, left, right) < 0.8 or "no specific sector" not in said(factor, left, right).lower()


@pytest.mark.parametrize(
    ("meeting", "sentence"),
    [
        ("a town", "Both work in choloma (HN)."),
        ("one area", "Both work in HN-CR."),
        ("a town in the area of the other", "Both work in HN-CR."),
        ("one country", "Both work in HN; neither says where exactly. Both are about community policing"),
        ("a town in the country of the other",
         "Both work in HN; one of them does not say where exactly. Both are about community policing"),
        ("two towns of one area", "Both work in HN-CR, but in different places."),
        ("two areas", "Both work in HN, but name different places there."),
    ],
)  # fmt: skip
def test_scope_says_how_widely_they_meet_and_no_more(meeting: str, sentence: str) -> None:
    left, right = MEETINGS[meeting]

    assert said("scope", left, right).startswith(sentence)


def test_scope_claims_no_place_and_no_work_that_the_records_do_not_tell() -> None:
    wide, other = at(1), program(2, "Wells for coffee growers", **HONDURAS)

    assert said("scope", wide, other).startswith("Both work in HN; neither says where exactly. ")
    assert "police" not in said("scope", wide, other)
    assert (
        said("scope", wide, at(2, **{**HONDURAS, "countries": frozenset({"GT"})})) == "They list no country in common."
    )


# --- One program recorded twice ---------------------------------------------------------------------------


def test_two_records_of_one_organization_are_one_only_where_title_or_amount_say_so() -> None:
    here = {**HONDURAS, "reporting_org": 7, "funders": frozenset({7}), "localities": frozenset({"choloma"})}
    texts = ("Community policing", "Foot patrols of the police with neighbours.")
    ours, untold = program(1, *texts, **here), program(2, "Police and neighbours", texts[1], **here)

    def kinds(mine: ProgramFacts, other: ProgramFacts) -> set[str]:
        verdict = score_pair(mine, other)
        return {verdict.kind} if verdict.is_flagged else set()

    assert "duplicate" not in kinds(ours, untold)
    sums = {"committed_usd": Decimal(250_000)}
    assert kinds(replace(ours, **sums), replace(untold, **sums)) == {"duplicate"}
    assert "duplicate" not in kinds(replace(ours, **sums), replace(untold, committed_usd=Decimal(90_000)))
