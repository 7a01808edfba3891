"""The two-page brief of a profile."""

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from core.pdf import pdf_of
from programs.reports.profile import Profile

if TYPE_CHECKING:
    from donors.models import User


def brief_of(profile: Profile, *, reader: "User") -> bytes:
    """A PDF of A4 pages, two at most, in the active language; it says its date, and whose view it is."""
    return pdf_of(html_of(profile, reader=reader))


def html_of(profile: Profile, *, reader: "User") -> str:
    """What becomes that PDF."""
    return render_to_string("reports/brief.html", {"profile": profile, "reader": reader})
