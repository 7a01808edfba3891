"""Comments, notifications, emails."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO discussion_comment (program_id, author_id, text, key, created_at)
VALUES (%(p)s, %(user)s, 'a', gen_random_uuid(), now());
INSERT INTO discussion_mention (comment_id, person_id) SELECT id, author_id FROM discussion_comment;
INSERT INTO discussion_notification (recipient_id, kind, overlap_id, created_at)
SELECT %(user)s, 'flagged', id, now() FROM overlap_overlap WHERE left_id = %(p)s;
INSERT INTO discussion_letter (recipient_id, due_on, attempts) VALUES (%(user)s, '2026-01-05', 0);
"""

# Tables with their columns, as statements name them.
COLUMNS = {"comment": "discussion_comment (program_id, overlap_id, author_id, text, key, created_at)"}

# Constraint -> a statement that breaks it.
BREAKS = {
    "topic_has_a_kind": "INSERT INTO discussion_topic (kind) VALUES ('')",
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
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "discussion_comment.comment_stays": "DELETE FROM discussion_mention; DELETE FROM discussion_comment",
    "discussion_comment.comment_is_only_withdrawn": "UPDATE discussion_comment SET text = 'b'",
}
