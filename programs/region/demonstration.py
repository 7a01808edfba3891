"""Decisions on the demonstration's overlaps, and agreements, so that its pages show what decided ones look like."""

from donors.models import User
from goals.reference import refresh_statistics
from programs.agreements.demonstration import load_agreements
from programs.exchange.demonstration.loader import load
from programs.exchange.demonstration.rows import rows
from programs.overlap.models import Overlap, Review
from programs.overlap.services import confirm, dismiss, run_full_scan

Reason = Review.Reason
# Beginnings of two titles, what was decided, why, and the note.
DECISIONS: tuple[tuple[str, str, str, str], ...] = (
    (
        "Policía comunitaria de proximidad en Choloma",
        "Model police precinct in Choloma",
        "",
        "Acordar un solo plan de formación; el BID ya paga la obra.",
    ),
    (
        "Control de contenedores en el puerto de Moín",
        "Canine detection and container scanning in Moín",
        "",
        "Both train the same unit. Meeting with DHS and UNODC in January.",
    ),
    (
        "Puesto de inspección fronteriza conjunto en Paso Canoas",
        "Integrated border management at Paso Canoas",
        Reason.COMPLEMENTARY,
        "",
    ),
    (
        "Espacios públicos seguros y juventud en Soyapango",
        "Crime prevention with the municipality of Soyapango",
        "",
        "Dividir por colonias.",
    ),
    (
        "Fortalecimiento de la fiscalía anticorrupción de Honduras",
        "Justice and transparency in Honduras",
        Reason.DIFFERENT_BENEFICIARIES,
        "USAID works with civil society, GIZ with the prosecutor's office.",
    ),
    (
        "Emergency dispatch 911 and video surveillance, El Salvador",
        "Despacho de emergencias 911 y videovigilancia en El Salvador",
        "",
        "Es el mismo programa: queda el registro de KOICA y se retira el del inventario.",
    ),
)


def load_demonstration() -> int:
    """Loads the made-up programs, scans them, records some decisions; how many programs (0: done before)."""
    loaded = load()
    if not loaded:
        return 0
    refresh_statistics()
    run_full_scan()
    refresh_statistics()
    coordinator = User.objects.get(email="coordinator@example.org")
    titles = {row.fields["title"]: row.identifier for row in rows()}
    for first, second, reason, note in DECISIONS:
        pair = Overlap.objects.open().filter(
            left__identifier__in=[titles.get(first), titles.get(second)],
            right__identifier__in=[titles.get(first), titles.get(second)],
        )
        overlap = pair.first()
        if overlap is None:
            continue
        if reason:
            dismiss(overlap, actor=coordinator, reason=reason, note=note)
        else:
            confirm(overlap, actor=coordinator, note=note)
    load_agreements(coordinator, titles)
    return loaded
