"""Emails: text and simple HTML from templates, in the recipient's language; and the link by which one ends them."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from donors.models import User


def send_email(
    template: str,
    *,
    to: str,
    language: str,
    context: dict[str, Any],
    ended_by: User | None = None,
    ended_at: str = "",
    message_id: str = "",
) -> None:
    """Sends one email; `template` is the beginning of its files: …_subject.txt, …_message.txt, …_message.html.

    `language` is "en" or "es", or "" for the one that is active now. `ended_by` is anyone who may turn such emails off:
    the email then says how, to its reader and to the mail program (RFC 2369, RFC 8058). Emails that are turned off
    by themselves say where in `ended_at`, and in `choose` of the context where one chooses. SMTPException or OSError
    when it cannot be sent. None goes to what never has an address (RFC 2606), such as a machine account.
    """
    if to.endswith(".invalid"):
        return
    # RFC 3834: out-of-office answers are not sent to what a machine wrote.
    headers = {"Auto-Submitted": "auto-generated"}
    if message_id:
        headers["Message-ID"] = message_id
    end = ended_at or (link_that_ends(ended_by) if ended_by is not None else "")
    if end:
        headers |= {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        context = {"choose": link_to_choose(), **context, "end": end}
    with translation.override(language or translation.get_language()):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = render_to_string(f"{template}_message.txt", context).strip() + "\n"
        html = render_to_string(f"{template}_message.html", context).strip()
    letter = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    letter.attach_alternative(html, "text/html")
    letter.send()


def absolute(path: str) -> str:
    """A page's whole address, as an email needs it."""
    return settings.PORTAL_URL + path


def link_to_choose() -> str:
    """Where a person chooses how often emails come: the field of their profile."""
    return absolute(reverse("donors:account")) + "#id_digest"


def link_that_ends(user: User) -> str:
    """Lets the person who has the email stop such emails to that person, and nothing else.

    It never expires, since emails kept for long must end too, and holds no address.
    """
    return absolute(reverse("donors:stop_emails", args=[_signer().sign(str(user.pk))]))


def person_of_token(token: str) -> User | None:
    """Whose emails the token of such a link ends; None where it was not made here."""
    try:
        return User.objects.filter(pk=int(_signer().unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="donors.emails")
