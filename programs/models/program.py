"""A program: one funded undertaking; IATI calls it an activity."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.dates import FIRST_DATE, LAST_DATE
from core.money import UsdSum, as_list, from_json
from donors.models import Organization, User
from programs import codes
from programs.codes import Source, Stage, Status, Visibility
from programs.models.history import keeps_history
from programs.models.shares import published_shares_add_up
from programs.querysets import LEAVES_OUT, NOT_FOR_EVERYBODY, TITLE_ORDERED, UNENDED, WHOLE_OF, ProgramQuerySet

LANGUAGE_CODE = RegexValidator(r"^[a-z]{2,3}$", _("A language is a code of two or three letters, such as es."))


class KnownPeriod(Func):
    """What the four dates say, as a daterange: open where unknown, and where the end comes before the start."""

    template = (
        "daterange(coalesce(actual_start, planned_start), "
        "CASE WHEN coalesce(actual_end, planned_end) >= coalesce(actual_start, planned_start) "
        "OR coalesce(actual_start, planned_start) IS NULL THEN coalesce(actual_end, planned_end) END, '[]')"
    )
    output_field = DateRangeField()


class SearchText(Func):
    """The words of a program as a tsvector of the configuration "simple": both languages, no accents."""

    # Signs become spaces first: PostgreSQL would read the end of XX-7 as the number -7.
    template = (
        "to_tsvector('simple', regexp_replace(portal_unaccent("
        "coalesce(title, '') || ' ' || coalesce(identifier, '') || ' ' || coalesce(description, '')), "
        "'[^[:alnum:]]+', ' ', 'g'))"
    )
    output_field = SearchVectorField()


class WholeOf(Func):
    """The identifier of the whole that an identifier is of by its form."""

    template = WHOLE_OF.format("%(expressions)s")
    output_field = models.TextField()


@keeps_history(
    exclude=[
        "period",
        "search",
        "scanned_version",
        "scanned_at",
        "updated_at",
        "committed_usd",
        "disbursed_usd",
        "committed_basis",
        "committed_left_out",
        "disbursed_left_out",
        "version",
    ]
)
class Program(models.Model):
    """One funded undertaking, reported by one organization under an identifier of its own.

    Money: `committed_usd` and `disbursed_usd` are sums in US dollars of what could be converted, kept up by the
    services; `committed_basis` says what the first one sums, the two `…_left_out` what each leaves out since no rate
    is known (currency -> amount as text; see core.money). Dates may be unknown (null); `period` is what is
    known of them as a range, open at an unknown end, and at an end that contradicts the start.
    """

    Status = codes.Status
    Stage = codes.Stage
    Visibility = codes.Visibility
    Source = codes.Source
    Scope = codes.Scope
    GoalsOrigin = codes.GoalsOrigin
    Component = codes.Component
    CommittedBasis = codes.CommittedBasis

    reporting_org = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="reported_programs",
        verbose_name=_("reporting organization"),
    )
    identifier = models.CharField(_("identifier"), max_length=255)
    title = models.TextField(_("title"), blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language of title and description"), max_length=3, default="en", validators=[LANGUAGE_CODE]
    )
    status = models.PositiveSmallIntegerField(_("status"), choices=Status, null=True, blank=True)
    stage = models.CharField(_("status of the record"), max_length=10, choices=Stage, default=Stage.DRAFT)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    actual_start = models.DateField(_("actual start"), null=True, blank=True)
    actual_end = models.DateField(_("actual end"), null=True, blank=True)
    period = models.GeneratedField(expression=KnownPeriod(), output_field=DateRangeField(), db_persist=True)
    visibility = models.CharField(_("visible to"), max_length=10, choices=Visibility, default=Visibility.PARTNERS)
    shared_with = models.ManyToManyField(
        Organization,
        blank=True,
        related_name="programs_shared_with_it",
        verbose_name=_("named organizations"),
    )
    source = models.CharField(_("source"), max_length=13, choices=Source, default=Source.BROWSER)
    source_name = models.CharField(_("name of the source"), max_length=255, blank=True)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope, default=Scope.UNDETERMINED)
    goals_origin = models.CharField(
        _("origin of the goals"), max_length=9, choices=GoalsOrigin, default=GoalsOrigin.PROPOSED
    )
    esca_component = models.PositiveSmallIntegerField(_("ESCA component"), choices=Component, null=True, blank=True)
    default_currency = models.CharField(_("default currency"), max_length=3, blank=True)
    activity_scope = models.CharField(_("activity scope"), max_length=1, blank=True)
    collaboration_type = models.CharField(_("collaboration type"), max_length=2, blank=True)
    flow_type = models.CharField(_("flow type"), max_length=3, blank=True)
    finance_type = models.CharField(_("finance type"), max_length=4, blank=True)
    aid_type = models.CharField(_("aid type"), max_length=4, blank=True)
    tied_status = models.CharField(_("tied status"), max_length=1, blank=True)
    hierarchy = models.PositiveSmallIntegerField(_("hierarchy"), null=True, blank=True)
    # As the publisher said (IATI @humanitarian, @secondary-reporter).
    is_humanitarian = models.BooleanField(_("humanitarian"), default=False, db_default=False)
    is_secondary_report = models.BooleanField(_("secondary report"), default=False, db_default=False)

    committed_usd = models.DecimalField(
        _("committed (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    disbursed_usd = models.DecimalField(
        _("disbursed and spent (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    committed_basis = models.CharField(
        _("basis of the sum"), max_length=11, choices=CommittedBasis, default=CommittedBasis.NONE
    )
    committed_left_out = models.JSONField(_("left out of committed"), default=dict, db_default={}, blank=True)
    disbursed_left_out = models.JSONField(_("left out of disbursed"), default=dict, db_default={}, blank=True)
    search = models.GeneratedField(expression=SearchText(), output_field=SearchVectorField(), db_persist=True)

    version = models.PositiveIntegerField(_("version"), default=1)
    scanned_version = models.PositiveIntegerField(_("version last scanned"), default=0)
    scanned_at = models.DateTimeField(_("last scanned"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    updated_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("updated by")
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="program_identifier_once_in_its_organization", fields=["reporting_org", "identifier"]
            ),
            models.CheckConstraint(name="program_has_an_identifier", condition=~Q(identifier="")),
            # What others published without a title is kept so; what is entered here has one before it leaves draft.
            models.CheckConstraint(
                name="program_has_a_title", condition=~Q(title="") | Q(source=Source.IATI) | Q(stage=Stage.DRAFT)
            ),
            models.CheckConstraint(name="program_language_is_a_code", condition=Q(language__regex=r"^[a-z]{2,3}$")),
            models.CheckConstraint(
                name="program_status_is_known",
                condition=Q(status__isnull=True) | Q(status__in=Status.values),
            ),
            models.CheckConstraint(
                name="program_stage_is_known",
                condition=Q(stage__in=Stage.values),
            ),
            models.CheckConstraint(
                name="program_visibility_is_known",
                condition=Q(visibility__in=Visibility.values),
            ),
            models.CheckConstraint(
                name="program_source_is_known",
                condition=Q(source__in=["browser", "iati", "spreadsheet", "api", "demonstration"]),
            ),
            models.CheckConstraint(
                name="program_scope_is_known",
                condition=Q(scope__in=["in_scope", "out_of_scope", "undetermined"]),
            ),
            models.CheckConstraint(
                name="program_goals_origin_is_known", condition=Q(goals_origin__in=["proposed", "confirmed"])
            ),
            models.CheckConstraint(
                name="program_component_is_known",
                condition=Q(esca_component__isnull=True) | Q(esca_component__in=[1, 2, 3, 4]),
            ),
            # Published files carry dates out of order; they are kept as published, but no one may enter such.
            models.CheckConstraint(
                name="program_planned_dates_in_order",
                condition=Q(source=Source.IATI) | Q(planned_end__gte=F("planned_start")),
            ),
            models.CheckConstraint(
                name="program_actual_dates_in_order",
                condition=Q(source=Source.IATI) | Q(actual_end__gte=F("actual_start")),
            ),
            *[
                models.CheckConstraint(
                    name=f"program_{field}_is_plausible",
                    condition=Q(**{f"{field}__isnull": True})
                    | Q(**{f"{field}__gte": FIRST_DATE, f"{field}__lte": LAST_DATE}),
                )
                for field in ("planned_start", "planned_end", "actual_start", "actual_end")
            ],
            models.CheckConstraint(
                name="program_scanned_version_exists", condition=Q(scanned_version__lte=F("version"))
            ),
        ]
        indexes = [
            GistIndex(name="program_period", fields=["period"]),
            GinIndex(name="program_search", fields=["search"]),
            # What the sweep asks every half minute: programs not scanned since their last change.
            models.Index(name="program_unscanned", fields=["id"], condition=Q(scanned_version__lt=F("version"))),
            # What still runs after its planned end, beside the period of the others.
            models.Index(name="program_unended", fields=["planned_end"], condition=UNENDED),
            models.Index(name="program_newest_first", fields=["-updated_at", "-id"]),
            models.Index(name="program_identifier", fields=["identifier"]),
            # Whom each is shown to, for counts of all; and the few that are not for everybody.
            models.Index(name="program_shown", fields=["stage", "visibility", "scope", "reporting_org", "id"]),
            models.Index(
                name="program_not_for_everybody",
                fields=["id"],
                include=["reporting_org", "stage", "visibility"],
                condition=NOT_FOR_EVERYBODY,
            ),
            # The orders of lists; of a title its beginning, since an index takes no long text.
            models.Index(Left("title", TITLE_ORDERED), "id", name="program_by_title"),
            models.Index(F("period__startswith").desc(nulls_last=True), F("id").desc(), name="program_latest_start"),
            models.Index(F("committed_usd").desc(nulls_last=True), F("id").desc(), name="program_most_money"),
            # All that sums over everything ask of a program: rows are large, and are not read for them.
            models.Index(
                name="program_summed",
                fields=["id"],
                include=[
                    *("stage", "visibility", "scope", "reporting_org", "status", "planned_end", "actual_end", "period"),
                    *("committed_usd", "disbursed_usd"),
                ],
            ),
            # The parts of a whole, where hierarchies say so.
            models.Index(
                "reporting_org",
                WholeOf("identifier"),
                name="program_of_a_whole",
                condition=Q(hierarchy__isnull=False),
            ),
            # The few whose sums leave something out.
            models.Index(name="program_leaves_out", fields=["id"], condition=LEAVES_OUT),
        ]
        triggers = [published_shares_add_up()]

    def __str__(self) -> str:
        return self.title or self.identifier

    def get_absolute_url(self) -> str:
        return reverse("programs:detail", args=[self.pk])

    @property
    def committed(self) -> UsdSum | None:
        """What is committed, with what that sum leaves out; None where no amount is stated."""
        return _sum(self.committed_usd, self.committed_left_out)

    @property
    def disbursed(self) -> UsdSum | None:
        """The same of what was disbursed and spent."""
        return _sum(self.disbursed_usd, self.disbursed_left_out)

    @property
    def left_out(self) -> list[dict[str, str]]:
        """What its sums leave out, as the API answers it."""
        return as_list(
            committed_usd=from_json(self.committed_left_out), disbursed_usd=from_json(self.disbursed_left_out)
        )

    @property
    def shown_title(self) -> str:
        """The title; what was published without one is named by its identifier."""
        return self.title or gettext("(untitled) %(identifier)s") % {"identifier": self.identifier}

    @property
    def start(self) -> date | None:
        """When it began, or else is to begin; None where neither is known."""
        return self.actual_start or self.planned_start

    def runs_past_its_end(self, today: date) -> bool:
        """Whether it is still carried out on `today` though its planned end has passed (querysets.UNENDED)."""
        is_open = self.stage in (self.Stage.DRAFT, self.Stage.SUBMITTED, self.Stage.PUBLISHED)
        is_unended = is_open and self.status == self.Status.IMPLEMENTATION and self.actual_end is None
        return is_unended and self.planned_end is not None and self.planned_end < today

    @property
    def end(self) -> date | None:
        """When it ended, or else is to end; None where neither is known."""
        return self.actual_end or self.planned_end


@keeps_history()
class ProgramTranslation(models.Model):
    """A program's title and description in a further language."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=3, validators=[LANGUAGE_CODE])
    title = models.TextField(_("title"), blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("translation of a program")
        verbose_name_plural = _("translations of programs")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(name="translation_once_in_a_language", fields=["program", "language"]),
            models.CheckConstraint(name="translation_language_is_a_code", condition=Q(language__regex=r"^[a-z]{2,3}$")),
            models.CheckConstraint(name="translation_says_something", condition=~Q(title="") | ~Q(description="")),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


def _sum(usd: Decimal | None, left_out: dict[str, str]) -> UsdSum | None:
    return None if usd is None and not left_out else UsdSum(usd or Decimal(0), from_json(left_out))
