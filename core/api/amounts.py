"""What sums leave out, as the API says it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.money import as_list, left_out_of


class AmountLeftOut(serializers.Serializer):
    """An amount that a sum in US dollars leaves out, since no exchange rate is known for it."""

    sum = serializers.CharField(
        help_text="The sum that leaves it out: `committed_usd`, `disbursed_usd` or `planned_usd`."
    )
    currency = serializers.CharField(help_text="ISO 4217.")
    amount = serializers.DecimalField(max_digits=24, decimal_places=2)


@extend_schema_field(AmountLeftOut(many=True))
class LeftOutField(serializers.Field):
    """What the sums of an object leave out. `sums` are their names in the answer and on the object; by default those of
    committed_usd and disbursed_usd, as far as the object has them."""

    def __init__(self, **sums: str) -> None:
        self.sums = sums or {"committed_usd": "committed_usd", "disbursed_usd": "disbursed_usd"}
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> list[dict[str, str]]:
        of = value.get if isinstance(value, dict) else lambda name: getattr(value, name, None)
        return as_list(**{name: left_out_of(of(attribute)) for name, attribute in self.sums.items()})
