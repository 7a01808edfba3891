"""The machine accounts of an organization and their keys. Not one's to see to: 404."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from donors import services
from donors.forms import MachineForm, MachineKeyForm
from donors.models import ApiKey, Organization, User
from donors.permissions import may


@login_required
@require_http_methods(["GET", "POST"])
def machines(request: HttpRequest, pk: int) -> HttpResponse:
    """The machine accounts with their keys; POST adds one."""
    organization = _organization(request, pk)
    form = MachineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            machine = services.add_machine(organization, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error("name", str(refused.message))
        else:
            messages.success(
                request, _("The machine account “%(name)s” was created. Now create a key for it.") % {"name": machine}
            )
            return redirect("donors:machines", pk)
    is_wrong = request.method == "POST"
    return _page(request, organization, form if is_wrong else MachineForm(), status=400 if is_wrong else 200)


@login_required
@require_POST
def make_machine_key(request: HttpRequest, pk: int, machine_pk: int) -> HttpResponse:
    """Makes a key for a machine account, and shows it this once."""
    machine = _machine(request, pk, machine_pk)
    form = MachineKeyForm(request.POST, auto_id=f"key-{machine.pk}-%s")
    if not form.is_valid():
        return _page(request, _organization(request, pk), key_form=form, key_form_of=machine, status=400)
    days = form.cleaned_data["days"]
    made = services.create_machine_key(
        machine,
        form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=timezone.now() + timedelta(days=days) if days else None,
        actor=request.user,
    )
    return _page(request, _organization(request, pk), new_key=made)


@login_required
@require_POST
def revoke_machine_key(request: HttpRequest, pk: int, machine_pk: int, key_pk: int) -> HttpResponse:
    """Ends a key of a machine account."""
    key = get_object_or_404(ApiKey, pk=key_pk, user=_machine(request, pk, machine_pk))
    services.revoke_api_key(key, actor=request.user)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
    return redirect("donors:machines", pk)


@login_required
@require_POST
def stop_machine(request: HttpRequest, pk: int, machine_pk: int) -> HttpResponse:
    """Ends a machine account with its keys."""
    machine = services.stop_machine(_machine(request, pk, machine_pk), actor=request.user)
    messages.success(request, _("The machine account “%(name)s” was closed.") % {"name": machine})
    return redirect("donors:machines", pk)


def _organization(request: HttpRequest, pk: int) -> Organization:
    if not may(request.user, "see_to_machines", pk):
        raise Http404
    return get_object_or_404(Organization, pk=pk)


def _machine(request: HttpRequest, pk: int, machine_pk: int) -> User:
    return get_object_or_404(_organization(request, pk).machines, pk=machine_pk, is_active=True)


def _page(
    request: HttpRequest,
    organization: Organization,
    form: MachineForm | None = None,
    *,
    key_form: MachineKeyForm | None = None,
    key_form_of: User | None = None,
    new_key: services.NewKey | None = None,
    status: int = 200,
) -> HttpResponse:
    keys = ApiKey.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()), revoked_at__isnull=True)
    found = organization.machines.filter(is_active=True).order_by("full_name", "pk")
    context = {
        "organization": organization,
        "machines": [
            {
                "account": machine,
                "role": next(iter(machine.memberships.all()), None),
                "keys": machine.working_keys,  # type: ignore[attr-defined]
                "key_form": key_form if machine == key_form_of else MachineKeyForm(auto_id=f"key-{machine.pk}-%s"),
            }
            for machine in found.prefetch_related("memberships", Prefetch("api_keys", keys, to_attr="working_keys"))
        ],
        "form": form or MachineForm(),
        "new_key": new_key,
    }
    return render(request, "donors/machines.html", context, status=status)
