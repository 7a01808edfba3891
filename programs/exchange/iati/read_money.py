"""An activity's money: its transactions, budgets and planned payments, each in its own currency."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, BudgetLine, Movement, PlannedPayment
from programs.exchange.iati.node import DATED_BY, Node
from programs.exchange.iati.parts import organization, read_day, read_shares
from programs.exchange.iati.values import parse_amount, parse_code, parse_currency, parse_date

LONGEST_REFERENCE = 255


def read_money(activity: Activity, node: Node, language: str) -> None:
    """Fills default currency, movements, budgets and planned payments; an amount or a currency that cannot be told is
    left out, noted."""
    stated = node.get("default-currency")
    activity.codes["default_currency"] = parse_currency(stated)
    if stated and not activity.codes["default_currency"]:
        activity.warn("currency.unknown", f"default-currency: {stated}")
    for child in node.all("transaction"):
        if (movement := read_movement(activity, child, language)) is not None:
            activity.movements.append(movement)
    for child in node.all("budget"):
        if (line := read_budget(activity, child)) is not None:
            activity.budgets.append(line)
    for child in node.all("planned-disbursement"):
        if (payment := read_payment(activity, child, language)) is not None:
            activity.payments.append(payment)


def read_movement(activity: Activity, node: Node, language: str) -> Movement | None:
    stated = node.first("transaction-type")
    kind = None
    if stated is not None:
        kind = words.TRANSACTION_TYPES.get(stated.get("code").lower()) or words.TRANSACTION_TYPES.get(
            stated.text.lower()
        )
    if kind is None:
        activity.warn("transaction.type", (stated.get("code") or stated.text) if stated else "")
        return None
    if (money := _money(activity, node, "transaction")) is None:
        return None
    amount, currency, value = money
    provider, receiver = node.first("provider-org"), node.first("receiver-org")
    description = node.first("description")
    # What cannot be read of these is said of the activity.
    own = Activity(line=0)
    countries, regions, sectors = (
        read_shares(own, node.all(name), name, language) for name in ("recipient-country", "recipient-region", "sector")
    )
    return Movement(
        type=kind,
        value=amount,
        currency=currency,
        date=_date(activity, node.first("transaction-date"), "transaction.date"),
        value_date=_attribute_date(activity, value, "transaction.value-date"),
        provider=organization(provider, language),
        receiver=organization(receiver, language),
        provider_activity=provider.get("provider-activity-id")[:LONGEST_REFERENCE] if provider else "",
        receiver_activity=receiver.get("receiver-activity-id")[:LONGEST_REFERENCE] if receiver else "",
        description=description.words(language) if description else "",
        reference=node.get("ref")[:LONGEST_REFERENCE],
        finance_type=parse_code(node.code("finance-type"), 4),
        country=next(iter(countries), None),
        region=next(iter(regions), None),
        sectors=tuple(
            replace(share, vocabulary=words.sector_vocabulary(share.vocabulary, share.code)) for share in sectors
        ),
    )


def read_budget(activity: Activity, node: Node) -> BudgetLine | None:
    if (money := _money(activity, node, "budget")) is None:
        return None
    amount, currency, value = money
    start, end = _read_period(activity, node, "budget")
    return BudgetLine(
        value=amount,
        currency=currency,
        type=words.BUDGET_TYPES.get(node.get("type").lower(), 1),
        status=words.BUDGET_STATUSES.get(node.get("status").lower(), 1),
        period_start=start,
        period_end=end,
        value_date=_attribute_date(activity, value, "budget.value-date"),
    )


def read_payment(activity: Activity, node: Node, language: str) -> PlannedPayment | None:
    if (money := _money(activity, node, "planned")) is None:
        return None
    amount, currency, value = money
    start, end = _read_period(activity, node, "planned")
    provider, receiver = node.first("provider-org"), node.first("receiver-org")
    return PlannedPayment(
        value=amount,
        currency=currency,
        type=words.BUDGET_TYPES.get(node.get("type").lower(), 1),
        period_start=start,
        period_end=end,
        value_date=_attribute_date(activity, value, "planned.value-date"),
        provider=organization(provider, language),
        receiver=organization(receiver, language),
        provider_activity=provider.get("provider-activity-id")[:LONGEST_REFERENCE] if provider else "",
        receiver_activity=receiver.get("receiver-activity-id")[:LONGEST_REFERENCE] if receiver else "",
    )


def _read_period(activity: Activity, node: Node, name: str) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of a budget or a planned payment; an end before the start is left out, noted."""
    start = _date(activity, node.first("period-start"), f"{name}.date", last=False)
    end = _date(activity, node.first("period-end"), f"{name}.date", last=True)
    if start and end and end < start:
        activity.warn(f"{name}.period", f"{start} – {end}")
        end = None
    return start, end


def _money(activity: Activity, node: Node, name: str) -> tuple[Decimal, str, Node] | None:
    """The amount and currency of a transaction, budget or planned payment, with its value element; None, noted, where
    one lacks.

    The currency is the value's own, else the one its text names, else the activity's default.
    """
    value = node.first("value")
    if value is None or not value.text:
        activity.warn(f"{name}.value", "")
        return None
    amount, named = parse_amount(value.text)
    if amount is None:
        activity.warn(f"{name}.value", value.text)
        return None
    stated = value.get("currency")
    currency = parse_currency(stated)
    if stated and not currency and not named:
        activity.warn("currency.unknown", f"{amount} {stated}")
        return None
    if named and named != currency:
        activity.warn("currency.in-text", value.text)
    currency = currency or named or activity.codes["default_currency"]
    if not currency:
        activity.warn(f"{name}.currency", amount)
        return None
    return amount, currency, value


def _date(activity: Activity, node: Node | None, name: str, *, last: bool | None = None) -> dt.date | None:
    """The date of an element, from its attribute or else its text; noted where it is stated and cannot be told.

    `last`: whether it is the last or the first day of a time, of which a year alone says the day too.
    """
    if node is None:
        return None
    day = read_day(activity, node, node.element.tag.rpartition("}")[2], last=last)
    if day is None and (stated := node.get("iso-date") or node.text):
        activity.warn(name, stated)
    return day


def _attribute_date(activity: Activity, value: Node, name: str) -> dt.date | None:
    stated = "" if value.get(DATED_BY) else value.get("value-date")
    day = parse_date(stated)
    if day is None and stated:
        activity.warn(name, stated)
    return day
