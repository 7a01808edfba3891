"""Amounts as people write them: read as what they say, or asked about in words; never as another amount."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import to_cent
from programs.exchange.spreadsheet.amounts import COMMA, CONTRADICTORY, POINT, DecimalSigns, parse_amount
from programs.exchange.spreadsheet.conventions import said_by_heading, without_currency
from programs.exchange.spreadsheet.numbers import write_number
from programs.exchange.spreadsheet.problems import CellError, sentence

USD, EUR, HNL, GTQ = (frozenset({code}) for code in ("USD", "EUR", "HNL", "GTQ"))
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False)
LOOKS_LIKE = st.text(alphabet="0123456789.,-+'() $€LQMk₡C/BmilUSD\u00a0", max_size=20) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234'567.8", "1234567.80"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234", "1234"),
        ("0.125", "0.12"),
        ("1234.5678", "1234.57"),
        ("12,5", "12.50"),
        (",5", "0.50"),
        ("-1.000,00", "-1000"),
        ("(1,000)", "-1000"),
        ("($1,000.50)", "-1000.50"),
        ("USD (1,000)", "-1000"),
        ("1,000-", "-1000"),
        ("$-1,000", "-1000"),
        ("−1,000", "-1000"),
        ("-110.7 €", "-110.70"),
        ("1.000,- €", "1000"),
        ("1,000.-", "1000"),
        ("+5", "5"),
    ],
)
def test_amounts_of_both_languages(text: str, value: str) -> None:
    assert parse_amount(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value", "currencies"),
    [
        ("1,250,000 USD", "1250000", USD),
        ("USD1,200", "1200", USD),
        ("1200usd", "1200", USD),
        ("US$ 1.2M", "1200000", USD),
        ("U.S.$ 300,000", "300000", USD),
        ("USD 1.2 million", "1200000", USD),
        ("1,5 millones de dólares estadounidenses", "1500000", USD),
        ("€ 300.000,50", "300000.50", EUR),
        ("300.000,50 €", "300000.50", EUR),
        ("€300k", "300000", EUR),
        ("2.5 millones de euros", "2500000", EUR),
        ("Q1,500", "1500", GTQ),
        ("Q.1,500.00", "1500", GTQ),
        ("Lps. 25,000.00", "25000", HNL),
        ("500 mil lempiras", "500000", HNL),
        ("B/.1,500", "1500", frozenset({"PAB"})),
        ("₡1.500.000", "1500000", frozenset({"CRC", "SVC"})),
        ("C$ 1,000", "1000", frozenset({"NIO", "CAD"})),
        ("$1,000 MXN", "1000", frozenset({"MXN"})),
        ("$ 300,000 USD", "300000", USD),
        ("1,000 (USD)", "1000", USD),
        ("1.5 millones", "1500000", None),
        ("500K", "500000", None),
        ("1.2 mil millones", "1200000000", None),
        ("1.2 mdd", "1200000", frozenset(("USD", "BZD", "CAD", "TWD", "AUD", "NZD", "SGD", "HKD", "JMD", "BBD", "TTD",
                                          "BSD", "GYD", "SRD"))),
        ("1 250 000 €", "1250000", EUR),
        ("1\u00a0250\u00a0000,50 €", "1250000.50", EUR),
    ],
)  # fmt: skip
def test_amounts_with_their_currency(text: str, value: str, currencies: frozenset[str] | None) -> None:
    found = parse_amount(text)

    assert (found.value, found.currencies) == (Decimal(value), currencies)


def test_a_sign_of_many_countries_says_all_of_them() -> None:
    found = parse_amount("$300,000").currencies

    assert found is not None
    assert found >= {"USD", "MXN", "COP", "CLP", "CAD", "BZD"}
    assert "EUR" not in found


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "1.2.3", "1,23,456.7", "1.234,56.7", "--5", "١٢", "1e5", "9" * 19, "much", "€ 5 USD", "50%",
        "USD - 1,000", "USD-1,000", "1,000-2,000", "1 2 3", "12 34", "1,000 M.N.", "2 billones", "1.2B", "~1,000",
        "1,000 aprox", "USD 1,000 (EUR 900)", "5 m3", "((5))", "(-5)", "5 5", "US$", "2024-01-15", "1,000 ALL in",
    ],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_amount(text)
    assert "%(" not in sentence(refusal.value.code, refusal.value.params)


@pytest.mark.parametrize(
    ("text", "shown", "value"),
    [
        ("1.250", COMMA, "1250"),
        ("1,250", POINT, "1250"),
        ("1,250", "", "1250"),
        ("1234.567", POINT, "1234.57"),
        ("1.250 millones", COMMA, "1250000000"),
        ("1.250", "", None),
        ("1.250", POINT, None),
        ("1.250", CONTRADICTORY, None),
        ("1,250", COMMA, None),
        ("1,250", CONTRADICTORY, None),
        ("1250,000", "", None),
        ("1234.567", "", None),
        ("1.250 millones", "", None),
        ("1,250 million", "", None),
    ],
)
def test_what_the_other_cells_of_the_column_show(text: str, shown: str, value: str | None) -> None:
    """None: it is asked about."""
    if value is not None:
        assert parse_amount(text, shown).value == Decimal(value)
        return
    with pytest.raises(CellError) as refusal:
        parse_amount(text, shown)
    assert refusal.value.code == "amount_ambiguous"


def test_thousands_of_millions_are_never_thousands() -> None:
    assert parse_amount("1,250", is_scaled=False).value == 1250
    with pytest.raises(CellError):
        parse_amount("1,250", is_scaled=True)


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1.250", "2.500,75"], COMMA),
        (["1.250", "1.250.000"], COMMA),
        (["1,250", "1,000.50"], POINT),
        (["1.250", "300.50"], POINT),
        (["1.250", "300.50", "12,5"], CONTRADICTORY),
        (["1.250"], ""),
        (["1.250", "2.500"], ""),
        (["1.250", "2.500", "300.000"], COMMA),
        (["1.250", "2.500", "300.000", "1,000"], ""),
        (["1.250", "2.500", "300.000", "1234.567"], ""),
        (["€ 1.250", "abc", "7.5 millones"], POINT),
        (["", "much"], ""),
    ],
)
def test_what_a_column_shows(cells: list[str], sign: str) -> None:
    signs = DecimalSigns()
    for number, cell in enumerate(cells):
        signs.see(number, cell)

    assert signs.sign == sign


def _written(value: Decimal, decimal: str, group: str) -> str:
    text = f"{value:,.2f}".replace(",", "_").replace(".", decimal)
    return text.replace("_", group)


@given(AMOUNTS, st.sampled_from(["", "USD", "€", "Q", "$", "US$"]), st.booleans(), st.booleans())
def test_an_amount_of_either_language_is_read_as_itself(
    value: Decimal, sign: str, is_english: bool, is_behind: bool
) -> None:
    decimal, group = (".", ",") if is_english else (",", ".")
    number, minus = _written(abs(value), decimal, group), "-" if value < 0 else ""
    text = f"{minus}{number} {sign}" if is_behind else f"{minus}{sign}{number}"

    assert parse_amount(text).value == value


@given(
    st.integers(1, 10**12), st.sampled_from([".", ",", " ", "'"]), st.sampled_from(["", POINT, COMMA, CONTRADICTORY])
)
def test_a_whole_amount_is_never_another_one(value: int, group: str, shown: str) -> None:
    text = f"{value:,}".replace(",", group)
    try:
        found = parse_amount(text, shown).value
    except CellError as error:
        assert error.code == "amount_ambiguous"  # noqa: PT017  (nothing else is raised)
        assert value >= 1000
        return
    assert found == value


@given(st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False), st.sampled_from([POINT, COMMA]))
def test_three_decimals_are_never_thousands_without_a_word(value: Decimal, sign: str) -> None:
    """What is written with three decimals in a column whose other cells show the decimal sign."""
    text = f"{value:.3f}".replace(".", sign)
    try:
        found = parse_amount(text, sign).value
    except CellError as error:
        assert error.code == "amount_ambiguous"  # noqa: PT017  (nothing else is raised)
        return
    assert found == to_cent(value)


@given(LOOKS_LIKE, st.sampled_from(["", POINT, COMMA, CONTRADICTORY]), st.booleans())
@example("1.000,-", "", False)
@example("B/.1,500", "", False)
@example(".1,500", "", False)
def test_whatever_is_read_has_the_digits_of_its_cell(text: str, shown: str, is_scaled: bool) -> None:
    try:
        found = parse_amount(text, shown, is_scaled=is_scaled)
    except CellError as error:
        assert sentence(error.code, error.params)  # noqa: PT017  (nothing else is raised)
        return
    in_cell = "".join(character for character in text if character in "0123456789").strip("0")
    in_value = f"{abs(found.exact / found.power):f}".replace(".", "").strip("0")
    assert in_value == in_cell


@given(AMOUNTS)
def test_a_written_amount_is_read_back(value: Decimal) -> None:
    assert parse_amount(write_number(value)).value == value


@pytest.mark.parametrize(
    ("heading", "currencies", "power", "bare"),
    [
        ("Amount committed (USD)", USD, 1, "Amount committed"),
        ("Monto (millones de US$)", USD, 10**6, "Monto"),
        ("Presupuesto en euros", EUR, 1, "Presupuesto"),
        ("Monto en miles de lempiras", HNL, 1000, "Monto"),
        ("US$ amount", USD, 1, "amount"),
        ("Amount [000s]", None, 1000, "Amount"),
        ("Amount", None, 1, "Amount"),
        ("Monto total", None, 1, "Monto total"),
        ("Grupo L", None, 1, "Grupo L"),
        ("Meta M", None, 1, "Meta M"),
    ],
)
def test_what_a_heading_says_of_its_amounts(
    heading: str, currencies: frozenset[str] | None, power: int, bare: str
) -> None:
    said = said_by_heading(heading)

    assert (said.currencies, said.power, without_currency(heading)) == (currencies, power, bare)
