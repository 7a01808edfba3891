"""What services refuse with; pages and the API turn these into words in one place each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import ConfigurationLimitExceeded, QueryCanceled

# When a client may try again, in seconds, after what the database could not do now.
TRY_AGAIN_SECONDS = 30


class Refused(Exception):
    """A change that a rule forbids. `message` is a whole sentence for the reader, lazily translated."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """The person may not do this here."""

    def __init__(self, message: object = _("You do not have permission to do this.")) -> None:
        super().__init__(message)


@dataclass(frozen=True)
class ToConfirm:
    """A value that is possible but unlikely: a stable code, the field that says it, a sentence for the reader, and a
    key that tells it from another value with the same code."""

    code: str
    field: str
    sentence: str
    key: str


class NeedsConfirmation(Refused):
    """What is to be saved holds values that a person must confirm first."""

    def __init__(self, warnings: Sequence[ToConfirm]) -> None:
        super().__init__(" ".join(warning.sentence for warning in warnings))
        self.warnings = tuple(warnings)


class EditConflict(Refused):
    """Somebody else saved the same thing after it was read (rule 3 of the design); `version` is the one stored now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Someone else changed this in the meantime. Check what it says now, then save again."))
        self.version = version


def of_the_database(error: BaseException | None) -> str | None:
    """What is wrong where the database did not answer, as a code of problems: "took_too_long" where it was asked for
    more than it may do (settings.DATABASE_SECONDS, temp_file_limit), "unavailable" where it cannot be reached. None for
    any other error."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    too_much = isinstance(error.__cause__, QueryCanceled | ConfigurationLimitExceeded)
    return "took_too_long" if too_much else "unavailable"
