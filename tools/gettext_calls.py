"""Finds texts that are never translated: calls of gettext, under whatever name, whose text the catalogue does not have.

makemessages knows gettext by the names that Django gives it and `_`; a text behind another name it does not see, and a
text that is put together while the portal runs nobody can translate.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Node, Template, Variable
from django.templatetags.i18n import TranslateNode

MODULE = "django.utils.translation"
# Function -> which of its arguments are the context (None: it has none) and the texts.
ARGUMENTS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), (None, (0,))),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, (0, 1))),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, (1,))),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, (1, 2))),
}


@dataclass(frozen=True, order=True)
class Text:
    """What a translation is found by: the context (blank: none), the text, and its plural (blank: none)."""

    text: str
    plural: str = ""
    context: str = ""


def wrong_calls(source: str, known: Iterable[Text]) -> Iterator[str]:
    """A sentence for each call in a Python file whose text is not among those `known`, or is no literal."""
    tree = ast.parse(source)
    names = _names_of_gettext(tree)
    known = set(known)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or (function := _function(call.func, names)) is None:
            continue
        context_at, texts_at = ARGUMENTS[function]
        wanted = [*([] if context_at is None else [context_at]), *texts_at]
        given = [_literal(call.args[place]) if place < len(call.args) else None for place in wanted]
        if None in given:
            yield f"line {call.lineno}: the text of {ast.unparse(call.func)}(…) is no literal"
            continue
        literals = [text or "" for text in given]
        context = literals.pop(0) if context_at is not None else ""
        text = Text(literals[0], "".join(literals[1:]), context)
        if text not in known:
            yield f"line {call.lineno}: not in the catalogue: {text.text!r}"


def _names_of_gettext(tree: ast.AST) -> dict[str, str]:
    """Name in the file -> the function that it is; "module" for the module itself."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            names |= {each.asname or each.name: each.name for each in node.names if each.name in ARGUMENTS}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            names |= {each.asname or each.name: "module" for each in node.names if each.name == "translation"}
        elif isinstance(node, ast.Import):
            names |= {each.asname: "module" for each in node.names if each.name == MODULE and each.asname}
    for node in ast.walk(tree):  # say = gettext
        if isinstance(node, ast.Assign) and (function := _function(node.value, names)):
            names |= {target.id: function for target in node.targets if isinstance(target, ast.Name)}
    return names


def _function(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names[node.id] if names.get(node.id) in ARGUMENTS else None
    if isinstance(node, ast.Attribute) and node.attr in ARGUMENTS:
        within = ast.unparse(node.value)
        return node.attr if within == MODULE or names.get(within) == "module" else None
    return None


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def unknown_texts_of(template: Template) -> list[str]:
    """What a template gives to {% translate %} that is no literal: nobody collects it for translation."""
    return [
        str(node.filter_expression)
        for node in template.nodelist.get_nodes_by_type(Node)
        if isinstance(node, TranslateNode)
        and isinstance(node.filter_expression.var, Variable)
        and node.filter_expression.var.literal is None
    ]


def sources(root: Path) -> list[Path]:
    """The Python files of the portal: those of every package of the root but the tests, tools and benchmarks."""
    left_out = {"tests", "tools", "benchmarks"}
    packages = [folder.parent for folder in root.glob("*/__init__.py") if folder.parent.name not in left_out]
    return sorted(path for package in packages for path in package.rglob("*.py") if "migrations" not in path.parts)
