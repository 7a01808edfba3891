"""Forms of a person's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from donors.models import User


class ProfileForm(forms.ModelForm):
    """Name and language."""

    class Meta:
        model = User
        fields = ["full_name", "language"]
        widgets = {
            "full_name": forms.TextInput(attrs={"class": "usa-input", "autocomplete": "name"}),
            "language": forms.Select(attrs={"class": "usa-select"}),
        }


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=80,
        help_text=_("What will use it, such as “nightly report”."),
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
