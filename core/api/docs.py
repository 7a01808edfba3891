"""The API's documentation: a page of our own, made from its schema, that works without JavaScript."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from core.api.problems import PROBLEMS
from core.api.schema import OneSchema


@dataclass(frozen=True)
class Field:
    """A field of an answer, or a parameter of a question."""

    name: str
    type: str
    description: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """One call."""

    method: str
    path: str
    summary: str
    parameters: list[Field]
    body: list[Field]
    body_example: str
    fields: list[Field]
    example: str


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every call with its parameters and the fields of its answer."""
    # The reference is in English, as the names of the fields are; the page around it is in the reader's language.
    with translation.override("en"):
        schema = OneSchema().get_schema()
    context = {"operations": list(_operations(schema)), "info": schema["info"], "problems": PROBLEMS}
    return render(request, "api_docs.html", context)


def _operations(schema: dict[str, Any]) -> list[Operation]:
    found = []
    for path, methods in schema["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            parameters = [
                _field(parameter["name"], _type(parameter["schema"]), parameter.get("description", ""))
                for parameter in operation.get("parameters", [])
            ]
            body = _json(operation.get("requestBody", {}))
            answer = _json(operation["responses"].get("201") or operation["responses"].get("200", {}))
            found.append(
                Operation(
                    method.upper(),
                    path,
                    operation.get("description", ""),
                    parameters,
                    _fields(schema, body.get("schema", {})),
                    _as_text(body.get("example")),
                    _fields(schema, answer.get("schema", {})),
                    _as_text(answer.get("example")),
                )
            )
    return found


def _json(said: dict[str, Any]) -> dict[str, Any]:
    """What is said of the JSON, or of the form that is sent with a file."""
    content: dict[str, Any] = said.get("content", {})
    found: dict[str, Any] = content.get("application/json") or content.get("multipart/form-data") or {}
    return found


def _as_text(example: Any) -> str:
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node


def _fields(schema: dict[str, Any], node: dict[str, Any]) -> list[Field]:
    """The fields of an object, or of one result of a page of them."""
    resolved = _resolve(schema, node.get("items", node))
    if "results" in resolved.get("properties", {}):
        resolved = _resolve(schema, resolved["properties"]["results"]["items"])
    return [
        _field(name, _type(_resolve(schema, prop)), _resolve(schema, prop).get("description", ""))
        for name, prop in resolved.get("properties", {}).items()
    ]


def _field(name: str, kind: str, description: str) -> Field:
    """A field whose description may end in a list of choices, as drf-spectacular writes them: * `code` - name."""
    choices = re.findall(r"^\* `([^`]*)` - (.*)$", description, flags=re.MULTILINE)
    text = "\n".join(line for line in description.split("\n") if not line.startswith("* `")).strip()
    return Field(name, kind, text, choices)


def _type(node: dict[str, Any]) -> str:
    kinds = node.get("type", "object")
    kind = " | ".join(kinds) if isinstance(kinds, list) else kinds
    if kind == "array":
        return "list"
    form = node.get("format")
    return f"{kind} ({form})" if form else kind
