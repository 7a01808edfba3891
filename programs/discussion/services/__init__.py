"""Every change to comments, notifications, choices and letters."""

from programs.discussion.services.choices import choose_digest, digest_of, person_of_token, unsubscribe_token
from programs.discussion.services.comments import may_withdraw, withdraw, write_comment
from programs.discussion.services.letters import post_letters, prepare_letters, send_letter
from programs.discussion.services.reading import mark_all_read, mark_read, mark_subject_read
from programs.discussion.services.telling import tell_of_overlaps

__all__ = [
    "choose_digest",
    "digest_of",
    "mark_all_read",
    "mark_read",
    "mark_subject_read",
    "may_withdraw",
    "person_of_token",
    "post_letters",
    "prepare_letters",
    "send_letter",
    "tell_of_overlaps",
    "unsubscribe_token",
    "withdraw",
    "write_comment",
]
