"""Forms of a person's own account, of an organization's people, and of an invitation."""

import struct
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Refused
from donors import services
from donors.models import ApiKey, Invitation, Membership, Organization, OrganizationAlias, OrganizationRequest, User
from goals.models import Country

UNREADABLE = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError),
    *(struct.error, InvalidSignature, UnsupportedAlgorithm),
)
KEY_FAILED = _("The key was not used: the dialog was closed, or the key is not one of yours. Try again.")
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]


class ProfileForm(forms.ModelForm):
    """Name, language and how often the portal writes."""

    class Meta:
        model = User
        fields = ["full_name", "language", "digest"]
        widgets = {
            "full_name": forms.TextInput(attrs={"class": "usa-input", "autocomplete": "name"}),
            "language": forms.Select(attrs={"class": "usa-select"}),
            "digest": forms.Select(attrs={"class": "usa-select"}),
        }
        help_texts = {
            "language": _("Language of pages and emails."),
            "digest": _(
                "Notifications that you have not read here yet. “Never” also stops the reminders to update programs."
            ),
        }


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=80,
        help_text=_("What it is for, such as “nightly report”."),
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )

    scopes = forms.MultipleChoiceField(
        label=_("What it may do besides reading"),
        required=False,
        choices=[choice for choice in ApiKey.Scope.choices if choice[0] != ApiKey.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("never")), (30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year"))],
        widget=forms.Select(attrs={"class": "usa-select"}),
    )


class NameForm(forms.Form):
    """Another name or identifier of an organization."""

    text = forms.CharField(
        label=_("Name, acronym or identifier"),
        max_length=255,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=OrganizationAlias.Kind,
        initial=OrganizationAlias.Kind.NAME,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    country = forms.ModelChoiceField(
        label=_("Country"),
        queryset=Country.objects.order_by("name_en"),
        required=False,
        empty_label=_("Everywhere"),
        help_text=_("Choose one if organizations of other countries have the same name."),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )


class MachineForm(forms.Form):
    """A new machine account."""

    name = forms.CharField(
        label=_("Name of the machine account"),
        max_length=150,
        help_text=_("What it is, such as “monitoring system of SEDS”. The name appears next to the changes it makes."),
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[choice for choice in Membership.Role.choices if choice[0] in services.MACHINE_ROLES],
        initial=Membership.Role.VIEWER,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )


class MachineKeyForm(KeyForm):
    """A new key of a machine account, which never decides on overlaps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [choice for choice in scopes.choices if choice[0] != ApiKey.Scope.REVIEW]


class ReadableKey:
    """Refuses what no security key would answer, which the libraries that read it meet with errors of many kinds.

    Goes before a form of allauth, which catches some of them alone: the rest would be a 500.
    """

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()  # type: ignore[misc]
        except UNREADABLE as error:
            raise forms.ValidationError(KEY_FAILED) from error

    def clean_credential(self) -> Any:
        ask = getattr(super(), "clean_credential", None)
        try:
            return ask() if ask else self.cleaned_data["credential"]  # type: ignore[attr-defined]
        except UNREADABLE as error:
            raise forms.ValidationError(KEY_FAILED) from error


class KeySignInForm(ReadableKey, LoginWebAuthnForm):
    """A passkey in place of email and password."""


class KeyAfterPasswordForm(ReadableKey, AuthenticateWebAuthnForm):
    """A security key beside the password."""


class KeyConfirmsForm(ReadableKey, ReauthenticateWebAuthnForm):
    """A security key that confirms who it is."""


class AddSecurityKeyForm(ReadableKey, AddWebAuthnForm):
    """A new security key or passkey; the browser fills in `credential`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.help_text = (
            pgettext_lazy("security key", "Name of the key"),
            _("So that you can tell your keys apart."),
        )
        alone.label = _("Sign in with this key alone, without a password")
        alone.help_text = _("For a passkey: the device asks for a fingerprint, your face or its PIN.")


class InviteForm(forms.Form):
    """An invitation to an organization; the roles on offer are those that the inviter may give."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.Select(attrs={"class": "usa-select"}))
    language = forms.ChoiceField(
        label=_("Email language"), choices=LANGUAGES, widget=forms.Select(attrs={"class": "usa-select"})
    )

    def __init__(self, *args: Any, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """What a new person gives to accept an invitation."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,  # Argon2 takes any length; this bounds the work
        widget=forms.PasswordInput(attrs={"class": "usa-input", "autocomplete": "new-password"}),
        help_text=_("At least ten characters: a few words in a row are easy to remember."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, widget=forms.Select(attrs={"class": "usa-select"})
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"language": invitation.language}, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "password" in data:
            person = User(email=self.invitation.email, full_name=data.get("full_name", ""))
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class AddRequestedForm(forms.Form):
    """An organization that somebody asked for, as it is to stand in the list."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
        help_text=_("Its full name. The name that was requested is kept as well."),
    )
    short_name = forms.CharField(
        label=_("Short name, if any"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Organization.Kind, widget=forms.Select(attrs={"class": "usa-select"})
    )

    def __init__(self, data: Any, *, asked: OrganizationRequest, actor: User) -> None:
        super().__init__(data, initial={"name": asked.name, "kind": asked.kind})
        self.asked, self.actor = asked, actor

    def answer(self) -> bool:
        """Whether it was sent, and the organization is added; what refuses it is on the form."""
        if not self.is_valid():
            return False
        try:
            services.add_requested(self.asked, actor=self.actor, **self.cleaned_data)
        except Refused as refusal:
            self.add_error("name", str(refusal.message))
            return False
        return True


class KnownOrganizationForm(forms.Form):
    """Which organization of the list is meant: chosen (its id), or by any of its names."""

    organization = forms.IntegerField(required=False, widget=forms.HiddenInput)
    named = forms.CharField(
        label=_("An existing organization: its name, acronym or identifier"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, asked: OrganizationRequest, actor: User) -> None:
        super().__init__(data)
        self.asked, self.actor = asked, actor

    def clean(self) -> dict[str, Any]:
        pk, named = self.cleaned_data.get("organization"), self.cleaned_data.get("named", "")
        meant = [pk] if pk else Organization.objects.by_names([named]).values()
        possible = list(Organization.objects.by_ids(meant) or Organization.objects.named(named)[:2])
        self.found = possible[0] if len(possible) == 1 else None
        if len(possible) > 1:
            self.add_error(
                "named",
                _("Several organizations have this name. Enter the full name or the identifier of the one you mean."),
            )
        elif self.found is None:
            self.add_error("named", _("No organization has this name. Enter one of its names as listed."))
        return self.cleaned_data

    def answer(self) -> bool:
        """Whether it was sent, and the request is answered; what refuses it is on the form."""
        if not self.is_valid() or self.found is None:
            return False
        try:
            services.answer_with_organization(self.asked, actor=self.actor, organization=self.found)
        except Refused as refusal:
            self.add_error("named", str(refusal.message))
            return False
        return True


def role_choices(roles: frozenset[str]) -> list[tuple[str, str]]:
    """The roles of a set in their order, for a select."""
    return [(role.value, str(role.label)) for role in Membership.Role if role.value in roles]
