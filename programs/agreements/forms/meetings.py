"""Forms of meetings."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import OUT_OF_RANGE, is_plausible
from core.errors import ChangedMeanwhile, Refused
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
        said = {**self.cleaned_data, "version": self.cleaned_data["seen"] or 0}
        del said["seen"]
        try:
            return services.prepare_meeting(actor=actor, meeting=self.meeting, **said)
        except ChangedMeanwhile as change:
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
        said = self.cleaned_data
        try:
            return services.record_outcome(
                self.case.item,
                said["choice"],
                actor=actor,
                reason=said["reason"],
                kind=said["kind"],
                title=self.case.title,
                note=said["note"],
                present=said["present"],
                recorded=said["seen"],
            )
        except ChangedMeanwhile as change:
            self.saved_meanwhile(change.version)
            return None
        except Refused as refusal:
            self.add_error(self._field(said), str(refusal.message))
            return None

    def _field(self, said: dict[str, Any]) -> str | None:
        if said["choice"] == Outcome.Choice.DISMISS and not said["reason"]:
            return "reason"
        if said["choice"] == Outcome.Choice.DISMISS and said["reason"] == Review.Reason.OTHER and not said["note"]:
            return "note"
        return "kind" if said["choice"] == Outcome.Choice.AGREEMENT and not said["kind"] else None
