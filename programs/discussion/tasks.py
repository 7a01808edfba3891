"""Background jobs: each finds its rows and calls a service; each may run twice."""

from celery import shared_task
from django.utils import timezone

from programs.discussion import services


@shared_task(name="programs.discussion.tell_of_overlaps")
def notify_of_overlaps() -> None:
    """Tells of new overlaps and decisions."""
    services.notify_of_overlaps()


@shared_task(name="programs.discussion.tell_of_requests")
def notify_of_requests() -> None:
    """Tells of organizations that were asked for, and of the answers."""
    services.notify_of_requests()


@shared_task(name="programs.discussion.tell_of_sharing")
def tell_of_sharing() -> None:
    """Tells managers, or else coordinators, of programs that more people may see."""
    services.tell_of_sharing()


@shared_task(name="programs.discussion.prepare_letters")
def prepare_emails(digest: str) -> None:
    """Makes the emails of a rhythm that are due today, and has them sent by any worker."""
    for letter_id in services.prepare_emails(digest, timezone.now().date()):
        send_email.delay(letter_id)


@shared_task(name="programs.discussion.send_letter")
def send_email(letter_id: int) -> None:
    """Sends one email, unless another worker is at it."""
    services.send_email(letter_id)


@shared_task(name="programs.discussion.post_letters")
def waiting_emails() -> None:
    """Has emails sent that were missed."""
    for letter_id in services.waiting_emails():
        send_email.delay(letter_id)
