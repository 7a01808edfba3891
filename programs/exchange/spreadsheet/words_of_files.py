"""Words of the files of others for what the portal has lists of: statuses, and clusters, which are no sectors."""

from types import MappingProxyType

from core.names import normalize_name
from programs.models import Program

# What files say of a status besides its label, as people write it (345W of OCHA, ministries, IATI before 2.0).
STATUS_WORDS = MappingProxyType(
    {
        **dict.fromkeys(
            ("planned", "planificada", "planificado", "planeada", "planeado", "por iniciar", "not started",
             "no iniciada", "no iniciado", "identificacion", "en preparacion", "in preparation",
             "pipeline identification"),
            Program.Status.PIPELINE.value,
        ),
        **dict.fromkeys(
            ("ongoing", "on going", "in progress", "active", "en ejecucion", "en curso", "en marcha",
             "en implementacion", "en proceso", "activa", "activo", "vigente", "ejecucion", "iniciada",
             "iniciado", "started"),
            Program.Status.IMPLEMENTATION.value,
        ),
        **dict.fromkeys(
            ("completed", "complete", "finished", "ended", "finalizada", "finalizado", "terminada", "terminado",
             "completada", "completado", "concluida", "concluido", "cerrada", "cerrado"),
            Program.Status.CLOSED.value,
        ),
        **dict.fromkeys(("canceled", "cancelada", "cancelado"), Program.Status.CANCELLED.value),
        **dict.fromkeys(("suspendida", "suspendido", "on hold", "en pausa"), Program.Status.SUSPENDED.value),
    }
)  # fmt: skip
# Clusters of humanitarian coordination (IATI SectorVocabulary 10, and as OCHA's 3W name them). None of them has one DAC
# sector of the same meaning, and no public table gives it one.
CLUSTERS = frozenset(
    normalize_name(name)
    for name in (
        "Camp Coordination / Management", "Camp Coordination and Camp Management", "CCCM", "Coordination",
        "Early Recovery", "Education", "Emergency Shelter and NFI", "Shelter",
        "Emergency Telecommunications", "Food Security", "Health",
        "Logistics", "Nutrition", "Protection", "Child Protection", "Gender Based Violence", "GBV", "Mine Action",
        "Housing, Land and Property", "Water Sanitation Hygiene", "WASH", "Multi-sector", "Multisector", "Cash",
        "Protección", "Protección de la niñez", "Protección de la infancia", "Violencia basada en género", "VBG",
        "Salud", "Educación", "Nutrición", "Seguridad alimentaria", "Seguridad alimentaria y nutricional",
        "SAN", "Alojamiento",
        "Albergue", "Albergues", "Alojamientos temporales", "Agua, saneamiento e higiene", "ASH",
        "Recuperación temprana", "Logística", "Telecomunicaciones de emergencia", "Coordinación", "Multisectorial",
        "Movilidad humana",
    )
)  # fmt: skip
