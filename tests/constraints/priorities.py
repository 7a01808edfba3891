"""Programs that answer priorities."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO priorities_prioritylink (priority_id, program_id, state, score, reasons)
SELECT id, %(p)s, 'proposed', 0.5, '[]' FROM goals_priority;
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "priority_link_once": (
        "INSERT INTO priorities_prioritylink (priority_id, program_id, state, score, reasons)"
        " SELECT l.priority_id, l.program_id, 'proposed', 0.5, '[]' FROM priorities_prioritylink l"
    ),
    "priority_link_state_is_known": "UPDATE priorities_prioritylink SET state = 'x', decided_at = now()",
    "priority_link_score_is_a_share": "UPDATE priorities_prioritylink SET score = 2",
    "priority_link_decision_is_dated": "UPDATE priorities_prioritylink SET state = 'confirmed', decided_at = NULL",
}

# Table and trigger -> a statement that it refuses.
REFUSED = {}
