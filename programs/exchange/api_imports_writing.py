"""What a script says of an import: checked, then given to the services as they take it."""

from typing import Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core.api.writing import Strict
from donors.models import Organization
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.spreadsheet.columns import COLUMNS
from programs.exchange.spreadsheet.files import MOST_COLUMNS
from programs.exchange.spreadsheet.problems import FileProblem
from programs.services.permissions import organizations_where_may
from programs.services.plausibility import RULES

# What a column may be taken for.
KINDS = {column.key: column.headers["en"] for column in COLUMNS if column.parse is not None}


class NewImportSerializer(Strict):
    """A file of programs, and the organization that it is for."""

    # context["user"]: who sends it.
    organization = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="A workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) up to 20 MiB or a CSV file up to 60 MiB, with at most "
        "100,000 rows; or an IATI file up to 20 MiB.",
    )

    def to_internal_value(self, data: Any) -> Any:
        # An empty body is no form, and names neither.
        lists = data.lists() if isinstance(data, MultiValueDict) else ()
        if duplicates := [name for name, values in lists if len(values) > 1]:
            raise ValidationError({name: [_("Give this parameter only once.")] for name in duplicates})
        return super().to_internal_value(data)

    def validate_organization(self, value: int) -> Organization:
        found = organizations_where_may(self.context["user"], "import").filter(pk=value).first()
        if found is None:
            sentence = _("You cannot import for the organization %(value)s: “me/” lists the ones you can import for.")
            raise ValidationError(sentence % {"value": value})
        return found


class ColumnField(serializers.ChoiceField):
    """A key of the table of columns; empty for a column that is not read."""

    default_error_messages = {"invalid_choice": gettext_lazy("Unknown column “{input}”. Known columns: {known}.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(KINDS.items()), allow_blank=True, **options)

    def fail(self, key: str, **values: Any) -> Any:
        super().fail(key, known=", ".join(KINDS), **values)


class ColumnsSerializer(Strict):
    """The column for each heading of a spreadsheet, from left to right, and the format of ambiguous dates.

    With another sheet or heading row and no columns, a worker reads the headings from there and matches them again.
    """

    columns = serializers.ListField(
        child=ColumnField(),
        max_length=MOST_COLUMNS,
        required=False,
        help_text="From left to right. Leave it out to read the headings of another sheet or row first.",
    )
    sheet = serializers.CharField(max_length=100, required=False, help_text="Another sheet of the workbook.")
    heading_row = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="The number of the row that names the columns."
    )
    date_order = serializers.ChoiceField(choices=Import.DateOrder.choices, required=False)
    more_sheets = serializers.ListField(
        child=serializers.CharField(max_length=100),
        max_length=1000,
        required=False,
        help_text="Sheets of `same_sheets` to read after this one, such as one for each year.",
    )
    without_hidden_rows = serializers.BooleanField(
        required=False, help_text="Skips the rows that are hidden in the file."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "columns" not in attrs and not attrs.keys() & {"sheet", "heading_row"}:
            raise ValidationError({"columns": [_("Match each heading, or name another sheet or heading_row.")]})
        return attrs


def check_columns(columns: list[str], headings: list[str]) -> None:
    """ValidationError where not every heading of the file is said to be something."""
    if len(columns) != len(headings):
        sentence = ngettext(
            "Give the column for the %(count)s heading; use “” to ignore it.",
            "Give the column for each of the %(count)s headings, from left to right; use “” for a heading to ignore.",
            len(headings),
        )
        raise ValidationError({"columns": [sentence % {"count": len(headings)}]})


class ChoiceSerializer(Strict):
    """The program that a row is about."""

    row = serializers.IntegerField(min_value=1, max_value=2**62, help_text="The row's id.")
    program = serializers.IntegerField(
        min_value=1, max_value=2**62, allow_null=True, help_text="One of its matches; null for a new program."
    )


class ChoicesSerializer(Strict):
    """Which rows are programs that already exist: by row id, or all undecided rows at once."""

    choices = ChoiceSerializer(many=True, required=False, allow_empty=False)
    all = serializers.ChoiceField(
        choices=["same", "new"],
        required=False,
        help_text="same: use the most probable match of each row; new: all are new programs.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise ValidationError(_("Give either “choices” or “all”."))
        rows = [choice["row"] for choice in attrs.get("choices", ())]
        if len(set(rows)) < len(rows):
            raise ValidationError({"choices": [_("A row appears twice in the list.")]})
        return attrs


class ApplySerializer(Strict):
    """What to do with rejected rows, and which warnings are confirmed."""

    leave_out_refused = serializers.BooleanField(
        default=False,
        help_text="Skips rejected rows and applies the others. Without it, nothing is applied while a row is rejected.",
    )

    confirm = serializers.ListField(
        child=serializers.ChoiceField(choices=[(code, str(rule.about)) for code, rule in RULES.items()]),
        required=False,
        default=list,
        help_text="Codes of the warnings of rows to confirm, as in “confirm” of the problem confirmation_needed.",
    )


class NothingSerializer(Strict):
    """A body that says nothing."""


@transaction.atomic
def choose_columns(
    job: Import,
    *,
    actor: Any,
    columns: list[str] | None = None,
    sheet: str | None = None,
    heading_row: int | None = None,
    date_order: str | None = None,
    more_sheets: list[str] | None = None,
    without_hidden_rows: bool | None = None,
) -> None:
    """Has the headings read from another place, or the columns checked."""
    other_sheet = sheet is not None and sheet != job.sheet
    other_row = heading_row is not None and heading_row != job.heading_row
    if columns is None or other_sheet or other_row:
        row = heading_row if heading_row is not None or other_sheet else job.heading_row
        try:
            services.choose_headings(job, sheet=job.sheet if sheet is None else sheet, heading_row=row, actor=actor)
        except FileProblem as problem:
            field = "sheet" if problem.code == "file_no_such_sheet" else "heading_row"
            raise ValidationError({field: [ErrorDetail(str(problem), problem.code)]}) from problem
        if columns is not None:
            raise ValidationError(
                {
                    "columns": [
                        _(
                            "The headings of another sheet or row are read first. Send the sheet or row without "
                            "columns, then the columns once the status of the import is “uploaded”."
                        )
                    ]
                }
            )
    else:
        check_columns(columns, job.headings)
        services.choose_columns(
            job,
            columns,
            date_order=job.date_order if date_order is None else date_order,
            more_sheets=more_sheets,
            without_hidden_rows=without_hidden_rows,
            actor=actor,
        )


@transaction.atomic
def choose(job: Import, choices: list[dict[str, Any]], **who: Any) -> None:
    """All of the choices or none. ValidationError by the place of those that cannot be."""
    wanted = {choice["row"]: choice["program"] or services.NEW for choice in choices}
    decided = services.choose(job, wanted, **who)
    left = [number for number, choice in enumerate(choices) if choice["row"] not in decided]
    if left:
        sentence = _("This row does not need a choice, or the program is not one of its available matches.")
        raise ValidationError({"choices": {number: [sentence] for number in left}})
