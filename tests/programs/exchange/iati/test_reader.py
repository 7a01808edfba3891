"""One activity as each version of the standard writes it, as publishers write it, and as nobody should."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from programs.exchange.iati.activity import Activity, OrganizationRef, Participant, Share
from programs.exchange.iati.files import read_activities
from programs.exchange.iati.reader import read_activity

FIXTURES = Path(__file__).parent / "fixtures"


def read(xml: str) -> Activity:
    return read_activity(etree.fromstring(xml), "2.03")


class TestVersion2:
    @pytest.fixture
    def activity(self) -> Activity:
        (found,) = read_activities(FIXTURES / "as-the-standard-says-203.xml")
        return found

    def test_nothing_is_odd_about_it(self, activity: Activity) -> None:
        assert (activity.problem, activity.oddities) == ("", [])

    def test_who_and_what(self, activity: Activity) -> None:
        assert activity.identifier == "XX-TEST-203-1"
        assert activity.reporting_org == OrganizationRef("XX-TEST", "Test Cooperation", "10")
        assert activity.titles == [("en", "Community policing in Choloma"), ("es", "Policía comunitaria en Choloma")]
        assert [text for language, text in activity.descriptions if language == "en"] == [
            "Patrols with the neighbours.",
            "Fewer homicides.",
        ]
        assert activity.participants[1] == Participant(OrganizationRef("XX-NGO", "Barrio Seguro", "22"), 4, "XX-NGO-77")

    def test_when(self, activity: Activity) -> None:
        assert activity.status == 2
        assert activity.dates == {
            "planned_start": date(2023, 1, 1),
            "actual_start": date(2023, 2, 15),
            "planned_end": date(2026, 12, 31),
        }

    def test_where(self, activity: Activity) -> None:
        assert activity.countries == [Share("HN", Decimal(60)), Share("GT", Decimal(40))]
        place = activity.places[0]
        assert (place.name, place.admin_codes) == ("Choloma", ("HN-CR",))
        assert (place.latitude, place.longitude) == (Decimal("15.61"), Decimal("-87.95"))

    def test_what_for(self, activity: Activity) -> None:
        assert [(share.code, share.percentage) for share in activity.sectors] == [
            ("15132", 70),
            ("15220", 30),
            ("S-1", None),
        ]
        assert activity.markers == [(1, 2)]
        assert activity.codes["aid_type"] == "C01"
        assert activity.hierarchy == 2

    def test_money(self, activity: Activity) -> None:
        (move,), (line,) = activity.movements, activity.budgets
        assert (move.type, move.value, move.currency) == (2, Decimal("1000000.50"), "EUR")
        assert (move.provider_activity, move.receiver_activity) == ("XX-TEST-203", "XX-NGO-77")
        assert (line.value, line.currency, line.status, line.period_end) == (400_000, "EUR", 2, date(2023, 12, 31))

    def test_related(self, activity: Activity) -> None:
        assert activity.related == [(1, "XX-TEST-203")]


class TestVersion1:
    @pytest.fixture
    def activity(self) -> Activity:
        (found,) = read_activities(FIXTURES / "as-the-standard-says-103.xml")
        return found

    def test_nothing_is_odd_about_it(self, activity: Activity) -> None:
        assert (activity.problem, activity.oddities) == ("", [])

    def test_texts_stand_in_the_elements(self, activity: Activity) -> None:
        assert activity.titles == [("en", "Prison reform in Guatemala"), ("es", "Reforma penitenciaria en Guatemala")]
        assert activity.dates == {"planned_start": date(2013, 1, 1), "actual_end": date(2015, 6, 30)}

    def test_words_and_letters_stand_for_codes(self, activity: Activity) -> None:
        assert activity.reporting_org.kind == "10"
        assert [part.role for part in activity.participants] == [1, 4]
        assert [(move.type, move.currency) for move in activity.movements] == [(2, "USD")]
        assert activity.related == [(1, "XX-OLD-0")]
        assert activity.markers == [(2, 1)]

    def test_coordinates(self, activity: Activity) -> None:
        assert (activity.places[0].latitude, activity.places[0].longitude) == (Decimal("14.46"), Decimal("-90.44"))


class TestAsPublished:
    @pytest.fixture
    def activities(self) -> list[Activity]:
        return list(read_activities(FIXTURES / "as-published.xml"))

    def test_what_cannot_be_told_is_left_out_and_said(self, activities: list[Activity]) -> None:
        warn = activities[0]
        assert warn.identifier == "XX-ODD-1"
        assert warn.titles == []
        assert warn.descriptions == [("und", "Border posts")]
        assert warn.status is None
        assert "planned_start" not in warn.dates
        assert [(move.value, move.currency) for move in warn.movements] == [(1_250_000, "USD")]
        assert warn.budgets[0].period_end is None
        assert warn.places[0].latitude is None
        assert {oddity.code for oddity in warn.oddities} == {
            "reporting-org.several",
            "text.markup",
            "title.missing",
            "status.unknown",
            "date.not-iso",
            "date.out-of-order",
            "participant.role-unknown",
            "participant.nameless",
            "location.point",
            "currency.unknown",
            "currency.in-text",
            "transaction.currency",
            "transaction.value",
            "transaction.type",
            "budget.period",
        }

    def test_without_identifier_or_reporter_there_is_nothing_to_know_it_by(self, activities: list[Activity]) -> None:
        assert [(activity.line, activity.problem) for activity in activities if activity.problem] == [
            (29, "The activity has no iati-identifier."),
            (30, "The activity has no reporting-org, so its reporter is unknown."),
        ]


class TestChecksum:
    XML = '<iati-activity><iati-identifier>A</iati-identifier><title xml:lang="en" x="1">T</title></iati-activity>'

    def test_layout_within_tags_does_not_count(self) -> None:
        other = self.XML.replace('xml:lang="en" x="1"', "x='1'   xml:lang='en'")
        assert read(self.XML).checksum == read(other).checksum

    def test_it_is_the_same_wherever_the_activity_stands(self) -> None:
        inside = etree.fromstring(f'<iati-activities xmlns:own="https://example.org/o">{self.XML}\n</iati-activities>')
        assert read_activity(inside[0]).checksum == read(self.XML).checksum

    def test_every_word_counts(self) -> None:
        assert read(self.XML).checksum != read(self.XML.replace(">T<", ">t<")).checksum


NAMES = st.sampled_from(
    ["title", "description", "narrative", "iati-identifier", "reporting-org", "participating-org", "activity-status"]
    + ["activity-date", "recipient-country", "recipient-region", "location", "point", "pos", "coordinates", "sector"]
    + ["policy-marker", "budget", "value", "period-start", "transaction", "transaction-type", "transaction-date"]
    + ["provider-org", "related-activity", "administrative", "default-aid-type", "unheard-of"]
)
ATTRIBUTES = st.sampled_from(
    ["code", "ref", "type", "role", "percentage", "iso-date", "currency", "value-date", "vocabulary", "significance"]
    + ["latitude", "longitude", "hierarchy", "default-currency", "version", "country", "activity-id"]
)
# What XML can hold: no control characters, no surrogates.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
)
VALUES = st.one_of(WORDS, st.sampled_from(["1", "2", "HN", "2024-01-01", "USD", "100", "15132", "C", "Funding"]))


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    element = etree.Element(draw(NAMES), draw(st.dictionaries(ATTRIBUTES, VALUES, max_size=3)))
    element.text = draw(VALUES)
    if depth:
        element.extend(draw(st.lists(elements(depth - 1), max_size=3)))
    return element


@settings(max_examples=150, deadline=None)
@given(st.lists(elements(), max_size=8), st.dictionaries(ATTRIBUTES, VALUES, max_size=3))
def test_whatever_stands_in_an_activity_is_read(children: list[etree._Element], attributes: dict[str, str]) -> None:
    element = etree.Element("iati-activity", attributes)
    for name, text in (("iati-identifier", "XX-1"), ("reporting-org", "Somebody")):
        etree.SubElement(element, name).text = text
    element.extend(children)

    activity = read_activity(element)

    assert activity.identifier == "XX-1"
    assert not activity.problem
    assert all(share.percentage >= 0 for share in activity.sectors if share.percentage is not None)
    assert all(len(move.currency) == 3 for move in activity.movements)
