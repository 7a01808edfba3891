"""A small world: two donors whose programs overlap, as a coordinator confirmed; a third; managers of each."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from donors.models import Organization
from programs.agreements import services
from programs.agreements.models import Agreement
from programs.agreements.terms import CommitmentTerms, Terms
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import confirm
from programs.services import save_program, stored_programs
from tests import factories, worlds

SOON = timedelta(days=60)


class World:
    """`ines` manages INL, which reports `left`; `elena` AECID, which reports `right`; `victor` UNDP, no party."""

    def __init__(self) -> None:
        self.inl, self.aecid, self.undp = (factories.organization(name) for name in ("INL", "AECID", "UNDP"))
        sica = Organization.objects.filter(is_coordinating_body=True).first()
        sica = sica or factories.organization("SICA", is_coordinating_body=True)
        self.carmen = factories.user(sica, "coordinator", full_name="Carmen Coordinadora")
        self.ines = factories.user(self.inl, "manager", full_name="Ines Miller")
        self.elena = factories.user(self.aecid, "manager", full_name="Elena Ruiz")
        self.victor = factories.user(self.undp, "manager", full_name="Victor Unda")
        self.left: Program = factories.program(self.inl, title="Model precinct in Choloma")
        self.right: Program = factories.program(self.aecid, title="Policía comunitaria en Choloma")
        self.overlap: Overlap = worlds.overlap(self.left, self.right)
        confirm(self.overlap, actor=self.carmen)

    def terms(self, *commitments: CommitmentTerms, **fields: Any) -> Terms:
        made = commitments or (self.leave_area(),)
        return Terms(**{"kind": "area", "text": "INL keeps Choloma.", "commitments": made, **fields})

    def leave_area(self, **fields: Any) -> CommitmentTerms:
        return self.commitment(kind="leave_area", program=self.right.pk, area="HN-CR", **fields)

    def commitment(self, **fields: Any) -> CommitmentTerms:
        values = {
            "organization": self.aecid.pk,
            "kind": "other",
            "due_on": timezone.localdate() + SOON,
            "follow_up": "Elena Ruiz",
        }
        return CommitmentTerms(**{**values, **fields})

    def draft(self, terms: Terms | None = None, **fields: Any) -> Agreement:
        values: dict[str, Any] = {"title": "Choloma divided", "terms": terms or self.terms(), "actor": self.carmen}
        return services.begin_draft([self.overlap], **{**values, **fields})

    def proposed(self, terms: Terms | None = None, **fields: Any) -> Agreement:
        return services.propose(self.draft(terms, **fields), actor=self.carmen)

    def agreed(self, terms: Terms | None = None, **fields: Any) -> Agreement:
        agreement = self.proposed(terms, **fields)
        self.accept(agreement)
        return Agreement.objects.get(pk=agreement.pk)

    def accept(self, agreement: Agreement) -> None:
        """Both accept the current version."""
        number = Agreement.objects.get(pk=agreement.pk).version
        for actor, organization in ((self.ines, self.inl), (self.elena, self.aecid)):
            services.accept(agreement, actor=actor, organization=organization, version=number)


def save(program: Program, **fields: Any) -> Program:
    """The program saved again by the portal, otherwise."""
    data = stored_programs([Program.objects.get(pk=program.pk)])[0].data
    return save_program(replace(data, **fields), actor=None, program=program).program
