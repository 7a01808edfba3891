"""An element of an activity as the standard sees it: attributes, text, narratives, children by name."""

import re

from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati.values import clean, clean_code, has_markup, parse_language, without_markup

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XML_LANG = f"{{{XML_NAMESPACE}}}lang"
# What files of the portal's own carry beyond the standard.
KEPT_NAMESPACE = "urn:carsi-portal:as-published"
etree.register_namespace("portal", KEPT_NAMESPACE)
# A language that was published as xml:lang though it is no language tag.
KEPT_LANG = f"{{{KEPT_NAMESPACE}}}lang"
# xs:language (XML Schema, part 2, section 3.3.3); xml:lang may also be empty.
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
# On a value whose date the standard requires and nobody stated: the element that it was taken from.
DATED_BY = f"{{{KEPT_NAMESPACE}}}dated-by"
# On an element whose words nobody wrote: whose words they are.
REPEATS = f"{{{KEPT_NAMESPACE}}}repeats"
# On a location: its share of the money, which 1.0x had and 2.03 has no place for.
KEPT_SHARE = f"{{{KEPT_NAMESPACE}}}percentage"


def local_name(element: Element) -> str:
    """The element's name without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parsed(xml: str | bytes) -> Element:
    """The root of a document that lxml has written.

    Of itself the parser refuses here what it took while reading the file, such as an xml:id that is no name.
    """
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))


def is_good_xml(name: str, value: str) -> bool:
    """Whether an attribute of XML itself (xml:lang, xml:space) has a value that it may have.

    xml:id may not: one that a file has once, an export of many files may have twice.
    """
    if name == "lang":
        return not clean(value) or _LANGUAGE_TAG.fullmatch(clean(value)) is not None
    return value in ("default", "preserve") if name == "space" else name != "id"


def stated_language(element: Element) -> str:
    """The language that an element says it is in, be it a language tag or not; "" where it says none."""
    return element.get(XML_LANG) or element.get(KEPT_LANG) or ""


class Node:
    """An element: its attributes, its text, its children by name; children of other namespaces are not seen."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.children: dict[str, list[Element]] = {}
        tag = element.tag
        prefix = tag[: tag.rindex("}") + 1] if tag[0] == "{" else ""
        for child in element:
            name = child.tag
            if isinstance(name, str) and name.startswith(prefix) and "}" not in (local := name[len(prefix) :]):
                self.children.setdefault(local, []).append(child)

    @property
    def text(self) -> str:
        """All that is written directly in it, or in what stands in it (1.0x put text where 2.0x has narratives)."""
        return clean("".join(self.element.itertext()))

    def get(self, attribute: str) -> str:
        return clean(self.element.get(attribute))

    def all(self, name: str) -> list["Node"]:
        return [Node(child) for child in self.children.get(name, ())]

    def first(self, name: str) -> "Node | None":
        found = self.children.get(name)
        return Node(found[0]) if found else None

    def code(self, name: str, attribute: str = "code") -> str:
        """The code of the first child of that name, or its text where it has none; "" where there is no child."""
        child = self.first(name)
        return "" if child is None else clean_code(child.element.get(attribute)) or child.text

    def narratives(self, language: str) -> list[tuple[str, str]]:
        """(language, text) of each narrative (2.0x), or of the element's own text (1.0x); blank ones left out."""
        own = stated_language(self.element) or language
        stated = [
            (stated_language(child) or own, "".join(child.itertext())) for child in self.children.get("narrative", ())
        ]
        if not any(clean(text) for _language, text in stated):
            stated = [(own, "".join(self.element.itertext()))]
        cleaned = [
            (parse_language(spoken), without_markup(text) if has_markup(text) else clean(text))
            for spoken, text in stated
        ]
        return [(spoken, text) for spoken, text in cleaned if text]

    def words(self, language: str = "") -> str:
        """Its text in `language`, else in the first that it has."""
        narratives = self.narratives(language)
        return next(
            (text for spoken, text in narratives if spoken == language),
            narratives[0][1] if narratives else "",
        )
