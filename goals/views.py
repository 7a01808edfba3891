"""The glossary, and the exchange rates with their administration."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.bodies import WITH_A_FILE, takes_up_to
from goals.forms import RateForm, UploadForm
from goals.glossary import terms_in_order
from goals.models import ExchangeRate, HeldRate, Origin, RateChange
from goals.money import FIXED_BY_LAW
from goals.rates import state
from goals.rates.storing import decide, store
from goals.rates.uploads import read_upload

MOST_PROBLEMS, CHANGES_SHOWN, MONTHS_A_PAGE = 50, 20, 60


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms of the portal in the reader's language; open to everyone, without signing in."""
    return render(request, "goals/glossary.html", {"terms": terms_in_order()})


def may_change_rates(request: HttpRequest) -> bool:
    """Whether the reader is an administrator."""
    return request.user.is_active and request.user.is_superuser


@login_required
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """The rates that money is converted with, for everybody; how they are kept up, for administrators."""
    return _rates(request)


def _rates(
    request: HttpRequest,
    *,
    rate_form: RateForm | None = None,
    upload_form: UploadForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    currencies = state.of_currencies()
    context: dict[str, Any] = {
        "currencies": currencies,
        "fixed": FIXED_BY_LAW,
        "without": state.without_rates(currencies),
        "may_change": may_change_rates(request),
    }
    if context["may_change"]:
        context |= {
            "sources": state.of_sources(),
            "held": HeldRate.objects.filter(decision=HeldRate.Decision.OPEN),
            "changes": RateChange.objects.exclude(origin=Origin.FILE)[:CHANGES_SHOWN],
            "rate_form": rate_form or RateForm(),
            "upload_form": upload_form or UploadForm(),
            "problems": (problems or [])[:MOST_PROBLEMS],
            "more_problems": max(0, len(problems or []) - MOST_PROBLEMS),
        }
    return render(request, "goals/rates.html", context, status=status)


@login_required
@require_safe
def rates_of(request: HttpRequest, currency: str) -> HttpResponse:
    """A currency month by month, latest first, with the source of each rate."""
    rows = ExchangeRate.objects.filter(currency=currency).order_by("-month")
    if not rows.exists():
        raise Http404
    context: dict[str, Any] = {
        "currency": currency,
        "page": Paginator(rows, MONTHS_A_PAGE).get_page(request.GET.get("page")),
    }
    if may_change_rates(request):
        context["changes"] = RateChange.objects.filter(currency=currency).exclude(origin=Origin.FILE)[:CHANGES_SHOWN]
    return render(request, "goals/rates_of.html", context)


@login_required
@require_POST
def enter_rate(request: HttpRequest) -> HttpResponse:
    """A month's rate by hand."""
    _require_administrator(request)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _rates(request, rate_form=form, status=400)
    stored = store([form.reading], origin=Origin.PERSON, by=request.user.email)
    if stored.changed:
        messages.success(request, _("The rate is saved. Sums in US dollars are being updated."))
    else:
        messages.info(request, _("The table already has this rate."))
    return redirect("goals:rates")


@takes_up_to(WITH_A_FILE)
@login_required
@require_POST
def upload_rates(request: HttpRequest) -> HttpResponse:
    """A file of rates: all of it, or nothing and what is wrong in which row."""
    _require_administrator(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _rates(request, upload_form=form, status=400)
    upload = read_upload(form.cleaned_data["file"].read())
    if upload.problems:
        return _rates(request, problems=upload.problems, status=400)
    stored = store(upload.readings, origin=Origin.PERSON, by=request.user.email)
    sentence = ngettext("%(n)s rate is saved.", "%(n)s rates are saved.", len(stored.changed))
    same = ngettext("%(n)s was in the table already.", "%(n)s were in the table already.", stored.same)
    messages.success(request, f"{sentence % {'n': len(stored.changed)}} {same % {'n': stored.same}}")
    return redirect("goals:rates")


@login_required
@require_POST
def decide_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """A held rate is accepted or rejected."""
    _require_administrator(request)
    held = get_object_or_404(HeldRate, pk=pk)
    if request.POST.get("decision") not in ("accept", "reject"):
        messages.error(request, _("Choose to accept or to reject the rate."))
    elif decide(held, accept=request.POST["decision"] == "accept", by=request.user.email):
        messages.success(request, _("Your decision is saved."))
    else:
        messages.info(request, _("Another administrator has decided on this rate already."))
    return redirect("goals:rates")


def _require_administrator(request: HttpRequest) -> None:
    if not may_change_rates(request):
        raise PermissionDenied
