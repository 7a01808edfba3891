"""Imports, what came from IATI, dumps."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO exchange_iatirecord (program_id, identifier, checksum, standard, xml, file_name, line, oddities,
imported_at) VALUES (%(p)s, 'a', repeat('a', 64), '2.03', '', '', 1, '[]', now());
INSERT INTO exchange_import (organization_id, kind, file_name, language, date_order, headings, columns, state,
rows_expected, created_at) VALUES (%(org)s, 'csv', 'a.csv', 'en', '', '[]', '[]', 'applied', 1, now());
INSERT INTO exchange_importrow (of_import_id, number, cells, outcome, identifier, title, changes, problems, program_id,
candidates, choice, is_applied, is_undone, kept_because)
SELECT id, 2, '[]', 'changed', 'a', 'a', '[]', '[]', %(p)s, '[]', '', true, false, '' FROM exchange_import;
INSERT INTO exchange_dump (day, form, as_of, finished_at, size, sha256)
VALUES ('2026-11-25', 'csv', now(), now(), 1, repeat('a', 64));
INSERT INTO exchange_dumppart (dump_id, number, content) SELECT id, 0, 'a' FROM exchange_dump;
INSERT INTO exchange_columnmeaning (organization_id, heading, "column") VALUES (%(org)s, 'a', 'title');
"""

# Tables with their columns, as statements name them.
COLUMNS = {
    "import_row": (
        "exchange_importrow (of_import_id, number, outcome, program_id, choice, is_applied, is_undone, kept_because,"
        " cells, identifier, title, changes, problems, candidates)"
    )
}

# Constraint -> a statement that breaks it.
BREAKS = {
    "iati_record_checksum_is_sha256": "UPDATE exchange_iatirecord SET checksum = 'x'",
    "iati_record_has_an_identifier": "UPDATE exchange_iatirecord SET identifier = ''",
    "dump_once_a_day": (
        "INSERT INTO exchange_dump (day, form, as_of, size, sha256) SELECT day, form, now(), 0, '' FROM exchange_dump"
    ),
    "dump_form_is_known": "UPDATE exchange_dump SET form = 'pdf'",
    "dump_finished_has_its_sum": "UPDATE exchange_dump SET sha256 = ''",
    "dump_part_once": (
        "INSERT INTO exchange_dumppart (dump_id, number, content) SELECT dump_id, number, '' FROM exchange_dumppart"
    ),
    "import_kind_is_known": "UPDATE exchange_import SET kind = 'pdf'",
    "import_language_is_known": "UPDATE exchange_import SET language = 'fr'",
    "import_date_order_is_known": "UPDATE exchange_import SET date_order = 'x'",
    "import_new_stage_is_known": "UPDATE exchange_import SET new_stage = 'closed'",
    "import_state_is_known": "UPDATE exchange_import SET state = 'x'",
    "import_says_why_it_is_unreadable": "UPDATE exchange_import SET state = 'unreadable'",
    "import_stopped_says_where": "UPDATE exchange_import SET stopped_in = 'checking'",
    "import_row_once": (
        "INSERT INTO {import_row} SELECT of_import_id, number, 'created', NULL, '', false, false, '', '[]', '', '',"
        " '[]', '[]', '[]' FROM exchange_importrow"
    ),
    "import_row_alone_on_its_program": (
        "INSERT INTO {import_row} SELECT of_import_id, number + 1, 'changed', program_id, '', false, false, '', '[]',"
        " '', '', '[]', '[]', '[]' FROM exchange_importrow"
    ),
    "import_row_outcome_is_known": "UPDATE exchange_importrow SET outcome = 'x'",
    "import_row_choice_is_known": "UPDATE exchange_importrow SET choice = 'x'",
    "import_row_refused_is_not_applied": "UPDATE exchange_importrow SET outcome = 'refused'",
    "import_row_undone_was_applied": "UPDATE exchange_importrow SET is_applied = false, is_undone = true",
    "import_row_undone_or_kept": "UPDATE exchange_importrow SET is_undone = true, kept_because = 'edited'",
    "heading_means_one_thing": (
        'INSERT INTO exchange_columnmeaning (organization_id, heading, "column")'
        " SELECT organization_id, heading, '' FROM exchange_columnmeaning"
    ),
}

# Table and trigger -> a statement that it refuses.
REFUSED = {}
