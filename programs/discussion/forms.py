"""Forms of comments and notifications."""

import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import User
from programs.discussion import services
from programs.discussion.models import LONGEST_COMMENT, Comment
from programs.discussion.people import mentionable


class Lines(forms.CharField):
    """Text of several lines, each ending counted as one character. Without `maxlength`, which cuts what is pasted."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class CommentForm(forms.Form):
    """A comment on a program, an overlap or another topic, with the people whom it calls by name."""

    text = Lines(
        label=_("Your comment"),
        validators=[
            MaxLengthValidator(
                LONGEST_COMMENT,
                _("A comment can have at most %(limit_value)s characters, and yours has %(show_value)s. Shorten it."),
            )
        ],
        error_messages={"required": _("Write a comment.")},
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 4, "data-mentions": ""}),
    )
    mentioned = forms.TypedMultipleChoiceField(
        label=_("People to mention"),
        required=False,
        coerce=int,
        error_messages={
            "invalid_choice": _("One of the people you chose cannot be mentioned here. Choose from the people listed.")
        },
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, subject: Any, author: User, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()}, auto_id="comment-%s")
        self.subject, self.author = subject, author
        self.people = mentionable(subject, by=author)
        self.fields["mentioned"].choices = [(person.pk, person_in_words(person)) for person in self.people]  # type: ignore[attr-defined]

    def called_in_text(self, text: str) -> set[int]:
        """The people whom the text calls by an @ and their full name, the longest name first."""
        found, rest = set(), text.casefold()
        for person in sorted(self.people, key=lambda person: -len(person.full_name)):
            call = f"@{person.full_name.casefold()}"
            if person.full_name and call in rest:
                found.add(person.pk)
                rest = rest.replace(call, "")
        return found

    def write(self) -> Comment | None:
        """Writes the comment; None where it is refused, with the refusal on the form."""
        text = self.cleaned_data["text"]
        mentioned = set(self.cleaned_data["mentioned"]) | self.called_in_text(text)
        try:
            return services.write_comment(
                self.subject, actor=self.author, text=text, mentioned=mentioned, key=self.cleaned_data["key"]
            )
        except Refused as refusal:
            self.add_error(None, str(refusal.message))
            return None


def person_in_words(person: User) -> str:
    """A person and where they work, with their memberships read before."""
    organizations = ", ".join(str(row.organization) for row in person.memberships.all())
    return f"{person.shown_name} · {organizations}" if organizations else person.shown_name
