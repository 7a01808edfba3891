"""Agreements and meetings: a draft with one commitment to leave an area, an answer, a meeting."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id, created_at)
SELECT id, %(inl)s, 'accept', '', %(ines)s, now() FROM agreements_version;
INSERT INTO agreements_meeting (title, held_on, place, present, created_by_id, created_at)
VALUES ('a', '2026-01-01', '', '', %(carmen)s, now());
INSERT INTO agreements_item (meeting_id, position) SELECT id, 1 FROM agreements_meeting;
INSERT INTO agreements_outcome (item_id, choice, reason, note, present, actor_id, created_at)
SELECT id, 'postpone', '', 'a', '', %(carmen)s, now() FROM agreements_item;
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "agreement_has_a_title": "UPDATE agreements_agreement SET title = ' '",
    "agreement_kind_is_known": "UPDATE agreements_agreement SET kind = 'x'",
    "agreement_version_begins_at_1": "UPDATE agreements_agreement SET version = 0",
    "agreement_is_dated_as_it_stands": "UPDATE agreements_agreement SET agreed_at = now()",
    "party_once": "INSERT INTO agreements_party (agreement_id, organization_id, must_accept)"
    " SELECT agreement_id, organization_id, true FROM agreements_party",
    "version_once": "INSERT INTO agreements_version (agreement_id, number, kind, text, note, author_id, is_sealed,"
    " created_at) SELECT agreement_id, number, kind, text, note, author_id, false, now() FROM agreements_version",
    "version_kind_is_known": "UPDATE agreements_version SET kind = 'x'",
    "version_sealed_says_something": "UPDATE agreements_version SET text = ' ', is_sealed = true",
    "answer_once_a_version": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, organization_id, answer, note, actor_id, now() FROM agreements_answer",
    "answer_is_known": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, {aecid}, 'x', note, actor_id, now() FROM agreements_answer",
    "answer_declining_says_why": "INSERT INTO agreements_answer (version_id, organization_id, answer, note, actor_id,"
    " created_at) SELECT version_id, {aecid}, 'decline', ' ', actor_id, now() FROM agreements_answer",
    "commitment_once": "INSERT INTO agreements_commitment (version_id, number, organization_id, kind, text, currency,"
    " due_on, follow_up) SELECT version_id, number, organization_id, 'other', 'x', '', due_on, 'x'"
    " FROM agreements_commitment",
    "commitment_has_what_its_kind_needs": "UPDATE agreements_commitment SET area_id = NULL",
    "commitment_money_has_its_currency": "UPDATE agreements_commitment SET amount = 5",
    "commitment_dollars_are_dollars": "UPDATE agreements_commitment SET amount = 5, currency = 'USD', amount_usd = 6",
    "commitment_money_goes_elsewhere": "UPDATE agreements_commitment SET amount = 5, currency = 'EUR',"
    " to_program_id = program_id",
    "commitment_dates_in_order": "UPDATE agreements_commitment SET new_start = '2030-01-02', new_end = '2030-01-01'",
    "commitment_names_its_follow_up": "UPDATE agreements_commitment SET follow_up = ''",
    "commitment_seen_was_kept": "UPDATE agreements_commitment SET seen_at = now()",
    "step_is_known": "INSERT INTO agreements_step (agreement_id, kind, version, note, created_at)"
    " SELECT id, 'x', 1, '', now() FROM agreements_agreement",
    "step_reminds_once": "INSERT INTO agreements_step (agreement_id, kind, version, note, created_at)"
    " SELECT id, 'overdue', 1, '', now() FROM agreements_agreement, generate_series(1, 2)",
    "meeting_has_a_title": "UPDATE agreements_meeting SET title = ''",
    "item_once_in_a_place": "INSERT INTO agreements_item (meeting_id, position)"
    " SELECT id, 2 FROM agreements_meeting, generate_series(1, 2)",
    "outcome_has_what_it_needs": "INSERT INTO agreements_outcome (item_id, choice, reason, note, present, actor_id,"
    " created_at) SELECT id, 'dismiss', '', '', '', {carmen}, now() FROM agreements_item",
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "agreements_agreement.agreement_moves_as_the_table_says": (
        "UPDATE agreements_agreement SET state = 'declined', proposed_at = now()"
    ),
    "agreements_party.parties_are_chosen_in_a_draft": (
        "UPDATE agreements_agreement SET state = 'proposed', proposed_at = now();"
        " UPDATE agreements_party SET must_accept = false"
    ),
    "agreements_version.sealed_version_stays": (
        "UPDATE agreements_version SET is_sealed = true; UPDATE agreements_version SET text = 'x'"
    ),
    "agreements_answer.answer_stays": "UPDATE agreements_answer SET note = 'x'",
    "agreements_commitment.commitment_of_a_sealed_version_stays": (
        "UPDATE agreements_version SET is_sealed = true; UPDATE agreements_commitment SET due_on = '2030-01-01'"
    ),
    "agreements_outcome.outcome_stays": "UPDATE agreements_outcome SET note = 'x'",
    "agreements_step.step_stays": "UPDATE agreements_step SET note = 'x'",
}
