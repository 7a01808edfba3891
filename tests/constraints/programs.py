"""Programs and all that belongs to one."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO programs_programresult (program_id, type, title, description) VALUES (%(p)s, 1, 'a', '');
INSERT INTO programs_resultindicator (program_id, result_id, title, description, measure, ascending, baseline_comment)
SELECT program_id, id, 'a', '', 1, true, '' FROM programs_programresult;
INSERT INTO programs_indicatorperiod (program_id, indicator_id, start, "end", target_comment, actual_comment)
SELECT program_id, id, '2024-01-01', '2024-12-31', '', '' FROM programs_resultindicator;
INSERT INTO programs_sustainability (program_id, budget_source) VALUES (%(p)s, '');
INSERT INTO programs_stagechange (program_id, move, before, after, comment, created_at)
VALUES (%(p)s, 'send_back', 'submitted', 'draft', 'Name the place.', now());
INSERT INTO programs_sharingchange (program_id, before, after, added, removed, is_wider, created_at)
VALUES (%(p)s, 'partners', 'public', '{}', '{}', true, now());
INSERT INTO programs_confirmedwarning (program_id, code, key, params, created_at)
VALUES (%(p)s, 'date_unlikely', 'date_unlikely:1', '{}', now());
"""

# Constraint -> a statement that breaks it.
BREAKS = {
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
    "sharing_change_changes_something": (
        "INSERT INTO programs_sharingchange (program_id, before, after, added, removed, is_wider, created_at)"
        " VALUES ({p}, 'public', 'public', '{{}}', '{{}}', false, now())"
    ),
    "warning_confirmed_once": (
        "INSERT INTO programs_confirmedwarning (program_id, code, key, params, created_at)"
        " VALUES ({p}, 'date_unlikely', 'date_unlikely:1', '{{}}', now())"
    ),
    "reminder_once_a_person": (
        "INSERT INTO programs_updatereminder (user_id, organization_id, sent_at)"
        " SELECT {user}, {org}, now() FROM generate_series(1, 2)"
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
        "INSERT INTO programs_programtranslation (program_id, language, title, description) VALUES ({p}, 'es', 'a', '')"
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
    "other_sector_percentage_is_a_share": "UPDATE programs_othersector SET percentage = 101",
    "other_sector_says_something": "UPDATE programs_othersector SET code = '', name = ''",
    "policy_marker_once": ("INSERT INTO programs_policymarker (program_id, code, significance) VALUES ({p}, 1, 0)"),
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
    "planned_type_is_known": "UPDATE programs_planneddisbursement SET type = 3",
    "planned_period_in_order": "UPDATE programs_planneddisbursement SET period_end = '2024-01-01'",
    "planned_period_is_plausible": "UPDATE programs_planneddisbursement SET period_start = '1800-01-01'",
    "planned_currency_is_three_capitals": "UPDATE programs_planneddisbursement SET currency = 'e'",
    "planned_rate_month_dates_a_value": "UPDATE programs_planneddisbursement SET rate_month = '2024-01-02'",
    "planned_dollars_are_dollars": "UPDATE programs_planneddisbursement SET value_usd = value + 1",
    "planned_value_date_is_plausible": "UPDATE programs_planneddisbursement SET value_date = '2300-01-01'",
    "planned_year_once": (
        "INSERT INTO programs_plannedyear (program_id, year, basis, usd) SELECT program_id, year, basis, usd"
        " FROM programs_plannedyear"
    ),
    "planned_year_is_plausible": "UPDATE programs_plannedyear SET year = 1899",
    "planned_year_basis_is_known": "UPDATE programs_plannedyear SET basis = 'x'",
    "planned_year_says_something": "UPDATE programs_plannedyear SET usd = NULL",
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "programs_sharingchange.sharing_stays_as_it_was": "UPDATE programs_sharingchange SET is_wider = false",
    "programs_program.published_shares_add_up": (
        "UPDATE programs_program SET stage = 'draft' WHERE id = {p};"
        " UPDATE programs_programgoal SET percentage = 40 WHERE program_id = {p};"
        " SET CONSTRAINTS ALL IMMEDIATE;"
        " UPDATE programs_program SET stage = 'published' WHERE id = {p}"
    ),
    "programs_coverage.shares_add_up": "UPDATE programs_coverage SET percentage = 60",
    "programs_programlocation.shares_add_up": "UPDATE programs_programlocation SET percentage = 60",
    "programs_programgoal.shares_add_up": "UPDATE programs_programgoal SET percentage = 99.99",
    "programs_programsector.shares_add_up": "UPDATE programs_programsector SET percentage = 60",
    "programs_confirmedwarning.confirmations_stay_as_they_were": "UPDATE programs_confirmedwarning SET code = 'x'",
    "programs_stagechange.moves_stay_as_they_were": "UPDATE programs_stagechange SET comment = 'x'",
}
