"""Emails: each leads to what it speaks of; who may turn one off is told how; and nobody else's are turned off."""

import re
from html import unescape

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from donors.adapter import LETTERS, NOTICES
from donors.emails import link_that_ends, person_of_token, send_email
from donors.services import choose_digest, invite
from tests import factories

pytestmark = pytest.mark.django_db
LINK = re.compile(rf"{re.escape(settings.PORTAL_URL)}(/[^\s\"<]+)")


def links_in(text: str) -> set[str]:
    return set(LINK.findall(text))


@pytest.mark.parametrize("name", [*LETTERS, *NOTICES])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_about_signing_in_leads_there_as_text_and_as_html(name: str, language: str) -> None:
    person = factories.user(language=language)
    reset = f"{settings.PORTAL_URL}/accounts/password/reset/key/1-x/"
    context = {"user": person, "password_reset_url": reset, "timestamp": timezone.now(), "ip": "::1", "user_agent": "x"}

    get_adapter().send_mail(name, person.email, context)

    [sent_email] = mail.outbox
    assert links_in(sent_email.body)
    assert links_in(unescape(sent_email.alternatives[0][0])) == links_in(sent_email.body)
    # What one must know of one's account cannot be turned off.
    assert "List-Unsubscribe" not in sent_email.extra_headers


def test_an_invitation_leads_to_where_it_is_accepted() -> None:
    organization = factories.organization()
    manager = factories.user(organization, "manager")

    invite(organization, email="new@example.org", role="viewer", language="es", actor=manager)

    [sent_email] = mail.outbox
    [link] = links_in(sent_email.body)
    assert links_in(sent_email.alternatives[0][0]) == {link}
    assert Client().get(link).status_code == 200
    assert "List-Unsubscribe" not in sent_email.extra_headers


def test_one_that_may_be_turned_off_says_how_to_its_reader_and_to_the_mail_program() -> None:
    person = factories.user()
    context = {"recipient": person, "groups": [], "count": 1, "all": ""}

    send_email("discussion/emails/digest", to=person.email, language="en", context=context, ended_by=person)

    [sent_email] = mail.outbox
    end = link_that_ends(person).removeprefix(settings.PORTAL_URL)
    assert sent_email.extra_headers["List-Unsubscribe"] == f"<{settings.PORTAL_URL}{end}>"
    assert sent_email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert links_in(sent_email.body) == links_in(sent_email.alternatives[0][0]) == {end, "/account/#id_digest"}


def test_the_page_that_ends_them_speaks_the_readers_language() -> None:
    person = factories.user(language="es")

    page = Client().get(link_that_ends(person).removeprefix(settings.PORTAL_URL)).text

    assert '<html lang="es">' in page
    assert "¿Quiere que el portal deje de enviarle" in page


def test_the_token_of_somebody_deleted_ends_nothing() -> None:
    person = factories.user()
    token = link_that_ends(person).rstrip("/").rpartition("/")[2]
    assert person_of_token(token) == person

    person.delete()

    assert person_of_token(token) is None


def test_no_other_rhythm_than_the_three() -> None:
    with pytest.raises(Refused):
        choose_digest(factories.user(), "hourly")
