"""Every question asked of the database about programs."""

import re
from calendar import monthrange
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from core.names import normalize_name
from core.searching import MOST_WORDS, meanings, words_looked_for
from donors.models import Organization
from donors.naming import together
from goals.codes import REGIONS_AROUND, SEVEN
from goals.models import Area
from programs.codes import OVER, Role, Scope, Stage, Status, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from donors.models import Organization, User
    from programs.models import Program, RelatedProgram  # noqa: F401

# In place of a country's code: programs for Central America as a whole, and programs for any part of it.
REGIONAL = "regional"
ANYWHERE = "region"

# What `visible_to` may leave out for somebody: an index of the programs has the same condition.
NOT_FOR_EVERYBODY = Q(stage__in=[Stage.DRAFT, Stage.SUBMITTED]) | ~Q(visibility=Visibility.PUBLIC)

# Programs that are being carried out, with no day on which they ended: past their planned end, they run on.
# Who closes the record says that they have ended.
UNENDED = Q(
    status=Status.IMPLEMENTATION,
    actual_end__isnull=True,
    stage__in=[Stage.DRAFT, Stage.SUBMITTED, Stage.PUBLISHED],
)

# Programs with money that no rate is known for: what sums over them leave out is looked for in these alone.
LEAVES_OUT = ~Q(committed_left_out={}) | ~Q(disbursed_left_out={})


def amount_left_out(column: str, currency: str, *, program: str = "") -> Cast:
    """What `column` (committed_usd, disbursed_usd) leaves out in that currency, null where nothing; `program` leads to
    it from another table: amount_left_out("committed_usd", "VES", program="program__")."""
    stored = KeyTextTransform(currency, f"{program}{column.removesuffix('_usd')}_left_out")
    return Cast(stored, models.DecimalField(max_digits=30, decimal_places=2))


# The identifier of the whole that an identifier is of by its form, GB-1-20 of GB-1-20-101; itself without a separator.
# An index of programs of a hierarchy has the same expression.
WHOLE_OF = "regexp_replace({}, '[-/._:][^-/._:]*$', '')"

# Lists by title look at so many characters of it.
TITLE_ORDERED = 200

# A running program of which nothing was said for so long needs an update.
MONTHS_WITHOUT_UPDATE = 6


def months_before(day: "date", months: int) -> "date":
    """The same day so many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


# What the rows that belong to a program name, and what of it is large and shown nowhere beside a program.
_NAMED = {
    "coverages": (["country", "region"], []),
    "goals": (["goal"], []),
    "locations": (["area__country"], ["area__outline"]),
    "participations": (["organization"], []),
    "sectors": (["sector"], ["sector__description_en"]),
}


def rows_of(model: "type[Program]", kinds: "Iterable[str]", to: str = "") -> list[Prefetch]:
    """What to prefetch so that a program's rows of these kinds come with what they name, one query for each kind.

    `to` leads from the rows that are asked for to the program: "left__"."""
    prefetches = []
    for kind in kinds:
        named, large = _NAMED[kind]
        rows: Any = model._meta.get_field(kind).related_model
        queryset = rows._default_manager.select_related(*named).defer(*large)
        prefetches.append(Prefetch(to + kind, queryset))
    return prefetches


def among(ids: "Iterable[int]") -> RawSQL:
    """What `__in` takes for hundreds of ids: one parameter, since a list of them takes longer to compile than to
    answer."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


class Asked(NamedTuple):
    """What a typed text asks of the words by which programs are found: that words begin like all of its own, that
    all of them are there in any form; or, where somebody knows, what it means."""

    beginning_so: Any
    words: Any
    meant: Any


def asked_for(text: str) -> Asked | None:
    """What a typed text asks for; None for one without words."""
    # Cut first: the letters of an acronym are words of their own until they are put together.
    plain = together(" ".join(normalize_name(text).split()[:MOST_WORDS]), least=3)
    words = words_looked_for(re.findall(r"\w+", plain.replace("_", " ")))
    if not words:
        return None
    meant = []
    for meaning in meanings:
        all_of, one_of = meaning(plain)
        if one_of:
            any_of_these = reduce(or_, [SearchQuery(word, config="simple") for word in one_of])
            meant.append(reduce(and_, map(_any_form, all_of), any_of_these))
    return Asked(_beginning_so(words), reduce(and_, map(_any_form, words)), reduce(or_, meant) if meant else None)


def _beginning_so(words: list[str]) -> SearchQuery:
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw")


def _any_form(word: str) -> Any:
    """A word that begins so, or one with its stem in either language."""
    return _beginning_so([word]) | SearchQuery(word, config="spanish") | SearchQuery(word, config="english")


def covering(code: str) -> Q:
    """The condition of coverages for a country, "regional" or "region": see `ProgramQuerySet.in_country`."""
    as_a_whole = Q(region__in=REGIONS_AROUND)
    return {REGIONAL: as_a_whole, ANYWHERE: as_a_whole | Q(country__in=SEVEN)}.get(code, Q(country=code))


class ProgramQuerySet(models.QuerySet["Program"]):
    """Programs; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What `user` may see; the guard of every page, call, export, count and sum. One query for the memberships.

        Nobody but their own organization sees drafts. Submitted programs are for it and the coordinators.
        Of the rest: public ones are for everybody; those for partners, for members of any organization; restricted
        ones, for the reporting organization, the coordinators and the organizations that it named.
        """
        seen = self._seen_by(user)
        return self if seen is None else self.filter(seen)

    def hidden_from(self, user: "User | AnonymousUser") -> Self:
        """All others: what `visible_to` leaves out. Few are not for everybody, and an index knows which: rows that
        rest on a program are asked for those whose program is not among these."""
        seen = self._seen_by(user)
        return self.none() if seen is None else self.filter(NOT_FOR_EVERYBODY).exclude(seen)

    def _seen_by(self, user: "User | AnonymousUser") -> Q | None:
        """The condition of `visible_to`; None where it is all."""
        shown = ~Q(stage__in=[Stage.DRAFT, Stage.SUBMITTED])
        if not user.is_authenticated:
            return shown & Q(visibility=Visibility.PUBLIC)
        if user.is_active and user.is_superuser:
            return None
        own = user.organization_ids
        if user.is_coordinator:
            return ~Q(stage=Stage.DRAFT) | Q(reporting_org__in=own)
        if not own:
            return shown & Q(visibility=Visibility.PUBLIC)
        named = self.model.shared_with.through.objects.filter(organization__in=own).values("program_id")
        return Q(reporting_org__in=own) | (
            shown
            & (
                Q(visibility__in=[Visibility.PUBLIC, Visibility.PARTNERS])
                | Q(visibility=Visibility.RESTRICTED, pk__in=named)
            )
        )

    def listed(self) -> Self:
        """Programs as lists and sums show them: past draft, and not archived."""
        return self.exclude(stage__in=[Stage.DRAFT, Stage.ARCHIVED])

    def search(self, text: str) -> Self:
        """Programs that each word of `text` finds: by a word that begins so in the title, description or identifier,
        or a name of its places, organizations, sectors or types of work in either language; or by the meaning of the
        whole. Accents, capitals and endings are ignored."""
        asked = asked_for(text)
        if asked is None:
            return self
        kept, taking_part = self._all_of("finding_words"), self._all_of("participations")
        ids = [
            self.model._default_manager.order_by().filter(search=asked.beginning_so).values("pk"),
            kept.filter(words=asked.words).values("pk"),
        ]
        if asked.meant is not None:
            ids.append(kept.filter(words=asked.meant).values("pk"))
        named = Organization.objects.ids_matching(text)
        if named is not None:
            ids.append(taking_part.filter(organization__in=named).values("program"))
            ids.append(self.model._default_manager.order_by().filter(reporting_org__in=named).values("pk"))
        return self.filter(pk__in=ids[0].union(*ids[1:]))

    def nearest_first(self, text: str) -> Self:
        """What `search` finds, those first that have the words in their titles, then in their names of places and
        organizations, then in their texts; last, those that are meant alone."""
        asked = asked_for(text)
        if asked is None:
            return self
        words = F("finding_words__words")
        nearness: Any = SearchRank(words, asked.words, normalization=1)
        if asked.meant is not None:
            nearness += SearchRank(words, asked.meant, normalization=1)
        return self.annotate(nearness=Coalesce(nearness, 0.0)).order_by("-nearness", "-updated_at", "-pk")

    def in_country(self, code: str) -> Self:
        """Programs for a country (ISO 3166-1 alpha-2); where `code` is "regional", for Central America as a whole;
        where it is "region", for any of the seven countries or as a whole."""
        return self.filter(Exists(self._rows_of("coverages").filter(covering(code))))

    def in_area(self, code: str) -> Self:
        """Programs that work in an area or in a municipality of it; `code` is the area's (HN-CR)."""
        return self.filter(Exists(self._rows_of("locations").filter(area__in=Area.objects.within(code).values("code"))))

    def for_goal(self, number: int) -> Self:
        return self.filter(Exists(self._rows_of("goals").filter(goal=number)))

    def funded_by(self, organization: "Organization") -> Self:
        """Programs that the organization funds (IATI role 1)."""
        return self.filter(Exists(self._rows_of("participations").filter(organization=organization, role=Role.FUNDING)))

    def involving(self, organization: "Organization") -> Self:
        """Programs that the organization reports, or takes part in; each kind by its own index."""
        taking_part = self.model.participations.rel.related_model._default_manager.filter(organization=organization)
        reported = self.model._default_manager.filter(reporting_org=organization)
        ids = taking_part.order_by().values("program").union(reported.order_by().values("pk"))
        return self.filter(pk__in=ids)

    def running_between(self, first: "date | None", last: "date | None", today: "date | None" = None) -> Self:
        """Programs whose time, as far as it is known, meets the days from `first` to `last`; None is open.

        One that is still carried out after its planned end runs until today at least (by default today's date).
        """
        if not first and not last:
            return self
        today = today or timezone.localdate()
        meets = Q(period__overlap=DateRange(first, last, "[]"))
        if first and first <= today:
            begun = Q(period__startswith__isnull=True) | Q(period__startswith__lte=last) if last else Q()
            meets |= UNENDED & Q(planned_end__lt=today) & begun
        return self.filter(meets)

    def _rows_of(self, related_name: str) -> models.QuerySet[Any]:
        return self._all_of(related_name).filter(program=OuterRef("pk"))

    def _all_of(self, related_name: str) -> models.QuerySet[Any]:
        related: Any = self.model._meta.get_field(related_name).related_model
        return related._default_manager.order_by()

    def currencies_left_out(self) -> list[str]:
        """The currencies of the amounts that sums over these programs leave out; one query, with its own index."""
        keys = Func(
            F("committed_left_out"),
            F("disbursed_left_out"),
            template="jsonb_object_keys(%(expressions)s)",
            arg_joiner=" || ",
            output_field=models.CharField(),
        )
        left_out = self.filter(LEAVES_OUT).order_by()
        return sorted(set(left_out.annotate(of_currency=keys).values_list("of_currency", flat=True)))

    def for_list(self) -> Self:
        """With what a row of a list shows: two further queries, however many rows."""
        with_rows = self.prefetch_related(*rows_of(self.model, ["coverages", "goals"]))
        return with_rows.select_related("reporting_org").defer("search")

    def for_page(self) -> Self:
        """With all that a program's own page shows."""
        return self.select_related("reporting_org", "created_by", "updated_by").prefetch_related(
            *rows_of(self.model, _NAMED),
            "translations",
            "other_sectors",
            "policy_markers",
            "transactions__provider",
            "transactions__receiver",
            "transactions__country",
            "transactions__region",
            "transactions__sector",
            "budgets",
            "planned_disbursements__provider",
            "planned_disbursements__receiver",
            "planned_years",
        )

    def for_case(self) -> Self:
        """With what is shown of one beside others: who, where, for which goals."""
        with_rows = self.prefetch_related(*rows_of(self.model, _NAMED))
        return with_rows.select_related("reporting_org").defer("search")

    def scannable(self) -> Self:
        """Programs that the overlap engine looks at: past draft, not archived, not cancelled, not out of scope."""
        return (
            self.exclude(stage__in=[Stage.DRAFT, Stage.ARCHIVED])
            .exclude(status=Status.CANCELLED)
            .exclude(scope=Scope.OUT_OF_SCOPE)
        )

    def needing_update(self, today: "date | None" = None) -> Self:
        """Published programs, neither closed nor cancelled, whose record has gone stale: past their end, in preparation
        after their start, or running with no update for 6 months. One being finalised is expected to be past its end.

        `today` is the day to judge by, by default today's.
        """
        today = today or timezone.localdate()
        begun = Q(actual_start__lt=today) | Q(actual_start__isnull=True, planned_start__lt=today)
        not_begun = Q(status=Status.PIPELINE) & begun
        past = Q(actual_end__lt=today) | Q(actual_end__isnull=True, planned_end__lt=today)
        finalised = Q(status=Status.FINALISATION)
        quiet = Q(updated_at__date__lt=months_before(today, MONTHS_WITHOUT_UPDATE))
        silent = quiet & (Q(period__contains=today) | finalised & past)
        stale = (past & ~finalised) | not_begun | silent
        return self.filter(stale, stage=Stage.PUBLISHED).exclude(status__in=OVER)

    def ending_soon(self, today: "date") -> Self:
        """Published programs, neither closed nor cancelled, that end (the actual end, else the planned one) today or in
        the 12 months after."""
        year = (today, months_before(today, -12))
        ends = Q(actual_end__range=year) | Q(actual_end__isnull=True, planned_end__range=year)
        return self.filter(ends, stage=Stage.PUBLISHED).exclude(status__in=OVER)

    def due_for_scan(self) -> Self:
        """Programs changed since they were last scanned, or never scanned."""
        return self.filter(scanned_version__lt=F("version"))


class RelatedProgramQuerySet(models.QuerySet["RelatedProgram"]):
    """Links between programs; one whose other end may not be seen is shown as a bare identifier."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All links, each with `shown`: the program at its other end if `user` may see it."""
        visible = Prefetch(
            "related", self._programs().visible_to(user).only("id", "title", "identifier"), to_attr="shown"
        )
        return self.prefetch_related(visible)

    def _programs(self) -> ProgramQuerySet:
        return ProgramQuerySet(self.model._meta.get_field("related").related_model)
