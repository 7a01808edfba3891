"""Agreements on the demonstration's overlaps: one proposed, one in force with something overdue, one draft."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from donors.models import Organization, User
from programs.agreements import services
from programs.agreements.models import Agreement, Commitment
from programs.agreements.terms import CommitmentTerms, Terms
from programs.models import Program
from programs.overlap.models import Overlap


def load_agreements(coordinator: User, identifiers: Mapping[str, str]) -> int:
    """Loads them; `identifiers` are the programs' by their titles. How many (0 where their overlaps are not there)."""
    made = [load(coordinator, identifiers) for load in (_choloma_is_proposed, _moin_is_agreed, _soyapango_is_a_draft)]
    return sum(made)


def _programs(identifiers: Mapping[str, str], *titles: str) -> list[Program]:
    """The programs of the titles, if all are there and their overlap is confirmed."""
    programs = [Program.objects.filter(identifier=identifiers.get(title)).first() for title in titles]
    found = [program for program in programs if program is not None]
    return found if len(found) == len(titles) and _overlap(found) else []


def _overlap(programs: list[Program]) -> Overlap | None:
    return Overlap.objects.filter(state=Overlap.State.CONFIRMED, left__in=programs, right__in=programs).first()


def _draft(coordinator: User, programs: list[Program], title: str, terms: Terms) -> Agreement:
    overlap = _overlap(programs)
    assert overlap is not None
    return services.begin_draft([overlap], actor=coordinator, title=title, terms=terms, tells_parties=True)


def _accept(agreement: Agreement, email: str) -> None:
    person = User.objects.get(email=email)
    organization = Organization.objects.get(pk=services.may_answer_for(person)[0])
    services.accept(agreement, actor=person, organization=organization, version=agreement.version)


def _promise(program: Program, kind: str, due_on: date, follow_up: str, **more: Any) -> CommitmentTerms:
    return CommitmentTerms(program.reporting_org_id, kind, due_on, follow_up, **{"program": program.pk, **more})


def _choloma_is_proposed(coordinator: User, identifiers: Mapping[str, str]) -> bool:
    """AECID has accepted; INL has not answered yet."""
    programs = _programs(
        identifiers, "Model police precinct in Choloma", "Policía comunitaria de proximidad en Choloma"
    )
    if not programs:
        return False
    inl, aecid = programs
    terms = Terms(
        Agreement.Kind.LEAD,
        "INL takes the lead in Choloma. AECID brings its neighbourhood tables into INL's precinct, and both use one"
        " training plan, which SEDS approves.",
        (
            _promise(inl, "other", date(2027, 2, 28), "Ines Miller", text="One training plan for Choloma, with SEDS."),
            _promise(aecid, "move_dates", date(2027, 3, 31), "Alba Serrano", new_end=date(2027, 12, 31)),
        ),
    )
    agreement = services.propose(_draft(coordinator, programs, "One plan for Choloma", terms), actor=coordinator)
    _accept(agreement, "manager.aecid@example.org")
    return True


def _moin_is_agreed(coordinator: User, identifiers: Mapping[str, str]) -> bool:
    """In force: one commitment kept, one overdue, one to come, and money that passes from one to the other."""
    programs = _programs(
        identifiers, "Canine detection and container scanning in Moín", "Control de contenedores en el puerto de Moín"
    )
    if not programs:
        return False
    dhs, unodc = programs
    terms = Terms(
        Agreement.Kind.SEQUENCE,
        "UNODC's joint unit keeps the scanners. DHS trains the dog handlers until then, and what it saves pays for"
        " their second year.",
        (
            _promise(dhs, "other", date(2026, 8, 31), "Dana Holt", text="Hand the scanners over to the joint unit."),
            _promise(unodc, "other", date(2026, 9, 30), "Ulises Novoa", text="One roster for both teams."),
            _promise(
                dhs,
                "reduce_money",
                date(2027, 3, 31),
                "Dana Holt",
                amount=Decimal("400000.00"),
                currency="USD",
                to_program=unodc.pk,
            ),
        ),
    )
    agreement = services.propose(_draft(coordinator, programs, "The port of Moín", terms), actor=coordinator)
    for email in ("manager.dhs@example.org", "manager.unodc@example.org"):
        _accept(agreement, email)
    first = Commitment.objects.get(version__agreement=agreement, number=1)
    services.say_kept(first, actor=User.objects.get(email="manager.dhs@example.org"), note="Acta del 28 de agosto")
    services.see(first, actor=coordinator)
    return True


def _soyapango_is_a_draft(coordinator: User, identifiers: Mapping[str, str]) -> bool:
    programs = _programs(
        identifiers,
        "Espacios públicos seguros y juventud en Soyapango",
        "Crime prevention with the municipality of Soyapango",
    )
    if not programs:
        return False
    _draft(coordinator, programs, "Soyapango por colonias", Terms(Agreement.Kind.AREA, "Dividir por colonias."))
    return True
