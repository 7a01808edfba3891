"""What a profile is of: a country, a goal, a donor or an area, and which programs and overlaps belong to it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from donors.models import Organization
from goals.codes import REGIONS_AROUND
from goals.models import Area, Country, Goal, Priority
from goals.querysets import PriorityQuerySet
from programs.models import Coverage, Participation, ProgramGoal, ProgramLocation
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet
from programs.querysets import ANYWHERE, ProgramQuerySet
from programs.region.counting import programs_counted

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

    Viewer = User | AnonymousUser

WEIGHT = DecimalField(max_digits=24, decimal_places=10)


@dataclass(frozen=True)
class Subject:
    """One of the four, as one viewer may see it.

    `rows` are rows of a relation of programs (`program`), each with `weight`: the part (0 to 1) of the program's
    money that counts here. `by` is what it is laid out by beside its donors: "goal" or "country".
    """

    kind: str
    key: str
    name: str
    about: str
    by: str
    programs: ProgramQuerySet
    overlaps: OverlapQuerySet
    rows: "QuerySet[Any]"
    priorities: PriorityQuerySet
    programs_query: str
    overlaps_query: str

    @property
    def address(self) -> str:
        name, argument = ("region:donor", int(self.key)) if self.kind == "donor" else (f"reports:{self.kind}", self.key)
        return reverse(name, args=[argument])

    @property
    def brief_address(self) -> str:
        argument = int(self.key) if self.kind == "donor" else self.key
        return reverse(f"reports:{self.kind}_brief", args=[argument])

    @property
    def money_counts(self) -> str:
        """How a program's money counts here, in a sentence."""
        return {
            "country": _(
                "A program's funds count by its percentage for the country, or in equal parts if no percentages are "
                "stated."
            ),
            "goal": _("A program's funds count by its percentages for the goal and for the places in the region."),
            "donor": _("Funds of several donors count in equal parts."),
            "area": _(
                "A program's funds count by its percentage for the place, or in equal parts if no percentages "
                "are stated."
            ),
        }[self.kind]


def _number_of_siblings(model: Any, **conditions: Any) -> Subquery:
    """How many rows of the model the outer row's program has."""
    rows = model.objects.filter(program=OuterRef("program"), **conditions).order_by()
    return Subquery(rows.values("program").annotate(n=Count("pk")).values("n"), output_field=WEIGHT)


def _stated_or_equal(model: Any, percentage: str = "percentage", **conditions: Any) -> Coalesce:
    """The stated percentage as a part of one, or else equal parts among the program's rows of the model."""
    stated = F(percentage) / Value(Decimal(100))
    return Coalesce(stated, Value(Decimal("1.0")) / _number_of_siblings(model, **conditions), output_field=WEIGHT)


def of_country(country: Country, viewer: "Viewer") -> Subject:
    programs = programs_counted(viewer).in_country(country.code)  # type: ignore[arg-type]
    return Subject(
        kind="country",
        key=country.code,
        name=country.name,
        about=_("Country profile"),
        by="goal",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().in_country(country.code),
        rows=Coverage.objects.filter(country=country, program__in=programs).annotate(weight=_stated_or_equal(Coverage)),
        priorities=Priority.objects.filter(country=country),
        programs_query=f"country={country.code}",
        overlaps_query=f"state=open&country={country.code}",
    )


def of_goal(goal: Goal, viewer: "Viewer") -> Subject:
    programs = programs_counted(viewer).in_country(ANYWHERE).for_goal(goal.number)  # type: ignore[arg-type]
    here = Q(program__coverages__country__in_carsi=True) | Q(program__coverages__region__in=REGIONS_AROUND)
    place = _stated_or_equal(Coverage, "program__coverages__percentage")
    rows = ProgramGoal.objects.filter(here, goal=goal, program__in=programs)
    return Subject(
        kind="goal",
        key=str(goal.number),
        name=str(goal),
        about=goal.name,
        by="country",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().for_goal(goal.number).in_country(ANYWHERE),
        rows=rows.annotate(
            country=F("program__coverages__country"), weight=F("percentage") / Value(Decimal(100)) * place
        ),
        priorities=Priority.objects.filter(goal=goal),
        programs_query=f"goal={goal.number}&country={ANYWHERE}",
        overlaps_query=f"state=open&goal={goal.number}&country={ANYWHERE}",
    )


def of_donor(donor: Organization, viewer: "Viewer") -> Subject:
    programs = programs_counted(viewer).funded_by(donor)  # type: ignore[arg-type]
    funding = Participation.objects.filter(organization=donor, role=Participation.Role.FUNDING, program__in=programs)
    funders = _number_of_siblings(Participation, role=Participation.Role.FUNDING)
    return Subject(
        kind="donor",
        key=str(donor.pk),
        name=donor.name,
        about=_("Donor profile"),
        by="goal",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().of_donor(donor),
        rows=funding.annotate(weight=Value(Decimal("1.0"), WEIGHT) / funders),
        priorities=Priority.objects.none(),
        programs_query=f"donor={donor.pk}",
        overlaps_query=f"state=open&donor={donor.pk}",
    )


def of_area(area: Area, viewer: "Viewer") -> Subject:
    """Of an area with what lies in it: programs in its municipalities count as well."""
    programs = programs_counted(viewer).in_area(area.code)  # type: ignore[arg-type]
    there = Area.objects.within(area.code).values("code")
    locations = ProgramLocation.objects.filter(area__in=there, program__in=programs)
    return Subject(
        kind="area",
        key=area.code,
        name=area.with_country,
        about=area.type_name,
        by="goal",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().in_area(area.code),
        # Localities of which nobody knows the area take no part, as on the map.
        rows=locations.annotate(weight=_stated_or_equal(ProgramLocation, area__isnull=False)),
        priorities=Priority.objects.filter(country=area.country_id).filter(Q(area__isnull=True) | Q(area=area)),
        programs_query=f"area={area.code}",
        overlaps_query=f"state=open&country={area.country_id}",
    )


def find(kind: str, key: str | int, viewer: "Viewer") -> Subject | None:
    """The subject at an address; None where there is no such thing. A query."""
    rows: QuerySet[Any]
    rows, make = {
        "country": (Country.objects.filter(in_carsi=True), of_country),
        "goal": (Goal.objects.all(), of_goal),
        "donor": (Organization.objects.all(), of_donor),
        "area": (Area.objects.select_related("country").defer("outline"), of_area),
    }[kind]
    found = rows.filter(pk=key).first()
    maker: Callable[[Any, Any], Subject] = make  # type: ignore[assignment]
    return maker(found, viewer) if found is not None else None
