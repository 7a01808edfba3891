import pytest
from django.test import Client

from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


def client(language: str = "") -> Client:
    client = Client()
    client.force_login(factories.user(language=language), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def speaks(client: Client, **headers: str) -> str:
    return client.get("/account/", headers=headers).text.split('<html lang="')[1][:2]


class TestLanguage:
    @pytest.mark.parametrize(
        ("browser", "expected"), [("es", "es"), ("es-GT,en;q=0.5", "es"), ("fr", "en"), ("", "en"), ("%%%", "en")]
    )
    def test_is_the_browsers_where_nothing_was_chosen(self, browser: str, expected: str) -> None:
        assert speaks(client(), **{"accept-language": browser}) == expected

    def test_is_the_profiles_rather_than_the_browsers(self) -> None:
        assert speaks(client("es"), **{"accept-language": "en"}) == "es"

    def test_is_what_was_chosen_in_this_browser_rather_than_the_profiles(self) -> None:
        somebody = client("es")

        somebody.post("/i18n/setlang/", {"language": "en", "next": "/account/"})

        assert speaks(somebody, **{"accept-language": "es"}) == "en"

    def test_of_a_visitor_is_what_was_chosen(self) -> None:
        visitor = Client()

        visitor.post("/i18n/setlang/", {"language": "es"})

        assert '<html lang="es">' in visitor.get("/accounts/login/").text

    def test_choosing_leads_to_no_other_site(self) -> None:
        answer = Client().post("/i18n/setlang/", {"language": "es", "next": "https://evil.example.org/"})

        assert answer["Location"] == "/"


class TestCaches:
    @pytest.mark.parametrize("address", ["/", "/programs/", "/account/", "/nowhere/", "/api/v1/goals/"])
    def test_what_a_signed_in_person_sees_is_kept_nowhere(self, address: str) -> None:
        assert "no-store" in client().get(address)["Cache-Control"]

    def test_what_a_key_pulls_is_kept_by_its_script_alone_and_asked_about_again(self) -> None:
        answer = Api(factories.user()).client.get("/api/v1/goals/")

        assert answer["Cache-Control"] == "private, no-cache"

    def test_a_page_in_one_language_or_for_one_person_is_not_for_another(self) -> None:
        varies = Client().get("/accounts/login/")["Vary"]

        assert {"Accept-Language", "Cookie"} <= {name.strip() for name in varies.split(",")}


def test_pages_run_nobody_elses_scripts_and_stand_in_nobody_elses_frame() -> None:
    answer = client().get("/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")


class TestCompression:
    def test_pages_and_json_are_compressed_for_who_takes_it(self) -> None:
        somebody = client()

        for address in ("/programs/", "/api/v1/goals/"):
            plain = somebody.get(address)
            packed = somebody.get(address, headers={"accept-encoding": "gzip"})

            assert packed["Content-Encoding"] == "gzip"
            assert len(packed.content) < len(plain.content) / 2
            assert "Accept-Encoding" in packed["Vary"]

    def test_downloads_are_sent_as_they_are(self) -> None:
        answer = client().get("/imports/programs.csv", headers={"accept-encoding": "gzip"})

        assert not answer.has_header("Content-Encoding")
