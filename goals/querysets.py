"""Every question asked of the database about places and sectors."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Concat, Lower

if TYPE_CHECKING:
    from goals.models import Area, Sector  # noqa: F401


class Unaccented(Func):
    """Text in lower case without accents, as the database compares names: Unaccented(F("name"))."""

    function = "portal_unaccent"
    output_field = TextField()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


class AreaQuerySet(models.QuerySet["Area"]):
    """Administrative areas."""

    def matching(self, text: str, countries: Sequence[str] = ()) -> Self:
        """Areas whose name holds all words of `text`, accents and capitals ignored; of `countries`, where given."""
        found = self.select_related("country").defer("outline").annotate(plain=Unaccented(Lower(F("name"))))
        for word in _words(text):
            found = found.filter(plain__contains=Unaccented(Lower(Value(word))))
        return found.filter(country__in=countries) if countries else found


class SectorQuerySet(models.QuerySet["Sector"]):
    """Purpose codes."""

    def matching(self, text: str) -> Self:
        """Sectors in use whose code or name, in either language, holds all words of `text`, accents ignored."""
        names = Concat(F("code"), Value(" "), F("name_en"), Value(" "), F("name_es"))
        found = self.filter(is_withdrawn=False).annotate(plain=Unaccented(Lower(names)))
        for word in _words(text):
            found = found.filter(Q(plain__contains=Unaccented(Lower(Value(word)))))
        return found
