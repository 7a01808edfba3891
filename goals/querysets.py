"""Every question asked of the database about places and sectors."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Concat, Lower

from core.searching import LONGEST_TEXT, words_looked_for

if TYPE_CHECKING:
    from datetime import date

    from goals.models import Area, Priority, Sector  # noqa: F401


class Unaccented(Func):
    """Text in lower case without accents, as the database compares names: Unaccented(F("name"))."""

    function = "portal_unaccent"
    output_field = TextField()


def _words(text: str) -> list[str]:
    return words_looked_for(re.findall(r"\w+", text[:LONGEST_TEXT]))


class AreaQuerySet(models.QuerySet["Area"]):
    """Administrative areas."""

    def matching(self, text: str, countries: Sequence[str] = ()) -> Self:
        """Areas whose name holds all words of `text`, accents and capitals ignored; of `countries`, where given."""
        found = self.select_related("country").defer("outline").annotate(plain=Unaccented(Lower(F("name"))))
        for word in _words(text):
            found = found.filter(plain__contains=Unaccented(Lower(Value(word))))
        return found.filter(country__in=countries) if countries else found

    def within(self, code: str) -> Self:
        """The area of that code (ISO 3166-2), and those that lie in it."""
        return self.filter(Q(code=code) | Q(parent=code))


class SectorQuerySet(models.QuerySet["Sector"]):
    """Purpose codes."""

    def matching(self, text: str) -> Self:
        """Sectors in use whose code or name, in either language, holds all words of `text`, accents ignored."""
        names = Concat(F("code"), Value(" "), F("name_en"), Value(" "), F("name_es"))
        found = self.filter(is_withdrawn=False).annotate(plain=Unaccented(Lower(names)))
        for word in _words(text):
            found = found.filter(Q(plain__contains=Unaccented(Lower(Value(word)))))
        return found


class PriorityQuerySet(models.QuerySet["Priority"]):
    """What countries and the region asked for; everybody who is signed in may see it."""

    def within(self, first: "date", last: "date") -> Self:
        """Priorities whose period meets the days from `first` to `last`."""
        return self.filter(period_start__lte=last, period_end__gte=first)

    def over(self, today: "date") -> Self:
        return self.filter(period_end__lt=today)

    def not_over(self, today: "date") -> Self:
        """Priorities of today and of later."""
        return self.filter(period_end__gte=today)

    def of_country(self, code: str | None) -> Self:
        """Of a country, its areas included; None: of the region as a whole."""
        return self.filter(country__isnull=True) if code is None else self.filter(country=code)

    def in_the_same_list(self, priority: "Priority") -> Self:
        """Those that share its ranks: of the same country, area and goal, with a period that meets its own."""
        found = self.of_country(priority.country_id).filter(goal=priority.goal_id)
        found = found.filter(area=priority.area_id) if priority.area_id else found.filter(area__isnull=True)
        return found.within(priority.period_start, priority.period_end)

    def for_list(self) -> Self:
        """With what a row shows, by place, goal and rank."""
        return self.select_related("goal", "country", "area").order_by(
            models.F("country__name_en").asc(nulls_first=True), "goal", "area__name", "rank", "period_start", "pk"
        )
