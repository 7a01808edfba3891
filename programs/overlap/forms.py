"""Forms of overlaps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donors.errors import Refused
from donors.models import User
from programs.overlap import services
from programs.overlap.models import Overlap, Review


class ReviewForm(forms.Form):
    """A coordinator's decision on an overlap."""

    action = forms.ChoiceField(
        choices=Review.Action.choices,
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose a decision.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Review.Reason.choices],
        required=False,
        help_text=_("Needed to dismiss the overlap."),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 3}),
    )

    def decide(self, overlap: Overlap, actor: User) -> Review | None:
        """Takes the decision; None where it is refused, with the refusal on the form."""
        action, note = self.cleaned_data["action"], self.cleaned_data["note"]
        try:
            if action == Review.Action.CONFIRM:
                return services.confirm(overlap, actor=actor, note=note)
            if action == Review.Action.DISMISS:
                return services.dismiss(overlap, actor=actor, reason=self.cleaned_data["reason"], note=note)
            return services.reopen(overlap, actor=actor, note=note)
        except Refused as refusal:
            self.add_error(_field_of(action, self.cleaned_data), str(refusal.message))
            return None


def _field_of(action: str, cleaned: dict[str, Any]) -> str | None:
    if action != Review.Action.DISMISS:
        return None
    return "note" if cleaned["reason"] == Review.Reason.OTHER else "reason" if not cleaned["reason"] else None
