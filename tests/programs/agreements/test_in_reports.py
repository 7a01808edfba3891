"""Agreements in the overlap report, of what the asker may see."""

from datetime import date

import pytest
from django.utils import timezone

from programs.reports.models import ReportRow
from programs.reports.rendering.meeting import meeting_pdf
from programs.reports.services import Selected, ask_for_report
from programs.reports.services.freezing import freeze
from tests.pdf import pages_in
from tests.programs.agreements.world import World


@pytest.mark.django_db
def test_the_report_says_what_is_agreed_and_whether_it_is_kept() -> None:
    the = World()
    the.agreed(the.terms(the.leave_area(due_on=date(2026, 1, 31)), the.commitment(text="a", due_on=date(2030, 1, 1))))
    reports = {}
    for person in (the.carmen, the.victor):
        reports[person] = ask_for_report(person, date(2020, 1, 1), timezone.localdate(), Selected())
        freeze(reports[person], lambda part: None)

    (row,) = reports[the.carmen].rows.data(ReportRow.Part.AGREEMENTS)

    assert (sorted(row["partners"]), row["due"]) == (["AECID", "INL"], "2026-01-31")
    assert row["en"] == {"title": "Choloma divided", "state": "Agreed", "kept": "0 of 2 commitments done, 1 overdue"}
    assert row["es"]["kept"] == "0 de 2 compromisos cumplidos, 1 vencido"
    assert not list(reports[the.victor].rows.data(ReportRow.Part.AGREEMENTS))
    assert pages_in(meeting_pdf(reports[the.carmen])) >= 1
