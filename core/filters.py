"""Filters that every app's lists share."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field


class LongSelect(forms.Select):
    """A select of hundreds of options in no groups: without the framework's work on attributes of each."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """One group without a name; of each option what the template writes: value, label and whether it is chosen."""
        chosen = {"selected": True}
        options = [
            {"value": key, "label": label, "attrs": chosen if str(key) in value else {}} for key, label in self.choices
        ]
        return [(None, options, 0)]


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(django_filters.TypedChoiceFilter):
    """`true` or `false`. django-filter's own takes anything else for "not asked", and would return everything."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(choices=choices, coerce=lambda value: value == "true", **kwargs)


class DayFilter(django_filters.DateFilter):
    """A day as ISO 8601 has it. django-filter's own takes 01/02/2026 as well, which is another day to everybody."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = _("Enter the date as year, month and day: 2026-11-25.")
        super().__init__(input_formats=["%Y-%m-%d"], error_messages={"invalid": sentence}, **kwargs)


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(django_filters.NumberFilter):
    """The number of a thing, which need not be there. django-filter's own takes 1.5 as well."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**62, **kwargs)
