"""Changes to the register of organizations, and finding who is in it."""

from collections.abc import Mapping

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.names import normalize_name
from donors.models import Organization, OrganizationAlias, User
from donors.permissions import require
from goals.models import Country

log = structlog.get_logger(__name__)

# Beginnings of names that tell nothing without the state: another identifier then means another body.
NAMES_THAT_EVERY_STATE_HAS = (
    "ministry of",
    "ministerio de",
    "ministere",
    "government",
    "gobierno",
    "embassy",
    "embajada",
)


@transaction.atomic
def create_organization(
    name: str,
    *,
    kind: str = Organization.Kind.OTHER,
    ref: str = "",
    short_name: str = "",
    country: Country | None = None,
    is_coordinating_body: bool = False,
    aliases: tuple[str, ...] = (),
) -> Organization:
    """A new organization with its names as aliases; who calls it knows that the actor may add one. Refused where
    another one goes by its name or identifier."""
    name, ref, short_name = name.strip()[:255], ref.strip()[:120], short_name.strip()[:60]
    if not normalize_name(name):
        raise Refused(_("An organization needs a name."))
    try:
        with transaction.atomic():
            organization = Organization.objects.create(
                name=name,
                kind=kind,
                ref=ref,
                short_name=short_name,
                country=country,
                is_coordinating_body=is_coordinating_body,
            )
            OrganizationAlias.objects.create(organization=organization, text=name, normalized=normalize_name(name))
    except IntegrityError as error:
        raise Refused(_("There is already an organization named “%(name)s”.") % {"name": name}) from error
    for alias in (short_name, *aliases):
        add_alias(organization, alias)
    return organization


@transaction.atomic
def register_organizations(kinds: Mapping[str, str], *, actor: User, asked_for: Organization) -> None:
    """Adds the organizations (name -> kind) that somebody who reports for `asked_for` says are in no list; all or none.

    NotAllowed for who may not ask for an organization either; Refused as in `create_organization`.
    """
    require(actor, "ask_for_organization", asked_for.pk)
    for name, kind in kinds.items():
        made = create_organization(name, kind=kind)
        log.info("organization.registered", organization_id=made.pk, asked_for=asked_for.pk, actor=actor.pk)


def add_alias(
    organization: Organization, text: str, kind: str = OrganizationAlias.Kind.NAME
) -> OrganizationAlias | None:
    """Notes that `organization` also goes by `text`; None where the text is blank or names another one already."""
    normalized = normalize_name(text)
    if not normalized:
        return None
    alias, _created = OrganizationAlias.objects.get_or_create(
        normalized=normalized, kind=kind, defaults={"organization": organization, "text": text.strip()[:255]}
    )
    return alias if alias.organization_id == organization.pk else None


class OrganizationFinder:
    """Finds organizations by identifier, then by name, and makes what is not there; reads the register once.

    For imports of many programs: no query per look-up. Not to be kept beyond one job.
    """

    def __init__(self) -> None:
        self._by_ref: dict[str, Organization] = {}
        self._by_name: dict[str, Organization] = {}
        organizations = Organization.objects.in_bulk()
        for organization in organizations.values():
            if organization.ref:
                self._by_ref[organization.ref.upper()] = organization
        for organization_id, normalized, kind, text in OrganizationAlias.objects.values_list(
            "organization_id", "normalized", "kind", "text"
        ):
            if kind == OrganizationAlias.Kind.REF:
                self._by_ref.setdefault(text.upper(), organizations[organization_id])
            else:
                self._by_name.setdefault(normalized, organizations[organization_id])

    def find(self, ref: str, name: str) -> Organization | None:
        """The organization with that identifier, else with that name (either may be "")."""
        ref = ref.strip().upper()[:120]
        if ref and ref in self._by_ref:
            return self._by_ref[ref]
        return self._by_name.get(normalize_name(name)) if name else None

    def _is_a_namesake(self, found: Organization, ref: str, name: str) -> bool:
        """Whether a body found by a name that every state has is another state's: it has another identifier."""
        known_ref = ref.upper() in self._by_ref
        return (
            bool(ref and found.ref)
            and not known_ref
            and found.ref.upper() != ref.upper()
            and normalize_name(name).startswith(NAMES_THAT_EVERY_STATE_HAS)
        )

    def find_or_create(self, ref: str, name: str, kind: str = "") -> Organization | None:
        """As `find`; made where nothing is found. None where neither identifier nor name says who it is.

        A body found by its name alone keeps the identifier it was found without as an alias, so that the next
        publisher who gives only the identifier finds it too.
        """
        ref, name = ref.strip()[:120], " ".join(name.split())[:255]
        found = self.find(ref, name)
        if found is not None and self._is_a_namesake(found, ref, name):
            found, name = None, f"{name} ({ref})"[:255]
        if found is None:
            if not ref and not normalize_name(name):
                return None
            known_kind = kind if kind in Organization.Kind.values else Organization.Kind.OTHER
            found = create_organization(name if normalize_name(name) else ref, kind=known_kind, ref=ref)
            self._by_name.setdefault(normalize_name(found.name), found)
        if ref and ref.upper() not in self._by_ref:
            if found.ref.upper() != ref.upper():
                add_alias(found, ref, OrganizationAlias.Kind.REF)
            self._by_ref[ref.upper()] = found
        return found
