"""What every call of the API shares: filters that refuse what they do not know, and cursor pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

PAGE_PARAMETERS = frozenset({"cursor", "page_size", "ordering", "format"})


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, and a 400 that names a parameter nobody knows: a mistyped filter must not return everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        unknown = sorted(set(request.query_params) - known - PAGE_PARAMETERS)
        if unknown:
            raise ValidationError(
                {
                    name: _("There is no such filter here. Known: %(known)s.")
                    % {"known": ", ".join(sorted(known | PAGE_PARAMETERS - {"format"}))}
                    for name in unknown
                }
            )
        return super().filter_queryset(request, queryset, view)


class CursorPages(CursorPagination):
    """Pages by keyset cursor: the last page costs no more than the first. `page_size` up to 200, 50 by default.

    A view names its own `ordering` with the id at the end, and may allow others in `orderings`.
    """

    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "id"

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """The ordering asked for, if the view's `orderings` (name -> columns) has it; else the view's `ordering`."""
        orderings: dict[str, tuple[str, ...]] = getattr(view, "orderings", {})
        asked = request.query_params.get("ordering")
        if asked is not None and asked not in orderings:
            raise ValidationError(
                {
                    "ordering": _("There is no such ordering here. Known: %(known)s.")
                    % {"known": ", ".join(sorted(orderings)) or "—"}
                }
            )
        if asked is not None:
            return orderings[asked]
        chosen = getattr(view, "ordering", self.ordering)
        return (chosen,) if isinstance(chosen, str) else tuple(chosen)
