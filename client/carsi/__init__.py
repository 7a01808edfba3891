"""A client of the CARSI Portal: `from carsi import Portal`."""

from carsi.errors import CarsiError, NoAnswer, Refusal, Unsafe, WrongUse
from carsi.portal import Page, Portal

__all__ = ["CarsiError", "NoAnswer", "Page", "Portal", "Refusal", "Unsafe", "WrongUse"]
__version__ = "0.1.0"
