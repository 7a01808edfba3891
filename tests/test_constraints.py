"""The database says no: every constraint of every model tried with raw SQL."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction

from programs.models import Program
from programs.services import (
    BudgetData,
    MarkerData,
    RelatedData,
    TranslationData,
)
from tests import factories

OUR_APPS = ("goals", "donors", "programs", "overlap", "exchange", "discussion", "priorities", "region")

# Constraint -> a statement that breaks it. {p}, {q} are two programs, {o} an overlap of theirs.
BREAKS = {
    "goal_number_is_1_to_5": "INSERT INTO goals_goal VALUES (6, 'a', 'a', 'a', 'a')",
    "sector_code_is_five_digits": "UPDATE goals_sector SET code = '1513x' WHERE code = '15261'",
    "sector_category_is_three_digits": "UPDATE goals_sector SET category = 'x'",
    "country_code_is_two_capitals": "INSERT INTO goals_country VALUES ('xx', 'a', 'a', false)",
    "country_in_carsi_is_one_of_seven": "UPDATE goals_country SET in_carsi = true WHERE code = 'MX'",
    "region_code_is_digits": "INSERT INTO goals_region VALUES ('x', 'a', 'a', false)",
    "area_level_is_1_or_2": "UPDATE goals_area SET level = 3",
    "area_code_begins_with_its_country": "UPDATE goals_area SET country_id = 'HN' WHERE country_id = 'GT'",
    "area_of_level_2_is_part_of_one": "UPDATE goals_area SET level = 2",
    "area_point_is_on_the_globe": "UPDATE goals_area SET latitude = 91",
    "rate_once_a_month": (
        "INSERT INTO goals_exchangerate (currency, month, usd_per_unit) VALUES ('EUR', '2024-01-01', 1)"
    ),
    "rate_is_positive": "UPDATE goals_exchangerate SET usd_per_unit = 0",
    "rate_currency_is_three_capitals": "UPDATE goals_exchangerate SET currency = 'eur' WHERE currency = 'EUR'",
    "rate_month_is_its_first_day": "UPDATE goals_exchangerate SET month = month + 1",
    "priority_rank_begins_at_1": "UPDATE goals_priority SET rank = 0",
    "priority_period_in_order": "UPDATE goals_priority SET period_end = '2000-01-01'",
    "priority_area_has_its_country": "UPDATE goals_priority SET area_id = 'HN-CR', country_id = NULL",
    "priority_link_once": (
        "INSERT INTO priorities_prioritylink (priority_id, program_id, state, score, reasons)"
        " SELECT l.priority_id, l.program_id, 'proposed', 0.5, '[]' FROM priorities_prioritylink l"
    ),
    "priority_link_state_is_known": "UPDATE priorities_prioritylink SET state = 'x', decided_at = now()",
    "priority_link_score_is_a_share": "UPDATE priorities_prioritylink SET score = 2",
    "priority_link_decision_is_dated": "UPDATE priorities_prioritylink SET state = 'confirmed', decided_at = NULL",
    "priority_rank_once_in_a_period": (
        "INSERT INTO goals_priority (goal_id, country_id, title_en, title_es, rank, period_start, period_end, source,"
        " version) VALUES (1, 'HN', 'b', 'b', 1, '2025-06-01', '2027-01-01', '', 1)"
    ),
    "organization_has_a_name": "UPDATE donors_organization SET name = ''",
    "organization_kind_is_known": "UPDATE donors_organization SET kind = '99'",
    "organization_ref_is_unique": (
        "UPDATE donors_organization SET ref = CASE WHEN id = {org} THEN 'a-1' ELSE 'A-1' END"
    ),
    "organization_coordinates_alone": "UPDATE donors_organization SET is_coordinating_body = true",
    "alias_names_one_organization": "UPDATE donors_organizationalias SET normalized = 'same'",
    "alias_is_normalized": "UPDATE donors_organizationalias SET normalized = ''",
    "alias_kind_is_known": "UPDATE donors_organizationalias SET kind = 'x'",
    "organization_request_has_a_name": "UPDATE donors_organizationrequest SET normalized = ''",
    "organization_request_answer_is_known": "UPDATE donors_organizationrequest SET answer = 'x', answered_at = now()",
    "organization_request_answered_when_answered": "UPDATE donors_organizationrequest SET answer = 'none'",
    "organization_request_organization_is_an_answer": (
        "UPDATE donors_organizationrequest SET organization_id = asked_for_id"
    ),
    "organization_request_open_once": (
        "INSERT INTO donors_organizationrequest (name, normalized, kind, place, asked_by_id, asked_for_id, asked_at,"
        " answer) SELECT name, normalized, kind, place, asked_by_id, asked_for_id, asked_at, answer"
        " FROM donors_organizationrequest"
    ),
    "user_email_is_unique": (
        "UPDATE donors_user SET email = CASE WHEN id = {user} THEN 'same@example.org' ELSE 'SAME@example.org' END"
    ),
    "user_email_has_an_at": "UPDATE donors_user SET email = 'x' WHERE id = {user}",
    "user_machine_is_nobody_s_boss_and_gets_no_letters": (
        "UPDATE donors_user SET machine_of_id = (SELECT min(id) FROM donors_organization), digest = 'off',"
        " is_superuser = true"
    ),
    "user_language_is_known": "UPDATE donors_user SET language = 'fr'",
    "result_type_is_known": "UPDATE programs_programresult SET type = 4",
    "result_has_a_title": "UPDATE programs_programresult SET title = ''",
    "indicator_measure_is_known": "UPDATE programs_resultindicator SET measure = 6",
    "indicator_has_a_title": "UPDATE programs_resultindicator SET title = ''",
    "indicator_baseline_is_dated": "UPDATE programs_resultindicator SET baseline_value = 1",
    "indicator_period_in_order": "UPDATE programs_indicatorperiod SET \"end\" = '2023-01-01'",
    "indicator_period_is_plausible": "UPDATE programs_indicatorperiod SET \"end\" = '2200-01-01'",
    "sustainability_date_is_plausible": "UPDATE programs_sustainability SET funding_ends = '2200-01-01'",
    "sustainability_is_confirmed_of_something": "UPDATE programs_sustainability SET confirmed = true",
    "working_copy_once_a_person": (
        "INSERT INTO programs_workingcopy (program_id, user_id, typed, version, saved_at)"
        " SELECT {p}, {user}, '{{}}', 1, now() FROM generate_series(1, 2)"
    ),
    "move_back_is_explained": (
        "INSERT INTO programs_stagechange (program_id, move, before, after, comment, created_at)"
        " VALUES ({p}, 'send_back', 'submitted', 'draft', '', now())"
    ),
    "reminder_once_a_person": (
        "INSERT INTO programs_updatereminder (user_id, organization_id, sent_at)"
        " SELECT {user}, {org}, now() FROM generate_series(1, 2)"
    ),
    "membership_once_in_an_organization": (
        "INSERT INTO donors_membership (user_id, organization_id, role, created_at)"
        " SELECT user_id, organization_id, 'viewer', now() FROM donors_membership"
    ),
    "membership_role_is_known": "UPDATE donors_membership SET role = 'king'",
    "user_digest_is_known": "UPDATE donors_user SET digest = 'hourly'",
    "invitation_email_has_an_at": "UPDATE donors_invitation SET email = 'x'",
    "invitation_email_is_lower_case": "UPDATE donors_invitation SET email = 'A@example.org'",
    "invitation_role_is_known": "UPDATE donors_invitation SET role = 'king'",
    "invitation_language_is_known": "UPDATE donors_invitation SET language = ''",
    "invitation_version_begins_at_1": "UPDATE donors_invitation SET version = 0",
    "invitation_expires_after_it_is_made": "UPDATE donors_invitation SET expires_at = created_at",
    "invitation_accepted_or_withdrawn": "UPDATE donors_invitation SET accepted_at = now(), withdrawn_at = now()",
    "invitation_accepted_by_whoever_accepted": "UPDATE donors_invitation SET accepted_by_id = {user}",
    "invitation_open_once": (
        "INSERT INTO donors_invitation (organization_id, email, role, language, version, created_at, expires_at)"
        " SELECT organization_id, email, 'editor', 'es', 1, created_at, expires_at FROM donors_invitation"
    ),
    "case_moved_elsewhere": 'INSERT INTO overlap_casemoved ("case", now) VALUES (7, 7)',
    "saved_view_has_a_name": (
        "INSERT INTO overlap_savedview (owner_id, name, query, created_at) VALUES ({user}, '', '', now())"
    ),
    "saved_view_name_once_a_person": (
        "INSERT INTO overlap_savedview (owner_id, name, query, created_at)"
        " SELECT {user}, 'a', '', now() FROM generate_series(1, 2)"
    ),
    "api_key_has_a_name": "UPDATE donors_apikey SET name = ''",
    "api_key_digest_is_sha256": "UPDATE donors_apikey SET digest = 'x'",
    "api_key_scopes_are_known": "UPDATE donors_apikey SET scopes = '{{read,all}}'",
    "api_key_use_once_a_day": (
        "INSERT INTO donors_apikeyuse (key_id, day, method, path, status, calls)"
        " SELECT k.id, '2026-01-01', 'GET', '/api/v1/goals/', 200, 1 FROM donors_apikey k, generate_series(1, 2)"
    ),
    "answered_request_once": (
        "INSERT INTO donors_answeredrequest (user_id, key, fingerprint, body, headers, created_at)"
        " SELECT {user}, 'k', 'f', '', '{{}}', now() FROM generate_series(1, 2)"
    ),
    "program_identifier_once_in_its_organization": (
        "UPDATE programs_program SET identifier = 'same', reporting_org_id = {org}"
    ),
    "program_has_an_identifier": "UPDATE programs_program SET identifier = '' WHERE id = {p}",
    "program_has_a_title": "UPDATE programs_program SET title = ''",
    "program_language_is_a_code": "UPDATE programs_program SET language = 'e1'",
    "program_status_is_known": "UPDATE programs_program SET status = 7",
    "program_stage_is_known": "UPDATE programs_program SET stage = 'x'",
    "program_visibility_is_known": "UPDATE programs_program SET visibility = 'x'",
    "program_source_is_known": "UPDATE programs_program SET source = 'x'",
    "program_scope_is_known": "UPDATE programs_program SET scope = 'x'",
    "program_goals_origin_is_known": "UPDATE programs_program SET goals_origin = 'x'",
    "program_component_is_known": "UPDATE programs_program SET esca_component = 5",
    "program_planned_dates_in_order": "UPDATE programs_program SET planned_end = '2001-01-01'",
    "program_actual_dates_in_order": (
        "UPDATE programs_program SET actual_start = '2024-01-02', actual_end = '2024-01-01'"
    ),
    "program_planned_start_is_plausible": "UPDATE programs_program SET planned_start = '1800-01-01'",
    "program_planned_end_is_plausible": "UPDATE programs_program SET planned_end = '2300-01-01'",
    "program_actual_start_is_plausible": "UPDATE programs_program SET actual_start = '1800-01-01'",
    "program_actual_end_is_plausible": "UPDATE programs_program SET actual_end = '2300-01-01'",
    "program_scanned_version_exists": "UPDATE programs_program SET scanned_version = version + 1",
    "translation_once_in_a_language": (
        "INSERT INTO programs_programtranslation (program_id, language, title, description)"
        " VALUES ({p}, 'es', 'a', '')"
    ),
    "translation_language_is_a_code": "UPDATE programs_programtranslation SET language = 'E'",
    "translation_says_something": "UPDATE programs_programtranslation SET title = '', description = ''",
    "participation_once_in_a_role": (
        "INSERT INTO programs_participation (program_id, organization_id, role, activity_identifier)"
        " SELECT program_id, organization_id, role, '' FROM programs_participation"
    ),
    "participation_role_is_known": "UPDATE programs_participation SET role = 5",
    "related_program_once": (
        "INSERT INTO programs_relatedprogram (program_id, type, identifier)"
        " SELECT program_id, type, identifier FROM programs_relatedprogram"
    ),
    "related_type_is_known": "UPDATE programs_relatedprogram SET type = 6",
    "related_has_an_identifier": "UPDATE programs_relatedprogram SET identifier = ''",
    "related_is_another": "UPDATE programs_relatedprogram SET related_id = program_id",
    "coverage_country_once": (
        "INSERT INTO programs_coverage (program_id, country_id, percentage) VALUES ({p}, 'HN', 100)"
    ),
    "coverage_region_once": (
        "INSERT INTO programs_coverage (program_id, region_id, percentage) VALUES ({p}, '389', 50), ({p}, '389', 50)"
    ),
    "coverage_is_a_country_or_a_region": "UPDATE programs_coverage SET region_id = '389'",
    "coverage_percentage_is_a_share": "UPDATE programs_coverage SET percentage = 0",
    "location_says_where": "UPDATE programs_programlocation SET area_id = NULL, name = ''",
    "location_point_is_whole_and_on_the_globe": "UPDATE programs_programlocation SET latitude = 15, longitude = NULL",
    "location_once": (
        "INSERT INTO programs_programlocation (program_id, area_id, name)"
        " SELECT program_id, area_id, name FROM programs_programlocation"
    ),
    "location_percentage_is_a_share": "UPDATE programs_programlocation SET percentage = 101",
    "program_goal_once": (
        "INSERT INTO programs_programgoal (program_id, goal_id, percentage, reasons) VALUES ({p}, 1, 100, '[]')"
    ),
    "goal_percentage_is_a_share": "UPDATE programs_programgoal SET percentage = -1",
    "program_sector_once": (
        "INSERT INTO programs_programsector (program_id, sector_id) SELECT program_id, sector_id"
        " FROM programs_programsector"
    ),
    "sector_percentage_is_a_share": "UPDATE programs_programsector SET percentage = 0",
    "policy_marker_once": (
        "INSERT INTO programs_policymarker (program_id, code, significance) VALUES ({p}, 1, 0)"
    ),
    "policy_marker_is_known": "UPDATE programs_policymarker SET code = 13",
    "policy_significance_is_known": "UPDATE programs_policymarker SET significance = 5",
    "transaction_type_is_known": "UPDATE programs_transaction SET type = 14",
    "transaction_date_is_plausible": "UPDATE programs_transaction SET date = '1800-01-01'",
    "transaction_currency_is_three_capitals": "UPDATE programs_transaction SET currency = 'usd'",
    "transaction_rate_month_dates_a_value": "UPDATE programs_transaction SET rate_month = '2024-01-02'",
    "transaction_dollars_are_dollars": "UPDATE programs_transaction SET value_usd = value + 1",
    "transaction_value_date_is_plausible": "UPDATE programs_transaction SET value_date = '2300-01-01'",
    "budget_type_is_known": "UPDATE programs_budget SET type = 3",
    "budget_status_is_known": "UPDATE programs_budget SET status = 3",
    "budget_period_in_order": "UPDATE programs_budget SET period_start = '2025-01-01', period_end = '2024-01-01'",
    "budget_period_is_plausible": "UPDATE programs_budget SET period_start = '1800-01-01'",
    "budget_currency_is_three_capitals": "UPDATE programs_budget SET currency = 'e'",
    "budget_rate_month_dates_a_value": "UPDATE programs_budget SET rate_month = '2024-01-02'",
    "budget_dollars_are_dollars": "UPDATE programs_budget SET value_usd = value + 1",
    "budget_value_date_is_plausible": "UPDATE programs_budget SET value_date = '2300-01-01'",
    "overlap_once_a_pair": (
        "INSERT INTO overlap_overlap (left_id, right_id, kind, score, factors, state, is_flagged, model_version,"
        " left_version, right_version, material, sites, first_flagged_at, updated_at)"
        " SELECT left_id, right_id, kind, score, factors, state, is_flagged, model_version, left_version,"
        " right_version, material, sites, now(), now() FROM overlap_overlap"
    ),
    "overlap_left_before_right": "UPDATE overlap_overlap SET left_id = right_id, right_id = left_id",
    "overlap_kind_is_known": "UPDATE overlap_overlap SET kind = 'x'",
    "overlap_score_is_0_to_1": "UPDATE overlap_overlap SET score = 1.5",
    "overlap_state_is_known": "UPDATE overlap_overlap SET state = 'x'",
    "overlap_second_report_is_one_of_the_pair": (
        "UPDATE overlap_overlap SET kind = 'duplicate', second_report_id = {other}"
    ),
    "overlap_second_report_of_the_same_money": (
        "UPDATE overlap_overlap SET kind = 'overlap', second_report_id = left_id"
    ),
    "review_action_is_known": "INSERT INTO {review} VALUES ({o}, 'x', '', '', '{{}}', {user}, 1, 1, now())",
    "review_reason_is_known": "INSERT INTO {review} VALUES ({o}, 'dismiss', 'x', '', '{{}}', {user}, 1, 1, now())",
    "review_dismissal_has_a_reason": (
        "INSERT INTO {review} VALUES ({o}, 'dismiss', '', '', '{{}}', {user}, 1, 1, now())"
    ),
    "review_other_reason_is_told": (
        "INSERT INTO {review} VALUES ({o}, 'dismiss', 'other', '', '{{}}', {user}, 1, 1, now())"
    ),
    "review_engine_only_reopens": (
        "INSERT INTO {review} VALUES ({o}, 'confirm', '', '', '{{}}', NULL, 1, 1, now())"
    ),
    "scan_one_at_a_time": (
        "INSERT INTO overlap_scanrun (started_at, model_version, programs, to_read)"
        " VALUES (now(), '1', 0, 0), (now(), '1', 0, 0)"
    ),
    "scan_part_once": (
        "INSERT INTO overlap_scanpart (run_id, step, number, program_ids, programs, pairs, flagged)"
        " SELECT run_id, step, number, '{{}}', 0, 0, 0 FROM overlap_scanpart"
    ),
    "scan_part_step_is_known": "UPDATE overlap_scanpart SET step = 3",
    "cluster_has_a_pair": "UPDATE overlap_cluster SET pairs = 0",
    "cluster_score_is_0_to_1": "UPDATE overlap_cluster SET score = 1.5",
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
        "INSERT INTO exchange_columnmeaning (organization_id, heading, \"column\")"
        " SELECT organization_id, heading, '' FROM exchange_columnmeaning"
    ),
    "comment_on_one_thing": "INSERT INTO {comment} VALUES ({p}, {o}, {user}, 'a', gen_random_uuid(), now())",
    "comment_says_something": "INSERT INTO {comment} VALUES ({p}, NULL, {user}, E' \\n', gen_random_uuid(), now())",
    "comment_text_is_not_too_long": (
        "INSERT INTO {comment} VALUES ({p}, NULL, {user}, repeat('ñ', 5001), gen_random_uuid(), now())"
    ),
    "comment_once_a_form": (
        "INSERT INTO {comment} SELECT program_id, overlap_id, author_id, text, key, now() FROM discussion_comment"
    ),
    "mention_once_in_a_comment": (
        "INSERT INTO discussion_mention (comment_id, person_id) SELECT comment_id, person_id FROM discussion_mention"
    ),
    "notification_of_one_thing": "UPDATE discussion_notification SET program_id = {p}, overlap_id = {o}",
    "notification_has_the_event_of_its_kind": "UPDATE discussion_notification SET kind = 'decision'",
    "notification_once_an_event": (
        "INSERT INTO discussion_notification (recipient_id, kind, overlap_id, created_at)"
        " SELECT recipient_id, kind, overlap_id, now() FROM discussion_notification"
    ),
    "letter_once_a_day": (
        "INSERT INTO discussion_letter (recipient_id, due_on, claimed_at, sent_at, attempts)"
        " SELECT recipient_id, due_on, now(), now(), 1 FROM discussion_letter"
    ),
    "letter_unsent_is_one": (
        "INSERT INTO discussion_letter (recipient_id, due_on, attempts)"
        " SELECT recipient_id, due_on + 1, 0 FROM discussion_letter"
    ),
    "letter_sent_was_claimed": "UPDATE discussion_letter SET sent_at = now()",
    "reached_source_is_known": "INSERT INTO discussion_reached VALUES ('x', 0)",
}  # fmt: skip
# What triggers hold, by the name that they give the violation.
TRIGGERS_BREAK = {
    "membership_coordinator_in_coordinating_body": "UPDATE donors_membership SET role = 'coordinator'",
    "invitation_coordinator_in_coordinating_body": "UPDATE donors_invitation SET role = 'coordinator'",
    "programs_coverage_shares_add_up": "UPDATE programs_coverage SET percentage = 60",
    "programs_programlocation_shares_add_up": "UPDATE programs_programlocation SET percentage = 60",
    "programs_programgoal_shares_add_up": "UPDATE programs_programgoal SET percentage = 99.99",
    "programs_programsector_shares_add_up": "UPDATE programs_programsector SET percentage = 60",
    "comment_is_only_withdrawn": "UPDATE discussion_comment SET text = 'b'",
}


@pytest.fixture
def world(committed_db: None) -> dict[str, object]:
    """A valid row in every table."""
    org, other_org = factories.organization("A"), factories.organization("B")
    user = factories.user(org, "editor")
    factories.user()
    p, q, other = (
        factories.program(
            owner,
            translations=(TranslationData("es", "Policía comunitaria"),),
            policy_markers=(MarkerData(1, 1),),
            budgets=(BudgetData(Decimal(5), "USD"),),
            related=(RelatedData(1, "PARENT-1"),),
        )
        for owner in (org, other_org, org)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO goals_priority (goal_id, country_id, title_en, title_es, rank, period_start, period_end,"
            " source, version) VALUES (1, 'HN', 'a', 'a', 1, '2025-01-01', '2026-01-01', '', 1);"
            "INSERT INTO priorities_prioritylink (priority_id, program_id, state, score, reasons)"
            " SELECT id, %(p)s, 'proposed', 0.5, '[]' FROM goals_priority;"
            "INSERT INTO donors_apikey (name, prefix, scopes, digest, created_at, user_id)"
            " VALUES ('k', 'p', '{read}', repeat('a', 64),"
            " now(), %(user)s);"
            "INSERT INTO donors_organizationrequest (name, normalized, kind, place, asked_by_id, asked_for_id,"
            " asked_at, answer) VALUES ('a', 'a', '90', '', %(user)s, %(org)s, now(), '');"
            "INSERT INTO donors_invitation (organization_id, email, role, language, version, created_at, expires_at)"
            " VALUES (%(org)s, 'a@example.org', 'viewer', 'en', 1, now(), now() + interval '7 days');"
            "INSERT INTO overlap_overlap (left_id, right_id, kind, score, factors, state, is_flagged, model_version,"
            " left_version, right_version, material, sites, first_flagged_at, updated_at) VALUES (%(p)s, %(q)s,"
            " 'overlap', 0.9, '[]', 'open', true, '1', 1, 1, '{}', '{}', now(), now());"
            "INSERT INTO overlap_cluster (score, kinds, programs, pairs, created_at, updated_at)"
            " VALUES (0.9, '{overlap}', 2, 1, now(), now());"
            "INSERT INTO overlap_scanrun (started_at, finished_at, model_version, programs, to_read)"
            " VALUES (now(), now(), '1', 0, 0);"
            "INSERT INTO overlap_scanpart (run_id, step, number, program_ids, programs, pairs, flagged)"
            " SELECT id, 1, 1, '{}', 0, 0, 0 FROM overlap_scanrun;"
            "INSERT INTO exchange_iatirecord (program_id, identifier, checksum, standard, xml, file_name, line,"
            " oddities, imported_at) VALUES (%(p)s, 'a', repeat('a', 64), '2.03', '', '', 1, '[]', now());"
            "INSERT INTO programs_programresult (program_id, type, title, description) VALUES (%(p)s, 1, 'a', '');"
            "INSERT INTO programs_resultindicator (program_id, result_id, title, description, measure, ascending,"
            " baseline_comment) SELECT program_id, id, 'a', '', 1, true, '' FROM programs_programresult;"
            'INSERT INTO programs_indicatorperiod (program_id, indicator_id, start, "end", target_comment,'
            " actual_comment) SELECT program_id, id, '2024-01-01', '2024-12-31', '', '' FROM programs_resultindicator;"
            "INSERT INTO programs_sustainability (program_id, budget_source) VALUES (%(p)s, '');"
            "INSERT INTO exchange_import (organization_id, kind, file_name, language, date_order, headings, columns,"
            " state, rows_expected, created_at) VALUES (%(org)s, 'csv', 'a.csv', 'en', '', '[]', '[]', 'applied', 1,"
            " now());"
            "INSERT INTO exchange_importrow (of_import_id, number, cells, outcome, identifier, title, changes,"
            " problems, program_id, candidates, choice, is_applied, is_undone, kept_because)"
            " SELECT id, 2, '[]', 'changed', 'a', 'a', '[]', '[]', %(p)s, '[]', '', true, false, ''"
            " FROM exchange_import;"
            "INSERT INTO exchange_dump (day, form, as_of, finished_at, size, sha256)"
            " VALUES ('2026-11-25', 'csv', now(), now(), 1, repeat('a', 64));"
            "INSERT INTO exchange_dumppart (dump_id, number, content) SELECT id, 0, 'a' FROM exchange_dump;"
            "INSERT INTO exchange_columnmeaning (organization_id, heading, \"column\") VALUES (%(org)s, 'a', 'title');"
            "INSERT INTO discussion_comment (program_id, author_id, text, key, created_at)"
            " VALUES (%(p)s, %(user)s, 'a', gen_random_uuid(), now());"
            "INSERT INTO discussion_mention (comment_id, person_id) SELECT id, author_id FROM discussion_comment;"
            "INSERT INTO discussion_notification (recipient_id, kind, overlap_id, created_at)"
            " SELECT %(user)s, 'flagged', id, now() FROM overlap_overlap;"
            "INSERT INTO discussion_letter (recipient_id, due_on, attempts) VALUES (%(user)s, '2026-01-05', 0)",
            {"user": user.pk, "org": org.pk, "p": p.pk, "q": q.pk},
        )
        cursor.execute("SELECT id FROM overlap_overlap")
        overlap = cursor.fetchone()[0]
    review = (
        "overlap_review (overlap_id, action, reason, note, changes, actor_id, left_version, right_version, created_at)"
    )
    import_row = (
        "exchange_importrow (of_import_id, number, outcome, program_id, choice, is_applied, is_undone, kept_because,"
        " cells, identifier, title, changes, problems, candidates)"
    )
    comment = "discussion_comment (program_id, overlap_id, author_id, text, key, created_at)"
    return {
        "p": p.pk, "q": q.pk, "other": other.pk, "org": org.pk, "user": user.pk, "o": overlap, "review": review,
        "comment": comment, "import_row": import_row,
    }  # fmt: skip


def break_it(statement: str, world: dict[str, object]) -> str:
    """Runs the statement to its commit and returns what the database said."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**world))
    return str(refusal.value) + str(getattr(refusal.value.__cause__.diag, "constraint_name", ""))  # type: ignore[union-attr]


def test_every_constraint_is_tried() -> None:
    declared = {
        constraint.name
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.endswith("Event")
        for constraint in model._meta.constraints
    }

    assert declared == set(BREAKS)


def test_the_database_refuses_each(world: dict[str, object]) -> None:
    for name, statement in {**BREAKS, **TRIGGERS_BREAK}.items():
        assert name in break_it(statement, world), name


def test_a_draft_that_is_published_must_add_up(committed_db: None) -> None:
    draft = factories.program(stage="draft")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_programgoal SET percentage = 40")

    with pytest.raises(IntegrityError, match=r"add up to 40\.00, not 100"), transaction.atomic():
        Program.objects.filter(pk=draft.pk).update(stage="published")


@pytest.mark.parametrize("statement", ["UPDATE overlap_review SET note = 'x'", "DELETE FROM overlap_review"])
def test_reviews_are_append_only(world: dict[str, object], statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {world['review']} VALUES (%s, 'confirm', '', '', '{{}}', %s, 1, 1, now())",
            [world["o"], world["user"]],
        )

    with pytest.raises(InternalError, match="append_only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_history_is_append_only(world: dict[str, object]) -> None:
    with pytest.raises(InternalError, match="append_only"), connection.cursor() as cursor:
        cursor.execute("UPDATE programs_programevent SET title = 'x'")


def test_moves_stay_as_they_were(world: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programs_stagechange (program_id, move, before, after, comment, created_at)"
            f" VALUES ({world['p']}, 'send_back', 'submitted', 'draft', 'Name the place.', now())"
        )

    with pytest.raises(InternalError, match="moves_stay_as_they_were"), connection.cursor() as cursor:
        cursor.execute("UPDATE programs_stagechange SET comment = 'x'")
