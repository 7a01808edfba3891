"""The life of an agreement: which state leads to which, and who may take it there.

MOVES is the whole of it: services, pages, the trigger in the database and docs/agreements.md come from this table.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an agreement stands."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    ENDED = "ended", _("Ended")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Who(models.TextChoices):
    """Who takes a move."""

    COORDINATOR = "coordinator", _("SICA's coordinators")
    PARTY = "party", _("a manager of a party that must accept")
    PORTAL = "portal", _("the portal itself")


@dataclass(frozen=True)
class AgreementMove:
    """A step from any state in `leaves` to the state `to`; `asks_for` is what it needs, in words."""

    key: str
    label: object
    leaves: tuple[str, ...]
    to: str
    who: str
    asks_for: object = ""
    needs_a_note: bool = False


MOVES: dict[str, AgreementMove] = {
    move.key: move
    for move in (
        AgreementMove(
            "propose",
            _("Propose to the parties"),
            (State.DRAFT,),
            State.PROPOSED,
            Who.COORDINATOR,
            _("terms and at least one commitment"),
        ),
        AgreementMove("accept", _("Accept"), (State.PROPOSED,), State.PROPOSED, Who.PARTY, _("the current version")),
        AgreementMove(
            "counter",
            _("Propose other terms"),
            (State.PROPOSED,),
            State.PROPOSED,
            Who.PARTY,
            _("a new version; all other parties must respond again"),
        ),
        AgreementMove(
            "decline", _("Decline"), (State.PROPOSED,), State.DECLINED, Who.PARTY, _("a reason"), needs_a_note=True
        ),
        AgreementMove(
            "revise",
            _("Propose new terms"),
            (State.PROPOSED, State.DECLINED),
            State.PROPOSED,
            Who.COORDINATOR,
            _("a new version; every party must respond again"),
        ),
        AgreementMove(
            "agree",
            _("Agreed"),
            (State.PROPOSED,),
            State.AGREED,
            Who.PORTAL,
            _("all parties that must accept have accepted the same version"),
        ),
        AgreementMove(
            "keep",
            _("Kept"),
            (State.AGREED,),
            State.KEPT,
            Who.PORTAL,
            _("every commitment done; those described in words also verified by a coordinator"),
        ),
        AgreementMove(
            "fall_back",
            _("No longer kept"),
            (State.KEPT,),
            State.AGREED,
            Who.PORTAL,
            _("a program is no longer as agreed"),
        ),
        AgreementMove(
            "break",
            _("Record as broken"),
            (State.AGREED, State.KEPT),
            State.BROKEN,
            Who.COORDINATOR,
            _("a reason"),
            needs_a_note=True,
        ),
        AgreementMove(
            "end",
            _("End the agreement"),
            (State.AGREED, State.KEPT),
            State.ENDED,
            Who.COORDINATOR,
            _("a reason"),
            needs_a_note=True,
        ),
        # Nobody but coordinators has seen a draft: there is no proposal to withdraw.
        AgreementMove("drop", _("Discard the draft"), (State.DRAFT,), State.WITHDRAWN, Who.COORDINATOR),
        AgreementMove(
            "withdraw",
            _("Withdraw the proposal"),
            (State.PROPOSED, State.DECLINED),
            State.WITHDRAWN,
            Who.COORDINATOR,
        ),
    )
}
# From one state to another: what the database lets an agreement do.
STEPS = sorted({(str(leave), str(move.to)) for move in MOVES.values() for leave in move.leaves if leave != move.to})
