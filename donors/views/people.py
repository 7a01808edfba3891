"""The people of an organization: members, roles, invitations. Not one's to see to: 404."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from donors import services
from donors.forms import InviteForm, RoleForm, role_choices
from donors.models import Invitation, Membership, Organization
from donors.permissions import NEVER_WITHOUT, roles_given_by

PEOPLE_A_PAGE = 50


@login_required
@require_safe
def people_index(request: HttpRequest) -> HttpResponse:
    """The organizations whose people the user sees to; the only one at once."""
    managed = Organization.objects.with_people_managed_by(request.user)
    text = request.GET.get("q", "").strip()
    if not text and len(first := list(managed.values_list("pk", flat=True)[:2])) == 1:
        return redirect("donors:people", first[0])
    if text:
        managed = managed.filter(pk__in=Organization.objects.matching(text).values("pk"))
    page = Paginator(managed.with_people_counted().order_by("name"), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "donors/people_index.html", {"page": page, "text": text})


@login_required
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Members, their roles and last sign-in, and who is invited."""
    return _page(request, _organization(request, pk))


@login_required
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends an invitation."""
    organization = _organization(request, pk)
    form = InviteForm(request.POST, roles=roles_given_by(request.user, pk))
    if form.is_valid():
        try:
            invitation = services.invite(organization, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error("email", str(refused.message))
        else:
            _say_whether_sent(request, invitation)
            return redirect("donors:people", pk)
    return _page(request, organization, form, status=400)


@login_required
@require_POST
def resend_invitation(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Sends an invitation again."""
    invitation = _invitation(request, pk, invitation_pk)
    return _do(
        request,
        pk,
        lambda: _say_whether_sent(request, services.resend_invitation(invitation, actor=request.user)),
    )


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Takes an invitation back."""
    invitation = _invitation(request, pk, invitation_pk)

    def withdraw() -> None:
        services.withdraw_invitation(invitation, actor=request.user)
        messages.success(request, _("The invitation for %(email)s is withdrawn.") % {"email": invitation.email})

    return _do(request, pk, withdraw)


@login_required
@require_POST
def change_role(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Gives a member another role."""
    membership = _membership(request, pk, membership_pk)
    form = RoleForm(request.POST, roles=roles_given_by(request.user, pk))

    def change() -> None:
        if not form.is_valid():
            raise Refused(_("Choose one of the listed roles."))
        changed = services.change_role(membership, form.cleaned_data["role"], actor=request.user)
        stated = {"person": str(membership.user), "role": changed.get_role_display()}
        messages.success(request, _("%(person)s now has the role: %(role)s.") % stated)

    return _do(request, pk, change)


@login_required
@require_http_methods(["GET", "POST"])
def remove_member(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Asks whether a member is to be removed, then does it."""
    membership = _membership(request, pk, membership_pk)
    if request.method == "GET":
        return render(request, "donors/remove_member.html", {"membership": membership})

    def remove() -> None:
        services.remove_member(membership, actor=request.user)
        messages.success(request, _("%(person)s is no longer a member.") % {"person": str(membership.user)})

    return _do(request, pk, remove)


def _organization(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(Organization.objects.with_people_managed_by(request.user), pk=pk)


def _invitation(request: HttpRequest, pk: int, invitation_pk: int) -> Invitation:
    return get_object_or_404(Invitation, pk=invitation_pk, organization=_organization(request, pk))


def _membership(request: HttpRequest, pk: int, membership_pk: int) -> Membership:
    found = Membership.objects.select_related("user", "organization").filter(organization=_organization(request, pk))
    return get_object_or_404(found, pk=membership_pk)


def _do(request: HttpRequest, pk: int, change: Callable[[], None]) -> HttpResponse:
    """Makes a change, or says why it is refused; then back to the people, if they are still one's to see."""
    try:
        change()
    except Refused as refused:
        messages.error(request, str(refused.message))
    request.user.forget_roles()
    still = Organization.objects.with_people_managed_by(request.user).filter(pk=pk).exists()
    return redirect("donors:people", pk) if still else redirect("donors:account")


def _say_whether_sent(request: HttpRequest, invitation: Invitation) -> None:
    if invitation.sent_at:
        messages.success(request, _("The invitation to %(email)s has been sent.") % {"email": invitation.email})
    else:
        messages.warning(
            request,
            _(
                "The invitation for %(email)s was created, but the email could not be sent yet. The portal will try "
                "again."
            )
            % {"email": invitation.email},
        )


def _page(
    request: HttpRequest, organization: Organization, form: InviteForm | None = None, status: int = 200
) -> HttpResponse:
    roles = roles_given_by(request.user, organization.pk)
    if not organization.is_coordinating_body:
        roles -= {Membership.Role.COORDINATOR}
    page = Paginator(Membership.objects.of(organization), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": organization,
        "page": page,
        "roles": role_choices(roles),
        "given": roles,
        "last_of": _sole_holders(organization),
        "invitations": organization.invitations.open().select_related("invited_by"),
        "form": form or InviteForm(roles=roles, initial={"role": "editor", "language": (get_language() or "en")[:2]}),
    }
    return render(request, "donors/people.html", context, status=status)


def _sole_holders(organization: Organization) -> set[int]:
    """The memberships that hold a role as the only one of the organization, where it may not go without; one query."""
    holders: dict[str, list[int]] = {}
    rows = Membership.objects.filter(organization=organization, role__in=NEVER_WITHOUT, user__is_active=True)
    for pk, role in rows.values_list("pk", "role"):
        holders.setdefault(role, []).append(pk)
    return {pks[0] for pks in holders.values() if len(pks) == 1}
