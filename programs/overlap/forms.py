"""Forms of overlaps."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import User
from programs.overlap import services
from programs.overlap.models import Calibration, Overlap, Review, SavedView, UncertainPair


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
        help_text=_("Required to dismiss, optional to confirm."),
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
                return services.confirm(overlap, actor=actor, reason=self.cleaned_data["reason"], note=note)
            if action == Review.Action.DISMISS:
                return services.dismiss(overlap, actor=actor, reason=self.cleaned_data["reason"], note=note)
            return services.reopen(overlap, actor=actor, note=note)
        except Refused as refusal:
            self.add_error(_field_of(action, self.cleaned_data), str(refusal.message))
            return None


# A row of the queue: a case by its key (cases.KEY), or an uncertain pair by its id after a u.
ROW = r"(?:-?|u)\d{1,18}"


class AnswerForm(ReviewForm):
    """A coordinator's answer about a pair that the engine is not sure of."""

    def answer(self, asked: UncertainPair, actor: User) -> Review | None:
        """Takes the answer; None where it is refused, with the refusal on the form."""
        action = self.cleaned_data["action"]
        stated = {name: self.cleaned_data[name] for name in ("reason", "note")}
        try:
            return services.answer_uncertain(asked, action, actor=actor, **stated)
        except Refused as refusal:
            self.add_error(_field_of(action, self.cleaned_data), str(refusal.message))
            return None


class CalibrationForm(forms.Form):
    """What is done with a calibration, and why."""

    action = forms.ChoiceField(
        choices=[("accept", ""), ("decline", ""), ("reverse", "")],
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose a decision.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=5000,
        help_text=_("Required to decline or reverse, optional to accept."),
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("action") in ("decline", "reverse") and not cleaned.get("note", "").strip():
            self.add_error("note", gettext("Say why in the note."))
        return cleaned

    def move(self, calibration: Calibration, actor: User) -> bool:
        """Does it; False where it is refused, with the refusal on the form."""
        does = {
            "accept": services.accept_calibration,
            "decline": services.decline_calibration,
            "reverse": services.reverse_calibration,
        }
        try:
            does[self.cleaned_data["action"]](calibration, actor=actor, note=self.cleaned_data["note"])
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
            return False
        return True


class TriageForm(forms.Form):
    """What is done with cases of the queue. `do` is an action; with a case and a reason after it, of one row alone:
    confirm, confirm:17, dismiss, dismiss:17:complementary, assign, undo. A pair that the engine is not sure of is
    u17, and answered by itself."""

    do = forms.RegexField(
        rf"^(confirm|dismiss|reopen|assign|undo)(:{ROW}(:[a-z_]+)?)?$",
        error_messages={"required": _("Choose a decision."), "invalid": _("Choose a decision.")},
    )
    reason = forms.ChoiceField(choices=[("", ""), *Review.Reason.choices], required=False)
    note = forms.CharField(required=False, max_length=5000)
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.ticked = [key for key in data.getlist("case") if re.fullmatch(ROW, key)] if data else []
        self.fields["assignee"].queryset = coordinators()  # type: ignore[attr-defined]

    def apply(self, actor: User) -> str:
        """Does it, and says what was done; Refused or NotAllowed where it may not be."""
        cleaned = self.cleaned_data
        do, __, rest = cleaned["do"].partition(":")
        one, __, reason = rest.partition(":")
        rows = [one] if one else self.ticked
        keys = [int(row) for row in rows if not row.startswith("u")]
        asked = [int(row[1:]) for row in rows if row.startswith("u")]
        if do == "undo":
            undone = services.undo_last(actor=actor, note=cleaned["note"])
            return _told(gettext("Undone"), undone.cases, undone.pairs)
        if do == "assign":
            number = services.assign_cases(keys, cleaned["assignee"], actor=actor)
            return ngettext("%(n)s case assigned.", "%(n)s cases assigned.", number) % {"n": number}
        why = reason or cleaned["reason"]
        if asked and not keys:
            return self._answer(asked[0], do, why, actor)
        decided = services.decide_cases(keys, do, actor=actor, reason=why, note=cleaned["note"])
        return _told(str(Review.Action(do).label), decided.cases, decided.pairs)

    def _answer(self, pk: int, action: str, reason: str, actor: User) -> str:
        """Answers a question about an uncertain pair, of a row of its own."""
        asked = UncertainPair.objects.visible_to(actor).filter(pk=pk).first()
        if asked is None:
            raise Refused(gettext("This question is no longer open: someone answered it, or the programs changed."))
        made = services.answer_uncertain(asked, action, actor=actor, reason=reason, note=self.cleaned_data["note"])
        return thanks(made)


def thanks(made: Review) -> str:
    """What is said after an answer to a question about an uncertain pair."""
    return gettext("Your answer is recorded: %(decision)s. The engine learns from it.") % {
        "decision": made.get_action_display().lower()
    }


class SavedViewForm(forms.ModelForm):
    """A name for the filters that are set."""

    class Meta:
        model = SavedView
        fields = ("name", "query")


def coordinators() -> "QuerySet[User]":
    """Who may be given a case."""
    return User.objects.filter(is_active=True, memberships__role="coordinator").distinct().order_by("full_name", "pk")


def _told(what: str, cases: int, pairs: int) -> str:
    of_cases = ngettext("%(n)s case", "%(n)s cases", cases) % {"n": cases}
    of_pairs = ngettext("%(n)s pair", "%(n)s pairs", pairs) % {"n": pairs}
    return gettext("%(what)s: %(cases)s, %(pairs)s.") % {"what": what, "cases": of_cases, "pairs": of_pairs}


def _field_of(action: str, cleaned: dict[str, Any]) -> str | None:
    if cleaned["reason"] == Review.Reason.OTHER and not cleaned["note"].strip():
        return "note"
    return "reason" if action == Review.Action.DISMISS and not cleaned["reason"] else None
