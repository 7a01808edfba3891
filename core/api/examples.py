"""Examples in the API's schema: made from the schema itself, with a few values by the names of fields."""

from collections.abc import Iterator
from typing import Any

SITE = "https://portal.example.org"
CURSOR = "?cursor=WyJpZCIsIGZhbHNlLCAiMTIiXQ%3D%3D"
# By the name of a field; several, where fields of that name have several types.
VALUES: dict[str, Any] = {
    "actual_end": None,
    "cluster": 5,
    "code": "required",
    "committed_basis": "commitments",
    "donors_here": 7,
    "donors_on_the_goal": 7,
    "due_on": "2027-03-01",
    "expires_at": "2027-11-25T06:00:00Z",
    "ids": 12,
    "in_carsi": True,
    "index": 0,
    "is_applied": True,
    "is_humanitarian": False,
    "is_secondary_report": False,
    "must_accept": True,
    "priorities": 4,
    "second_report_id": None,
    "undone_at": None,
    "withdrawn_at": None,
    "actor": "Ana Morales",
    "address": "/programs/12/",
    "because": "Choloma, AECID",
    "instead": "",
    "number": 1,
    "straight": "",
    "activity_identifier": "XM-DAC-999-1",
    "actual": "1250.0000",
    "actual_comment": "As of June 2026.",
    "amount": "250000.00",
    "area": "HN-CR",
    "author": "Ana Morales",
    "baseline_comment": "Survey of 2025.",
    "baseline_value": "400.0000",
    "baseline_year": 2025,
    "bits": 2.0,
    "budget_source": "National budget, security fund",
    "category": "151",
    "cell": "C12",
    "column": "Start",
    "comment": "",
    "country": "HN",
    "currency": "USD",
    "description": "Trains and equips a vetted police unit in Cortés.",
    "detail": "See “errors”: each names what it is about.",
    "email": "ana@example.org",
    "field": "Title",
    "file": f"{SITE}/api/v1/dumps/12/file/",
    "file_name": "programs.xlsx",
    "finance_type": "110",
    "follow_up": "",
    "full_name": "Ana Morales",
    "id": 12,
    "identifier": "XX-1",
    "kind": "overlap",
    "language": "en",
    "latitude": "15.500000",
    "longitude": "-88.030000",
    "mark": "open",
    "model_version": "2026-11",
    "move": "publish",
    "name": "Organization for Safer Streets",
    "next": f"{SITE}/",
    "note": "They work in turns.",
    "organization": ("Organization for Safer Streets", 7),
    "organization_id": 7,
    "outcome": "created",
    "overlap": 31,
    "overlaps": (f"{SITE}/api/v1/overlaps/?country=HN&goal=1&state=open", 3),
    "parameter": "country",
    "parent": None,
    "percentage": "100.00",
    "pointer": "#/title",
    "prefix": "carsi_Ab3dE6",
    "previous": None,
    "program": 12,
    "programs": 12,
    "provider_activity": "XM-DAC-999-1",
    "provider_id": 7,
    "query": "country=HN&goal=1",
    "reason": "complementary",
    "receiver_activity": "XM-DAC-999-2",
    "receiver_id": 8,
    "ref": "XM-DAC-999",
    "reference": "T-2026-1",
    "region": "CA",
    "reporting_org": "Organization for Safer Streets",
    "reporting_org_id": 7,
    "role": ("editor", 1),
    "score": 0.87,
    "sector": "15132",
    "sentence": "Both serve: 1. Create safe streets for the citizens of the region.",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "short_name": "OSS",
    "size": 1048576,
    "source": "browser",
    "stage": "published",
    "status": 2,
    "target": "2000.0000",
    "target_comment": "Two units a year.",
    "text": "Could we train both units together?",
    "title": "Vetted units",
    "title_en": "Safer streets in Cortés",
    "title_es": "Calles más seguras en Cortés",
    "value": ("250000.00", 1.0),
    "version": 3,
}
# Where a field of one thing needs another value than its namesakes.
OF_ONE: dict[str, Any] = {
    "Commitment.kind": "leave_area",
    "Commitment.organization": 7,
    "Comment.agreement": None,
    "Comment.overlap": None,
    "Coverage.region": None,
    "Changed.after": "Vetted units II",
    "Changed.before": "Vetted units",
    "Changed.column": "Title",
    "Columns.columns": "title",
    "Import.columns": "title",
    "Import.new_stage": "published",
    "Import.sheet": "Programs",
    "Import.headings": "Title",
    "Import.sample": "Community policing in Choloma",
    "Import.more_sheets": "2025",
    "Columns.more_sheets": "2025",
    "ImportRow.sheet": "Programs",
    "Import.same_sheets": "2025",
    "Import.hidden_sheets": "Lists",
    "Import.read_as": "Dates of the column “Planned start” have the day first, as “15/01/2024” in row 2 shows.",
    "Import.sheets": "Programs",
    "Import.problem": None,
    "Import.state": "applied",
    "OverlapReport.asked_by": "Ana López",
    "OverlapReport.problem": None,
    "ImportRow.choice": "",
    "ImportRow.kept_because": "",
    "Indicator.description": "",
    "Indicator.title": "Officers trained",
    "Overlap.right": {
        "id": 31,
        "identifier": "YY-4",
        "title": "Police training",
        "reporting_org_id": 8,
        "reporting_org": "Police Partnership",
    },
    "Priority.source": "Regional strategy, 2026",
    "Problem.type": "/api/docs/#problem-invalid",
    "Result.description": "",
    "Result.title": "Trained units",
    "Review.action": "dismiss",
    "MoneyNode.key": "8",
    "MoneyNode.stage": "donor",
    "Transaction.description": "First commitment",
    "Transaction.type": 2,
    "Transaction.country": "HN",
    "Transaction.region": None,
    "Transaction.sector": "15130",
    "TransactionRow.description": "First commitment",
    "TransactionRow.type": 2,
    "TransactionRow.country": "HN",
    "TransactionRow.region": None,
    "TransactionRow.sector": "15130",
    "Translation.description": "Forma y equipa una unidad policial depurada en Cortés.",
    "Translation.language": "es",
    "Translation.title": "Unidades depuradas",
    "Agreement.kind": "lead",
    "Area.code": "HN-CR",
    "Area.name": "Cortés",
    "Area.type": "Department",
    "Country.code": "HN",
    "Country.name_en": "Honduras",
    "Country.name_es": "Honduras",
    "Factor.name": "goal",
    "FieldChange.come": "Vetted units",
    "FieldChange.gone": "Units",
    "AgreementMove.move": "revise",
    "AgreementChange.kind": "lead",
    "NewAgreement.kind": "lead",
    "NewAgreement.text": "The first program leads.",
    "AgreementChange.text": "The first program leads.",
    "Terms.kind": "lead",
    "Terms.text": "The first program leads.",
    "GivenAnswer.answer": "counter",
    "GivenCommitment.kind": "leave_area",
    "GivenCommitment.text": "",
    "GivenCommitment.follow_up": "Ana Morales",
    "GivenReview.action": "dismiss",
    "Goal.name_en": "Create safe streets for the citizens of the region",
    "Goal.name_es": "Crear calles seguras para los ciudadanos de la región",
    "Goal.short_en": "Safe streets",
    "Goal.short_es": "Calles seguras",
    "Key.name": "Nightly job",
    "Location.name": "San Pedro Sula",
    "Move.move": "submit",
    "NewImport.file": "Identifier,Title\nXX-1,Vetted units\n",
    "SavedSearch.name": "Honduras, goal 1",
    "Part.place": "0.5000",
    "Part.where": "HN-CR",
    "Part.work": "0.8000",
    "Part.sectors": "15130",
    "Part.time": "0.8333",
    "Part.months": 30,
    "Part.usd": "333320.00",
    "OtherSector.vocabulary": "2",
    "OtherSector.code": "151",
    "OtherSector.name": "Government and civil society, general",
    "Sector.code": "15132",
    "Sector.name_en": "Police",
    "Sector.name_es": "Policía",
    "AmountLeftOut.sum": "committed_usd",
    "AmountLeftOut.currency": "VES",
    "ExchangeRate.source": "European Central Bank",
    "ExchangeRate.month": "2026-10-01",
    "ExchangeRate.usd_per_unit": "1.120159000000",
    "ExchangeRate.basis": "month",
    "ExchangeRate.origin": "file",
    "Commitment.sentence": "“Vetted units” leaves Cortés by 1 March 2027.",
    "Wrong.sentence": "There is no day “31/02/2026”.",
    "Wrong.text": "31/02/2026",
}
# What is not there beside what the example has.
LEFT_OUT = {
    "NewComment.overlap", "NewComment.agreement", "BulkResult.problem", "Upsert.version", "Choices.all",
    "NewAgreement.case", "Columns.sheet", "Columns.heading_row",
    "GivenCommitment.new_start", "GivenCommitment.new_end", "GivenCommitment.amount", "GivenCommitment.currency",
    "GivenCommitment.to_program",
}  # fmt: skip
# Stands where nothing is named: no example should hold it (a test looks).
UNNAMED = "…"
BY_FORMAT: dict[str, Any] = {"date": "2026-01-01", "date-time": "2026-11-25T06:00:00Z", "decimal": "1000000.00"}
BY_TYPE: dict[str, Any] = {"boolean": False, "integer": 1, "number": 1.0}
KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (float,), "boolean": (bool,)}


def add_examples(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """For drf-spectacular: an example with each body and each JSON answer that is no refusal (those have theirs)."""
    schemas = result["components"]["schemas"]
    for path, content, is_body in _contents(result):
        json = content.get("application/json") or content.get("multipart/form-data")
        if json is not None:
            json["example"] = _example(json["schema"], schemas, "", is_body)
            if isinstance(json["example"], dict) and json["example"].get("next"):
                json["example"]["next"] = SITE + path.replace("{id}", "12") + CURSOR
    return result


def _contents(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The address and content of each body and of each answer with a 2xx, and whether it is a body."""
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            yield path, operation.get("requestBody", {}).get("content", {}), True
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    yield path, answer.get("content", {}), False


def _example(node: dict[str, Any], schemas: dict[str, Any], place: str, is_body: bool) -> Any:
    """A value that the node allows; `place` is the component and the field that it is the value of."""
    if isinstance(OF_ONE.get(place), dict):
        return OF_ONE[place]
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        thing = name.removesuffix("Request").removeprefix("Patched").removesuffix("Detail")
        return _example(schemas[name], schemas, thing, is_body)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in node:
            return _example(node[several][0], schemas, place, is_body)
    if "properties" in node:
        hidden = "readOnly" if is_body else "writeOnly"
        return {
            name: _example(inner, schemas, f"{place}.{name}", is_body)
            for name, inner in node["properties"].items()
            if not inner.get(hidden) and f"{place}.{name}" not in LEFT_OUT
        }
    if "items" in node:
        return [_example(node["items"], schemas, place, is_body)]
    return _value(node, place)


def _value(node: dict[str, Any], place: str) -> Any:
    """A named value of the right type, else the first of the choices, else what the format or the type has."""
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    name = place.rpartition(".")[2]
    named = OF_ONE.get(place, VALUES.get(name, UNNAMED))
    for value in named if isinstance(named, tuple) else (named,):
        if value != UNNAMED and _fits(value, node, kinds):
            return value
    if "enum" in node:
        return next(value for value in node["enum"] if value is not None)
    if node.get("format") == "date" and name.endswith(("end", "_ends")):
        return "2027-12-31"
    return BY_FORMAT.get(node.get("format", ""), BY_TYPE.get(kinds[0] or "", UNNAMED))


def _fits(value: Any, node: dict[str, Any], kinds: list[str]) -> bool:
    if "enum" in node:
        return value in node["enum"]
    return "null" in kinds if value is None else any(type(value) in KINDS.get(kind, ()) for kind in kinds)
