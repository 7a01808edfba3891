"""Filters of the API that refuse what they do not know: a mistyped filter must not return everything."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PAGE_PARAMETERS = frozenset({"cursor", "page_size", "ordering", "format"})


MOST_ROWS_A_PAGE = 200


def check_page_size(request: Request) -> None:
    """ValidationError where `page_size` is given and no number from 1 to 200."""
    asked = request.query_params.get("page_size", "1")
    if not (asked.isascii() and asked.isdecimal() and 0 < int(asked[:10]) <= MOST_ROWS_A_PAGE):
        raise ValidationError({"page_size": _("Give a number from 1 to 200.")})


def refuse_parameters(request: Request) -> None:
    """ValidationError that names each parameter, for an address that takes none; who asks for a page's size is given
    all, which is no more."""
    unknown = [name for name in request.query_params if name not in ("format", "page_size")]
    if refused := {name: _("This address takes no parameters.") for name in unknown}:
        raise ValidationError(refused)
    check_page_size(request)


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, and a 400 that names a parameter that nobody knows, that is empty or that is given twice: a
    mistyped filter must not return everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        if refused := self._refused(request, known | PAGE_PARAMETERS | getattr(view, "parameters", frozenset())):
            raise ValidationError(refused)
        if not known & set(request.query_params):
            return queryset  # making the form of all filters takes as long as a small page
        return super().filter_queryset(request, queryset, view)

    def _refused(self, request: Request, known: set[str]) -> dict[str, str]:
        """What is wrong with each parameter that is refused, by its name."""
        refused = {}
        for name, values in sorted(request.query_params.lists()):
            if name not in known:
                names = ", ".join(sorted(known - {"format"}))
                refused[name] = _("Unknown filter. Known filters: %(known)s.") % {"known": names}
            elif len(values) > 1:
                refused[name] = _("Give this parameter only once.")
            elif not values[0].strip():
                refused[name] = _("Give it a value or leave it out.")
        return refused
