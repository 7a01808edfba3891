"""Changes to the register of organizations: who is in it."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.names import normalize_name
from donors.listed import SPEAK_SPANISH, ListedBody, listed
from donors.models import Organization, OrganizationAlias, User
from donors.naming import identifier_key, name_spellings
from donors.permissions import require
from donors.services.names import add_alias, add_listed_names, is_taken, refuse_what_is_known
from goals.models import Country

log = structlog.get_logger(__name__)


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
    may_share_name: bool = False,
) -> Organization:
    """A new organization with its names as aliases; who calls it knows that the actor may add one. Refused where
    another one goes by its name or identifier, or has the one as the other.

    One that the list of known bodies knows gets all names that it has there. With `may_share_name` another one may go
    by the name, too: lists then call this one by its identifier or country as well.
    """
    name, ref, short_name = name.strip()[:255], ref.strip()[:120], short_name.strip()[:60]
    if not normalize_name(name):
        raise Refused(_("An organization needs a name."))
    code = country.pk if country else ""
    said = (name, *(text for text in aliases if " " in text.strip()))
    key = listed().who_is(ref, iter(said), code)
    if not may_share_name:
        if is_taken(name, code):
            raise _is_there_already(name)
        if ref and OrganizationAlias.objects.filter(normalized__in=name_spellings(ref)).exists():
            raise Refused(_("“%(name)s” is a name or an identifier of another organization.") % {"name": ref})
    return _made(name, ref, short_name, kind, country, key, is_coordinating_body, aliases)


def create_listed(key: str, ref: str = "") -> Organization:
    """The organization of a body of the list, with all that the list says of it; Refused as `create_organization`.

    `ref` is the identifier that it was named by, where that is another one than the list's.
    """
    body = listed().by_key[key]
    country = Country.objects.filter(pk=body.country).first() if body.country else None
    short_name = body.short_name
    if country and len({one.body for one in listed().named(short_name)}) > 1:
        # Lists show it by this name: it has to say which one of several it is.
        short_name = f"{short_name} {country.name_es if body.country in SPEAK_SPANISH else country.name_en}"
    refs = [ref.strip()[:120], *body.refs]
    taken = Organization.objects.identified_by(refs)
    named_by = next((one for one in refs if one and identifier_key(one) not in taken), "")
    with transaction.atomic():
        return _made(body.name, named_by, short_name[:60], body.kind, country, key, False, (), is_only=True)


@transaction.atomic
def register_organizations(kinds: Mapping[str, str], *, actor: User, asked_for: Organization) -> None:
    """Adds the organizations (name -> kind) that somebody who reports for `asked_for` says are in no list; all or none.

    NotAllowed for who may not ask for an organization either; Refused as in `create_organization`.
    """
    require(actor, "ask_for_organization", asked_for.pk)
    for name, kind in kinds.items():
        refuse_what_is_known(name, "", listed().who_is("", iter([name]), ""))
        made = create_organization(name, kind=kind)
        log.info("organization.registered", organization_id=made.pk, asked_for=asked_for.pk, actor=actor.pk)


def organizations_named(texts: Iterable[str], countries: Collection[str] = ()) -> dict[str, int]:
    """The ids of the organizations that go by these texts in these countries, by normalized text; as many queries
    however many texts. Bodies of the list that are not in the portal are added to it: they were named."""
    wanted = [text for text in texts if text.strip()]
    found = Organization.objects.by_names(wanted, countries)
    bodies: dict[str, list[str]] = {}
    for text in wanted:
        if (normalized := normalize_name(text)) not in found and (body := _listed_alone(text, countries)):
            bodies.setdefault(body.key, []).append(normalized)
    if not bodies:
        return found
    there: dict[str, int] = {}
    for key, pk in Organization.objects.filter(listed_as__in=bodies).order_by("-pk").values_list("listed_as", "pk"):
        there[key] = pk
    # In one order for all, so that two who name the same ones at once do not wait for each other.
    for key, names in sorted(bodies.items()):
        # One that is there does not go by the name any more: a person took it away.
        if key not in there and (made := _listed_now(key)) is not None:
            found |= dict.fromkeys(names, made)
    return found


def _listed_now(key: str) -> int | None:
    """The id of the organization that a known body is now; None where it cannot be one."""
    try:
        made = create_listed(key)
    except Refused:
        # Added by somebody else at this moment.
        return Organization.objects.filter(listed_as=key).order_by("pk").values_list("pk", flat=True).first()
    log.info("organization.listed", organization_id=made.pk, key=key)
    return made.pk


def _listed_alone(text: str, countries: Collection[str]) -> ListedBody | None:
    known = listed()
    key = known.by_ref.get(identifier_key(text)) or known.who_goes_by(text, countries)
    return known.by_key[key] if key else None


def _is_there_already(name: str) -> Refused:
    return Refused(_("There is already an organization named “%(name)s”.") % {"name": name})


def _made(
    name: str,
    ref: str,
    short_name: str,
    kind: str,
    country: Country | None,
    key: str,
    is_coordinating_body: bool,
    aliases: tuple[str, ...],
    *,
    is_only: bool = False,
) -> Organization:
    """The organization; with `is_only` Refused where the body of the list is one already."""
    called = _free_name(name, ref, country)
    # After the name is chosen: one that is added between this look and the insert has the same name or identifier.
    if is_only and Organization.objects.filter(listed_as=key).exists():
        raise _is_there_already(name)
    try:
        with transaction.atomic():
            organization = Organization.objects.create(
                name=called,
                kind=kind,
                ref=ref,
                short_name=short_name,
                country=country,
                is_coordinating_body=is_coordinating_body,
                listed_as=key,
                compared_as=key,
            )
            said = next((one for one in listed().names_of(key) if one.text == called), None)
            OrganizationAlias.objects.create(
                organization=organization,
                text=called,
                normalized=normalize_name(called),
                country_id=said.country or None if said else None,
                is_own=True,
                is_listed=said is not None,
            )
    except IntegrityError as error:
        raise _is_there_already(called) from error
    if key:
        add_listed_names([organization])
    if called != name:
        add_alias(organization, name, may_share=True)
    add_alias(organization, short_name, OrganizationAlias.Kind.ACRONYM)
    for text in aliases:
        add_alias(organization, text)
    return organization


def _free_name(name: str, ref: str, country: Country | None) -> str:
    """The name, with what tells it from the other organizations that lists call so; one query where it is free."""
    own = OrganizationAlias.objects.filter(is_own=True)
    candidates = [name]
    if ref and normalize_name(ref) != normalize_name(name):
        candidates.append(f"{name[: 252 - len(ref)]} ({ref})")
    if country:
        candidates.append(f"{name[:200]} ({country.name})")
    numbered = (f"{name[:240]} ({number})" for number in range(2, 1000))
    for candidate in chain(candidates, numbered):
        if not own.filter(normalized=normalize_name(candidate)).exists():
            return candidate
    raise _is_there_already(name)
