"""Signing in: second factors, sessions, passwords, their letters and their log."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from carsi_portal.checks import second_factor_is_required
from carsi_portal.logs import without_secrets
from donors import services
from donors.adapter import SecondFactorAdapter
from donors.models import Organization, User
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SECRET = "JBSWY3DPEHPK3PXP"
NEW_PASSWORD = "otras cuatro palabras"


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in(user: User, password: str = factories.PASSWORD) -> Client:
    """A client that went through the sign-in page."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("donors:account")).status_code == 200


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.MFA_REQUIRED = True

    def person(self, who: str, sica: Organization) -> User:
        if who in ("superuser", "staff"):
            return factories.user(is_staff=True, is_superuser=who == "superuser")
        if who == "nobody":
            return factories.user()
        return factories.user(sica if who == "coordinator" else factories.organization(), who)

    @pytest.mark.parametrize(
        ("who", "needed"),
        [
            ("nobody", False),
            ("viewer", False),
            ("editor", False),
            ("manager", True),
            ("coordinator", True),
            ("superuser", True),
            ("staff", True),
        ],
    )
    def test_is_needed_for_the_roles_that_may_much(
        self, who: str, needed: bool, sica: Organization, signed_in: SignIn
    ) -> None:
        client = signed_in(self.person(who, sica))

        page, api = client.get("/programs/"), client.get("/api/v1/programs/")

        assert (page.status_code, api.status_code) == ((302, 403) if needed else (200, 200))
        if needed:
            assert page["Location"] == reverse("mfa_index")
            assert "to continue" in client.get(page["Location"]).content.decode()

    def test_with_one_all_is_open(self, coordinator: User, signed_in: SignIn) -> None:
        factories.second_factor(coordinator)

        assert signed_in(coordinator).get("/programs/").status_code == 200

    def test_recovery_codes_alone_are_none(self, coordinator: User, signed_in: SignIn) -> None:
        Authenticator.objects.create(user=coordinator, type="recovery_codes", data={"seed": "", "used_mask": 0})

        assert signed_in(coordinator).get("/programs/").status_code == 302

    def test_nothing_is_asked_where_it_is_not_required(
        self, coordinator: User, signed_in: SignIn, settings: Any
    ) -> None:
        settings.MFA_REQUIRED = False

        assert signed_in(coordinator).get("/programs/").status_code == 200

    def test_an_app_is_set_up_then_asked_for(self, coordinator: User, django_capture_on_commit_callbacks: Any) -> None:
        client = sign_in(coordinator)
        there = reverse("mfa_activate_totp")
        asked = client.get(there)
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        client.post(asked["Location"], {"password": factories.PASSWORD, "next": there})
        assert "data:image/svg+xml" in client.get(there).content.decode()
        secret = client.session["mfa.totp.secret"]

        given = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post(there, {"code": given}, follow=True)

        assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
        assert len(done.context["unused_codes"]) == 10
        assert client.get("/programs/").status_code == 200
        assert "An authenticator app was added" in mail.outbox[-1].body
        # The next time the password alone is too little.
        second = sign_in(coordinator)
        assert not is_signed_in(second)
        second.post(reverse("mfa_authenticate"), {"code": done.context["unused_codes"][0]})
        assert is_signed_in(second)

    def test_a_wrong_code_lets_nobody_in_and_is_logged(self, coordinator: User) -> None:
        factories.second_factor(coordinator, SECRET)
        client = sign_in(coordinator)

        with capture_logs() as events:
            client.post(reverse("mfa_authenticate"), {"code": "000000"})

        assert not is_signed_in(client)
        failed = [event["user_id"] for event in events if event["event"] == "sign_in.second_factor_failed"]
        assert failed == [coordinator.pk]

    def test_a_code_works_once(self, coordinator: User) -> None:
        factories.second_factor(coordinator, SECRET)
        first, second, given = sign_in(coordinator), sign_in(coordinator), code()

        first.post(reverse("mfa_authenticate"), {"code": given})
        second.post(reverse("mfa_authenticate"), {"code": given})

        assert (is_signed_in(first), is_signed_in(second)) == (True, False)

    def test_its_secret_is_not_readable_in_the_database(self, coordinator: User, settings: Any) -> None:
        kept = factories.second_factor(coordinator, SECRET).data["secret"]
        adapter = SecondFactorAdapter()

        assert SECRET not in kept
        assert adapter.decrypt(kept) == SECRET
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
        assert adapter.decrypt(kept) == SECRET
        settings.SECRET_KEY_FALLBACKS = []
        assert len({adapter.decrypt(kept), adapter.decrypt(kept), SECRET, ""}) == 4

    def test_the_check_refuses_a_site_without_it(self, settings: Any) -> None:
        assert second_factor_is_required(None) == []
        settings.MFA_REQUIRED = False
        assert [found.id for found in second_factor_is_required(None)] == ["carsi_portal.E006"]

    def test_the_administration_asks_for_it_too(self, signed_in: SignIn) -> None:
        client = signed_in(factories.user(is_staff=True, is_superuser=True))

        assert client.get("/admin/")["Location"] == reverse("mfa_index")


class TestSessions:
    def test_each_is_listed_with_its_browser(self, signed_in: SignIn) -> None:
        user = factories.user()
        factories.session(user)
        client = sign_in(user)

        page = client.get(reverse("donors:sessions")).content.decode()

        assert "Chrome on Windows" in page
        assert "this session" in page

    def test_one_is_ended(self) -> None:
        user = factories.user()
        here, there = sign_in(user), sign_in(user)
        [other] = [row for row in services.open_sessions(user, here.session.session_key) if not row.is_this_one]

        here.post(reverse("donors:end_session", args=[other.pk]))

        assert (is_signed_in(here), is_signed_in(there)) == (True, False)

    def test_all_others_are_ended(self) -> None:
        user = factories.user()
        here, there, elsewhere = sign_in(user), sign_in(user), sign_in(user)

        here.post(reverse("donors:end_other_sessions"))

        assert [is_signed_in(client) for client in (here, there, elsewhere)] == [True, False, False]

    def test_somebody_elses_is_not_there(self) -> None:
        theirs = factories.session(factories.user())

        assert sign_in(factories.user()).post(reverse("donors:end_session", args=[theirs.pk])).status_code == 404

    @pytest.mark.parametrize(("key", "hours", "lasts"), [
        ("seen_at", 2.9, True), ("seen_at", 3.1, False), ("began_at", 11.9, True), ("began_at", 12.1, False),
    ])  # fmt: skip
    def test_it_ends_after_three_idle_hours_and_twelve_in_all(self, key: str, hours: float, lasts: bool) -> None:
        client = sign_in(factories.user())
        assert is_signed_in(client)
        session = client.session
        session[key] = time.time() - hours * 3600
        session.save()

        assert is_signed_in(client) is lasts

    def test_the_store_forgets_it_after_three_hours(self) -> None:
        client = sign_in(factories.user())

        assert client.session.get_expiry_age() == 3 * 60 * 60

    def test_being_used_is_noted_once_in_a_while(self, settings: Any) -> None:
        settings.USE_NOTED_EVERY_SECONDS = 60 * 60
        user = factories.user()
        client = sign_in(user)
        client.get("/account/")
        long_ago = timezone.now() - timedelta(hours=2)
        user.usersession_set.update(last_seen_at=long_ago)

        client.get("/account/")
        assert user.usersession_set.get().last_seen_at == long_ago
        session = client.session
        session["seen_at"] = time.time() - 60 * 60 - 1
        session.save()
        client.get("/account/")
        assert user.usersession_set.get().last_seen_at > long_ago

    def test_deactivated_people_are_signed_out(self, signed_in: SignIn) -> None:
        user, administrator = factories.user(), factories.user(is_staff=True, is_superuser=True)
        client = sign_in(user)
        fields = {
            "email": user.email, "full_name": "", "language": "", "digest": "weekly",
            "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0,
        }  # fmt: skip

        assert signed_in(administrator).post(f"/admin/donors/user/{user.pk}/change/", fields).status_code == 302

        assert not is_signed_in(client)
        assert not user.usersession_set.exists()

    def test_a_new_password_ends_the_others(self) -> None:
        user = factories.user()
        here, there = sign_in(user), sign_in(user)
        form = {"oldpassword": factories.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

        here.post(reverse("account_change_password"), form)

        assert (is_signed_in(here), is_signed_in(there)) == (True, False)
        assert len(services.open_sessions(user, here.session.session_key)) == 1
        assert "Your password was changed." in mail.outbox[-1].body


class TestPasswordReset:
    def test_the_letter_is_in_the_persons_language_and_its_link_works(self) -> None:
        user = factories.user(language="es")
        signed_in_before = sign_in(user)

        Client().post("/accounts/password/reset/", {"email": user.email}, headers={"Accept-Language": "en"})

        [sent_email] = mail.outbox
        assert sent_email.subject == "Elija una nueva contraseña para el Portal CARSI"
        assert len(sent_email.alternatives) == 1
        link = sent_email.body.partition("http://testserver")[2].split()[0]
        client = Client()
        form_at = client.get(link)["Location"]
        client.post(form_at, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        assert is_signed_in(sign_in(user, NEW_PASSWORD))
        assert not is_signed_in(signed_in_before)
        assert "Se cambió su contraseña." in mail.outbox[-1].body

    def test_the_page_says_the_same_of_every_address(self) -> None:
        user = factories.user()

        answers = [
            Client().post("/accounts/password/reset/", {"email": email}, follow=True)
            for email in (user.email, "nobody@example.org")
        ]

        assert answers[0].redirect_chain == answers[1].redirect_chain
        assert [len(sent_email.to) for sent_email in mail.outbox] == [1, 1]
        assert "there is no account with this address" in mail.outbox[1].body

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_no_letter_is_left_in_the_other_language(self, language: str) -> None:
        user = factories.user(language=language)

        Client().post("/accounts/password/reset/", {"email": user.email})

        words = {"en": "Choose one with this link", "es": "Elíjala con este enlace"}
        assert [text in mail.outbox[0].body for text in words.values()] == [language == "en", language == "es"]


class TestProfile:
    def test_name_language_and_digest_are_the_persons_to_change(self, signed_in: SignIn) -> None:
        user = factories.user()
        assert user.digest == "weekly"

        signed_in(user).post("/account/", {"full_name": "Ana", "language": "es", "digest": "off"})

        user.refresh_from_db()
        assert (user.full_name, user.language, user.digest) == ("Ana", "es", "off")

    def test_people_is_linked_for_whoever_sees_to_them(self, coordinator: User, signed_in: SignIn) -> None:
        own = factories.organization()
        links = {
            role: reverse("donors:people", args=[own.pk])
            in signed_in(factories.user(own, role)).get("/account/").content.decode()
            for role in ("viewer", "editor", "manager")
        }

        assert links == {"viewer": False, "editor": False, "manager": True}
        assert reverse("donors:people_index") in signed_in(coordinator).get("/account/").content.decode()

    def test_an_address_is_nobodys_to_change(self, signed_in: SignIn) -> None:
        assert signed_in(factories.user()).get("/accounts/email/").status_code == 404


class TestLog:
    def test_sign_ins_and_denials_are_logged_without_personal_data(
        self, signed_in: SignIn, caplog: pytest.LogCaptureFixture
    ) -> None:
        user = factories.user(full_name="Ana Cruz")
        with capture_logs() as events:
            client = sign_in(user)
            sign_in(user, "wrong")
            sign_in(User(email="nobody@example.org"), "wrong")
            client.get(reverse("programs:goals", args=[factories.program().pk]))
            client.post("/accounts/logout/")

        seen = [(event["event"], event.get("user_id")) for event in events if event["event"].partition(".")[0]
                in ("sign_in", "access")]  # fmt: skip
        assert seen == [
            ("sign_in.succeeded", user.pk),
            ("sign_in.failed", user.pk),
            ("sign_in.failed", None),
            ("access.denied", user.pk),
            ("sign_in.ended", user.pk),
        ]
        everything = str(events)
        assert user.email not in everything
        assert "Ana" not in everything
        assert "nobody@" not in everything

    @pytest.mark.parametrize(
        ("request_line", "kept"),
        [
            ("GET /account/invitations/WzEsMV0:1vNx:abc/", "GET /account/invitations/…/"),
            ("GET /accounts/password/reset/key/3-d0f-ab/", "GET /accounts/password/reset/key/…/"),
            ("GET /programs/3/", "GET /programs/3/"),
        ],
    )
    def test_addresses_that_let_in_are_cut(self, request_line: str, kept: str) -> None:
        event: dict[str, Any] = {"event": "request_started", "request": request_line, "code": 200}

        assert without_secrets(None, "info", event)["request"] == kept
