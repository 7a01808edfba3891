"""IATI files as streams: checked whole first, then read one activity at a time in constant memory. No database."""

from collections.abc import Iterator
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati.activity import Activity
from programs.exchange.iati.malformed import sentence_on
from programs.exchange.iati.node import local_name
from programs.exchange.iati.opening import NotIati, Source, opened, said
from programs.exchange.iati.reader import read_activity
from programs.exchange.iati.values import clean

ACTIVITIES, ACTIVITY = "iati-activities", "iati-activity"
# Far more than any published activity has (the largest of those at hand has 586 elements, 15 attributes on one and 5
# levels). Beyond, the time that an activity takes is no longer in proportion to its size.
MOST_ATTRIBUTES, MOST_ELEMENTS, MOST_DEPTH = 100, 10_000, 50
# What is found in a file: its first element, an activity, one within a further <iati-activities>, anything else.
Found = Literal["root", "activity", "nested", "other"]


def check_file(source: Source, *, most_activities: int | None = None) -> int:
    """How many activities a file has. Raises NotIati for one that is no well-formed XML, no file of IATI activities, or
    goes beyond our limits. Reads it all, keeps nothing.

    So a file that breaks off in the middle is refused before any of it is taken.
    """
    activities = 0
    for found, element in _found(source):
        if found == "root":
            if local_name(element) not in (ACTIVITIES, ACTIVITY):
                raise NotIati(not_of_activities(local_name(element)))
            if element.getroottree().docinfo.doctype:
                raise NotIati(_("The file declares a DOCTYPE, which IATI files must not have."))
            continue
        if found in ("activity", "nested"):
            activities += 1
            if most_activities is not None and activities > most_activities:
                raise NotIati(
                    said(_("It has more than %(most)s activities. Split it into several files."), most=most_activities)
                )
        _free(element)
    return activities


def require_activities(source: Source, *, most_activities: int | None = None) -> None:
    """As `check_file`; NotIati too where there is nothing to import."""
    if not check_file(source, most_activities=most_activities):
        raise NotIati(_("The file contains no activities, so there is nothing to import."))


def not_of_activities(name: str) -> Promise:
    """What is said of a file whose first element has that name."""
    if name.lower() == "html":
        return _("The file does not contain IATI activities: its first element is <html>, so it is a web page. "
                 "Download the IATI file itself and choose that.")  # fmt: skip
    return said(_("The file does not contain IATI activities: its first element is <%(name)s>."), name=name[:80])


def first_element(content: bytes) -> str:
    """The name of the first element, "" where the file has none to begin with. Reads no further."""
    try:
        for _found_there, element in _found(content):
            return local_name(element)
    except NotIati:
        pass
    return ""


def read_activities(source: Source) -> Iterator[Activity]:
    """The activities of a file that `check_file` passed, in order, each freed after the next is asked for.

    Raises NotIati where the file is another one by now.
    """
    standard = ""
    for found, element in _found(source):
        if found == "root":
            if local_name(element) == ACTIVITIES:
                standard = clean(element.get("version"))
            continue
        if found in ("activity", "nested"):
            activity = read_activity(element, standard)
            if found == "nested":
                activity.warn("file.nested", "")
            yield activity
        _free(element)


def _found(source: Source) -> Iterator[tuple[Found, Element]]:
    """Start of the first element, then the end of each activity in it, and of all else that is not in one.

    Activities are what has that name in the namespace of the first element, in it or in further <iati-activities>.
    Neither DTDs nor entities nor the network are used; without `huge_tree` libxml2 keeps its limits on the length of
    one text (10 MB), which no activity comes near. NotIati beyond our own limits, as soon as they are passed.
    """
    parser: etree.iterparse | None = None
    try:
        with opened(source) as (stream, encoding):
            parser = etree.iterparse(
                stream,
                events=("start", "end", "start-ns"),
                encoding=encoding,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            yield from _walk(parser)
    except etree.XMLSyntaxError as error:
        raise NotIati(sentence_on(error, parser)) from error
    except OSError as error:
        raise NotIati(said(_("The file cannot be read: %(error)s"), error=error.strerror or "")) from error
    except (UnicodeError, LookupError) as error:
        raise NotIati(_("The characters of the file cannot be read. Save it as UTF-8.")) from error


def _walk(parser: etree.iterparse) -> Iterator[tuple[Found, Element]]:
    # How deep we are, and how many <iati-activities> we are in that hold each other.
    depth = containers = elements = namespaces = 0
    prefix = ""
    for event, element in parser:
        if event == "start-ns":
            namespaces += 1
        elif event == "start":
            if depth == 0:
                prefix = element.tag.removesuffix(local_name(element))
            is_container = depth == containers and element.tag == prefix + ACTIVITIES
            elements = 1 if depth == containers else elements + 1
            containers += is_container
            depth += 1
            _check_limits(element, len(element.attrib) + namespaces, elements, depth)
            namespaces = 0
            if depth == 1:
                yield "root", element
        else:
            if depth == containers:
                containers -= 1
            depth -= 1
            if depth == containers:
                is_activity = element.tag == prefix + ACTIVITY
                yield ("nested" if depth > 1 else "activity") if is_activity else "other", element


def _check_limits(element: Element, attributes: int, elements: int, depth: int) -> None:
    values = {"name": local_name(element)[:80], "line": element.sourceline or 0}
    if attributes > MOST_ATTRIBUTES:
        raise NotIati(
            said(
                _("The element <%(name)s> in line %(line)s has more than %(most)s attributes. Remove those that are "
                  "not in the standard."), **values, most=MOST_ATTRIBUTES,
            )
        )  # fmt: skip
    if elements > MOST_ELEMENTS:
        raise NotIati(
            said(
                _("The activity around line %(line)s has more than %(most)s elements. Split it into several "
                  "activities."), **values, most=MOST_ELEMENTS,
            )
        )  # fmt: skip
    if depth > MOST_DEPTH:
        raise NotIati(
            said(
                _("The element <%(name)s> in line %(line)s is nested more than %(most)s levels deep. Remove elements "
                  "that are not in the standard."), **values, most=MOST_DEPTH,
            )
        )  # fmt: skip


def _free(element: Element) -> None:
    """Lets go of an element that has been read, and of all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
