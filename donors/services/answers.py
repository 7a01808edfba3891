"""Answers to creations, kept for a day by the key that the client chose."""

from datetime import timedelta

from django.utils import timezone

from donors.models import AnsweredRequest, User

KEPT_FOR = timedelta(hours=24)


def claim_answer(user: User, key: str, fingerprint: str) -> AnsweredRequest:
    """The row of this key, made now if there is none; waits where another request is just making it.

    Within a transaction: until its end the row is this request's alone.
    """
    AnsweredRequest.objects.filter(user=user, key=key, created_at__lt=timezone.now() - KEPT_FOR).delete()
    AnsweredRequest.objects.bulk_create(
        [AnsweredRequest(user=user, key=key, fingerprint=fingerprint)], ignore_conflicts=True
    )
    return AnsweredRequest.objects.select_for_update().get(user=user, key=key)


def keep_answer(row: AnsweredRequest, status: int, body: str, headers: dict[str, str]) -> None:
    """What the request was answered; `body` is JSON, as it was sent."""
    row.status, row.body, row.headers = status, body, headers
    row.save(update_fields=["status", "body", "headers"])


def forget_old_answers() -> int:
    """Deletes answers older than a day; how many."""
    return AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
