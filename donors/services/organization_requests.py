"""Asking for an organization that is not in the list, and what a coordinator answers: never a second entry of one."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotAllowed, Refused
from core.names import normalize_name
from donors.models import Organization, OrganizationRequest, User
from donors.permissions import may, may_anywhere
from donors.services.names import add_alias
from donors.services.organizations import create_organization

log = structlog.get_logger(__name__)

Answer = OrganizationRequest.Answer


@transaction.atomic
def ask_for_organization(
    name: str,
    *,
    actor: User,
    asked_for: Organization,
    kind: str = Organization.Kind.OTHER,
    place: str = "",
) -> OrganizationRequest:
    """Asks the coordinators who goes by `name`; asked twice by one person, it is one request.

    Refused where the name is blank, too long, or in the list already.
    """
    if not may(actor, "ask_for_organization", asked_for.pk):
        raise NotAllowed()
    name = " ".join(name.replace("\0", "").split())
    if not normalize_name(name):
        raise Refused(_("An organization needs a name."))
    if len(name) > 255:
        raise Refused(_("The name of an organization can have at most 255 characters. Shorten it."))
    if known := Organization.objects.named(name).first():
        raise Refused(_("“%(name)s” is already in the list: it is %(known)s.") % {"name": name, "known": known.name})
    request, is_new = OrganizationRequest.objects.get_or_create(
        normalized=normalize_name(name),
        asked_by=actor,
        answer=Answer.OPEN,
        defaults={
            "name": name,
            "asked_for": asked_for,
            "kind": kind if kind in Organization.Kind.values else Organization.Kind.OTHER,
            "place": place[:255],
        },
    )
    if is_new:
        log.info("organization.asked_for", request_id=request.pk, actor=actor.pk)
    return request


@transaction.atomic
def add_requested(
    request: OrganizationRequest, *, actor: User, name: str, kind: str, short_name: str = "", ref: str = ""
) -> Organization:
    """Answers by adding the organization, under the name asked for or a better one; it goes by both.

    Refused where one of the names, or the identifier, is another organization's.
    """
    waiting = _waiting(request, actor)
    for text in filter(None, (name.strip(), short_name.strip(), ref.strip(), request.name)):
        if known := Organization.objects.named(text).first():
            raise Refused(
                _("“%(name)s” is already in the list: it is %(known)s. Choose that organization as the answer.")
                % {"name": text, "known": known.name}
            )
    organization = create_organization(name, kind=kind, short_name=short_name, ref=ref, aliases=(request.name,))
    _answer(waiting, Answer.ADDED, organization, actor)
    return organization


@transaction.atomic
def answer_with_organization(
    request: OrganizationRequest, *, actor: User, organization: Organization
) -> OrganizationRequest:
    """Answers that it is one in the list, which has the requested name from now on."""
    waiting = _waiting(request, actor)
    known = Organization.objects.named(request.name).first()
    if known is not None and known.pk != organization.pk:
        raise Refused(
            _("“%(name)s” is already in the list: it is %(known)s. Choose that organization as the answer.")
            % {"name": request.name, "known": known.name}
        )
    goes_by_it = Organization.objects.named(request.name).filter(pk=organization.pk)
    if add_alias(organization, request.name) is None and not goes_by_it.exists():
        raise Refused(_("“%(name)s” is a name or an identifier of another organization.") % {"name": request.name})
    return _answer(waiting, Answer.OTHER, organization, actor)


@transaction.atomic
def answer_with_none(request: OrganizationRequest, *, actor: User) -> OrganizationRequest:
    """Answers that the name is no organization's; the register stays as it is."""
    return _answer(_waiting(request, actor), Answer.NONE, None, actor)


def _waiting(request: OrganizationRequest, actor: User) -> list[OrganizationRequest]:
    """All open requests for that name, of everyone who asked, locked; the one given among them, else Refused."""
    if not may_anywhere(actor, "answer_organization_request"):
        raise NotAllowed()
    same = OrganizationRequest.objects.open().filter(normalized=request.normalized)
    waiting = list(same.select_for_update().order_by("pk"))
    if request.pk not in {row.pk for row in waiting}:
        raise Refused(_("This request has already been answered. Reload the page."))
    return waiting


def _answer(
    waiting: list[OrganizationRequest], answer: str, organization: Organization | None, actor: User
) -> OrganizationRequest:
    values = {"answer": answer, "organization": organization, "answered_by": actor, "answered_at": timezone.now()}
    OrganizationRequest.objects.filter(pk__in=[row.pk for row in waiting]).update(**values)
    log.info("organization.request_answered", requests=[row.pk for row in waiting], answer=answer, actor=actor.pk)
    return waiting[0]
