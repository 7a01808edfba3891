"""The form of a new webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from donors.models import User
from programs.webhooks.models import Endpoint, Kind
from programs.webhooks.services import create_endpoint


class EndpointForm(forms.Form):
    """A name, an address and the events that it hears of."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "usa-input"}),
        help_text=_("For yourself, such as “Ministry's data warehouse”."),
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "usa-input", "autocomplete": "off"}),
        help_text=_("An address of your own system, starting with https://. The portal sends it a signed POST."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "usa-checkbox__input"}),
        error_messages={"required": _("Choose at least one event.")},
    )

    def make(self, actor: User) -> tuple[Endpoint, str] | None:
        """The new webhook and its secret; None, with the reason beside the address, where it is refused."""
        data: dict[str, Any] = self.cleaned_data
        try:
            return create_endpoint(actor=actor, **data)
        except Refused as refusal:
            self.add_error("url", str(refusal.message))
            return None
