"""Names of organizations: what people give and take away, and what the list of known bodies adds."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress

import structlog
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.names import normalize_name
from donors.listed import ListedBody, listed, where_it_means
from donors.models import Organization, OrganizationAlias, RemovedName, User
from donors.naming import identifier_key, name_spellings
from donors.permissions import may_anywhere, require
from goals.models import Country

log = structlog.get_logger(__name__)

Kind = OrganizationAlias.Kind
# What a name can be of those that people give: an identifier is given as one.
LONGEST = 255
# How many of the bodies that a name may mean a sentence names.
MOST_NAMED = 5


def is_taken(text: str, country: str = "", *, but: Organization | None = None) -> bool:
    """Whether another organization (than `but`) goes by the text, however it is written, where one of `country` would,
    or is identified by it."""
    if identifies_another(text, but=but):
        return True
    mine = where_it_means(text, country)
    return any(not mine or where(alias) in ("", mine) for alias in _of_others(text, but))


def identifies_another(text: str, *, but: Organization | None = None) -> bool:
    """Whether the text is an identifier of another organization (than `but`), or of a known body that is not `but`."""
    key = identifier_key(text)
    of = Organization.objects.identified_by([text]).get(key)
    if of is not None:
        return but is None or of != but.pk
    body = listed().by_ref.get(key)
    return body is not None and (but is None or but.listed_as != body)


def _of_others(text: str, but: Organization | None) -> models.QuerySet[OrganizationAlias]:
    """What other organizations go by, of this name; identifiers are not among it."""
    spelled = OrganizationAlias.objects.filter(normalized__in=name_spellings(text)).exclude(kind=Kind.REF)
    others = spelled if but is None else spelled.exclude(organization=but)
    return others.select_related("organization__country")


def where(alias: OrganizationAlias) -> str:
    """The country in which a name means its organization, as stored or as the name says; "" everywhere."""
    if alias.country_id or alias.is_listed or alias.kind == Kind.REF:
        return alias.country_id or ""
    home = alias.organization.country
    return where_it_means(alias.text, home.pk, home.name_en, home.name_es) if home else ""


def add_alias(
    organization: Organization,
    text: str,
    kind: str = Kind.NAME,
    *,
    country: Country | None = None,
    may_share: bool = False,
) -> OrganizationAlias | None:
    """Notes that `organization` also goes by `text`; None where the text is blank or names another one already, in
    the same country; as an identifier, where it is another one's identifier or name. With `may_share` a name may be
    several organizations', and an identifier a name of others."""
    normalized = normalize_name(text)
    if not normalized:
        return None
    at = country.pk if country else organization.country_id or ""
    if kind == Kind.REF:
        holder = Organization.objects.identified_by([text]).get(identifier_key(text), organization.pk)
        if holder != organization.pk or (not may_share and _of_others(text, organization).exists()):
            return None
    elif not may_share and is_taken(text, at, but=organization):
        return None
    if there := _its_own(organization, normalized, kind):
        return there
    try:
        with transaction.atomic():
            return OrganizationAlias.objects.create(
                organization=organization,
                text=text.strip()[:LONGEST],
                normalized=normalized,
                kind=kind,
                country=country,
            )
    except IntegrityError:
        # Somebody else noted it at this moment: for this organization, or for another one.
        return _its_own(organization, normalized, kind)


def _its_own(organization: Organization, normalized: str, kind: str) -> OrganizationAlias | None:
    """The name, or the identifier, that the organization has already."""
    mine = OrganizationAlias.objects.filter(organization=organization, normalized=normalized)
    return next((row for row in mine if (row.kind == Kind.REF) == (kind == Kind.REF)), None)


@transaction.atomic
def give_name(
    organization: Organization, text: str, *, actor: User, kind: str = Kind.NAME, country: Country | None = None
) -> OrganizationAlias:
    """A name or identifier that `organization` goes by from now on. Refused where it is blank, long, or another's."""
    require(actor, "change_names", organization.pk)
    text = " ".join(text.replace("\0", "").split())
    if not normalize_name(text):
        raise Refused(_("Write a name, an acronym or an identifier."))
    if len(text) > LONGEST:
        raise Refused(_("The name of an organization can have at most 255 characters. Shorten it."))
    if not may_anywhere(actor, "answer_organization_request"):
        # Only who answers requests for organizations says that a known body's name or identifier is this one's.
        at = country.pk if country else where_it_means(text, organization.country_id or "")
        refuse_what_is_known(text, "" if kind == Kind.REF else at, organization.listed_as)
    alias = add_alias(organization, text, kind, country=country)
    if alias is None:
        raise Refused(_("“%(name)s” is a name or an identifier of another organization.") % {"name": text})
    RemovedName.objects.filter(organization=organization, normalized=alias.normalized).delete()
    log.info("organization.named", organization_id=organization.pk, alias_id=alias.pk, actor=actor.pk)
    return alias


def refuse_what_is_known(text: str, country: str, body: str) -> None:
    """Refused where the text is an identifier of a known body, or a name that it has in `country` ("" anywhere), other
    than `body` (a key, "" for none). A name that may mean several known bodies is nobody's, and not theirs either."""
    known = listed()
    of = known.by_ref.get(identifier_key(text)) or known.who_goes_by(text, [country] if country else [])
    if of and of == body:
        return
    possible = [one.body for one in known.named(text) if not country or one.country in ("", country)]
    names = sorted({known.by_key[key].name for key in ([of] if of else possible)})
    if len(names) > 1:
        raise Refused(
            _("“%(name)s” may mean several organizations: %(bodies)s. Write the full name, or ask a coordinator.")
            % {"name": text, "bodies": "; ".join(names[:MOST_NAMED])}
        )
    if names:
        raise Refused(
            _("“%(name)s” is a name of “%(body)s”. Ask a coordinator if that is this organization.")
            % {"name": text, "body": names[0]}
        )


@transaction.atomic
def take_name(alias: OrganizationAlias, *, actor: User) -> None:
    """Its organization does not go by the name any more, also after the list of known bodies is loaded again.

    Refused for the name that lists call it by.
    """
    require(actor, "change_names", alias.organization_id)
    if alias.is_own:
        raise Refused(_("This is the name in lists. Rename the organization instead."))
    RemovedName.objects.get_or_create(organization_id=alias.organization_id, normalized=alias.normalized)
    log.info("organization.name_taken", organization_id=alias.organization_id, text=alias.text, actor=actor.pk)
    alias.delete()


@transaction.atomic
def rename(organization: Organization, name: str) -> None:
    """Lists call it by another name; it goes by the one before, too. Refused where that is another one's."""
    normalized = normalize_name(name)
    if not normalized:
        raise Refused(_("An organization needs a name."))
    names = OrganizationAlias.objects.filter(organization=organization)
    others = OrganizationAlias.objects.exclude(organization=organization)
    if others.filter(is_own=True, normalized=normalized).exists() or identifies_another(name, but=organization):
        raise Refused(_("There is already an organization named “%(name)s”.") % {"name": name})
    Organization.objects.filter(pk=organization.pk).update(name=name)
    names.filter(is_own=True).exclude(normalized=normalized).update(is_own=False, is_listed=False, kind=Kind.FORMER)
    own = names.filter(normalized=normalized).exclude(kind=Kind.REF).first()
    if own is None:
        own = OrganizationAlias(organization=organization, normalized=normalized)
    own.text, own.is_own, own.kind, own.is_listed, own.country = name, True, Kind.NAME, False, None
    try:
        with transaction.atomic():
            own.save()
    except IntegrityError as error:
        raise Refused(_("There is already an organization named “%(name)s”.") % {"name": name}) from error


@transaction.atomic
def note_names(organization: Organization) -> None:
    """Finds an organization by what its own fields say, after a person changed them: the name before stays one of its
    names. Refused as `rename`."""
    rename(organization, organization.name)
    add_alias(organization, organization.short_name, Kind.ACRONYM)
    if organization.listed_as:
        add_listed_names([organization])
    else:
        organization.aliases.filter(is_listed=True, is_own=False).delete()


def add_listed_names(organizations: Collection[Organization]) -> int:
    """Gives organizations that are bodies of the list (`listed_as`) the names and identifiers that it has, and takes
    back those that it has no longer; how many were added. As many queries however many organizations.

    What a person gave stays, what a person took away stays away, and an identifier stays with who has it.
    """
    known = {one.pk: one for one in organizations if one.listed_as in listed().by_key}
    rows: dict[int, list[OrganizationAlias]] = defaultdict(list)
    for alias in OrganizationAlias.objects.filter(organization__in=known):
        rows[alias.organization_id].append(alias)
    removed = set(RemovedName.objects.filter(organization__in=known).values_list("organization_id", "normalized"))
    taken = _identifiers_of_others(known.values())
    missing: list[OrganizationAlias] = []
    gone: list[int] = []
    for pk, organization in known.items():
        body = listed().by_key[organization.listed_as]
        wanted = _wanted(body, organization, taken)
        there = {(alias.kind == Kind.REF, alias.normalized) for alias in rows[pk]}
        gone += [
            alias.pk
            for alias in rows[pk]
            if alias.is_listed and not alias.is_own and (alias.kind == Kind.REF, alias.normalized) not in wanted
        ]
        missing += [row for at, row in wanted.items() if at not in there and (pk, at[1]) not in removed]
    if gone:
        OrganizationAlias.objects.filter(pk__in=gone).delete()
    if missing:
        OrganizationAlias.objects.bulk_create(missing, ignore_conflicts=True, batch_size=1000)
    return len(missing)


def _identifiers_of_others(organizations: Iterable[Organization]) -> dict[str, int]:
    """Whose the identifiers of these bodies are already; two queries."""
    keys = {key for one in organizations for key in listed().by_key[one.listed_as].ref_keys}
    if not keys:
        return {}
    own = Organization.objects.exclude(ref="").values_list("ref", "pk")
    given = OrganizationAlias.objects.filter(kind=Kind.REF).values_list("text", "organization_id")
    return {key: pk for rows in (given, own) for text, pk in rows if (key := identifier_key(text)) in keys}


def _wanted(
    body: ListedBody, organization: Organization, taken: dict[str, int]
) -> dict[tuple[bool, str], OrganizationAlias]:
    """(whether it is an identifier, normalized) -> the row, of all that the list says of a body."""
    found = {
        (False, normalize_name(name.text)): OrganizationAlias(
            organization=organization,
            text=name.text[:LONGEST],
            normalized=normalize_name(name.text),
            kind=name.kind,
            country_id=name.country or None,
            is_listed=True,
        )
        for name in body.names
    }
    for ref in body.refs:
        key = identifier_key(ref)
        if taken.setdefault(key, organization.pk) == organization.pk and identifier_key(organization.ref) != key:
            found[True, normalize_name(ref)] = OrganizationAlias(
                organization=organization, text=ref, normalized=normalize_name(ref), kind=Kind.REF, is_listed=True
            )
    return found


@transaction.atomic
def load_listed_organizations() -> dict[str, int]:
    """Finds which organizations of the portal are bodies of the list, and gives them its names; may run at any time.

    What a person chose (`is_listed_by_hand`) stays. No organization is added: one is when somebody names it.
    """
    organizations = list(Organization.objects.select_related("country").order_by("pk"))
    names: dict[int, list[str]] = defaultdict(list)
    own = set()
    for pk, text, kind, is_listed, is_own in OrganizationAlias.objects.order_by("pk").values_list(
        "organization_id", "text", "kind", "is_listed", "is_own"
    ):
        if is_own:
            own.add(pk)
        elif not is_listed and kind != Kind.REF and " " in text:
            names[pk].append(text)
    found = []
    for one in organizations:
        if one.is_listed_by_hand or one.listed_as in listed().by_key:
            continue
        key = listed().who_is(one.ref, iter([one.name, *names[one.pk]]), one.country_id or "")
        if key != one.listed_as:
            one.listed_as = key
            found.append(one)
    Organization.objects.bulk_update(found, ["listed_as"])
    for one in organizations:
        if one.pk not in own:  # written by the release before
            with suppress(Refused):
                rename(one, one.name)
    return {
        "organizations": len(organizations),
        "known": sum(bool(one.listed_as) for one in organizations),
        "names": add_listed_names([one for one in organizations if one.listed_as]),
    }
