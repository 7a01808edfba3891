"""Pairs, decisions, cases, scans."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO overlap_overlap (left_id, right_id, kind, score, factors, state, is_flagged, model_version, left_version,
right_version, material, sites, first_flagged_at, updated_at)
VALUES (%(p)s, %(q)s, 'overlap', 0.9, '[]', 'open', true, '1', 1, 1, '{}', '{}', now(), now());
INSERT INTO overlap_review (overlap_id, action, reason, note, changes, actor_id, left_version, right_version,
created_at) SELECT id, 'confirm', '', '', '{}', %(user)s, 1, 1, now() FROM overlap_overlap WHERE left_id = %(p)s;
INSERT INTO overlap_cluster (score, kinds, programs, pairs, created_at, updated_at)
VALUES (0.9, '{overlap}', 2, 1, now(), now());
INSERT INTO overlap_assignment ("case", actor_id, created_at) VALUES (1, %(user)s, now());
INSERT INTO overlap_scanrun (started_at, finished_at, model_version, programs, to_read)
VALUES (now(), now(), '1', 0, 0);
INSERT INTO overlap_scanpart (run_id, step, number, program_ids, programs, pairs, flagged)
SELECT id, 1, 1, '{}', 0, 0, 0 FROM overlap_scanrun;
INSERT INTO overlap_uncertainpair (left_id, right_id, kind, score, lot) VALUES (%(p)s, %(q)s, 'overlap', 0.3, 1);
INSERT INTO overlap_samplelevel (id, level) VALUES (1, 0);
INSERT INTO overlap_calibration (base_version, number, lines, figures, state, created_at)
VALUES ('1', 1, '{}', '{}', 'in_effect', now()), ('1', 2, '{}', '{}', 'proposed', now());
INSERT INTO overlap_calibrationmove (calibration_id, action, note, created_at)
SELECT id, 'propose', '', now() FROM overlap_calibration;
"""

# Tables with their columns, as statements name them.
COLUMNS = {
    "review": (
        "overlap_review (overlap_id, action, reason, note, changes, actor_id, left_version, right_version, created_at)"
    )
}

# Constraint -> a statement that breaks it.
BREAKS = {
    "case_moved_elsewhere": 'INSERT INTO overlap_casemoved ("case", now) VALUES (7, 7)',
    "saved_view_has_a_name": (
        "INSERT INTO overlap_savedview (owner_id, name, query, created_at) VALUES ({user}, '', '', now())"
    ),
    "saved_view_name_once_a_person": (
        "INSERT INTO overlap_savedview (owner_id, name, query, created_at)"
        " SELECT {user}, 'a', '', now() FROM generate_series(1, 2)"
    ),
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
    "review_engine_only_reopens": ("INSERT INTO {review} VALUES ({o}, 'confirm', '', '', '{{}}', NULL, 1, 1, now())"),
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
    "uncertain_once_a_pair": (
        "INSERT INTO overlap_uncertainpair (left_id, right_id, kind, score, lot)"
        " SELECT left_id, right_id, kind, score, lot FROM overlap_uncertainpair"
    ),
    "uncertain_left_before_right": "UPDATE overlap_uncertainpair SET left_id = right_id, right_id = left_id",
    "uncertain_kind_is_known": "UPDATE overlap_uncertainpair SET kind = 'x'",
    "uncertain_score_is_0_to_1": "UPDATE overlap_uncertainpair SET score = 1.5",
    "sample_level_is_one_row": "INSERT INTO overlap_samplelevel (id, level) VALUES (2, 0)",
    "calibration_number_once": "UPDATE overlap_calibration SET number = 1",
    "calibration_one_in_effect": "UPDATE overlap_calibration SET state = 'in_effect'",
    "calibration_one_proposed": "UPDATE overlap_calibration SET state = 'proposed'",
    "calibration_state_is_known": "UPDATE overlap_calibration SET state = 'x'",
    "calibration_move_is_known": (
        "INSERT INTO overlap_calibrationmove (calibration_id, action, actor_id, note, created_at)"
        " SELECT id, 'x', {user}, '', now() FROM overlap_calibration"
    ),
    "calibration_people_decide": (
        "INSERT INTO overlap_calibrationmove (calibration_id, action, note, created_at)"
        " SELECT id, 'accept', '', now() FROM overlap_calibration"
    ),
    "calibration_refusal_says_why": (
        "INSERT INTO overlap_calibrationmove (calibration_id, action, actor_id, note, created_at)"
        " SELECT id, 'decline', {user}, '', now() FROM overlap_calibration"
    ),
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "overlap_assignment.append_only": 'UPDATE overlap_assignment SET "case" = 2',
    "overlap_review.append_only": "UPDATE overlap_review SET note = 'x'",
    "overlap_calibrationmove.append_only": "UPDATE overlap_calibrationmove SET note = 'x'",
}
