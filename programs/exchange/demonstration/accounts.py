"""The accounts of a demonstration site; one password for all."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A person; `organization` is a key of organizations.csv, blank for the administrator."""

    email: str
    full_name: str
    language: str
    organization: str
    role: str
    what: str


ACCOUNTS = (
    Account("admin@example.org", "Alicia Admin", "en", "", "", "administrator"),
    Account("coordinator@example.org", "Carmen Coordinadora", "es", "SICA", "coordinator", "SICA coordinator"),
    Account("coordinator2@example.org", "Carlos Coordinador", "en", "SICA", "coordinator", "SICA coordinator"),
    Account("manager.inl@example.org", "Ines Miller", "en", "INL", "manager", "manager, INL (United States)"),
    Account("editor.aecid@example.org", "Elena Ruiz", "es", "AECID", "editor", "editor, AECID (Spain)"),
    Account("manager.aecid@example.org", "Alba Serrano", "es", "AECID", "manager", "manager, AECID (Spain)"),
    Account("manager.dhs@example.org", "Dana Holt", "en", "DHS", "manager", "manager, DHS (United States)"),
    Account("manager.unodc@example.org", "Ulises Novoa", "es", "UNODC", "manager", "manager, UNODC"),
    Account("manager.seds@example.org", "Mario Zelaya", "es", "HNSEG", "manager", "manager, SEDS (Honduras)"),
    Account("editor.idb@example.org", "Isabel Duarte", "en", "IDB", "editor", "editor, IDB"),
    Account("viewer.undp@example.org", "Victor Unda", "en", "UNDP", "viewer", "viewer, UNDP"),
)


def password() -> str:
    """The password of the demonstration accounts."""
    return os.environ.get("DEMONSTRATION_PASSWORD") or "carsi-demo-2026"
