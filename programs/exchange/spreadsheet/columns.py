"""The columns of a spreadsheet of programs, as one table: headings, how a cell is read, how it is written, help.

The template, the guess of what a file's columns are, the import, the export and the docs all come from this table.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.codes import GOALS
from programs.exchange.spreadsheet import cell_reading as read
from programs.exchange.spreadsheet import cell_writing as write
from programs.exchange.spreadsheet import planned
from programs.exchange.spreadsheet.cells import Column
from programs.models import Participation

Role = Participation.Role

_DAY = _("Year-month-day, such as 2024-03-28.")
_SHARE_HELP = _("For the column to its left. Together they must make 100; leave all empty if unknown.")
_ORGANIZATION_HELP = _("Name, acronym or IATI identifier as listed in the portal; separate several with ;.")

COLUMNS: tuple[Column, ...] = (
    Column("identifier", _("Identifier"),
           _("Your own code for the program. It identifies the program when you import again."),
           read.text(read.LONGEST_NAME), write.attribute("identifier"), "EX-2024-017",
           ("id", "code", "codigo", "iati identifier", "identificador iati", "program code", "codigo del programa",
            "project id", "activity id", "numero", "reference", "referencia"), clears=False),
    Column("reporting_org", _("Reporting organization"),
           _("The organization that reports the program; may stay empty. It must be the organization you import for."),
           read.organization, write.reporter, "",
           ("reported by", "informa", "reporta", "organizacion que reporta", "reporting org"), clears=False),
    Column("title", _("Title"), _("The name of the program."), read.title, write.attribute("title"),
           _("Community policing in Choloma"),
           ("name", "program", "program name", "project", "project title", "nombre", "programa", "proyecto",
            "nombre del programa", "nombre del proyecto"), clears=False),
    Column("description", _("Description"), _("What it does, for whom and how, in a few sentences."),
           read.text(read.LONGEST_TEXT), write.attribute("description"),
           _("Trains police officers and neighbourhood committees in three districts of the town."),
           ("summary", "objective", "resumen", "objetivo", "detalle", "details")),
    Column("language", _("Language"), _("Language of title and description: a code such as es or en."), read.language,
           write.attribute("language"), _("en"), ("idioma", "lang", "lengua"), choices="languages", clears=False),
    Column("status", pgettext_lazy("program", "Status"), _("One of the listed values."), read.status, write.status,
           _("Implementation"), ("estado", "state", "situacion", "estatus", "activity status"), choices="statuses"),
    Column("visibility", _("Visible to"), _("One of the listed values. Empty: signed-in partners."), read.visibility,
           write.visibility, "", ("visibility", "visibilidad", "acceso", "access"), choices="visibilities",
           clears=False),
    Column("planned_start", _("Planned start"), _DAY, read.start, write.attribute("planned_start"), "2024-01-15",
           ("start", "start date", "inicio", "fecha de inicio", "begins", "comienzo", "inicio previsto",
            "fecha de inicio prevista", "planned start date", "fecha inicio")),
    Column("planned_end", _("Planned end"), _DAY, read.end, write.attribute("planned_end"), "2026-12-31",
           ("end", "end date", "fin", "final", "fecha de fin", "fecha final", "ends", "termino", "fin previsto",
            "fecha de finalizacion", "planned end date", "fecha fin")),
    Column("actual_start", _("Actual start"), _DAY, read.start, write.attribute("actual_start"), "2024-03-01",
           ("actual start date", "started", "fecha de inicio real", "inicio efectivo")),
    Column("actual_end", _("Actual end"), _DAY, read.end, write.attribute("actual_end"), "",
           ("actual end date", "ended", "fecha de fin real", "fin efectivo")),
    *(
        Column(f"goal_{number}", header, _("How much of the program serves the goal, in percent; together the five "
                                           "make 100. Leave all empty, and the portal proposes them from sectors and "
                                           "text."), read.percentage, write.goal(number),
               example, (f"goal {number} percent", f"meta {number}", f"objetivo {number}", f"meta {number} percent",
                         f"objetivo {number} percent", f"g{number}"))
        for number, header, example in (
            (1, _("Goal 1 %"), "60"), (2, _("Goal 2 %"), ""), (3, _("Goal 3 %"), "40"), (4, _("Goal 4 %"), ""),
            (5, _("Goal 5 %"), ""),
        )
    ),
    Column("country", _("Country"), _("Name or two-letter code; separate several with ;, each with its percentage or "
                                      "all without: Honduras 60 %; El Salvador 40 %. Central America counts as one."),
           read.places, write.places, _("Honduras"),
           ("countries", "pais", "paises", "recipient country", "pais receptor", "region"), repeats=3,
           choices="countries"),
    Column("country_share", _("Country %"), _SHARE_HELP, read.percentage, None, "100",
           ("country share", "porcentaje del pais", "country percentage", "pais porcentaje"), repeats=3,
           shares="country"),
    Column("area", _("Area"), _("Department, province or district: its name or code; a town or community within it "
                                "after a /: HN-CR / Choloma."), read.areas, write.areas, "HN-CR / Choloma",
           ("areas", "department", "departamento", "departamentos", "province", "provincia", "district", "distrito",
            "location", "ubicacion", "lugar", "admin1"), repeats=3, choices="areas"),
    Column("municipality", _("Municipality"),
           _("A municipality within the area of the row: its name or OCHA's P-code."),
           read.municipalities, None, "",
           ("municipalities", "municipio", "municipios", "admin2", "admin 2", "adm2", "canton", "cantones", "city",
            "ciudad", "town", "admin 2 name", "nombre admin 2", "municipio s", "pcode2", "pcode 2", "admin2 pcode",
            "codigo municipio", "codigo de municipio"), repeats=3, is_in_template=False),
    Column("sector", _("Sector"), _("Five-digit DAC code, with or without its name."), read.sectors, write.sectors,
           "15132", ("sectors", "sectores", "dac sector", "sector cad", "purpose code", "sector code",
                     "codigo de sector"),
           repeats=3, choices="sectors"),
    Column("sector_share", _("Sector %"), _SHARE_HELP, read.percentage, None, "100",
           ("sector share", "porcentaje del sector", "sector percentage", "sector porcentaje"), repeats=3,
           shares="sector"),
    Column("funder", _("Funder"), _ORGANIZATION_HELP, read.organizations, write.role(Role.FUNDING), "",
           ("donor", "donante", "donantes", "funding", "funded by", "financiador", "financiadores", "financia",
            "funding organization", "cooperante", "funders", "donors", "fuente de financiamiento"), repeats=2,
           choices="organizations"),
    Column("implementer", _("Implementer"), _ORGANIZATION_HELP, read.organizations, write.role(Role.IMPLEMENTING), "",
           ("implementing", "implemented by", "ejecutor", "ejecutores", "ejecuta", "implementador", "implementers",
            "implementing organization", "implementing partner", "socio implementador", "entidad ejecutora"),
           repeats=2, choices="organizations"),
    Column("accountable", _("Accountable organization"), _ORGANIZATION_HELP, read.organizations,
           write.role(Role.ACCOUNTABLE), "", ("accountable", "responsible", "rinde cuentas", "entidad rectora")),
    Column("extending", _("Extending organization"), _ORGANIZATION_HELP, read.organizations,
           write.role(Role.EXTENDING), "",
           ("extending", "intermediary", "intermediaria", "organizacion intermediaria", "administra", "canaliza")),
    Column("amount", _("Amount committed"), _("The total amount committed, digits only: 1250000 or 1,250,000.50."),
           read.amount, write.part_of_commitment(0), "1250000",
           ("amount", "monto", "importe", "budget", "presupuesto", "commitment", "compromiso", "total", "value",
            "valor", "monto total", "total amount", "monto comprometido", "cost", "costo")),
    Column("currency", _("Currency"), _("Three-letter code, such as USD."), read.currency,
           write.part_of_commitment(1), "USD", ("moneda", "divisa", "currency code"), choices="currencies"),
    Column("amount_date", _("Date of commitment"), _("Date of the commitment; if empty, the start date of the "
                                                     "program. The exchange rate of that month gives the "
                                                     "US dollars."), read.start, write.part_of_commitment(2), "",
           ("commitment date", "fecha de compromiso", "fecha del compromiso", "value date", "fecha valor")),
    Column("transaction_type", _("Kind of transaction"),
           _("Only amounts of commitments are read: IATI's code 2, or the word."), read.transaction_type, None, "2",
           ("transaction transaction type code", "transaction type code", "transaction type", "transaction type name",
            "tipo de transaccion", "transaction transaction type"), is_in_template=False),
    Column("budget_years", _("Budgets by year"),
           _("For each year or period the amount and its currency, separated with ;. A period is written with its "
             "first and last day: 2027-01-01/2028-06-30."),
           planned.entries, planned.written("budgets"), "2026: 400000 USD; 2027: 450000 USD",
           ("budget by year", "annual budgets", "presupuestos anuales", "presupuesto por ano")),
    Column("planned_payments", _("Planned payments"),
           _("The same of payments that are still to come. In a year with planned payments, they count as planned, and "
             "not the budget."),
           planned.entries, planned.written("planned_disbursements"), "2027: 450000 USD",
           ("planned disbursements", "planned by year", "desembolsos previstos", "pagos planificados")),
    Column("budget_year", _("Budget of a year"),
           _("The budget of the year that the heading names, such as Budget 2027."), read.amount, None, "",
           (), repeats=30, is_in_template=False),
    Column("planned_year", _("Planned for a year"),
           _("What is planned to be paid in the year that the heading names, such as Planned 2027."), read.amount, None,
           "", (), repeats=30, is_in_template=False),
    Column("problems", _("What to correct"), _("Written by the portal; ignored when you import."), None, None, "",
           ("errors", "errores", "problems", "problemas", "what to correct")),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
GOAL_KEYS = tuple(f"goal_{number}" for number in GOALS)
ROLE_KEYS = {"funder": Role.FUNDING, "accountable": Role.ACCOUNTABLE, "extending": Role.EXTENDING,
             "implementer": Role.IMPLEMENTING}  # fmt: skip
# What a file of programs must have, and the columns that an export writes.
REQUIRED = ("title", "identifier")
EXPORTED = tuple(column for column in COLUMNS if column.write is not None)
