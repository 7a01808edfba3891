"""The template for programs, in either language: columns with their lists to choose from, and what to write in each."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_col_to_name

from donors.models import Organization
from goals.codes import CENTRAL_AMERICA
from goals.currencies import OFFERED
from goals.models import Country, Goal
from goals.proposal import sector_rules
from programs.exchange.spreadsheet.cell_reading import LANGUAGE_NAMES
from programs.exchange.spreadsheet.cells import Column
from programs.exchange.spreadsheet.columns import COLUMNS
from programs.exchange.spreadsheet.files import MOST_ROWS
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.tables import csv_file, new_workbook, write_sheet
from programs.models import Participation

Heading = tuple[str, Column]


def headings(language: str) -> Iterator[Heading]:
    """The template's columns: those that may repeat come several times, numbered, each with its percentage."""
    shares = {column.shares: column for column in COLUMNS if column.shares}
    for column in COLUMNS:
        if column.parse is None or column.shares or column.key == "reporting_org":
            continue
        for number in range(1, column.repeats + 1):
            last = f" {number}" if column.repeats > 1 else ""
            yield column.headers[language] + last, column
            if share := shares.get(column.key):
                yield share.headers[language].replace(" %", f"{last} %"), share


def csv_template(language: str) -> Iterator[bytes]:
    """Headings and one example."""
    columns = list(headings(language))
    return csv_file([[heading for heading, _column in columns], list(_examples(columns, language))])


def _examples(columns: list[Heading], language: str) -> Iterator[str]:
    """An example a cell; of a column that repeats, in the first alone."""
    seen: set[str] = set()
    with translation.override(language):
        for _heading, column in columns:
            yield "" if column.key in seen else str(column.example)
            seen.add(column.key)


def xlsx_template(language: str) -> IO[bytes]:
    """A workbook of three sheets in a temporary file: programs, instructions, lists."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    with translation.override(language), new_workbook(file) as workbook:
        columns = list(headings(language))
        lists = dict(_lists(SheetLookups(), language))
        sheet = workbook.add_worksheet(_("Programs"))
        write_sheet(workbook, sheet, [[heading for heading, _column in columns]], widths=[18] * len(columns))
        _add_choices(sheet, columns, lists)
        write_sheet(workbook, workbook.add_worksheet(_("Instructions")), _instructions(columns), widths=[28, 70, 40])
        write_sheet(workbook, workbook.add_worksheet(_("Lists")), _side_by_side(lists), widths=[32] * len(lists))
    file.seek(0)
    return file


def _add_choices(sheet: Any, columns: list[Heading], lists: dict[str, list[str]]) -> None:
    """Cells offer their list; something else may be written too (a code, several with ; between them)."""
    names = list(lists)
    for number, (_heading, column) in enumerate(columns):
        if column.choices in lists:
            letter = xl_col_to_name(names.index(column.choices))
            source = f"='{_('Lists')}'!${letter}$2:${letter}${len(lists[column.choices]) + 1}"
            options = {"validate": "list", "source": source, "error_type": "information", "show_error": False}
            sheet.data_validation(1, number, MOST_ROWS, number, options)


def _instructions(columns: list[Heading]) -> Iterator[list[str]]:
    yield [_("Column"), _("What to write"), _("Example")]
    seen: set[str] = set()
    for _heading, column in columns:
        if column.key not in seen:
            seen.add(column.key)
            yield [str(column.header), str(column.help), str(column.example)]
    yield []
    yield [_("Rows"), _("One program per row, at most %(most)s rows.") % {"most": f"{MOST_ROWS:,}"}, ""]
    yield [_("Empty cells"), _("An empty cell keeps the portal's current value. A single dash (-) removes it."), "-"]
    yield [_("Only the title is required"), _("Leave everything else empty if you do not know it."), ""]


def _lists(lookups: SheetLookups, language: str) -> Iterator[tuple[str, list[str]]]:
    """Name of a list -> its values in the language, the likeliest first."""
    own = set(Country.objects.filter(in_carsi=True).values_list("code", flat=True))
    countries = sorted(
        (code not in own, names[language == "es"]) for code, names in lookups.countries.items()
    )  # fmt: skip
    regions = [lookups.place_name("region", code, language) for code in (CENTRAL_AMERICA,) if code in lookups.regions]
    seven = [name for other, name in countries if not other]
    yield "countries", [*seven, *regions, *(name for other, name in countries if other)]
    yield "areas", [f"{code} {name}" for code, name in lookups.areas.items()]
    codes = [*sector_rules(), *(code for code in sorted(lookups.sectors) if code not in sector_rules())]
    yield "sectors", [lookups.sector_name(code, language) for code in codes if code in lookups.sectors]
    yield "organizations", list(Organization.objects.order_by("name").values_list("name", flat=True))
    yield "statuses", lookups.statuses.labels(language)
    yield "visibilities", lookups.visibilities.labels(language)
    yield "currencies", list(OFFERED)
    yield "languages", list(dict.fromkeys(LANGUAGE_NAMES.values()))
    yield "goals", [f"{goal.number}. {goal.name}" for goal in Goal.objects.all()]
    yield "roles", [str(label) for label in Participation.Role.labels]


def _side_by_side(lists: dict[str, list[str]]) -> Iterator[list[str]]:
    names = {
        "countries": _("Countries"),
        "areas": _("Areas"),
        "sectors": _("Sectors"),
        "organizations": _("Organizations"),
        "statuses": pgettext("program", "Status"),
        "visibilities": _("Visible to"),
        "currencies": _("Currencies"),
        "languages": _("Languages"),
        "goals": _("Goals"),
        "roles": _("Roles"),
    }
    yield [names[name] for name in lists]
    for number in range(max(len(values) for values in lists.values())):
        yield [values[number] if number < len(values) else "" for values in lists.values()]
