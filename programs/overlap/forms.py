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
from programs.overlap.models import Overlap, Review, SavedView


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


class TriageForm(forms.Form):
    """What is done with cases of the queue. `do` is an action; with a case and a reason after it, of one row alone:
    confirm, confirm:17, dismiss, dismiss:17:complementary, assign, undo."""

    do = forms.RegexField(
        r"^(confirm|dismiss|reopen|assign|undo)(:-?\d{1,18}(:[a-z_]+)?)?$",
        error_messages={"required": _("Choose a decision."), "invalid": _("Choose a decision.")},
    )
    reason = forms.ChoiceField(choices=[("", ""), *Review.Reason.choices], required=False)
    note = forms.CharField(required=False, max_length=5000)
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.ticked = [int(key) for key in data.getlist("case") if re.fullmatch(r"-?\d{1,18}", key)] if data else []
        self.fields["assignee"].queryset = coordinators()  # type: ignore[attr-defined]

    def apply(self, actor: User) -> str:
        """Does it, and says what was done; Refused or NotAllowed where it may not be."""
        cleaned = self.cleaned_data
        do, __, rest = cleaned["do"].partition(":")
        one, __, reason = rest.partition(":")
        keys = [int(one)] if one else self.ticked
        if do == "undo":
            undone = services.undo_last(actor=actor, note=cleaned["note"])
            return _told(gettext("Undone"), undone.cases, undone.pairs)
        if do == "assign":
            number = services.assign_cases(keys, cleaned["assignee"], actor=actor)
            return ngettext("%(n)s case assigned.", "%(n)s cases assigned.", number) % {"n": number}
        why = reason or cleaned["reason"]
        decided = services.decide_cases(keys, do, actor=actor, reason=why, note=cleaned["note"])
        return _told(str(Review.Action(do).label), decided.cases, decided.pairs)


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
