"""Secrets that must be read again are kept encrypted: a stolen copy of the database alone does not hold them."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Model


class Key(Enum):
    """Which key an encrypted text can be read with."""

    CURRENT = auto()
    FALLBACK = auto()  # lost once SECRET_KEY_FALLBACKS is emptied
    NONE = auto()  # lost already


@dataclass(frozen=True)
class Encrypted:
    """A column that holds encrypted texts: one, or those that stand in its JSON under `members` (a text or a list)."""

    model: type[Model]
    column: str
    purpose: str
    members: tuple[str, ...] = ()


@dataclass
class Counted:
    """How many texts of a column were found under which key, and how many were encrypted again."""

    column: Encrypted
    current: int = 0
    fallback: int = 0
    unreadable: int = 0
    rotated: int = 0


# Every column of the database that holds what SECRET_KEY encrypted. An app adds its own when it is ready.
ENCRYPTED: list[Encrypted] = []


def cipher(purpose: str) -> MultiFernet:
    """Encrypts and decrypts for one purpose, with keys made from SECRET_KEY; SECRET_KEY_FALLBACKS still decrypt."""
    if all(column.purpose != purpose for column in ENCRYPTED):
        raise LookupError(f"No column of ENCRYPTED is for “{purpose}”: what it holds would be lost with a former key.")
    return MultiFernet([_fernet(purpose, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def key_of(text: str, purpose: str) -> Key:
    """Which key reads an encrypted text."""
    for reads, key in ((_fernet(purpose, settings.SECRET_KEY), Key.CURRENT), (cipher(purpose), Key.FALLBACK)):
        try:
            reads.decrypt(text.encode())
        except InvalidToken:
            continue
        return key
    return Key.NONE


def rotate(*, write: bool = True) -> list[Counted]:
    """Encrypts again, with the current key, whatever only a key of SECRET_KEY_FALLBACKS reads; all of it or nothing.

    Done twice it changes nothing more. What no key reads stays as it is. With `write=False` it counts alone.
    """
    with transaction.atomic():
        return [_rotate(column, write) for column in ENCRYPTED]


def _rotate(column: Encrypted, write: bool) -> Counted:
    counted = Counted(column)
    rows = column.model._default_manager.order_by("pk")
    for row in (rows.select_for_update() if write else rows).iterator():
        changed = False
        for holder, place in _places(row, column):
            text = holder[place]
            match key_of(text, column.purpose):
                case Key.CURRENT:
                    counted.current += 1
                case Key.NONE:
                    counted.unreadable += 1
                case Key.FALLBACK:
                    counted.fallback += 1
                    if write:
                        holder[place] = cipher(column.purpose).rotate(text.encode()).decode()
                        counted.rotated += 1
                        changed = True
        if changed:
            row.save(update_fields=[column.column])
    return counted


def _places(row: Model, column: Encrypted) -> Iterator[tuple[Any, Any]]:
    """Where a row's encrypted texts stand: what holds each, and its key or place in it."""
    if not column.members:
        yield vars(row), column.column
        return
    data = getattr(row, column.column)
    for member in column.members:
        if isinstance(data.get(member), list):
            yield from ((data[member], number) for number in range(len(data[member])))
        elif member in data:
            yield data, member


def _fernet(purpose: str, key: str) -> Fernet:
    digest = hashlib.sha256(f"donors.{purpose}:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
