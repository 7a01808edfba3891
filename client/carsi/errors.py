"""What can go wrong, in sentences for anyone who runs the client."""

import json
from typing import Any


class CarsiError(Exception):
    """All errors of this package."""


class WrongUse(CarsiError):
    """A setting, an argument or a file that the client cannot work with."""


class Unsafe(CarsiError):
    """The key would have gone to another host, or over the net in clear."""


class NoAnswer(CarsiError):
    """The portal could not be reached, or gave nothing whole, however often it was tried."""


class Refusal(CarsiError):
    """The portal said no: a problem as of RFC 9457 (`problem` holds its members), or whatever it said instead."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(sentence_of(problem) or f"The portal answered {status}.")
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))

    @property
    def parameters(self) -> set[str]:
        """The parameters of the address that it names."""
        return {str(error["parameter"]) for error in _errors(self.problem) if "parameter" in error}


def problem_in(body: bytes) -> dict[str, Any]:
    """The members of the problem that a body is; none where it is something else."""
    try:
        stated = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def sentence_of(problem: dict[str, Any]) -> str:
    """A problem in lines: what it is, then each error with the parameter or the place in the body it is about."""
    errors = _errors(problem)
    details = [str(error.get("detail", "")) for error in errors]
    title, detail = str(problem.get("title") or ""), str(problem.get("detail") or "")
    head = title if detail in details else ": ".join(filter(None, (title, detail)))
    lines = [head] if head else []
    for error, stated in zip(errors, details, strict=True):
        place = error.get("parameter") or error.get("pointer") or error.get("header")
        lines.append(f"  {place}: {stated}" if place else f"  {stated}")
    return printable("\n".join(lines))


def _errors(problem: dict[str, Any]) -> list[dict[str, Any]]:
    errors = problem.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def printable(text: str) -> str:
    """What a server says cannot move the cursor of a terminal."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")
