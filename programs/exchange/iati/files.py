"""IATI files as streams: checked whole first, then read one activity at a time in constant memory. No database."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati.activity import Activity
from programs.exchange.iati.node import local_name
from programs.exchange.iati.reader import read_activity
from programs.exchange.iati.values import clean

ACTIVITIES, ACTIVITY = "iati-activities", "iati-activity"
FIRST_BYTES = 100_000
# Far more than any published activity has (the largest of those at hand has 586 elements, 15 attributes on one and 5
# levels). Beyond, the time that an activity takes is no longer in proportion to its size.
MOST_ATTRIBUTES, MOST_ELEMENTS, MOST_DEPTH = 100, 10_000, 50


class NotIati(Exception):
    """The file as a whole cannot be read; the message says why, and where."""


def check_file(path: Path, *, most_activities: int | None = None) -> None:
    """Raises NotIati for a file that is no well-formed XML, holds no IATI activities, or goes beyond our limits. Reads
    it all, keeps nothing.

    So a file that breaks off in the middle is refused before any of it is taken.
    """
    root: Element | None = None
    activities = 0
    for event, element in _events(path):
        if root is None:
            root = element
            if element.getroottree().docinfo.doctype:
                raise NotIati(_("The file declares a DOCTYPE, which IATI files must not have."))
            if local_name(element) not in (ACTIVITIES, ACTIVITY):
                raise NotIati(not_of_activities(local_name(element)))
        if event == "end":
            activities += 1
            if most_activities is not None and activities > most_activities:
                raise NotIati(
                    _("It has more than %(most)s activities. Split it into several files.") % {"most": most_activities}
                )
            _free(element)


def not_of_activities(name: str) -> str:
    """What is said of a file whose first element has that name."""
    return _("The file does not contain IATI activities: its first element is <%(name)s>.") % {"name": name[:80]}


def first_element(content: bytes) -> str:
    """The name of the first element, "" where the file has none to begin with. Reads no further."""
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(content[:FIRST_BYTES], False)
    return names[0].rpartition(":")[2] if names else ""


def read_activities(path: Path) -> Iterator[Activity]:
    """The activities of a file that `check_file` passed, in order, each freed after the next is asked for.

    Raises NotIati where the file is another one by now.
    """
    standard, tag = "", None
    for event, element in _events(path):
        if event == "start":
            if tag is None:
                # Of the namespace of the first element, if it has one: what others call iati-activity is none.
                tag = element.tag.removesuffix(local_name(element)) + ACTIVITY
                if local_name(element) == ACTIVITIES:
                    standard = clean(element.get("version"))
        elif element.tag == tag:
            yield read_activity(element, standard)
        if event == "end":
            _free(element)


def _events(path: Path) -> Iterator[tuple[str, Element]]:
    """Start of the first element, and end of each child of it (or of it, where it is the activity itself).

    Neither DTDs nor entities nor the network are used; without `huge_tree` libxml2 keeps its limits on the length of
    one text (10 MB), which no activity comes near. NotIati beyond our own limits, as soon as they are passed.
    """
    parser: etree.iterparse | None = None
    try:
        if not path.is_file():
            raise NotIati(_("The file does not exist.") if not path.exists() else _("This is not a file."))
        parser = etree.iterparse(
            str(path),
            events=("start", "end", "start-ns"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        depth = elements = namespaces = 0
        alone = False
        for event, element in parser:
            if event == "start-ns":
                namespaces += 1
            elif event == "start":
                depth += 1
                elements = 1 if depth == 2 and not alone else elements + 1
                _check_limits(element, len(element.attrib) + namespaces, elements, depth)
                namespaces = 0
                if depth == 1:
                    alone = local_name(element) == ACTIVITY
                    yield event, element
            else:
                if depth == (1 if alone else 2):
                    yield event, element
                depth -= 1
    except etree.XMLSyntaxError as error:
        raise NotIati(_refusal(error, parser)) from error
    except (OSError, UnicodeError, LookupError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotIati(_("The file cannot be read: %(error)s") % {"error": reason}) from error


def _check_limits(element: Element, attributes: int, elements: int, depth: int) -> None:
    values = {"name": local_name(element)[:80], "line": element.sourceline or 0}
    if attributes > MOST_ATTRIBUTES:
        raise NotIati(
            _("The element <%(name)s> in line %(line)s has more than %(most)s attributes. Remove those that are not "
              "in the standard.") % {**values, "most": MOST_ATTRIBUTES}
        )  # fmt: skip
    if elements > MOST_ELEMENTS:
        raise NotIati(
            _("The activity around line %(line)s has more than %(most)s elements. Split it into several activities.")
            % {**values, "most": MOST_ELEMENTS}
        )
    if depth > MOST_DEPTH:
        raise NotIati(
            _("The element <%(name)s> in line %(line)s is nested more than %(most)s levels deep. Remove elements "
              "that are not in the standard.") % {**values, "most": MOST_DEPTH}
        )  # fmt: skip


def _refusal(error: etree.XMLSyntaxError, parser: etree.iterparse | None) -> str:
    """What the parser found first, with its line: what it says last is often a consequence of that."""
    found = parser.error_log if parser is not None else ()
    first = next((entry for entry in found if entry.level >= etree.ErrorLevels.ERROR), None)
    if first is None:
        return _("The file is not well-formed XML: %(error)s") % {"error": clean(error.msg)}
    line = {"line": first.line}
    # Neither has anything to do with how the XML is formed, and the parser does not always say which attribute it is.
    if first.type == etree.ErrorTypes.DTD_ID_REDEFINED:
        return _("Two elements have the same xml:id, the second in line %(line)s. Give each its own.") % line
    if first.type == etree.ErrorTypes.DTD_XMLID_VALUE:
        return (
            _("The xml:id in line %(line)s must begin with a letter of the alphabet or “_” and have no spaces.") % line
        )
    words = _("%(error)s (line %(line)s)") % {"error": clean(first.message), **line}
    return _("The file is not well-formed XML: %(error)s") % {"error": words}


def _free(element: Element) -> None:
    """Lets go of an element that has been read, and of all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
