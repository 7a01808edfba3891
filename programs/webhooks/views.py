"""Pages of a person's own webhooks. Nobody else's are there, whatever one's role."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from programs.webhooks import services
from programs.webhooks.forms import EndpointForm
from programs.webhooks.models import Delivery, Endpoint

DELIVERIES_A_PAGE = 25


def _own(request: HttpRequest, pk: int) -> Endpoint:
    return get_object_or_404(Endpoint.objects.of(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The user's webhooks, and a new one."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := form.make(request.user)):
        return _detail(request, made[0], secret=made[1], status=201)
    endpoints = Endpoint.objects.of(request.user).with_last_delivery()
    context = {"endpoints": endpoints, "form": form, "states": dict(Delivery.State.choices)}
    return render(request, "webhooks/list.html", context, status=400 if form.is_bound else 200)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook with its deliveries."""
    return _detail(request, _own(request, pk))


def _detail(request: HttpRequest, endpoint: Endpoint, secret: str = "", status: int = 200) -> HttpResponse:
    deliveries = endpoint.deliveries.prefetch_related("attempts")
    page = Paginator(deliveries, DELIVERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "endpoint": endpoint,
        "page": page,
        "secret": secret,
        "is_tested": endpoint.is_on and endpoint.deliveries.untried_tests().exists(),
    }
    return render(request, "webhooks/detail.html", context, status=status)


@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Has a message without content sent; the page shows what was answered once it is known."""
    endpoint = _own(request, pk)
    services.ping(endpoint, actor=request.user)
    return redirect(f"{endpoint.get_absolute_url()}#deliveries")


@login_required
@require_safe
def test_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the test message is still on its way, for the page's script."""
    at_work = _own(request, pk).deliveries.untried_tests().exists()
    return JsonResponse({"at_work": at_work, "percent": 0, "words": _("The test message is being sent.")})


@login_required
@require_POST
def replay(request: HttpRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    """Sends a message once more."""
    endpoint = _own(request, pk)
    services.replay(get_object_or_404(endpoint.deliveries.select_related("endpoint"), pk=delivery), actor=request.user)
    messages.success(request, _("The message will be sent again."))
    return redirect(endpoint)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    """Sends a waiting message no more."""
    return _end(request, pk, delivery, services.cancel_delivery, _("The message is cancelled."))


@login_required
@require_POST
def delete_delivery(request: HttpRequest, pk: int, delivery: uuid.UUID) -> HttpResponse:
    """Takes a message and the record of its tries away."""
    return _end(request, pk, delivery, services.delete_delivery, _("The message is deleted."))


def _end(request: HttpRequest, pk: int, delivery: uuid.UUID, service: Callable[..., None], done: str) -> HttpResponse:
    endpoint = _own(request, pk)
    try:
        service(get_object_or_404(endpoint.deliveries.select_related("endpoint"), pk=delivery), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, done)
    return redirect(endpoint)


@login_required
@require_POST
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a webhook off."""
    endpoint = _own(request, pk)
    services.switch_off(endpoint, actor=request.user)
    messages.success(request, _("The webhook is switched off."))
    return redirect(endpoint)


@login_required
@require_POST
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a webhook on again."""
    endpoint = _own(request, pk)
    try:
        services.switch_on(endpoint, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The webhook is switched on."))
    return redirect(endpoint)


@login_required
@require_POST
def new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a new secret, this once."""
    endpoint = _own(request, pk)
    return _detail(request, endpoint, secret=services.new_secret(endpoint, actor=request.user))


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a webhook away."""
    services.delete_endpoint(_own(request, pk), actor=request.user)
    messages.success(request, _("The webhook is deleted."))
    return redirect("webhooks:list")
