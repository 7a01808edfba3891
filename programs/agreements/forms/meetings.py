"""Forms of meetings."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import OUT_OF_RANGE, is_plausible
from core.errors import EditConflict, Refused
from donors.models import User
from programs.agreements import services
from programs.agreements.forms.seen import SeenForm
from programs.agreements.models import Agreement, Meeting, Outcome
from programs.discussion.forms import Lines
from programs.overlap.models import Review

TEXTAREA = {"class": "usa-textarea", "rows": 3}


class MeetingForm(SeenForm):
    """What is said of a meeting."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput({"class": "usa-input"}))
    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"class": "usa-input", "type": "date"}, "%Y-%m-%d")
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, required=False, widget=forms.TextInput({"class": "usa-input"})
    )
    present = Lines(
        label=_("Participants"),
        max_length=5000,
        required=False,
        help_text=_("One person per line, with organization."),
        widget=forms.Textarea(TEXTAREA),
    )

    def __init__(self, data: Any = None, *, meeting: Meeting | None = None) -> None:
        fields = ("title", "held_on", "place", "present")
        initial: dict[str, Any] = {"held_on": timezone.localdate()}
        if meeting:
            initial = {**{name: getattr(meeting, name) for name in fields}, "seen": meeting.version}
        super().__init__(data, initial=initial)
        self.meeting = meeting

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if not is_plausible(day):
            raise forms.ValidationError(OUT_OF_RANGE)
        return day

    def save(self, actor: User) -> Meeting | None:
        """Saves it; None where it is refused, with the refusal on the form."""
        stated = {**self.cleaned_data, "version": self.cleaned_data["seen"] or 0}
        del stated["seen"]
        try:
            return services.prepare_meeting(actor=actor, meeting=self.meeting, **stated)
        except EditConflict as change:
            self.saved_meanwhile(change.version)
            return None
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
            return None


class OutcomeForm(SeenForm):
    """What the meeting comes to on a case; the button says which. `seen` is how many outcomes the person saw."""

    choice = forms.ChoiceField(choices=Outcome.Choice.choices, error_messages={"required": _("Choose an outcome.")})
    note = Lines(label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(TEXTAREA))
    reason = forms.ChoiceField(
        label=_("Reason to dismiss"),
        choices=[("", _("Choose a reason")), *Review.Reason.choices],
        required=False,
        widget=forms.Select({"class": "usa-select"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of agreement"),
        choices=[("", _("Choose a type")), *Agreement.Kind.choices],
        required=False,
        widget=forms.Select({"class": "usa-select"}),
    )
    present = Lines(
        label=_("Participants"), max_length=5000, required=False, widget=forms.Textarea({**TEXTAREA, "rows": 2})
    )

    def __init__(self, data: Any = None, *, shown: dict[str, Any]) -> None:
        self.case = shown["case"]
        super().__init__(data, initial={"present": shown["present"], "seen": len(self.case.outcomes)})

    def record(self, actor: User) -> Outcome | None:
        """Records the outcome; None where it is refused, with the refusal beside its field."""
        stated = self.cleaned_data
        try:
            return services.record_outcome(
                self.case.item,
                stated["choice"],
                actor=actor,
                reason=stated["reason"],
                kind=stated["kind"],
                title=self.case.title,
                note=stated["note"],
                present=stated["present"],
                recorded=stated["seen"],
            )
        except EditConflict as change:
            self.saved_meanwhile(change.version)
            return None
        except Refused as refusal:
            self.add_error(self._field(stated), str(refusal.message))
            return None

    def _field(self, stated: dict[str, Any]) -> str | None:
        if stated["choice"] == Outcome.Choice.DISMISS and not stated["reason"]:
            return "reason"
        if (
            stated["choice"] == Outcome.Choice.DISMISS
            and stated["reason"] == Review.Reason.OTHER
            and not stated["note"]
        ):
            return "note"
        return "kind" if stated["choice"] == Outcome.Choice.AGREEMENT and not stated["kind"] else None
