"""Every change to comments, notifications and emails."""

from programs.discussion.services.comments import may_withdraw, withdraw, write_comment
from programs.discussion.services.letters import post_letters, prepare_letters, send_letter
from programs.discussion.services.reading import mark_all_read, mark_read, mark_subject_read
from programs.discussion.services.requests import tell_of_requests
from programs.discussion.services.sharing import tell_of_sharing
from programs.discussion.services.telling import tell_of_overlaps

__all__ = [
    "mark_all_read",
    "mark_read",
    "mark_subject_read",
    "may_withdraw",
    "post_letters",
    "prepare_letters",
    "send_letter",
    "tell_of_overlaps",
    "tell_of_requests",
    "tell_of_sharing",
    "withdraw",
    "write_comment",
]
