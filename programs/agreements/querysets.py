"""Every question asked of the database about agreements."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from core.money import UsdSum
from donors.models import Membership, User
from programs.agreements.states import State
from programs.models import Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from programs.agreements.models import Agreement, Commitment, Meeting, Step  # noqa: F401

# What a commitment's sentence names.
NAMED = ("organization", "program", "area__country", "to_program")
IN_FORCE = (State.AGREED, State.KEPT)


def unseen_programs(organization_id: int, programs: Collection[Program]) -> list[Program]:
    """Those of the programs that a plain member of the organization may not see: the rule of `visible_to` itself."""
    member = User(is_active=True).with_roles({organization_id: Membership.Role.VIEWER})
    ids = [program.pk for program in programs]
    seen = set(Program.objects.visible_to(member).filter(pk__in=ids).values_list("pk", flat=True))
    return [program for program in programs if program.pk not in seen]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for coordinators and administrators. For members of a party: what was proposed, and names no program
        that they may not see, unless the coordinator tells the parties. None for anybody else."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        own = user.organization_ids
        if not own:
            return self.none()
        party = self._rows_of("parties").filter(organization__in=own)
        named = self.model.programs.through.objects.filter(agreement=OuterRef("pk"))  # type: ignore[attr-defined]
        hidden = named.filter(program__in=Program.objects.hidden_from(user).values("pk"))
        return self.filter(Exists(party), proposed_at__isnull=False).filter(Q(tells_parties=True) | ~Exists(hidden))

    def _rows_of(self, related_name: str) -> models.QuerySet[Any]:
        related: Any = self.model._meta.get_field(related_name).related_model
        return related._default_manager.filter(agreement=OuterRef("pk"))

    def in_force(self) -> Self:
        return self.filter(state__in=IN_FORCE)

    def of_overlaps(self, overlaps: "models.QuerySet[Any, Any] | Collection[int] | models.Expression") -> Self:
        """Agreements on any of the overlaps."""
        through = self.model.overlaps.through.objects  # type: ignore[attr-defined]
        return self.filter(pk__in=through.filter(overlap__in=overlaps).values("agreement_id"))

    def on_programs(self, programs: "models.QuerySet[Program, Any]") -> Self:
        """Agreements that name any of these programs: give those that the reader may see."""
        through = self.model.programs.through.objects  # type: ignore[attr-defined]
        return self.filter(pk__in=through.filter(program__in=programs.values("pk")).values("agreement_id"))

    def of_organization(self, organization_ids: Collection[int]) -> Self:
        return self.filter(Exists(self._rows_of("parties").filter(organization__in=organization_ids)))

    def mine(self, user: User) -> Self:
        """Those that the person's organizations are parties of, or that they drafted."""
        party = self._rows_of("parties").filter(organization__in=user.organization_ids)
        return self.filter(Exists(party) | Q(created_by=user))

    def overdue(self, today: date | None = None) -> Self:
        """In force, with a commitment whose day has passed and that is not kept."""
        commitments = self._commitments().open().filter(due_on__lt=today or timezone.localdate())
        return self.in_force().filter(Exists(commitments))

    def waiting_for(self, organization_ids: Collection[int]) -> Self:
        """Proposals whose current version one of these organizations must still answer."""
        parties = self._rows_of("parties").filter(organization__in=organization_ids, must_accept=True)
        answers = self._answers().filter(version__number=OuterRef("agreement__version"))
        unanswered = parties.exclude(
            Exists(answers.filter(version__agreement=OuterRef("agreement"), organization=OuterRef("organization")))
        )
        return self.filter(Exists(unanswered), state=State.PROPOSED)

    def _answers(self) -> models.QuerySet[Any]:
        from programs.agreements.models import Answer

        return Answer._default_manager.all()

    def _commitments(self) -> "CommitmentQuerySet":
        from programs.agreements.models import Commitment

        return Commitment.objects.filter(version__agreement=OuterRef("pk"), version__number=OuterRef("version"))

    def for_list(self) -> Self:
        """With what a row of a list shows: three further queries, however many rows."""
        from programs.agreements.models import Commitment, Version

        current = Version.objects.filter(number=F("agreement__version")).prefetch_related(
            models.Prefetch("commitments", Commitment.objects.order_by("number"))
        )
        return self.prefetch_related(
            "parties__organization", models.Prefetch("versions", queryset=current, to_attr="current")
        )


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments; show only those of agreements that the reader may see."""

    def in_words(self) -> Self:
        """In the order of the terms, with what their sentences name: no further query."""
        return self.order_by("number").select_related(*NAMED)

    def current(self) -> Self:
        """Those of the version that counts."""
        return self.filter(version__number=F("version__agreement__version"))

    def in_force(self) -> Self:
        """Those of agreements that are agreed, or kept."""
        return self.current().filter(version__agreement__state__in=IN_FORCE)

    def open(self) -> Self:
        """Neither kept nor said to be."""
        return self.filter(kept_at__isnull=True)

    def done(self) -> Self:
        return self.filter(kept_at__isnull=False).filter(~Q(kind="other") | Q(seen_at__isnull=False))

    def money(self, user: "User | AnonymousUser") -> "dict[str, Any]":
        """What agreements in force free in US dollars: `agreed`, of which `kept` and `redirected` to a program.

        Leaves out programs whose money is the duplicate report of another's, and amounts without a known rate, which
        the sums carry and `unknown` counts. Two queries.
        """
        from programs.money.stored import once_for

        counted = self.in_force().filter(amount__isnull=False)
        counted = counted.exclude(program__isnull=False, program__in=list(once_for(user).twice))
        is_done = Q(kept_at__isnull=False) & (~Q(kind="other") | Q(seen_at__isnull=False))
        of_which = {"agreed": Q(), "kept": is_done, "redirected": Q(to_program__isnull=False)}
        found = counted.aggregate(
            **{name: Sum("amount_usd", filter=condition) for name, condition in of_which.items()},
            unknown=Count("pk", filter=Q(amount_usd__isnull=True)),
        )
        by_currency = counted.filter(amount_usd__isnull=True).order_by().values("currency")
        left_out = list(
            by_currency.annotate(**{name: Sum("amount", filter=condition) for name, condition in of_which.items()})
        )
        for name in of_which if left_out else ():
            unconverted = {row["currency"]: row[name] or Decimal(0) for row in left_out}
            found[name] = UsdSum(found[name] or Decimal(0), unconverted)
        return found


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for coordinators and administrators, none for anybody else: partners get the minutes from them."""
        return self if user.is_authenticated and user.sees_everything else self.none()


class StepQuerySet(models.QuerySet["Step"]):
    """Steps of agreements that somebody may see."""

    def in_words(self) -> Self:
        """In their order, with what their sentences name: no further query."""
        return self.order_by("pk").select_related("actor", "organization", *(f"commitment__{name}" for name in NAMED))
