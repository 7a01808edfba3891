"""Whatever the reader takes, the writer writes: an export that holds it is whole, valid and read again."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file
from programs.exchange.iati.files import check_file, read_activities
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.node import KEPT_NAMESPACE, XML_LANG, XML_NAMESPACE
from programs.models import Program
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
CORPUS = ROOT / "tests/corpus/iati"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OTHER = "http://example.org/own"

# Names of the standard at every depth, of no standard, and of other namespaces.
CHILDREN = st.sampled_from(
    ["title", "description", "narrative", "participating-org", "reporting-org", "iati-identifier", "activity-date",
     "activity-status", "recipient-country", "recipient-region", "location", "point", "pos", "sector", "tag",
     "policy-marker", "budget", "period-start", "period-end", "value", "transaction", "transaction-type",
     "transaction-date", "provider-org", "document-link", "contact-info", "conditions", "condition", "result",
     "indicator", "period", "target", "legacy-data", "fss", "crs-add", "other-identifier", "activity-website",
     "default-aid-type", "related-activity", "unheard-of", f"{{{OTHER}}}own", f"{{{KEPT_NAMESPACE}}}as-published",
     f"{{{XML_NAMESPACE}}}own"]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["ref", "code", "type", "role", "percentage", "vocabulary", "currency", "value-date", "iso-date", "url", "format",
     "default-currency", "hierarchy", "last-updated-datetime", "linked-data-uri", "humanitarian", "unheard-of", "lang",
     XML_LANG, *(f"{{{XML_NAMESPACE}}}{name}" for name in ("space", "base", "id", "own")),
     *(f"{{{XSI}}}{name}" for name in ("type", "nil", "schemaLocation", "noNamespaceSchemaLocation")),
     f"{{{OTHER}}}own", f"{{{KEPT_NAMESPACE}}}lang", f"{{{KEPT_NAMESPACE}}}dated-by"]
)  # fmt: skip
# All that XML has a place for: also characters that control, and what ends comments and sections.
WORDS = st.one_of(
    st.sampled_from(["", " ", "en_US", "Español", "es-HN", "1", "2", "15130", "HN", "USD", "2024-01-15", "100", "true",
                     "a--b---c-", "]]>", "<!--", "&amp;", "\x85\x93\x94", "\u200b", "\ufeff", "12:30", "xs:date"]),
    st.text(st.characters(exclude_characters="\ufffe\uffff", exclude_categories=("Cs", "Cc")), max_size=12),
)  # fmt: skip


@st.composite
def elements(draw: Any, depth: int = 3) -> Element:
    made = etree.Element(draw(CHILDREN), nsmap=draw(st.sampled_from([None, {"p": OTHER}, {None: OTHER}])))
    _dress(draw, made)
    made.text = draw(WORDS)
    for child in draw(st.lists(elements(depth - 1), max_size=3)) if depth else ():
        made.append(child)
        child.tail = draw(st.sampled_from([None, None, "stray", "\n  "]))
    return made


def _dress(draw: Any, made: Element) -> None:
    for name, value in draw(st.dictionaries(ATTRIBUTES, WORDS, max_size=3)).items():
        made.set(name, value)


@st.composite
def activities(draw: Any) -> Element:
    """An activity that says who reports it under which identifier, and anything else."""
    made = etree.Element("iati-activity")
    _dress(draw, made)
    etree.SubElement(made, "iati-identifier").text = "XX-" + draw(st.sampled_from(["1", "A---B", "-", "ñ &<"]))
    etree.SubElement(made, "reporting-org", ref="XX", type="10").text = "Reporter"
    if draw(st.integers(0, 9)):
        etree.SubElement(made, "activity-date", {"type": "1", "iso-date": "2024-01-15"})
    for child in draw(st.lists(elements(), max_size=6)):
        made.append(child)
        child.tail = draw(st.sampled_from([None, None, "stray", "--"]))
    for remark in draw(st.lists(st.sampled_from([etree.Comment(" a "), etree.PI("b", "c")]), max_size=2)):
        made.insert(draw(st.integers(0, len(made))), remark)
    return made


@st.composite
def files(draw: Any) -> bytes:
    """A file of one or two activities, of any version, in a namespace or in none."""
    namespace = draw(st.sampled_from([None, OTHER]))
    root = etree.Element("iati-activities", version=draw(st.sampled_from(["2.03", "1.04", ""])))
    root.extend(draw(st.lists(activities(), min_size=1, max_size=2)))
    for element in root.iter("*") if namespace else ():
        if not element.tag.startswith("{"):
            element.tag = f"{{{namespace}}}{element.tag}"
    return etree.tostring(root, encoding="utf-8")


def as_file(content: bytes, folder: str) -> Path:
    path = Path(folder) / "file.xml"
    path.write_bytes(content)
    return path


def taken_and_given(path: Path) -> tuple[IatiImporter, Element]:
    """The importer that took the file, and the export of what it took."""
    importer = IatiImporter(include_all=True)
    importer.import_files([path])
    return importer, etree.fromstring(b"".join(activities_file(Program.objects.all())))


ONE_ID_TWICE = (
    b'<iati-activities version="2.03"><iati-activity><iati-identifier>XX-1</iati-identifier>'
    b'<reporting-org ref="XX" type="10">Reporter</reporting-org><title xml:id="A"></title><title xml:id="A"></title>'
    b"</iati-activity></iati-activities>"
)


# The schema looks into elements of other namespaces, too.
WITHIN_ANOTHER_NAMESPACE = (
    b'<iati-activities version="2.03"><iati-activity><iati-identifier>XX-1</iati-identifier>'
    b'<reporting-org ref="XX" type="10">Reporter</reporting-org><activity-date type="1" iso-date="2024-01-15"/>'
    b"<xml:own><activity-date/></xml:own></iati-activity></iati-activities>"
)


@given(files())
@example(ONE_ID_TWICE)
@example(WITHIN_ANOTHER_NAMESPACE)
@settings(max_examples=60)
def test_whatever_is_taken_comes_out_whole_and_is_taken_again(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        importer, exported = taken_and_given(as_file(content, folder))
        if importer.report.refused_files:
            # The parser itself takes no xml:id that is no name, or that comes twice.
            assert "xml:id" in importer.report.refused_files[0][1]
        given_out = [str(one.text) for one in exported.iterfind("iati-activity/iati-identifier")]
        if given_out:  # the schema knows no file without an activity
            assert schema.problems(exported) == []
        # Only what has no date is left out, by its name, and of one identifier of two reporters the second.
        left_out = [str(comment.text) for comment in exported.iter(etree.Comment)]
        assert [one for one in left_out if "(activity-date)" not in one and "their identifiers are" not in one] == []
        identifiers = set(Program.objects.values_list("identifier", flat=True))
        assert len(given_out) == len(identifiers) - sum(one.count("(activity-date)") for one in left_out)
        again = as_file(etree.tostring(exported), folder)
        check_file(again)
        assert [activity.identifier for activity in read_activities(again)] == given_out
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["01-export-breaks-lang-underscore", "01b-export-breaks-lang-underscore-activity"])
def test_a_language_that_is_no_tag_is_taken_and_said_and_not_exported(name: str, tmp_path: Path) -> None:
    importer, exported = taken_and_given(CORPUS / f"{name}.xml")

    assert importer.report.created == 1
    assert importer.report.oddities["language.no-tag"] == 1
    assert importer.report.examples["language.no-tag"].endswith(": en_US")
    assert schema.problems(exported) == []
    assert exported.findtext("iati-activity/title/narrative") == "Police training"
    assert "en_US" not in exported.xpath("//@xml:lang")
    # Taken in again, it is in the same language.
    (activity,) = read_activities(as_file(etree.tostring(exported), str(tmp_path)))
    assert activity.titles == [("en", "Police training")]


def test_stray_text_is_left_out_and_said() -> None:
    importer, exported = taken_and_given(CORPUS / "14-stray-text-not-exported.xml")

    assert importer.report.examples["text.stray"].endswith(": stray text")
    assert schema.problems(exported) == []
    assert exported.findtext("iati-activity/title/narrative") == "Police training"
    assert b"stray" not in etree.tostring(exported)


def test_control_characters_that_xml_has_a_place_for_come_out() -> None:
    _importer, exported = taken_and_given(CORPUS / "13-smart-quotes-become-control-characters.xml")

    assert schema.problems(exported) == []
    assert "Barrio Seguro" in str(exported.findtext("iati-activity/title/narrative"))
