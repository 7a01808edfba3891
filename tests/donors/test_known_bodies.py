"""The list of known bodies: every name of it means its body, in its country, or nobody; never another one."""

import pytest

from core.names import normalize_name
from donors.listed import PUBLIC, SAYS_ITS_COUNTRY, ListedBody, ListedName, listed
from donors.models import Organization, OrganizationAlias
from donors.naming import identifier_key, meant, name_keys
from goals.models import Country

BODIES = list(listed().by_key.values())
# The only names that are two bodies' in one country: a person has to say which.
NOBODY_S = {("crs", "crs"), ("sv-cruz-roja", "crs")}


def test_each_name_means_its_body_at_home() -> None:
    wrong = []
    for body in BODIES:
        for name in body.names:
            found = meant(listed().named(name.text), [body.country])
            is_unclear = (body.key, normalize_name(name.text)) in NOBODY_S
            if (found.body if found else None) != (None if is_unclear else body.key):
                wrong.append((body.key, name.text, found))
    assert wrong == []


def test_no_name_means_another_body_anywhere() -> None:
    """In each of the seven countries, and where no country is known, a name means its body, one that is really called
    so there, or nobody."""
    places = ([], *([code] for code in SAYS_ITS_COUNTRY), list(SAYS_ITS_COUNTRY))
    wrong = [
        (body.key, name.text, countries)
        for body in BODIES
        for name in body.names
        for countries in places
        if not _means_it_or_its_namesake(body, name, countries)
    ]
    assert wrong == []


def _means_it_or_its_namesake(body: ListedBody, name: ListedName, countries: list[str]) -> bool:
    known = listed().named(name.text)
    found = meant(known, countries)
    if found is None or found.body == body.key:
        return True
    other = listed().by_key[found.body]
    is_called_so = any(normalize_name(name.text) == normalize_name(its.text) for its in other.names)
    return (
        found.body in {one.body for one in known} and is_called_so and bool(found.country in countries or name.country)
    )


def test_a_name_of_several_bodies_means_nobody_where_several_are_at_home() -> None:
    shared = {key: found for key, found in listed().by_name.items() if len({one.body for one in found}) > 1}
    assert len(shared) > 40
    for key, found in shared.items():
        homes = sorted({one.country for one in found if one.country})
        if len(homes) > 1:
            assert meant(found, homes) is None, key


def test_the_list_is_whole() -> None:
    assert len(BODIES) >= 700
    countries_of_public = {body.country for body in BODIES if body.kind in PUBLIC}
    assert countries_of_public >= set(SAYS_ITS_COUNTRY)
    own = [normalize_name(body.name) for body in BODIES]
    assert len(own) == len(set(own))
    for body in BODIES:
        assert min(len(body.name_en), len(body.name_es)) > 0, body.key
        assert (len(body.key) <= 40, len(body.short_name) <= 60) == (True, True), body.key
        assert body.kind in Organization.Kind.values, body.key
        assert not body.parent or body.parent in listed().by_key, body.key
        assert all(len(normalize_name(name.text)) > 0 and len(name.text) <= 255 for name in body.names), body.key
        assert all(name.kind in OrganizationAlias.Kind.values for name in body.names), body.key
        assert all(len(ref) <= 120 for ref in body.refs), body.key
        assert not listed().is_part_of(body.key, body.key), body.key


def test_each_identifier_is_one_body_s() -> None:
    refs = [identifier_key(ref) for body in BODIES for ref in body.refs]
    assert len(refs) == len(set(refs))


@pytest.mark.django_db
def test_each_country_of_the_list_is_a_country() -> None:
    assert {body.country for body in BODIES} - {""} <= set(Country.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("41114", "XM-DAC-41114"),
        ("xm dac 41114", "XM-DAC-41114"),
        ("41AAA", "XM-DAC-41AAA"),
        ("gb-gov-1", "GB-GOV-1"),
        (" US GOV 1 ", "US-GOV-1"),
    ],
)
def test_two_spellings_of_one_identifier(one: str, other: str) -> None:
    assert identifier_key(one) == identifier_key(other)


@pytest.mark.parametrize(("one", "other"), [("XM-DAC-3-1", "XM-DAC-31"), ("US-1", "US-GOV-1"), ("411145", "41114")])
def test_two_identifiers(one: str, other: str) -> None:
    assert identifier_key(one) != identifier_key(other)


def test_an_acronym_is_found_with_and_without_dots() -> None:
    assert name_keys("A.E.C.I.D.") == ("a e c i d", "aecid")
    assert name_keys("Plan International") == ("plan international",)
