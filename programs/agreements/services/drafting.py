"""A coordinator's draft of an agreement, which nobody else but coordinators sees."""

from collections.abc import Collection, Mapping

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import EditConflict, Refused
from donors.models import User
from programs.agreements.models import Agreement, Commitment, Party, Step, Version
from programs.agreements.services.writing import (
    check_terms,
    lock,
    record,
    require_coordinator,
    store,
    write_version,
)
from programs.agreements.states import State
from programs.agreements.terms import Terms
from programs.agreements.topic import TOPIC
from programs.discussion.models import Topic
from programs.models import Program
from programs.overlap.models import Overlap

log = structlog.get_logger(__name__)


@transaction.atomic
def begin_draft(
    overlaps: Collection[Overlap],
    *,
    actor: User,
    title: str,
    terms: Terms,
    parties: Mapping[int, bool] | None = None,
    tells_parties: bool = False,
) -> Agreement:
    """A draft on confirmed overlaps. `parties`: organizations -> whether they must accept; by default the reporting
    organizations of the programs, all of which must. NotAllowed for all but coordinators; Refused where an overlap is
    not confirmed, TermsRefused where the terms cannot stand."""
    require_coordinator(actor)
    found = list(Overlap.objects.visible_to(actor).filter(pk__in=[one.pk for one in overlaps]))
    if not found or len(found) != len({one.pk for one in overlaps}):
        raise Refused(_("Choose the overlaps that the agreement covers."))
    if any(one.state != Overlap.State.CONFIRMED for one in found):
        raise Refused(_("Agreements cover confirmed overlaps. Confirm this one first."))
    programs = Program.objects.filter(pk__in={pk for one in found for pk in (one.left_id, one.right_id)})
    # Filled below, which makes it the first edition.
    topic = Topic.objects.create(kind=TOPIC)
    agreement = Agreement.objects.create(
        topic=topic, title=_title(title), kind=_kind(terms), created_by=actor, edition=0
    )
    agreement.overlaps.set(found)
    agreement.programs.set(programs)
    if parties is None:
        parties = dict.fromkeys(programs.values_list("reporting_org", flat=True), True)
    record(agreement, Step.Kind.DRAFTED, actor=actor)
    return _fill(agreement, actor, title, terms, parties, tells_parties)


@transaction.atomic
def save_draft(
    agreement: Agreement,
    *,
    actor: User,
    title: str,
    terms: Terms,
    parties: Mapping[int, bool],
    tells_parties: bool = False,
    edition: int | None = None,
) -> Agreement:
    """Makes the draft say this. NotAllowed for all but coordinators; Refused where it is a draft no longer, and
    ChangedMeanwhile where somebody saved it after the `edition` that was read (None: whatever was saved)."""
    require_coordinator(actor)
    locked = lock(agreement, actor)
    if locked.state != State.DRAFT:
        raise Refused(_("This agreement has already been proposed. Propose new terms instead."))
    if edition is not None and locked.edition != edition:
        raise EditConflict(locked.edition)
    return _fill(locked, actor, title, terms, parties, tells_parties)


def _fill(
    agreement: Agreement,
    actor: User,
    title: str,
    terms: Terms,
    parties: Mapping[int, bool],
    tells_parties: bool,
) -> Agreement:
    if not any(parties.values()):
        raise Refused(_("Choose the organizations that must accept the agreement."))
    check_terms(agreement, terms, complete=False, parties=dict(parties))
    agreement.title = _title(title)
    agreement.kind = _kind(terms)
    agreement.tells_parties = tells_parties
    store(agreement)
    Party.objects.filter(agreement=agreement).exclude(organization__in=parties).delete()
    for organization, must_accept in parties.items():
        Party.objects.update_or_create(
            agreement=agreement, organization_id=organization, defaults={"must_accept": must_accept}
        )
    Commitment.objects.filter(version__agreement=agreement).delete()
    Version.objects.filter(agreement=agreement).delete()
    write_version(agreement, terms, number=1, author=actor)
    log.info("agreement.drafted", agreement_id=agreement.pk, actor=actor.pk)
    return agreement


def _title(title: str) -> str:
    if not title.strip():
        raise Refused(_("Give the agreement a title."))
    return title.strip()


def _kind(terms: Terms) -> str:
    if terms.kind not in Agreement.Kind.values:
        raise Refused(_("Choose the kind of agreement."))
    return terms.kind
