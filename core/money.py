"""How money is rounded (to the cent, halves to the even one, everywhere), divided and summed."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any, NamedTuple

CENT = Decimal("0.01")
# More digits than any amount has.
_DIGITS = 400


def to_cent(value: Decimal) -> Decimal:
    """`value`, in any currency, rounded to two decimals."""
    return value.quantize(CENT, ROUND_HALF_EVEN)


# Currency (ISO 4217) -> what a sum in US dollars leaves out, since no rate is known for it.
LeftOut = Mapping[str, Decimal]


class Amount(NamedTuple):
    """An amount in its own currency, and its worth in US dollars; None where no rate is known."""

    usd: Decimal | None
    currency: str
    value: Decimal


class Total(NamedTuple):
    """A sum in US dollars (None: of nothing, or of nothing with a known rate), and what it leaves out."""

    usd: Decimal | None
    left_out: dict[str, Decimal]


class UsdSum(Decimal):
    """A sum in US dollars that carries what it leaves out, through further sums and onto every page.

    It is 0, and not nothing, where all of it is left out: the filters of pages then name the amounts alone.
    """

    left_out: LeftOut

    def __new__(cls, value: Decimal | int | str, left_out: LeftOut | None = None) -> "UsdSum":
        made = super().__new__(cls, value)
        made.left_out = without_nothing(left_out or {})
        return made

    def __bool__(self) -> bool:
        return self != 0 or bool(self.left_out)

    def __add__(self, other: Any) -> Any:
        plain = Decimal.__add__(self, other)
        return plain if plain is NotImplemented else UsdSum(plain, added(self.left_out, left_out_of(other)))

    __radd__ = __add__

    def __copy__(self) -> "UsdSum":
        return self

    def __deepcopy__(self, memo: Any) -> "UsdSum":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return UsdSum, (str(self), dict(self.left_out))


def left_out_of(value: Any) -> LeftOut:
    """What a sum leaves out; nothing where it is a plain number or unknown."""
    return value.left_out if isinstance(value, UsdSum) else {}


def total(amounts: Iterable[Amount]) -> Total:
    """The one way of adding up amounts: what cannot be added is named, never dropped."""
    usd: Decimal | None = None
    left_out: dict[str, Decimal] = {}
    for amount in amounts:
        if amount.usd is not None:
            usd = (usd or Decimal(0)) + amount.usd
        else:
            left_out[amount.currency] = left_out.get(amount.currency, Decimal(0)) + amount.value
    return Total(usd, without_nothing(left_out))


def without_nothing(left_out: LeftOut) -> dict[str, Decimal]:
    """In the order of the currencies, to the cent, without those that come to nothing."""
    rounded = {currency: to_cent(value) for currency, value in sorted(left_out.items())}
    return {currency: value for currency, value in rounded.items() if value}


def added(*parts: LeftOut) -> dict[str, Decimal]:
    """What sums leave out that are added up."""
    return total(Amount(None, currency, value) for part in parts for currency, value in part.items()).left_out


def as_json(left_out: LeftOut) -> dict[str, str]:
    """As it is stored."""
    return {currency: str(value) for currency, value in left_out.items()}


def from_json(stored: Mapping[str, Any]) -> dict[str, Decimal]:
    """As `as_json` wrote it."""
    return {currency: Decimal(value) for currency, value in sorted(stored.items())}


def as_list(**sums: LeftOut) -> list[dict[str, str]]:
    """As the API answers it: [{"sum": "committed_usd", "currency": "VES", "amount": "9.00"}], by the names of sums."""
    return [
        {"sum": name, "currency": currency, "amount": str(to_cent(value))}
        for name, left_out in sums.items()
        for currency, value in sorted(left_out.items())
    ]


def divided(amount: Decimal, weights: Sequence[Decimal | int], *, unit: Decimal = CENT) -> list[Decimal]:
    """`amount` in parts as large as `weights` (not negative, not all 0), each in whole `unit`s; they add up to it.

    The sum up to each part is rounded down, and not each part: nothing is left over at the end. An amount finer than
    the unit keeps what is finer in its last part. Raises ZeroDivisionError where all weights are 0.
    """
    with localcontext(prec=_DIGITS):
        whole, total = abs(amount), Decimal(sum(weights))
        given, parts = Decimal(0), []
        for number in range(1, len(weights) + 1):
            until = whole * sum(weights[:number]) / total
            until = whole if number == len(weights) else (until / unit).to_integral_value(ROUND_FLOOR) * unit
            parts.append((until - given).copy_sign(amount))
            given = until
    return parts
