"""Why something could not be saved, in words: what a database says is no sentence for a reader."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from psycopg2 import errorcodes

from programs.models import Program

# What another import that is at work at the same time can cause; the second attempt finds it done.
OF_THE_MOMENT = frozenset(
    {
        errorcodes.UNIQUE_VIOLATION,
        errorcodes.FOREIGN_KEY_VIOLATION,
        errorcodes.DEADLOCK_DETECTED,
        errorcodes.SERIALIZATION_FAILURE,
        errorcodes.LOCK_NOT_AVAILABLE,
    }
)
# Of these the whole transaction is tried again: what it has locked before stands in its own way.
OF_LOCKS = frozenset({errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE, errorcodes.LOCK_NOT_AVAILABLE})
_AT_ONCE = _("Another import changed the same program or organization at the same time. Import the file again.")
SENTENCES: dict[str, Promise] = {
    errorcodes.NUMERIC_VALUE_OUT_OF_RANGE: _(
        "A number, or the sum of its amounts, has more than 18 digits before the decimal point. Correct it."
    ),
    errorcodes.STRING_DATA_RIGHT_TRUNCATION: _("A text or a code is longer than the portal keeps. Shorten it."),
    errorcodes.PROGRAM_LIMIT_EXCEEDED: _(
        "Its title or description is longer than the portal can search: about a million characters. Shorten it."
    ),
    errorcodes.UNTRANSLATABLE_CHARACTER: _("A text has a character that cannot be stored. Remove it."),
    errorcodes.CHARACTER_NOT_IN_REPERTOIRE: _("A text has a character that cannot be stored. Remove it."),
    **dict.fromkeys(OF_THE_MOMENT, _AT_ONCE),
}
_ANY = _("The portal cannot save it, and the fault is its own. Send the file to the administrators.")


def code_of(error: BaseException) -> str:
    """PostgreSQL's code of an error; "" where it has none, as when the connection is lost."""
    return str(getattr(error.__cause__, "pgcode", None) or "")


def is_of_the_moment(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) and code_of(error) in OF_THE_MOMENT


def is_of_locks(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) and code_of(error) in OF_LOCKS


def is_of_the_database(error: BaseException) -> bool:
    """Whether the error says nothing of what was to be saved: the database cannot be reached, or is going down."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return code_of(error)[:2] in ("", "08", "53", "57", "58")


def reason_of(error: Exception) -> str:
    """The reason as a sentence for a reader, naming the field where it is known."""
    if isinstance(error, ValidationError):
        return " ".join(_of_field(name, messages) for name, messages in _by_field(error).items())
    if isinstance(error, DatabaseError):
        return str(SENTENCES.get(code_of(error), _ANY))
    return str(error)


class Reason:
    """The reason in the language in which it is read."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __str__(self) -> str:
        return reason_of(self.error)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def _of_field(name: str, messages: list[str]) -> str:
    said = " ".join(messages)
    labels = {field.name: field.verbose_name for field in Program._meta.concrete_fields}
    if name not in labels:
        return said
    return gettext("%(field)s: %(problem)s") % {"field": capfirst(labels[name]), "problem": said}
