"""A form that says as of when the thing that it changes was read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SeenForm(forms.Form):
    """Carries the number of the edition that was read: of two who save it, the second is told and loses nothing."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    # With which status the page shows it again.
    status = 400

    def saved_meanwhile(self, stored: int) -> None:
        """Says that somebody was faster, and has the form be of what is stored now: sent again, it takes its place."""
        self.add_error(
            None,
            _(
                "Someone else changed this while you were editing. Your text is below and is not saved. Open the "
                "page in another window to see their version; if you save again, yours replaces it."
            ),
        )
        self.seen_now(stored)
        self.status = 409

    def seen_now(self, stored: int) -> None:
        """Has the form be of what is stored now."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data["seen"] = str(stored)  # type: ignore[index]
