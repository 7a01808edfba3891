"""The code lists of IATI 2.0x, and the words and codes that 1.0x used for the same things. All keys in lower case."""

ROLES = {
    "1": 1, "2": 2, "3": 3, "4": 4,
    "funding": 1, "accountable": 2, "extending": 3, "implementing": 4,
}  # fmt: skip
TRANSACTION_TYPES = {
    **{str(number): number for number in range(1, 14)},
    "if": 1, "c": 2, "d": 3, "e": 4, "ir": 5, "lr": 6, "r": 7, "qp": 8, "qs": 9, "cg": 10,
    "incoming funds": 1, "commitment": 2, "outgoing commitment": 2, "disbursement": 3, "expenditure": 4,
    "interest repayment": 5, "interest payment": 5, "loan repayment": 6, "reimbursement": 7,
    "purchase of equity": 8, "sale of equity": 9, "credit guarantee": 10, "incoming commitment": 11,
}  # fmt: skip
DATE_TYPES = {
    "1": "planned_start", "2": "actual_start", "3": "planned_end", "4": "actual_end",
    "start-planned": "planned_start", "start-actual": "actual_start",
    "end-planned": "planned_end", "end-actual": "actual_end",
}  # fmt: skip
STATUSES = {
    **{str(number): number for number in range(1, 7)},
    "pipeline/identification": 1, "pipeline": 1, "implementation": 2, "active": 2, "ongoing": 2,
    "completion": 3, "finalisation": 3, "post-completion": 4, "closed": 4, "cancelled": 5, "suspended": 6,
}  # fmt: skip
ORGANISATION_TYPES = {
    "government": "10", "local government": "11", "other public sector": "15", "international ngo": "21",
    "national ngo": "22", "regional ngo": "23", "partner country based ngo": "24",
    "public private partnership": "30", "multilateral": "40", "foundation": "60", "private sector": "70",
    "private sector in provider country": "71", "private sector in aid recipient country": "72",
    "private sector in third country": "73", "academic, training and research": "80", "academic": "80", "other": "90",
}  # fmt: skip
RELATED_TYPES = {
    **{str(number): number for number in range(1, 6)},
    "parent": 1, "child": 2, "sibling": 3, "multifunded": 4, "co-funded": 4, "third party": 5,
}  # fmt: skip
BUDGET_TYPES = {"1": 1, "2": 2, "original": 1, "revised": 2}
RESULT_TYPES = {**{str(number): number for number in (1, 2, 3, 9)}, "output": 1, "outcome": 2, "impact": 3, "other": 9}
INDICATOR_MEASURES = {
    **{str(number): number for number in range(1, 6)},
    "unit": 1, "percentage": 2, "nominal": 3, "ordinal": 4, "qualitative": 5,
}  # fmt: skip
BUDGET_STATUSES = {"1": 1, "2": 2, "indicative": 1, "committed": 2}

# Vocabularies of sectors in 1.0x -> in 2.0x; "WB" of 1.0x has none there and stays as it is.
SECTOR_VOCABULARIES = {
    "dac": "1", "dac-3": "2", "cofog": "3", "nace": "4", "ntee": "5", "adt": "6", "ro": "99", "ro2": "98",
}  # fmt: skip
# IATI code list SectorVocabulary.
VOCABULARIES_OF_SECTORS = frozenset({*map(str, range(1, 13)), "98", "99"})
LONGEST_VOCABULARY = 20


def sector_vocabulary(stated: str, code: str) -> str:
    """The vocabulary of a sector in the codes of 2.0x: “1” for DAC purpose codes, “2” for DAC categories …

    A code of five digits among categories is a purpose code, one of three digits among purpose codes a category.
    """
    name = stated.strip().lower()
    vocabulary = "1" if name in DAC_SECTOR_VOCABULARIES else SECTOR_VOCABULARIES.get(name, stated.strip())
    if vocabulary in ("1", "2") and code.isdecimal():
        vocabulary = {3: "2", 5: "1"}.get(len(code), vocabulary)
    return vocabulary[:LONGEST_VOCABULARY]


DAC_SECTOR_VOCABULARIES = frozenset({"", "1", "dac"})
DAC_MARKER_VOCABULARIES = frozenset({"", "1", "dac"})
DAC_REGION_VOCABULARIES = frozenset({"", "1", "dac"})
DAC_AID_TYPE_VOCABULARIES = frozenset({"", "1"})
# GeographicVocabulary A4: the code of an administrative place is of ISO 3166. The list has no code for its second part
# (areas), whose codes begin with the country's: at level 1 they are written under A4 as well.
COUNTRY_VOCABULARY = "a4"
# What publishers call it.
ISO_3166 = frozenset({"iso", "iso3166", "iso31661", "iso31662", "iso31661alpha2"})
# Feature designations (GEOnet) of whole countries: their point is somewhere in the middle and lies in no area.
COUNTRY_DESIGNATIONS = ("PCL", "PCLI", "PCLIX", "PCLD", "PCLF", "PCLS", "PCLH")

# ISO 3166-1 alpha-3 of the seven countries: some publishers write it where alpha-2 belongs.
COUNTRIES_BY_THREE_LETTERS = {
    "BLZ": "BZ", "CRI": "CR", "SLV": "SV", "GTM": "GT", "HND": "HN", "NIC": "NI", "PAN": "PA",
}  # fmt: skip
# ISO 639-2 and the languages' names, as far as publishers write them for ISO 639-1.
LANGUAGES = {
    "eng": "en", "english": "en", "spa": "es", "spanish": "es", "español": "es", "espanol": "es",
    "fra": "fr", "fre": "fr", "french": "fr", "por": "pt", "deu": "de", "ger": "de", "ita": "it", "nld": "nl",
    "dut": "nl", "swe": "sv",
}  # fmt: skip
# Words that name a currency beside an amount; any other word there changes what the amount means.
CURRENCY_WORDS = {
    "USD": "USD", "EUR": "EUR", "GBP": "GBP", "CAD": "CAD", "MXN": "MXN", "COP": "COP", "CLP": "CLP", "ARS": "ARS",
    "BRL": "BRL", "PEN": "PEN", "JPY": "JPY", "KRW": "KRW", "CHF": "CHF", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK",
    "AUD": "AUD", "NZD": "NZD", "GTQ": "GTQ", "HNL": "HNL", "NIO": "NIO", "CRC": "CRC", "PAB": "PAB", "BZD": "BZD",
    "SVC": "SVC", "DOP": "DOP", "CUP": "CUP", "XDR": "XDR",
    "US": "USD", "EURO": "EUR", "EUROS": "EUR",
}  # fmt: skip
# "$" and "¥" are the signs of several currencies, and say nothing.
CURRENCY_SYMBOLS = {"€": "EUR", "£": "GBP", "₡": "CRC", "₩": "KRW", "US$": "USD", "U$S": "USD", "C$": ""}

# The months in English, Spanish, French and Portuguese, without accents.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january enero janvier janeiro", "february febrero fevrier fevereiro", "march marzo mars marco",
            "april abril avril", "may mayo mai maio", "june junio juin junho", "july julio juillet julho",
            "august agosto aout", "september septiembre setiembre septembre setembro",
            "october octubre octobre outubro", "november noviembre novembre novembro",
            "december diciembre decembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
