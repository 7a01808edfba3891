"""What all changes share: the row held, the terms stored, the step recorded and told."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import EditConflict, NotAllowed, Refused
from donors.models import Membership, Organization, User
from goals.money import RateTable
from programs.agreements.models import Agreement, Commitment, Party, Step, Version
from programs.agreements.states import MOVES, State
from programs.agreements.terms import MAY_HOLD, OF_ALL, CommitmentTerms, Problem, Terms, problems_of
from programs.discussion.models import Notification
from programs.discussion.people import members_of, seen_by, with_roles
from programs.overlap.services import may_review

TOLD = frozenset({Membership.Role.EDITOR, Membership.Role.MANAGER, Membership.Role.COORDINATOR})


class TermsRefused(Refused):
    """Terms that cannot stand; `problems` say where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


def may_coordinate(actor: User) -> bool:
    """Whether `actor` drafts and moves agreements: SICA's coordinators and administrators."""
    return may_review(actor)


def may_answer_for(actor: User) -> list[int]:
    """Ids of the organizations for which `actor` answers: those that they manage."""
    if not actor.is_active:
        return []
    return [pk for pk, role in actor.roles.items() if role == Membership.Role.MANAGER]


def require_coordinator(actor: User) -> None:
    if not may_coordinate(actor):
        raise NotAllowed()


def lock(agreement: Agreement, actor: User | None, *, edition: int | None = None) -> Agreement:
    """The agreement, locked until commit. Refused where the person sees it no longer; ChangedMeanwhile where `edition`
    is given and not the stored one."""
    agreements = Agreement.objects.all() if actor is None else Agreement.objects.visible_to(actor)
    found = agreements.select_for_update(of=("self",)).filter(pk=agreement.pk).first()
    if found is None:
        raise Refused(_("This agreement no longer exists."))
    if edition is not None and found.edition != edition:
        raise EditConflict(found.edition)
    return found


def store(agreement: Agreement) -> None:
    """Writes the agreement, which is held, as its next edition."""
    agreement.edition += 1
    agreement.save()


def move(agreement: Agreement, key: str) -> None:
    """Takes the agreement along a move of the table, unsaved. Refused where its state has no such move."""
    wanted = MOVES[key]
    if agreement.state not in wanted.leaves:
        raise Refused(
            _("This is not possible for an agreement with the status “%(state)s”.")
            % {"state": agreement.get_state_display()}
        )
    agreement.state = wanted.to


def check_terms(agreement: Agreement, terms: Terms, *, complete: bool, parties: dict[int, bool] | None = None) -> None:
    """TermsRefused where the terms cannot stand in this agreement."""
    programs = dict(agreement.programs.values_list("pk", "committed_usd"))
    if parties is None:
        parties = dict(agreement.parties.values_list("organization_id", "must_accept"))
    problems = list(
        problems_of(
            terms,
            programs=programs,
            parties=parties,
            committed=programs,
            complete=complete,
            without_a_rate=_without_a_rate(terms),
        )
    )
    if problems:
        raise TermsRefused(problems)


def _without_a_rate(terms: Terms) -> set[str]:
    """The currencies in which money is to shrink and whose worth in US dollars nobody knows; a query where needed."""
    rates, today = RateTable(), timezone.localdate()
    named = {row.currency for row in terms.commitments if row.kind == Commitment.Kind.REDUCE_MONEY and row.currency}
    return {currency for currency in named if rates.to_usd(Decimal(1), currency, today) is None}


def write_version(
    agreement: Agreement,
    terms: Terms,
    *,
    number: int,
    author: User,
    organization: Organization | None = None,
    note: str = "",
    is_sealed: bool = False,
) -> Version:
    """Stores the terms as a version; sealed, it is never changed again."""
    version = Version.objects.create(
        agreement=agreement,
        number=number,
        kind=terms.kind,
        text=terms.text.strip(),
        note=note.strip(),
        author=author,
        organization=organization,
    )
    rates = RateTable()
    Commitment.objects.bulk_create(
        Commitment(version=version, number=place, **_columns(row, rates))
        for place, row in enumerate(terms.commitments, start=1)
    )
    if is_sealed:
        seal(version)
    return version


def seal(version: Version) -> None:
    version.is_sealed = True
    version.save(update_fields=["is_sealed"])


def _columns(row: CommitmentTerms, rates: RateTable) -> dict[str, Any]:
    """The columns of a commitment, without what its kind does not hold."""
    holds = MAY_HOLD[row.kind] | OF_ALL
    values = {
        "organization_id": row.organization,
        "kind": row.kind,
        "program_id": row.program if "program" in holds else None,
        "area_id": row.area if "area" in holds else None,
        "new_start": row.new_start if "new_start" in holds else None,
        "new_end": row.new_end if "new_end" in holds else None,
        "text": row.text.strip(),
        "due_on": row.due_on,
        "follow_up": row.follow_up.strip(),
    }
    if row.amount:
        dollars = rates.to_usd(row.amount, row.currency, timezone.localdate())
        values |= {
            "amount": row.amount,
            "currency": row.currency,
            "to_program_id": row.to_program,
            "amount_usd": dollars.value if dollars else None,
            "rate_month": dollars.rate_month if dollars else None,
        }
    return values


def record(
    agreement: Agreement,
    kind: str,
    *,
    actor: User | None = None,
    organization: Organization | None = None,
    commitment: Commitment | None = None,
    note: str = "",
    told: Collection[int] | None = None,
) -> Step:
    """Records a step and tells of it: editors and managers of the parties (or of the organizations `told`), as far as
    they see the agreement, and the coordinator who drafted it; not who did it. Copies have a change to read.
    """
    Agreement.objects.filter(pk=agreement.pk).update(updated_at=timezone.now())
    step = Step.objects.create(
        agreement=agreement,
        kind=kind,
        version=agreement.version,
        organization=organization,
        commitment=commitment,
        note=note.strip(),
        actor=actor,
    )
    if agreement.proposed_at is not None and agreement.state != State.DRAFT:
        _tell(agreement, step, told)
    return step


def people_notified(agreement: Agreement, organization_ids: Collection[int] | None = None) -> list[User]:
    """Who is told of the agreement, with their roles read."""
    if organization_ids is None:
        organization_ids = list(Party.objects.filter(agreement=agreement).values_list("organization_id", flat=True))
    members = with_roles(members_of(organization_ids))
    members = [person for person in members if TOLD & {person.roles.get(pk) for pk in organization_ids}]
    drafted = with_roles(User.objects.filter(pk=agreement.created_by_id, is_active=True))
    people = list({person.pk: person for person in [*members, *drafted]}.values())
    seen = seen_by(Agreement, [agreement.pk], people)
    return [person for person in people if seen[person.pk]]


def _tell(agreement: Agreement, step: Step, told: Collection[int] | None) -> None:
    topic = agreement.topic
    Notification.objects.bulk_create(
        Notification(recipient=person, kind=Notification.Kind.TOPIC, topic=topic, topic_event=step.pk)
        for person in people_notified(agreement, told)
        if person.pk != step.actor_id
    )
