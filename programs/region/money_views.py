"""The page of the money's way, and the programs behind each flow."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.streams import streamed
from programs.exchange.spreadsheet.tables import csv_file
from programs.filters import ProgramFilter
from programs.money.flows import Flows, flows_of, programs_behind
from programs.money.memory import Memory, once_kept
from programs.money.once import Once
from programs.querysets import ProgramQuerySet
from programs.region.counting import programs_counted
from programs.region.money_way import Names, Way, read, sheet, way_of

T = TypeVar("T")
# Filters of few values: what they select is remembered, and nobody can fill the memory with searches of their own.
REMEMBERED = frozenset({"goal", "country", "donor", "status"})


class Selected:
    """The programs that a reader chose with the filters of the list of programs; all of them without any."""

    def __init__(self, request: HttpRequest) -> None:
        counted = programs_counted(request.user)  # type: ignore[arg-type]
        self.filters = ProgramFilter(request.GET, queryset=counted, request=request)
        self.is_valid = self.filters.is_valid()
        self.programs: ProgramQuerySet = self.filters.qs if self.is_valid else counted.none()
        self.memory = Memory(request.user)  # type: ignore[arg-type]
        self.once: Once = once_kept(request.user, self.memory)  # type: ignore[arg-type]
        # What addresses of the same selection say.
        self.as_parameters = {
            name: value for name in self.filters.form.fields if (value := request.GET.get(name, "").strip())
        }

    def flows(self) -> Flows:
        """The flows of the selection."""
        return self._kept("flows", lambda: flows_of(self.programs, self.once))

    def way(self) -> Way:
        """What the page shows of them."""
        return self._kept("way", lambda: way_of(flows_of(self.programs, self.once), self.as_parameters))

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        """Of what many ask for, remembered for those who see the same."""
        if not self.is_valid or not self.as_parameters.keys() <= REMEMBERED:
            return make()
        return self.memory.keep(f"{name}-{urlencode(sorted(self.as_parameters.items()))}", make)


@login_required
@require_safe
def money_way(request: HttpRequest) -> HttpResponse:
    """The way of the money of a selection, drawn and as tables."""
    selected = Selected(request)
    way = selected.way()
    context: dict[str, Any] = {
        "filters": selected.filters,
        "total": way.total,
        "tables": way.tables,
        "drawing": way.drawing,
        "programs": selected.programs.count(),
        "as_of": selected.memory.as_of,
    }
    return render(request, "region/money_way.html", context, status=200 if selected.is_valid else 400)


@login_required
@require_safe
def money_way_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same as a CSV file."""
    selected = Selected(request)
    if not selected.is_valid:
        raise Http404
    flows = selected.flows()
    answer = streamed(request, csv_file(sheet(flows, Names(flows))), "text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="money.csv"'
    return answer


@login_required
@require_safe
def money_behind(request: HttpRequest) -> HttpResponse:
    """The programs that a flow is made of, with their part of it. 404 for what is no flow."""
    source, target = (read(request.GET.get(end, "")) for end in ("source", "target"))
    selected = Selected(request)
    if source is None or target is None or not selected.is_valid:
        raise Http404
    flow = [one for one in selected.flows().flows if (one.source, one.target) == (source, target)]
    if not flow:
        raise Http404
    names = Names(Flows(flow[0].usd, flow))
    context = {
        "flow": flow[0],
        "source": names.of(source),
        "target": names.of(target),
        "rows": programs_behind(selected.programs, selected.once, source, target),
        "back": f"{reverse('region:money')}?{urlencode(selected.as_parameters)}",
    }
    return render(request, "region/money_behind.html", context)
