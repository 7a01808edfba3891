"""How the files of others head their columns: OCHA's 3W and 345W in both languages, IATI as a table, ministries.

Without accents, signs and capitals, as headings are compared.
"""

from collections.abc import Mapping

from core.names import normalize_name

# Key of a column -> headings that mean it.
HEADINGS_OF_OTHERS: Mapping[str, tuple[str, ...]] = {
    "identifier": (
        "iati activity iati identifier", "activity identifier", "codigo de proyecto", "id del proyecto",
        "codigo de actividad"
    ),
    "reporting_org": (
        "reporting org narrative", "reporting org ref", "reporting organisation",
        "organizacion reportante"
    ),
    "title": (
        "title narrative", "activity", "actividad", "actividades", "que", "what", "activity title",
        "nombre de la actividad", "titulo del proyecto", "titulo de la actividad", "project name"
    ),
    "description": (
        "description narrative", "activity description", "descripcion de la actividad",
        "descripcion del proyecto"
    ),
    "status": (
        "activity status code", "project status", "estado de la actividad", "estado del proyecto",
        "estado actividad"
    ),
    "planned_start": (
        "when start", "activity date start planned", "start planned", "activity date 1 iso date",
        "activity date type 1 iso date"
    ),
    "planned_end": (
        "when end", "activity date end planned", "end planned", "activity date 3 iso date",
        "activity date type 3 iso date", "fecha de cierre", "fecha de termino"
    ),
    "actual_start": (
        "activity date start actual", "start actual", "activity date 2 iso date",
        "activity date type 2 iso date"
    ),
    "actual_end": (
        "activity date end actual", "end actual", "activity date 4 iso date",
        "activity date type 4 iso date"
    ),
    "country": (
        "recipient country code", "recipient country narrative", "country code", "codigo de pais",
        "codigo del pais", "admin 0", "admin0", "adm0", "adm0 name", "donde", "where",
        "recipient region code"
    ),
    "country_share": (
        "recipient country percentage",
    ),
    "area": (
        "admin 1", "adm1", "adm1 name", "admin 1 name", "admin1 name", "location name narrative",
        "location name", "pcode1", "pcode 1", "admin1 pcode", "adm1 pcode", "codigo departamento",
        "codigo de departamento", "location administrative code", "departamento s"
    ),
    "sector": (
        "sector cluster", "cluster sector", "cluster", "clusters", "sector narrative", "dac code",
        "codigo cad", "sector intervencion", "sector de intervencion"
    ),
    "funder": (
        "participating org funding", "funding organisation", "organizacion donante",
        "organizacion financiadora", "donor name", "participating org role 1",
        "participating org 1 narrative", "donantes principales", "donante principal", "organismo donante",
        "agencia donante", "agencia financiadora"
    ),
    "implementer": (
        "organizacion implementadora", "organizacion ejecutora", "organizaciones implementadoras", "quien",
        "who", "implementing organisation", "participating org implementing", "participating org role 4",
        "participating org 4 narrative", "socios implementadores", "organizacion",
        "agencia implementadora", "agencia ejecutora", "socio en la implementacion", "implementing agency",
        "executing agency"
    ),
    "accountable": (
        "participating org accountable", "participating org role 2"
    ),
    "extending": (
        "participating org extending", "participating org role 3"
    ),
    "amount": (
        "transaction value", "budget value", "total budget", "presupuesto total", "financiamiento",
        "costo total"
    ),
    "currency": (
        "transaction value currency", "default currency", "budget value currency", "tipo de moneda",
        "codigo de moneda"
    ),
    "amount_date": (
        "transaction value value date", "transaction transaction date iso date",
        "transaction date iso date", "transaction date", "fecha de la transaccion"
    ),
}  # fmt: skip
# What files of 3W and IATI have and the portal has no place for: not read, and no question to a person.
NOT_READ = frozenset(
    plain
    for text in (
        "Beneficiaries", "Beneficiarios", "Beneficiarios total", "Total beneficiarios", "Beneficiarios alcanzados",
        "Beneficiarios planificados", "Beneficiarios meta", "People reached", "People targeted", "Personas alcanzadas",
        "Mujeres", "Hombres", "Women", "Men", "Niñas", "Niños", "Girls", "Boys", "Total women", "Total men",
        "Tipo de organización", "Tipo de organización implementadora", "Organization type", "Organisation type",
        "Contact", "Contacto", "Contact name", "Contact email", "Nombre de contacto", "Correo", "Correo electrónico",
        "Email", "Teléfono", "Phone", "Comments", "Comentarios", "Observaciones", "Notas", "Notes", "Indicator",
        "Indicador", "Unidad", "Unit", "Cantidad", "Latitud", "Longitud", "Latitude", "Longitude",
        "reporting-org/@type", "sector/@vocabulary", "hierarchy", "last-updated-datetime", "xml:lang",
    )
    if (plain := normalize_name(text.replace("%", " percent ")))
)  # fmt: skip
