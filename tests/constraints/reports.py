"""Overlap reports."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO reports_overlapreport (asked_by_id, seen_as, organizations, country, kind, state, period_start, period_end,
month, status, engine_version, attempts, created_at, letter_attempts)
VALUES (%(user)s, 1, '{}', '', '', '', '2026-01-01', '2026-01-31', '2026-01-01', 'waiting', '', 0, now(), 0);
INSERT INTO reports_reportrow (report_id, part, number, weight, data)
SELECT id, 'cases', 1, 0, '{}' FROM reports_overlapreport;
INSERT INTO reports_reportfile (report_id, format, language, content)
SELECT id, 'pdf', 'es', '' FROM reports_overlapreport;
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "report_period_in_order": "UPDATE reports_overlapreport SET period_end = '2025-01-01'",
    "report_seen_as_is_known": "UPDATE reports_overlapreport SET seen_as = 4",
    "report_status_is_known": "UPDATE reports_overlapreport SET status = 'x'",
    "report_made_has_its_data": "UPDATE reports_overlapreport SET status = 'made', made_at = now()",
    "report_month_is_its_first_day": "UPDATE reports_overlapreport SET month = month + 1",
    "report_once_a_month": (
        "INSERT INTO reports_overlapreport (asked_by_id, seen_as, organizations, country, kind, state, period_start,"
        " period_end, month, status, engine_version, attempts, created_at, letter_attempts)"
        " SELECT asked_by_id, seen_as, organizations, country, kind, state, period_start, period_end, month, status,"
        " engine_version, 0, now(), 0 FROM reports_overlapreport"
    ),
    "report_row_once": (
        "INSERT INTO reports_reportrow (report_id, part, number, weight, data)"
        " SELECT report_id, part, number, 0, data FROM reports_reportrow"
    ),
    "report_row_part_is_known": "UPDATE reports_reportrow SET part = 'x'",
    "report_file_once": (
        "INSERT INTO reports_reportfile (report_id, format, language, content)"
        " SELECT report_id, format, language, content FROM reports_reportfile"
    ),
    "report_file_is_known": "UPDATE reports_reportfile SET language = 'fr'",
}

# Table and trigger -> a statement that it refuses.
REFUSED = {}
