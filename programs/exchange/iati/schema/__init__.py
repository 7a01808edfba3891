"""The official schema of IATI 2.03: the order of elements as it says it, and what it finds wrong with a file."""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from lxml import etree
from lxml.etree import _Element as Element

FOLDER = Path(__file__).parent
ACTIVITIES, ORGANISATIONS = "iati-activities-schema.xsd", "iati-organisations-schema.xsd"
XSD = "{http://www.w3.org/2001/XMLSchema}"


@cache
def schema(name: str = ACTIVITIES) -> etree.XMLSchema:
    """One of the two schemas, ready to validate.

    libxml2 refuses that of organisations as it is ("not determinist": in a document-link, elements of others may
    follow one another by two rules); the second of these rules is left out, which nothing here makes use of.
    """
    document = etree.parse(str(FOLDER / name))
    for extension in document.iter(XSD + "extension"):
        if extension.get("base") == "documentLinkBase" and name == ORGANISATIONS:
            for spare in list(extension.iter(XSD + "any"))[-1:]:
                spare.getparent().remove(spare)
    return etree.XMLSchema(document)


def problems(element: Element, name: str = ACTIVITIES) -> list[tuple[str, str]]:
    """(path, message) of each thing that the schema finds wrong with a whole file's root element."""
    found = schema(name)
    if found.validate(element):
        return []
    return [(error.path or "", error.message) for error in found.error_log]


@cache
def _documents() -> tuple[Element, ...]:
    return tuple(etree.parse(str(FOLDER / name)).getroot() for name in (ACTIVITIES, "iati-common.xsd"))


@cache
def _declared(kind: str, name: str) -> Element | None:
    for document in _documents():
        for child in document.iterchildren(XSD + kind):
            if child.get("name") == name:
                return child
    return None


@lru_cache(maxsize=512)
def _children(declaration: Element) -> dict[str, Element]:
    """Name -> declaration of the elements that may stand in the one declared, in the schema's order."""
    reference = declaration.get("ref")
    if reference:
        found = _declared("element", reference)
        return _children(found) if found is not None else {}
    return dict(_inside(_type_of(declaration)))


def _type_of(declaration: Element) -> Element | None:
    named = declaration.get("type")
    return _declared("complexType", named) if named else declaration.find(XSD + "complexType")


def _inside(part: Element | None) -> Iterator[tuple[str, Element]]:
    for child in part if part is not None else ():
        if child.tag == XSD + "element":
            yield child.get("name") or child.get("ref"), child
        elif child.tag in (XSD + "sequence", XSD + "choice", XSD + "complexContent"):
            yield from _inside(child)
        elif child.tag == XSD + "extension":
            yield from _inside(_declared("complexType", child.get("base")))
            yield from _inside(child)


def is_known(name: str) -> bool:
    """Whether an activity may have a child of that name."""
    declaration = _declared("element", "iati-activity")
    return declaration is not None and name in _children(declaration)


def put_in_order(element: Element, name: str = "iati-activity") -> None:
    """Sorts what stands in an activity, and in what stands in it, as the schema wants it; those alike keep their order.

    What the schema does not know goes to the end. Text that stands between elements, where the schema has none, goes.
    """
    declaration = _declared("element", name)
    if declaration is not None:
        _sort(element, declaration)


def _sort(element: Element, declaration: Element) -> None:
    known = _children(declaration)
    places = {name: number for number, name in enumerate(known)}
    children = list(element)
    wanted = sorted(children, key=lambda child: places.get(child.tag, len(places)))
    if wanted != children:
        for child in wanted:
            element.append(child)
    if known:
        # None of the standard's types mixes elements and text.
        if (element.text or "").strip():
            element.text = None
        for child in children:
            if (child.tail or "").strip():
                child.tail = None
    for child in children:
        if child.tag in known:
            _sort(child, known[child.tag])
