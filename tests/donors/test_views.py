import re
from collections.abc import Callable

import pytest
from django.test import Client

from donors import services
from donors.models import ApiKey, User
from tests import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.user(factories.organization("Agency"), "editor")


@pytest.fixture
def client(signed_in: Callable[[User], Client], user: User) -> Client:
    return signed_in(user)


class TestProfile:
    def test_it_works(self, client: Client, user: User) -> None:
        page = client.get("/account/").text

        for text in (user.email, "Agency", "editor", "You have no keys."):
            assert text in page

    def test_name_and_language_are_saved_and_the_next_page_speaks_it(self, client: Client, user: User) -> None:
        page = client.post(
            "/account/", {"full_name": " Ana Pérez ", "language": "es", "digest": "weekly"}, follow=True
        ).text

        user.refresh_from_db()
        assert (user.full_name, user.language) == ("Ana Pérez", "es")
        assert '<html lang="es">' in page
        assert "Se guardó su perfil." in page
        assert ">Ana<" in page

    def test_the_language_of_the_profile_wins_over_an_earlier_choice_in_the_browser(self, client: Client) -> None:
        client.post("/i18n/setlang/", {"language": "es"})
        assert '<html lang="es">' in client.get("/account/").text

        client.post("/account/", {"full_name": "", "language": "en", "digest": "off"})

        assert '<html lang="en">' in client.get("/account/").text

    def test_the_button_in_the_header_changes_the_profile_too(self, client: Client, user: User) -> None:
        client.post("/i18n/setlang/", {"language": "es"})
        user.refresh_from_db()

        assert user.language == "es"

    def test_the_button_takes_no_language_that_the_portal_does_not_speak(self, client: Client, user: User) -> None:
        assert client.post("/i18n/setlang/", {"language": "fr"}).status_code == 302
        user.refresh_from_db()

        assert user.language == ""

    @pytest.mark.parametrize(("field", "value"), [("language", "fr"), ("full_name", "x" * 151), ("full_name", "\0")])
    def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(
        self, client: Client, user: User, field: str, value: str
    ) -> None:
        answer = client.post("/account/", {"full_name": "", "language": "", field: value})

        assert answer.status_code == 400
        assert f'id="id_{field}_error"' in answer.text
        user.refresh_from_db()
        assert (user.full_name, user.language) == ("", "")

    def test_nobody_makes_themselves_an_administrator(self, client: Client, user: User) -> None:
        client.post("/account/", {"full_name": "x", "language": "en", "is_superuser": "on", "email": "a@b.org"})

        stored = User.objects.get(pk=user.pk)
        assert (stored.is_superuser, stored.email) == (False, user.email)


class TestKeys:
    def test_a_key_is_shown_once_and_opens_the_api(self, client: Client) -> None:
        page = client.post("/account/keys/", {"name": "nightly report"}).text
        secret = re.search(r'class="secret">(carsi_[^<]+)<', page)[1]  # type: ignore[index]

        assert "The key “nightly report” was created" in page
        assert Client().get("/api/v1/goals/", headers={"authorization": f"Bearer {secret}"}).status_code == 200
        assert secret not in client.get("/account/").text
        assert secret[:12] in client.get("/account/").text

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81, "\0"])
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_a_wrong_name_is_said_beside_the_field(self, client: Client, name: str, language: str) -> None:
        answer = client.post("/account/keys/", {"name": name}, headers={"accept-language": language})

        assert answer.status_code == 400
        assert 'id="id_name_error"' in answer.text
        assert not ApiKey.objects.exists()

    def test_a_revoked_key_is_gone_and_works_no_more(self, client: Client, user: User) -> None:
        made = services.create_api_key(user, "old")

        page = client.post(f"/account/keys/{made.key.pk}/revoke/", follow=True).text

        assert "The key “old” no longer works." in page
        assert "You have no keys." in page
        assert Client().get("/api/v1/goals/", headers={"authorization": f"Bearer {made.secret}"}).status_code == 401

    def test_somebody_elses_key_is_neither_shown_nor_revoked(self, client: Client) -> None:
        other = services.create_api_key(factories.user(), "theirs").key

        assert "theirs" not in client.get("/account/").text
        assert client.post(f"/account/keys/{other.pk}/revoke/").status_code == 404
        other.refresh_from_db()
        assert other.is_usable

    def test_asks_as_many_queries_for_50_keys_as_for_1(self, client: Client, user: User) -> None:
        services.create_api_key(user, "first")
        one = queries_of(client, "/account/")
        for number in range(49):
            services.create_api_key(user, str(number))
            factories.Membership.objects.create(user=user, organization=factories.organization(), role="viewer")

        assert queries_of(client, "/account/") == one
