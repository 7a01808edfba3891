"""Who may see a program past its draft: showing it to more people is a manager's move, recorded and told.

To more people means: a wider visibility, a further named organization on a restricted program, or another reporting
organization. Drafts and submitted programs are seen by nobody outside: there the visibility is only prepared, and
anyone who publishes the program decides on it.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from donors.models import Organization
from programs.models import Program, SharingChange
from programs.services.permissions import Actor, may

Stage, Visibility = Program.Stage, Program.Visibility
SHOWN_STAGES = frozenset({Stage.PUBLISHED, Stage.CLOSED, Stage.ARCHIVED})
# From the fewest to the most people.
WIDTH: dict[str, int] = {Visibility.RESTRICTED: 0, Visibility.PARTNERS: 1, Visibility.PUBLIC: 2}


def is_wider(before: str, after: str) -> bool:
    """Whether more people see a program of the visibility `after` than one of `before`."""
    # A visibility that is not known is refused with its own sentence elsewhere.
    return after in WIDTH and WIDTH[after] > WIDTH[before]


def may_show_to_more(actor: Actor, program: Program) -> bool:
    """Whether `actor` may choose who sees the program without bounds."""
    return program.stage not in SHOWN_STAGES or may(actor, "share", program.reporting_org_id)


def require_may_share(
    actor: Actor, program: Program, *, visibility: str, reporting_org_id: int, named: Collection[int] = ()
) -> None:
    """Refuses to show a stored program to more people, unless `actor` is a manager of its organization.

    `program` is as it is stored; the others are what it is to become, `named` being organizations that are added to
    those it is shared with. ValidationError by field; asks no query but for the actor's roles.
    """
    if program.stage not in SHOWN_STAGES:
        return
    errors: dict[str, str] = {}
    may_here = may(actor, "share", program.reporting_org_id)
    if is_wider(program.visibility, visibility) and not may_here:
        errors["visibility"] = _(
            "Only a manager of your organization can show this program to more people. Ask a manager to change it, "
            "or choose “%(visibility)s”, as it is now."
        ) % {"visibility": program.get_visibility_display()}
    stays_restricted = program.visibility == visibility == Visibility.RESTRICTED
    if named and stays_restricted and not may_here:
        errors["shared_with"] = _(
            "Only a manager of your organization can name another organization that can see this program. Ask a "
            "manager to add it, or remove it from the list."
        )
    if reporting_org_id != program.reporting_org_id and not (may_here and may(actor, "share", reporting_org_id)):
        errors["reporting_org"] = _(
            "Only a manager of both organizations can move a published program from one to the other. Ask a manager, "
            "or choose the previous organization."
        )
    if errors:
        raise ValidationError(errors)


def visibility_change(program: Program, before: str, actor: Actor) -> SharingChange | None:
    """What to record where the visibility of a saved program was `before` and is another now, unsaved."""
    if program.stage not in SHOWN_STAGES or before == program.visibility:
        return None
    return SharingChange(
        program=program,
        before=before,
        after=program.visibility,
        is_wider=is_wider(before, program.visibility),
        actor=actor,
    )


def share_with(program: Program, organizations: Collection[int], *, actor: Actor, before: str) -> None:
    """Makes `organizations` (ids) those that a saved program is shared with by name, and records the change.

    `before` is the visibility that it had before it was saved. ValidationError as in `require_may_share`.
    """
    stored, wanted = set(program.shared_with.values_list("pk", flat=True)), set(organizations)
    if stored == wanted:
        return
    added = wanted - stored
    if before == program.visibility:
        require_may_share(
            actor,
            program,
            visibility=program.visibility,
            reporting_org_id=program.reporting_org_id,
            named=added,
        )
    program.shared_with.set(wanted)
    if program.stage not in SHOWN_STAGES:
        return
    names = dict(Organization.objects.filter(pk__in=stored ^ wanted).values_list("pk", "name"))
    SharingChange.objects.create(
        program=program,
        before=program.visibility,
        after=program.visibility,
        added=sorted(names[pk] for pk in added if pk in names),
        removed=sorted(names[pk] for pk in stored - wanted if pk in names),
        is_wider=bool(added) and before == program.visibility == Visibility.RESTRICTED,
        actor=actor,
    )
