"""What the small buttons within the form do to its text: rows, shares, an organization chosen, a program linked.

They work without JavaScript: the form comes back with the change made, and nothing is saved by it.
"""

from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError

from core.numbers import HUNDREDTH, to_hundred
from donors.models import Organization
from goals.codes import GOALS
from programs.forms.fields import ShareField
from programs.forms.program import BY_ME
from programs.forms.row_forms import LISTS
from programs.forms.rows import row_numbers

Text = dict[str, str]


def act(raw: Text, action: str) -> Text | None:
    """The form's text after the button `action` ("add:countries", "share:sectors" …); None where there is no such."""
    name, _colon, argument = action.partition(":")
    change = ACTIONS.get(name)
    return change(dict(raw), argument) if change else None


def _add(raw: Text, name: str) -> Text:
    form, _attribute, _spare = LISTS.get(name, (None, "", 0))
    if form is not None:
        number = max(row_numbers(raw, name), default=-1) + 1
        raw[f"{name}-{number}-{form.content[0]}"] = ""
    return raw


def _remove(raw: Text, argument: str) -> Text:
    name, _colon, number = argument.partition(":")
    return {key: value for key, value in raw.items() if not (number and key.startswith(f"{name}-{number}-"))}


def _share_keys(raw: Text, name: str) -> list[str]:
    """The fields of the percentages of a list, of rows that say something."""
    if name == "goals":
        return [f"goal_{number}" for number in GOALS if raw.get(f"goal_{number}")]
    form = LISTS[name][0] if name in LISTS else None
    return [
        f"{name}-{number}-percentage"
        for number in (row_numbers(raw, name) if form else [])
        if form and any(raw.get(f"{name}-{number}-{field}", "").strip() for field in form.content)
    ]


def _equally(raw: Text, name: str) -> Text:
    keys = _share_keys(raw, name)
    return raw | {key: f"{share:f}" for key, share in zip(keys, to_hundred([1] * len(keys)), strict=True)}


def _rest(raw: Text, name: str) -> Text:
    keys = _share_keys(raw, name)
    empty = [key for key in keys if not raw.get(key, "").strip()]
    try:
        stated = [ShareField().clean(raw[key]) for key in keys if key not in empty]
    except ValidationError:
        return raw
    left = Decimal(100) - sum(stated, Decimal(0))
    if not empty or left <= 0:
        return raw
    parts = [share * left / 100 for share in to_hundred([1] * len(empty))]
    parts = [part.quantize(HUNDREDTH) for part in parts]
    parts[-1] = left - sum(parts[:-1], Decimal(0))
    return raw | {key: f"{part:f}" for key, part in zip(empty, parts, strict=True)}


def _use(raw: Text, argument: str) -> Text:
    row, _colon, pk = argument.partition(":")
    organization = Organization.objects.filter(pk=int(pk)).first() if pk.isdigit() else None
    return raw | {f"{row}-name": organization.name} if organization and f"{row}-name" in raw else raw


def _link(raw: Text, identifier: str) -> Text:
    linked = {raw.get(f"related-{number}-identifier") for number in row_numbers(raw, "related")}
    if identifier in linked or not identifier:
        return raw
    number = max(row_numbers(raw, "related"), default=-1) + 1
    return raw | {f"related-{number}-type": "3", f"related-{number}-identifier": identifier}


def _set_goals(raw: Text, argument: str) -> Text:
    """Takes the proposed goals over as one's own, to correct them: "1=60,3=40"."""
    shares = dict(part.split("=", 1) for part in argument.split(",") if "=" in part)
    kept = {f"goal_{number}": share for number, share in shares.items() if number.isdigit() and int(number) in GOALS}
    return raw | kept | {"goals_by": BY_ME}


ACTIONS: dict[str, Callable[[Text, str], Text]] = {
    "add": _add,
    "remove": _remove,
    "share": _equally,
    "rest": _rest,
    "use": _use,
    "link": _link,
    "goals": _set_goals,
}
