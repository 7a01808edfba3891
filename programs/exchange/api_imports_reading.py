"""What the API shows of an import: the file, its counts, what becomes of its rows."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programs.exchange.models import Import, ImportRow
from programs.exchange.report import how_it_is_read
from programs.exchange.spreadsheet.problems import sentence


class ImportSerializer(serializers.ModelSerializer):
    """A file uploaded for an organization."""

    organization_id = serializers.IntegerField()
    organization = serializers.CharField(source="organization.name")

    class Meta:
        model = Import
        fields = ["id", "organization_id", "organization", "kind", "file_name", "state", "created_at", "checked_at",
                  "applied_at", "undone_at"]  # fmt: skip
        read_only_fields = fields


class CountsSerializer(serializers.Serializer):
    """Number of rows of an import by outcome."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    left_out = serializers.IntegerField()
    asking = serializers.IntegerField(help_text="Rows for which someone must still choose the program.")
    applied = serializers.IntegerField()
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Rows that could not be undone.")
    warned = serializers.IntegerField(help_text="Rows with warnings that applying the import must confirm.")
    drafts = serializers.IntegerField(
        help_text="Of the created, programs that arrive as drafts: not complete, or "
        "waiting for an answer on an organization."
    )


class ImportDetailSerializer(ImportSerializer):
    sheet = serializers.CharField(help_text="The sheet that is read; empty for a CSV file.")
    heading_row = serializers.IntegerField(help_text="The number of the row that names the columns.", allow_null=True)
    new_stage = serializers.CharField(
        help_text="Status of the records that it added: published, or submitted if the sender can only submit. Empty "
        "before it is applied."
    )
    headings = serializers.ListField(
        child=serializers.CharField(), help_text="Headings of the spreadsheet, from left to right."
    )
    columns = serializers.ListField(
        child=serializers.CharField(), help_text="The column matched to each heading; empty if the heading is ignored."
    )
    sheets = serializers.ListField(child=serializers.CharField(), help_text="Names of the workbook's sheets.")
    hidden_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Sheets that are hidden: read only if you choose one as `sheet`."
    )
    same_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Sheets with the same headings, which can be read too."
    )
    more_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Those of them that are read after `sheet`."
    )
    hidden_rows = serializers.IntegerField(
        help_text="Rows that are hidden, by a filter or by hand, in `sheet` and `same_sheets`."
    )
    without_hidden_rows = serializers.BooleanField(help_text="Whether these are skipped.")
    sample = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The first rows below the headings, with long texts shortened.",
    )
    problem = serializers.SerializerMethodField(
        help_text="Why the file cannot be read or why the import stopped, if so."
    )
    counts = serializers.SerializerMethodField()
    read_as = serializers.SerializerMethodField(
        help_text="How columns are read by what their cells show: the order of day and month, the decimal sign. In "
        "the language of Accept-Language."
    )

    class Meta(ImportSerializer.Meta):
        fields = [
            *ImportSerializer.Meta.fields,
            "new_stage",
            "sheets",
            "sheet",
            "heading_row",
            *("hidden_sheets", "same_sheets", "more_sheets", "hidden_rows", "without_hidden_rows"),
            "headings",
            "columns",
            "sample",
            "date_order",
            "read_as",
            "problem",
            "counts",
        ]
        read_only_fields = fields

    def get_problem(self, job: Import) -> str | None:
        return sentence(**job.problem) if job.problem else None

    def get_read_as(self, job: Import) -> list[str]:
        return how_it_is_read(job)

    @extend_schema_field(CountsSerializer)
    def get_counts(self, job: Import) -> Any:
        return CountsSerializer(job.rows.counts()).data


class WrongSerializer(serializers.Serializer):
    """What is wrong with a cell and how to correct it."""

    code = serializers.CharField(help_text="The same in every language.")
    column = serializers.CharField(source="heading")
    cell = serializers.CharField(source="place", help_text="Such as C12; empty for the row as a whole.")
    text = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language.")
    is_note = serializers.BooleanField(help_text="A note: the row is not rejected.")
    is_warning = serializers.BooleanField(help_text="An unlikely value: applying the import must confirm its code.")


class ChangedSerializer(serializers.Serializer):
    """What a row would change in the existing program."""

    column = serializers.CharField(source="heading")
    before = serializers.CharField()
    after = serializers.CharField()


class ValueSerializer(serializers.Serializer):
    """A value of a program that a row would add."""

    column = serializers.CharField(source="heading")
    value = serializers.CharField(source="after")


class ProbableSerializer(serializers.Serializer):
    """A program that probably matches the row."""

    program = serializers.IntegerField(source="program.pk")
    identifier = serializers.CharField(source="program.identifier")
    title = serializers.CharField(source="program.title")
    score = serializers.FloatField(help_text="From 0 to 1.")


class ImportRowSerializer(serializers.Serializer):
    """A row of the file and its outcome."""

    id = serializers.IntegerField(source="row.pk")
    number = serializers.IntegerField(help_text="The row's number in its sheet.")
    sheet = serializers.CharField(help_text="The sheet it stands in; empty where only one sheet is read.")
    outcome = serializers.CharField(source="row.outcome")
    identifier = serializers.CharField(source="row.identifier")
    title = serializers.CharField(source="row.title")
    program = serializers.IntegerField(source="program.pk", allow_null=True, default=None)
    is_applied = serializers.BooleanField(source="row.is_applied")
    kept_because = serializers.CharField(source="kept", help_text="Why it could not be undone, if so.")
    choice = serializers.CharField(source="row.choice", help_text="same or new, if someone has chosen.")
    matches = ProbableSerializer(source="probable", many=True)
    changes = ChangedSerializer(source="changed", many=True)
    values = ValueSerializer(many=True, help_text="What a new program would say, before it is applied.")
    problems = WrongSerializer(source="wrong", many=True)


# Kinds of rows that are no outcome.
OTHER_KINDS = [("asking", "To be decided"), ("warned", "To be confirmed"), ("kept", "Could not be undone")]


class ImportRowFilter(django_filters.FilterSet):
    """Rows by what became of them."""

    outcome = django_filters.ChoiceFilter(
        choices=[*ImportRow.Outcome.choices, *OTHER_KINDS],
        method="showing",
    )

    def showing(self, rows: Any, name: str, value: str) -> Any:
        return rows.showing(value)
