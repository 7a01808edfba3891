"""Fields that read what people write: amounts with either decimal sign, shares, dates."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.dates import FIRST_DATE, LAST_DATE, OUT_OF_RANGE, is_plausible
from core.numbers import HUNDREDTH, read_number


class AmountField(forms.DecimalField):
    """Money: with or without thousands signs, a comma or a point before the cents; negative for a correction."""

    has_thousands = True

    def __init__(self, **kwargs: Any) -> None:
        # Numbers in a text field: people paste "1.500.000,50" from their spreadsheets.
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_digits": 20, "decimal_places": 2, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return read_number(str(value), groups=self.has_thousands)
        except ValueError:
            raise ValidationError(
                _("“%(value)s” is not a number. Write it in digits, such as 1500000 or 1,500,000.50."),
                code="invalid",
                params={"value": value},
            ) from None


class ShareField(AmountField):
    """A percentage over 0, up to 100, with two decimals."""

    has_thousands = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_digits": 5,
                "min_value": HUNDREDTH,
                "max_value": Decimal(100),
                "label": _("Percent"),
                **kwargs,
            }
        )


class DayField(forms.DateField):
    """A day, by the browser's own calendar; empty is unknown."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": FIRST_DATE.isoformat(), "max": LAST_DATE.isoformat()}
        )
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not is_plausible(day):
            raise ValidationError(OUT_OF_RANGE, code="invalid")
        return day
