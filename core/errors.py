"""What services refuse with; pages and the API turn these into words in one place each."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A change that a rule forbids. `message` is a whole sentence for the reader, lazily translated."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """The person may not do this here."""

    def __init__(self, message: object = _("You may not do this.")) -> None:
        super().__init__(message)


class ChangedMeanwhile(Refused):
    """Somebody else saved the same thing after it was read (rule 3 of the design); `version` is the one stored now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at what it is now, then save again."))
        self.version = version
