"""Letters: text and simple HTML from templates, in the recipient's language."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


def send_letter(template: str, *, to: str, language: str, context: dict[str, Any]) -> None:
    """Sends one letter; `template` is the beginning of its files: …_subject.txt, …_message.txt, …_message.html.

    `language` is "en" or "es", or "" for the one that is active now. SMTPException or OSError when it cannot be sent.
    """
    with translation.override(language or translation.get_language()):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = render_to_string(f"{template}_message.txt", context).strip() + "\n"
        html = render_to_string(f"{template}_message.html", context).strip()
    # RFC 3834: out-of-office answers are not sent to what a machine wrote.
    letter = EmailMultiAlternatives(subject, text, to=[to], headers={"Auto-Submitted": "auto-generated"})
    letter.attach_alternative(html, "text/html")
    letter.send()
