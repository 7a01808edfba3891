"""Invitations: the services, the email, and the whole way from the People page to the first sign-in."""

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import NotAllowed, Refused
from donors import services, tasks
from donors.models import Invitation, Membership, Organization, User
from donors.services.invitations import invitation_behind
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FORM = {"email": "ana@example.org", "role": "editor", "language": "es"}
PERSON = {"full_name": "Ana Cruz", "password": "cuatro palabras en fila", "language": "es"}


@pytest.fixture
def own() -> Organization:
    return factories.organization("Policía Nacional")


@pytest.fixture
def manager(own: Organization) -> User:
    return factories.user(own, "manager", full_name="Mario Zelaya")


def path_of(invitation: Invitation) -> str:
    return "/account/" + services.link_to(invitation).partition("/account/")[2]


def link_in(sent_email: Any) -> str:
    """The path of the only link of an email."""
    found = re.findall(r"https?://[^/\s]+(/\S+)", sent_email.body)
    assert len(found) == 1
    return found[0]


class TestInviting:
    def test_the_letter_is_in_its_own_language_with_text_and_html(self, own: Organization, manager: User) -> None:
        invitation = services.invite(own, **FORM, actor=manager)

        [sent_email] = mail.outbox
        [html] = sent_email.alternatives
        assert sent_email.to == ["ana@example.org"]
        assert sent_email.subject == "Policía Nacional le invita al Portal CARSI"
        assert "Mario Zelaya le invita" in sent_email.body
        # The link is signed with the second in which it was made.
        link = link_in(sent_email)
        assert link in html.content
        assert invitation_behind(link.rstrip("/").rpartition("/")[2]) == invitation
        assert invitation.sent_at is not None

    def test_names_in_a_letter_are_text(self, own: Organization, manager: User) -> None:
        manager.full_name = "<b>Mario</b> & Co"
        manager.save()

        services.invite(own, **FORM, actor=manager)

        assert "<b>Mario</b> & Co" in mail.outbox[0].body
        assert "&lt;b&gt;Mario" in mail.outbox[0].alternatives[0].content

    def test_it_says_the_same_whether_the_address_has_an_account(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        known, client = factories.user(), signed_in(manager)
        pages = []
        for email in (known.email, "unknown@example.org"):
            page = client.post(reverse("donors:invite", args=[own.pk]), {**FORM, "email": email}, follow=True)
            stated = [str(message) for message in page.context["messages"]]
            pages.append([text.replace(email, "…") for text in stated])

        bodies = [re.sub(r"http\S+", "", sent_email.body) for sent_email in mail.outbox]
        assert pages[0] == pages[1]
        assert bodies[0] == bodies[1]

    @pytest.mark.parametrize("role", ["viewer", "editor"])
    def test_members_invite_nobody(self, own: Organization, role: str) -> None:
        with pytest.raises(NotAllowed):
            services.invite(own, **FORM, actor=factories.user(own, role))

    def test_a_manager_invites_to_no_other_organization(self, manager: User) -> None:
        with pytest.raises(NotAllowed):
            services.invite(factories.organization("Other"), **FORM, actor=manager)

    def test_a_coordinator_invites_to_any(self, own: Organization, coordinator: User) -> None:
        assert services.invite(own, **FORM, actor=coordinator).organization == own

    def test_coordinators_are_invited_to_sica_by_coordinators(
        self, own: Organization, sica: Organization, coordinator: User
    ) -> None:
        offer = {**FORM, "role": "coordinator"}

        with pytest.raises(Refused, match="coordinating body"):
            services.invite(own, **offer, actor=coordinator)
        with pytest.raises(NotAllowed):
            services.invite(sica, **offer, actor=factories.user(sica, "manager"))
        assert services.invite(sica, **offer, actor=coordinator).role == "coordinator"

    def test_members_and_invited_addresses_are_refused(self, own: Organization, manager: User) -> None:
        member = factories.member(own)
        services.invite(own, **FORM, actor=manager)

        with pytest.raises(Refused, match="already a member"):
            services.invite(own, **{**FORM, "email": member.user.email.upper()}, actor=manager)
        with pytest.raises(Refused, match="already been invited"):
            services.invite(own, **{**FORM, "email": " ANA@example.org"}, actor=manager)

    def test_an_expired_offer_gives_way_to_a_new_one(self, own: Organization, manager: User) -> None:
        old = services.invite(own, **FORM, actor=manager)
        Invitation.objects.update(
            created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=2)
        )

        services.invite(own, **FORM, actor=manager)

        old.refresh_from_db()
        assert old.state == Invitation.State.WITHDRAWN

    def test_a_letter_that_cannot_be_sent_is_sent_later(
        self, own: Organization, manager: User, monkeypatch: pytest.MonkeyPatch, signed_in: SignIn
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise SMTPException

        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
            page = signed_in(manager).post(reverse("donors:invite", args=[own.pk]), FORM, follow=True)

        assert "could not be sent yet" in page.content.decode()
        assert mail.outbox == []
        tasks.send_waiting_invitations()
        tasks.send_waiting_invitations()
        assert [sent_email.to for sent_email in mail.outbox] == [["ana@example.org"]]


class TestLink:
    def test_sent_again_it_is_another_link_for_another_seven_days(self, own: Organization, manager: User) -> None:
        invitation = factories.invitation(own, expires_at=timezone.now() + timedelta(hours=1))
        old = path_of(invitation)

        again = services.resend_invitation(invitation, actor=manager)

        assert Client().get(old).status_code == 410
        assert Client().get(link_in(mail.outbox[0])).status_code == 200
        assert again.expires_at > timezone.now() + timedelta(days=6)

    def test_withdrawn_it_no_longer_works(self, own: Organization, manager: User) -> None:
        invitation = factories.invitation(own)

        services.withdraw_invitation(invitation, actor=manager)

        assert Client().get(path_of(invitation)).status_code == 410
        with pytest.raises(Refused):
            services.resend_invitation(invitation, actor=manager)

    def test_expired_it_no_longer_works(self, own: Organization) -> None:
        invitation = factories.invitation(own)
        Invitation.objects.update(
            created_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(seconds=1)
        )

        assert Client().post(path_of(invitation), PERSON).status_code == 410
        assert not User.objects.filter(email=invitation.email).exists()

    @pytest.mark.parametrize("token", ["x", "WzEsMV0:1:x", "a:b:c:d", "%00"])
    def test_made_up_it_does_not_work(self, token: str) -> None:
        assert Client().get(f"/account/invitations/{token}/").status_code == 410

    def test_another_key_signs_no_link(self, own: Organization, settings: Any) -> None:
        link = path_of(factories.invitation(own))
        settings.SECRET_KEY = "another"

        assert Client().get(link).status_code == 410

    def test_opening_it_uses_nothing_up(self, own: Organization) -> None:
        invitation = factories.invitation(own)

        assert [Client().get(path_of(invitation)).status_code for _ in range(3)] == [200, 200, 200]

    def test_the_page_is_in_no_cache(self, own: Organization) -> None:
        assert "no-store" in Client().get(path_of(factories.invitation(own)))["Cache-Control"]


class TestAccepting:
    def test_from_the_people_page_to_the_first_sign_in(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        signed_in(manager).post(reverse("donors:invite", args=[own.pk]), FORM)
        client, link = Client(), link_in(mail.outbox[0])

        answer = client.post(link, PERSON, follow=True)

        user = User.objects.get(email="ana@example.org")
        assert (user.full_name, user.language, user.roles) == ("Ana Cruz", "es", {own.pk: "editor"})
        assert answer.redirect_chain[-1][0] == reverse("region:home")
        assert answer.context["user"] == user
        assert [session.is_this_one for session in services.open_sessions(user, client.session.session_key)] == [True]
        assert Client().post(link, PERSON).status_code == 410
        again = Client().post("/accounts/login/", {"login": user.email, "password": PERSON["password"]})
        assert again.status_code == 302

    def test_a_new_manager_is_led_to_the_second_factor(self, own: Organization, settings: Any) -> None:
        settings.MFA_REQUIRED = True
        client = Client()

        answer = client.post(path_of(factories.invitation(own, role="manager")), PERSON, follow=True)

        assert answer.redirect_chain[-1][0] == reverse("mfa_index")
        # The password was given a moment ago: it is not asked for again.
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    @pytest.mark.parametrize("password", ["short", "password123", "ana.cruz@example.org", ""])
    def test_a_weak_password_is_told_at_its_field(self, own: Organization, password: str) -> None:
        invitation = factories.invitation(own, email="ana.cruz@example.org")

        answer = Client().post(path_of(invitation), {**PERSON, "password": password})

        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == ["password"]
        assert not User.objects.filter(email="ana.cruz@example.org").exists()

    def test_whoever_has_an_account_signs_in_and_accepts(self, own: Organization, signed_in: SignIn) -> None:
        user = factories.user()
        link = path_of(factories.invitation(own, email=user.email))

        anonymous = Client().get(link).content.decode()
        assert "Sign in to accept" in anonymous
        assert Membership.objects.filter(user=user).count() == 0
        answer = signed_in(user).post(link, follow=True)

        assert Membership.objects.get(user=user).role == "editor"
        assert "You are now a member of Policía Nacional" in answer.content.decode()
        assert Client().get(link).status_code == 410

    def test_posting_without_signing_in_changes_no_account(self, own: Organization) -> None:
        user = factories.user()
        before = user.password

        Client().post(path_of(factories.invitation(own, email=user.email)), PERSON)

        user.refresh_from_db()
        assert user.password == before
        assert not user.memberships.exists()

    def test_another_account_accepts_nothing(self, own: Organization, signed_in: SignIn) -> None:
        invitation = factories.invitation(own, email=factories.user().email)
        other = factories.user()

        assert signed_in(other).post(path_of(invitation)).status_code == 409
        with pytest.raises(NotAllowed):
            services.accept_as_member(invitation, user=other)

    def test_whoever_became_a_member_meanwhile_keeps_the_role(self, own: Organization) -> None:
        user = factories.user(own, "manager")
        invitation = factories.invitation(own, email=user.email, role="viewer")

        services.accept_as_member(invitation, user=user)

        assert user.roles == {own.pk: "manager"}

    def test_two_at_once_make_one_account(self, own: Organization) -> None:
        invitation = factories.invitation(own)
        services.accept_as_new_person(invitation, **PERSON)

        with pytest.raises(Refused, match="no longer open"):
            services.accept_as_new_person(invitation, **PERSON)

    def test_there_is_no_registration(self) -> None:
        answer = Client().post("/accounts/signup/", {"email": "x@example.org", "password1": "cuatro palabras en fila"})

        assert not User.objects.filter(email="x@example.org").exists()
        assert "by invitation" in answer.content.decode()
