"""Every change to comments, notifications and emails."""

from programs.discussion.services.comments import may_withdraw, withdraw, write_comment
from programs.discussion.services.emails import prepare_emails, send_email, waiting_emails
from programs.discussion.services.notifying import notify_of_overlaps
from programs.discussion.services.reading import mark_all_read, mark_read, mark_subject_read
from programs.discussion.services.requests import notify_of_requests
from programs.discussion.services.sharing import tell_of_sharing

__all__ = [
    "mark_all_read",
    "mark_read",
    "mark_subject_read",
    "may_withdraw",
    "notify_of_overlaps",
    "notify_of_requests",
    "prepare_emails",
    "send_email",
    "tell_of_sharing",
    "waiting_emails",
    "withdraw",
    "write_comment",
]
