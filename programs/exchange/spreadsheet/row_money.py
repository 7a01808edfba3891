"""The money of a row: its commitment, in the currency that cell, column and heading say together, with its day; and
what it plans."""

from programs.exchange.spreadsheet.amounts import Amount
from programs.exchange.spreadsheet.cells import Reading
from programs.exchange.spreadsheet.conventions import said_by_heading
from programs.exchange.spreadsheet.currency_words import of_countries
from programs.exchange.spreadsheet.planned import year_of
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.exchange.spreadsheet.row import Cell, Found, Row

COMMITMENT_KEYS = ("amount", "currency", "amount_date")
DOLLARS = "USD"
MOST_CURRENCIES = 6


def read_commitment(row: Row, found: Found, reading: Reading) -> None:
    """Says the commitment: (amount, currency, day), each None where the row leaves it out."""
    if (kind := next(iter(found.get("transaction_type", ())), None)) is not None and not kind.value:
        for key in COMMITMENT_KEYS:
            if key in found:
                row.note("amount_not_commitment", found[key][0].position, text=shown(kind.text))
                break
        return
    amount, currency, day = (next(iter(found.get(key, ())), None) for key in COMMITMENT_KEYS)
    first = amount or currency or day
    # The currency may be that of columns of years.
    if first is currency and found.keys() & OF_A_YEAR.keys():
        return
    if first is None or row.unread.intersection(COMMITMENT_KEYS):
        return
    if amount is not None and amount.taken_away:
        row.says("commitment", None, amount.position)
        return
    try:
        value = None if amount is None else _value(amount, reading)
        code = _currency(row, amount, currency, reading)
    except CellError as error:
        row.wrong(error, first.position)
        row.unread.add("amount")
        return
    row.says("commitment", (value, code, day.value if day else None), first.position)


# Column -> the fact that its cells say: of all years in one cell, and of a year each.
PLANNED = {"budget_years": "budgets", "planned_payments": "planned_disbursements"}
OF_A_YEAR = {"budget_year": "budgets_of_years", "planned_year": "planned_of_years"}


def read_planned(row: Row, found: Found, reading: Reading) -> None:
    """Says what is planned: (period, amount, currency) of each entry, and (year, amount, currency) of each column of a
    year, the amount None where a dash takes it away, the currency where the row leaves it out."""
    for key, fact in PLANNED.items():
        for cell in found.get(key, ()):
            row.says(fact, () if cell.taken_away else cell.value, cell.position)
    currency = next(iter(found.get("currency", ())), None)
    for key, fact in OF_A_YEAR.items():
        years: dict[int, tuple[int, object, str | None]] = {}
        for cell in found.get(key, ()) if key not in row.unread else ():
            heading = _heading(cell, reading)
            if (year := year_of(heading)) is None:
                row.wrong(CellError("year_missing", column=shown(heading)), cell.position)
                continue
            if year in years:
                row.wrong(CellError("year_twice", year=year), cell.position)
                continue
            try:
                value = None if cell.taken_away else _value(cell, reading)
                # The column of the currency is the commitment's; it counts where nothing nearer says one.
                is_said = (not cell.taken_away and cell.value.currencies) or said_by_heading(heading).currencies
                code = None if cell.taken_away else _currency(row, cell, None if is_said else currency, reading)
            except CellError as error:
                row.wrong(error, cell.position)
                continue
            years[year] = (year, value, code)
        if years:
            row.says(fact, tuple(years[year] for year in sorted(years)), found[key][0].position)


def _heading(cell: Cell, reading: Reading) -> str:
    return reading.headings[cell.position] if cell.position < len(reading.headings) else ""


def _value(cell: Cell, reading: Reading) -> object:
    """The amount in units of its currency. CellError where both cell and heading name a power of ten."""
    amount: Amount = cell.value
    power = said_by_heading(_heading(cell, reading)).power
    if power != 1 and amount.power != 1:
        raise CellError("amount_scaled_twice", text=amount.text)
    return amount.times(power).value


def _currency(row: Row, amount: Cell | None, column: Cell | None, reading: Reading) -> str | None:
    """The one currency that all say who say any; None where none does. Raises CellError where they contradict one
    another, or where it may be several."""
    heading = said_by_heading(_heading(amount, reading)).currencies if amount else None
    stated = [
        said
        for said in (
            amount.value.currencies if amount else None,
            column.value if column else None,
            heading,
        )
        if said is not None
    ]
    if not stated:
        return None
    together = frozenset.intersection(*stated)
    source = amount or column
    text = shown(source.text if source else "")
    if not together:
        others = frozenset().union(*stated[1:])
        raise CellError("currency_disagrees", text=text, currency=_listed(others))
    if len(together) == 1:
        return next(iter(together))
    if amount is None or amount.value.currencies is None:
        text = shown(column.text) if column else shown(_heading(amount, reading) if amount else "")
    possible = of_countries(together, _countries(row, reading))
    if DOLLARS in together:
        possible |= {DOLLARS}
    if len(possible) != 1:
        raise CellError("currency_ambiguous", text=text, currencies=_listed(possible or together))
    code = next(iter(possible))
    row.note("currency_taken", source.position if source else None, text=text, currency=code)
    return code


def _listed(codes: frozenset[str]) -> str:
    offered = sorted(codes, key=lambda code: (code != DOLLARS, code))
    return ", ".join(offered[:MOST_CURRENCIES]) + (" …" if len(offered) > MOST_CURRENCIES else "")


def _countries(row: Row, reading: Reading) -> set[str]:
    """The countries whose currency the row may speak in: its own, those of who pays, that of who reports."""
    countries = {entry.country_id for entry in row.facts.get("coverages", ()) if entry.country_id}
    countries |= {reading.lookups.home_of(pk) for pk in row.facts.get("funder", ())}
    return {country for country in (*countries, reading.home) if country}
