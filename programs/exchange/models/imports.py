"""Imports: a file, its rows, and what became of each. What is left to do is what the rows say, even if a worker has
died."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from donors.models import Organization, User
from programs.exchange.querysets import AT_WORK, ImportQuerySet, ImportRowQuerySet
from programs.exchange.spreadsheet.files import SHEET_STEP
from programs.models import Program

EMPTY = models.Value([], models.JSONField())


class Import(models.Model):
    """A file that a person uploads for one organization.

    `headings` are the file's own, in the row `heading_row` of the sheet `sheet` ("" for the first one, and in a CSV
    file); `columns` are what each is taken for: keys of spreadsheet.columns, "" for none. `language` is that of the
    headings, and of what the portal writes into the file. `top` are the first rows of the sheet with their numbers,
    `sample` those below the headings. All of these are known once a worker has read the file.

    `attempts` counts how often a worker took it up in this state without getting further than `done_before` rows.
    `run` counts what was asked for: a worker that finds another number than it took up writes nothing more.
    """

    class Kind(models.TextChoices):
        XLSX = "xlsx", _("Excel workbook")
        XLS = "xls", _("Excel 97–2003 workbook")
        XLSB = "xlsb", _("Excel binary workbook")
        ODS = "ods", _("OpenDocument spreadsheet")
        CSV = "csv", _("CSV file")
        IATI = "iati", _("IATI file")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        UPLOADED = "uploaded", _("Columns to confirm")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not yet applied")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        UNREADABLE = "unreadable", _("Cannot be read")
        STOPPED = "stopped", _("Stopped before it finished")

    class DateOrder(models.TextChoices):
        ASK = "", _("Reject ambiguous dates")
        DAY_FIRST = "day_first", _("Day first: 28/03/2024")
        MONTH_FIRST = "month_first", _("Month first: 03/28/2024")

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="imports", verbose_name=_("organization")
    )
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name=_("uploaded by")
    )
    kind = models.CharField(_("kind of file"), max_length=4, choices=Kind)
    file_name = models.CharField(_("file"), max_length=255)
    language = models.CharField(_("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))])
    date_order = models.CharField(_("date format"), max_length=11, choices=DateOrder, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True, default="", db_default="")
    # Its number in the file; null: the first row that is not empty.
    heading_row = models.PositiveIntegerField(_("row of the headings"), null=True, blank=True)
    # The sheet ("": any) and the row (null: any) that a person chose, until a worker has read the headings there.
    wanted_sheet = models.CharField(_("chosen sheet"), max_length=100, blank=True, default="", db_default="")
    wanted_heading_row = models.PositiveIntegerField(_("chosen row of the headings"), null=True, blank=True)
    headings = models.JSONField(_("headings"), default=list, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.UPLOADED)
    sheets = models.JSONField(_("sheets"), default=list, db_default=EMPTY, blank=True)
    top = models.JSONField(_("rows at the top"), default=list, db_default=EMPTY, blank=True)
    sample = models.JSONField(_("first rows"), default=list, db_default=EMPTY, blank=True)
    # Those of the sheets that are hidden, and those with the same headings as the one that is read.
    hidden_sheets = models.JSONField(_("hidden sheets"), default=list, db_default=EMPTY, blank=True)
    same_sheets = models.JSONField(_("sheets with the same headings"), default=list, db_default=EMPTY, blank=True)
    # Sheets that a person chose to read after the first one, and whether without hidden rows.
    more_sheets = models.JSONField(_("more sheets to read"), default=list, db_default=EMPTY, blank=True)
    hidden_rows = models.PositiveIntegerField(_("hidden rows"), default=0, db_default=0)
    without_hidden_rows = models.BooleanField(_("without hidden rows"), default=False, db_default=False)
    # Nobody looks at its columns: it is checked at once where all of them are known.
    is_unattended = models.BooleanField(_("unattended"), default=False, db_default=False)
    # In which state it was stopped, by whom (null: it came to no end by itself).
    stopped_in = models.CharField(_("stopped in"), max_length=10, choices=State, blank=True, db_default="")
    stopped_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    done_before = models.PositiveIntegerField(_("rows done before"), default=0, db_default=0)
    run = models.PositiveIntegerField(_("run"), default=0, db_default=0)
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    # Code and values of spreadsheet.problems, where the file as a whole cannot be read or the job was stopped.
    problem = models.JSONField(_("problem"), null=True, blank=True)
    # About how many rows it has, counted without reading it: for the progress bar alone.
    rows_expected = models.PositiveIntegerField(_("rows expected"), default=0)
    created_at = models.DateTimeField(_("uploaded on"), auto_now_add=True)
    # For whom it was checked: what is refused to an editor may be a manager's to do.
    checked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked for")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    applied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    # The stage in which applying it makes new programs, by what anyone who applied it may do; empty before.
    new_stage = models.CharField(
        _("status of new records"),
        max_length=10,
        choices=[(stage.value, stage.label) for stage in (Program.Stage.SUBMITTED, Program.Stage.PUBLISHED)],
        blank=True,
        default="",
        db_default="",
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="import_kind_is_known", condition=Q(kind__in=["xlsx", "xls", "xlsb", "ods", "csv", "iati"])
            ),
            models.CheckConstraint(name="import_language_is_known", condition=Q(language__in=["en", "es"])),
            models.CheckConstraint(
                name="import_date_order_is_known", condition=Q(date_order__in=["", "day_first", "month_first"])
            ),
            models.CheckConstraint(
                name="import_state_is_known",
                condition=Q(
                    state__in=[
                        "reading",
                        "uploaded",
                        "checking",
                        "checked",
                        "applying",
                        "applied",
                        "undoing",
                        "undone",
                        "unreadable",
                        "stopped",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="import_new_stage_is_known", condition=Q(new_stage__in=["", "submitted", "published"])
            ),
            models.CheckConstraint(
                name="import_says_why_it_is_unreadable",
                condition=~Q(state__in=["unreadable", "stopped"]) | Q(problem__isnull=False),
            ),
            models.CheckConstraint(
                name="import_stopped_says_where",
                condition=Q(state="stopped", stopped_in__in=["reading", "checking", "applying", "undoing"])
                | (~Q(state="stopped") & Q(stopped_in="")),
            ),
        ]
        indexes = [
            # What the sweep asks every half minute.
            models.Index(
                name="import_at_work",
                fields=["id"],
                condition=Q(state__in=["reading", "checking", "applying", "undoing"]),
            ),
            models.Index(name="import_newest_first", fields=["organization", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("exchange:import", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether a job is on it."""
        return self.state in AT_WORK

    @property
    def is_spreadsheet(self) -> bool:
        return self.kind != self.Kind.IATI

    @property
    def read_sheets(self) -> list[str]:
        """The sheets that are read, in order; [""] for a CSV file."""
        return [self.sheet, *self.more_sheets]

    def place_of(self, number: int) -> tuple[str, int]:
        """The sheet ("" where only one is read) and the number in it of a row of that number."""
        position, row = divmod(number, SHEET_STEP)
        return (self.read_sheets[position] if self.more_sheets and position < len(self.read_sheets) else ""), row


class ImportFile(models.Model):
    """A file's bytes. In the database, so that every web process and worker has them, and backups too."""

    of_import = models.OneToOneField(
        Import, models.CASCADE, primary_key=True, related_name="file", verbose_name=_("import")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return str(self.of_import_id)


class ImportRow(models.Model):
    """A row of a file (an activity of an IATI file): what it says, what the check found, what applying it did.

    Rows are stored as they are checked: those that a file has and `rows` has not are yet to be checked.
    `cells` are its texts. `changes` are [key of the column, before, after]; `problems` are codes with values and the
    position of their cell. `version_seen` is the version of `program` that the check compared it with; `before` is
    the program as it was before the row was applied, `version_applied` its version afterwards.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        CHANGED = "changed", pgettext_lazy("import row", "Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", pgettext_lazy("import row", "Rejected")
        LEFT_OUT = "left_out", _("Skipped")

    class Choice(models.TextChoices):
        """What a person says of a row that is probably a program there already."""

        OPEN = "", _("Not decided")
        SAME = "same", _("The same program: update it")
        NEW = "new", _("Another program: add it")

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    identifier = models.CharField(_("identifier"), max_length=255, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    # Unlikely values that applying the row confirms: problems with codes of services.plausibility, and a key.
    warnings = models.JSONField(_("warnings"), default=list, db_default=EMPTY, blank=True)
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("program")
    )
    # Programs of the organization that it probably is, surest first: [{"id", "score"}].
    candidates = models.JSONField(_("probable matches"), default=list, blank=True)
    choice = models.CharField(_("choice"), max_length=4, choices=Choice, blank=True)
    version_seen = models.PositiveIntegerField(_("version compared"), null=True, blank=True)
    is_applied = models.BooleanField(_("applied"), default=False)
    before = models.JSONField(_("before"), null=True, blank=True)
    version_applied = models.PositiveIntegerField(_("version after"), null=True, blank=True)
    # When the program was saved by applying the row, and by undoing it: what it still has as its `updated_at` as long
    # as nobody has saved it since. What the portal itself does to a program (a scan, a migration) leaves that alone.
    applied_stamp = models.DateTimeField(_("program saved by the import"), null=True, blank=True)
    undone_stamp = models.DateTimeField(_("program saved by the undo"), null=True, blank=True)
    is_undone = models.BooleanField(_("undone"), default=False)
    # Why it could not be undone: a code of services.undo.
    kept_because = models.CharField(_("reason for keeping"), max_length=20, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["of_import", "number"]
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["of_import", "number"]),
            # Applying a row twice, or two rows to one program, fails here whatever the code does.
            models.UniqueConstraint(
                name="import_row_alone_on_its_program",
                fields=["of_import", "program"],
                condition=Q(program__isnull=False),
            ),
            models.CheckConstraint(
                name="import_row_outcome_is_known",
                condition=Q(outcome__in=["created", "changed", "unchanged", "refused", "left_out"]),
            ),
            models.CheckConstraint(name="import_row_choice_is_known", condition=Q(choice__in=["", "same", "new"])),
            models.CheckConstraint(
                name="import_row_refused_is_not_applied", condition=~Q(outcome="refused") | Q(is_applied=False)
            ),
            models.CheckConstraint(
                name="import_row_undone_was_applied", condition=Q(is_undone=False) | Q(is_applied=True)
            ),
            models.CheckConstraint(name="import_row_undone_or_kept", condition=Q(is_undone=False) | Q(kept_because="")),
        ]
        indexes = [
            models.Index(name="import_row_by_outcome", fields=["of_import", "outcome", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.of_import_id}: {self.number}"

    @property
    def asks(self) -> bool:
        """Whether it waits for a person to say which program it is."""
        return bool(self.candidates) and not self.choice and self.outcome == self.Outcome.CREATED


class ColumnMeaning(models.Model):
    """What an organization took a heading for the last time: `column` is a key of the table, "" for not read."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="column_meanings", verbose_name=_("organization")
    )
    heading = models.CharField(_("heading"), max_length=200, help_text=_("Without accents, capitals and punctuation."))
    column = models.CharField(_("column"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("meaning of a heading")
        verbose_name_plural = _("meanings of headings")
        ordering = ["organization", "heading"]
        constraints = [
            models.UniqueConstraint(name="heading_means_one_thing", fields=["organization", "heading"]),
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.column}"
