"""What a profile is of: a country, a goal, a donor or an area, and which programs and overlaps belong to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from donors.models import Organization
from goals.models import Area, Country, Goal, Priority
from goals.querysets import PriorityQuerySet
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

    `by` is what it is laid out by beside its donors: "goal" or "country". What of the programs' money counts here is
    in programs/reports/weighing.py.
    """

    kind: str
    key: str
    name: str
    about: str
    by: str
    programs: ProgramQuerySet
    overlaps: OverlapQuerySet
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
                "A program's funds count by its percentage for the country, else by its transactions there, else in "
                "equal parts. Each dollar counts once."
            ),
            "goal": _(
                "A program's funds count by its percentages for the goal and for the places in the region. Each dollar "
                "counts once."
            ),
            "donor": _(
                "Funds of several donors count by their shares. What others pass on of a donor's funds counts for the "
                "donor. Each dollar counts once."
            ),
            "area": _(
                "A program's funds count by its percentage for the place, or in equal parts if no percentages "
                "are stated. Each dollar counts once."
            ),
        }[self.kind]


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
        priorities=Priority.objects.filter(country=country),
        programs_query=f"country={country.code}",
        overlaps_query=f"state=open&country={country.code}",
    )


def of_goal(goal: Goal, viewer: "Viewer") -> Subject:
    programs = programs_counted(viewer).in_country(ANYWHERE).for_goal(goal.number)  # type: ignore[arg-type]
    return Subject(
        kind="goal",
        key=str(goal.number),
        name=str(goal),
        about=goal.name,
        by="country",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().for_goal(goal.number).in_country(ANYWHERE),
        priorities=Priority.objects.filter(goal=goal),
        programs_query=f"goal={goal.number}&country={ANYWHERE}",
        overlaps_query=f"state=open&goal={goal.number}&country={ANYWHERE}",
    )


def of_donor(donor: Organization, viewer: "Viewer") -> Subject:
    programs = programs_counted(viewer).funded_by(donor)  # type: ignore[arg-type]
    return Subject(
        kind="donor",
        key=str(donor.pk),
        name=donor.name,
        about=_("Donor profile"),
        by="goal",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().of_donor(donor),
        priorities=Priority.objects.none(),
        programs_query=f"donor={donor.pk}",
        overlaps_query=f"state=open&donor={donor.pk}",
    )


def of_area(area: Area, viewer: "Viewer") -> Subject:
    """Of an area with what lies in it: programs in its municipalities count as well."""
    programs = programs_counted(viewer).in_area(area.code)  # type: ignore[arg-type]
    return Subject(
        kind="area",
        key=area.code,
        name=area.with_country,
        about=area.type_name,
        by="goal",
        programs=programs,
        overlaps=Overlap.objects.visible_to(viewer).open().in_area(area.code),
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
