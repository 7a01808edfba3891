"""What is wrong with XML that cannot be read, in words: what the parser says is no sentence for a reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree

from programs.exchange.iati.opening import said

_Types = etree.ErrorTypes
_LESS = _("Line %(line)s has a “<” that begins no element. Write “&lt;” for it.")
_BROKEN_OFF = _("The file breaks off in line %(line)s, before all of its elements have ended. "
                "Download or export it again.")  # fmt: skip
_NO_XML = _("The file is not XML: it does not begin with an element. Choose the IATI file itself.")
_CROSSED = _("In line %(line)s an element ends that is not the one that began last. Each element must end in the one "
             "in which it began.")  # fmt: skip
_CHARACTERS = _("Line %(line)s has characters that are not in the encoding that the file states. Save "
                "it as UTF-8.")  # fmt: skip
_NO_CHARACTER = _("Line %(line)s has a character that XML does not allow. Remove it.")
_ENCODING = _("The file states an encoding that does not exist. Save it as UTF-8.")
_ENTITY = _("Line %(line)s has an abbreviation such as “&nbsp;” that XML does not have. Write the character itself.")
_AMPERSAND = _("Line %(line)s has an “&” that stands alone. Write “&amp;” for it.")
_ATTRIBUTES = _("The attributes of an element in line %(line)s cannot be read. Each needs a name, “=” and a value in "
                "quotation marks.")  # fmt: skip
_ATTRIBUTE_TWICE = _("An element in line %(line)s has the same attribute twice. Remove one of them.")
_PREFIX = _("A name in line %(line)s has a prefix (before its “:”) that the file does not declare. Declare it with "
            "xmlns, or remove it.")  # fmt: skip
_AFTER = _("There is more after the end of the first element, in line %(line)s. A file has one element that holds all "
           "others.")  # fmt: skip
_DECLARATION = _("The line with “<?xml” must be the first of the file. Remove what stands before it (line %(line)s).")
_COMMENT = _("A comment in line %(line)s is not closed, or has “--” in it. Correct or remove it.")
_TOO_LONG = _("A single text around line %(line)s is longer than 10 million characters. Shorten it.")
_SAME_ID = _("Two elements have the same xml:id, the second in line %(line)s. Give each its own.")
_NO_ID = _("The xml:id in line %(line)s must begin with a letter of the alphabet or “_” and have no spaces.")
_ANY = _("There is an error in line %(line)s. Ask those who made it to export it again.")

# By the number that libxml2 gives what it found (xmlParserErrors).
SENTENCES: dict[int, Promise] = {
    _Types.ERR_DOCUMENT_EMPTY: _NO_XML,
    _Types.ERR_DOCUMENT_END: _AFTER,
    _Types.ERR_TAG_NAME_MISMATCH: _CROSSED,
    _Types.ERR_TAG_NOT_FINISHED: _BROKEN_OFF,
    _Types.ERR_LTSLASH_REQUIRED: _BROKEN_OFF,
    _Types.ERR_GT_REQUIRED: _BROKEN_OFF,
    _Types.ERR_CDATA_NOT_FINISHED: _BROKEN_OFF,
    _Types.ERR_INVALID_ENCODING: _CHARACTERS,
    _Types.ERR_INVALID_CHAR: _NO_CHARACTER,
    _Types.ERR_INVALID_CHARREF: _NO_CHARACTER,
    _Types.ERR_UNKNOWN_ENCODING: _ENCODING,
    _Types.ERR_UNSUPPORTED_ENCODING: _ENCODING,
    _Types.ERR_ENCODING_NAME: _ENCODING,
    _Types.ERR_UNDECLARED_ENTITY: _ENTITY,
    _Types.WAR_UNDECLARED_ENTITY: _ENTITY,
    _Types.ERR_NAME_REQUIRED: _AMPERSAND,
    _Types.ERR_ENTITYREF_SEMICOL_MISSING: _AMPERSAND,
    _Types.ERR_ATTRIBUTE_NOT_STARTED: _ATTRIBUTES,
    _Types.ERR_ATTRIBUTE_NOT_FINISHED: _ATTRIBUTES,
    _Types.ERR_ATTRIBUTE_WITHOUT_VALUE: _ATTRIBUTES,
    _Types.ERR_LT_IN_ATTRIBUTE: _ATTRIBUTES,
    _Types.ERR_SPACE_REQUIRED: _ATTRIBUTES,
    _Types.ERR_ATTRIBUTE_REDEFINED: _ATTRIBUTE_TWICE,
    _Types.NS_ERR_UNDEFINED_NAMESPACE: _PREFIX,
    _Types.ERR_RESERVED_XML_NAME: _DECLARATION,
    _Types.ERR_COMMENT_NOT_FINISHED: _COMMENT,
    _Types.ERR_HYPHEN_IN_COMMENT: _COMMENT,
    _Types.ERR_RESOURCE_LIMIT: _TOO_LONG,
    _Types.ERR_INTERNAL_ERROR: _NO_XML,
    _Types.DTD_ID_REDEFINED: _SAME_ID,
    _Types.DTD_XMLID_VALUE: _NO_ID,
}
# What is wrong with names and not with how the XML is formed.
_NAMES = (_Types.DTD_ID_REDEFINED, _Types.DTD_XMLID_VALUE)


def sentence_on(error: etree.XMLSyntaxError, parser: "etree.iterparse | None") -> Promise:
    """What the parser found first, with its line: what it says last is often a consequence of that."""
    found = parser.error_log if parser is not None else ()
    first = next((entry for entry in found if entry.level >= etree.ErrorLevels.ERROR), None)
    number, line = (first.type, first.line) if first is not None else (error.code, error.lineno)
    sentence = SENTENCES.get(number or _Types.ERR_DOCUMENT_EMPTY, _ANY)
    if number == _Types.ERR_NAME_REQUIRED and first is not None and "StartTag" in (first.message or ""):
        sentence = _LESS
    words = said(sentence, line=line or 1)
    return words if number in _NAMES else said(_("The file is not well-formed XML. %(error)s"), error=words)
