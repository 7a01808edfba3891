import pytest
from django.test import Client

from core.api.problems import PROBLEMS
from donors.models import User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.carsi_portal.broken_urls")]

# Address -> status, what the page says in English and in Spanish.
PAGES = {
    "/nowhere/": (404, "Page not found", "Página no encontrada"),
    "/programs/0/": (404, "Page not found", "Página no encontrada"),
    "/odd/": (400, "The request could not be read", "No se pudo leer la solicitud"),
    "/broken/": (500, "An error occurred on the server", "Ocurrió un error en el servidor"),
    "/slow/": (503, "This took too long", "Esto tardó demasiado"),
    "/away/": (503, "The portal is not available right now", "El portal no está disponible en este momento"),
}


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(factories.user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("address", PAGES)
def test_an_error_has_a_page_in_both_languages(client: Client, address: str) -> None:
    status, english, spanish = PAGES[address]

    for language, words in (("en", english), ("es", spanish)):
        answer = client.get(address, headers={"accept-language": language})

        assert answer.status_code == status
        assert f"<h1>{words}</h1>" in answer.text
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "You do not have permission to do this"), ("es", "No tiene permiso para hacer esto")]
)
def test_what_is_forbidden_has_a_page_in_both_languages(client: Client, language: str, words: str) -> None:
    program = factories.program()

    answer = client.get(f"/programs/{program.pk}/goals/", headers={"accept-language": language})

    assert answer.status_code == 403
    assert f"<h1>{words}</h1>" in answer.text


@pytest.mark.parametrize(("language", "words"), [("en", "Your session expired"), ("es", "Su sesión venció")])
def test_a_form_without_its_token_has_a_page_in_both_languages(language: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user(), backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post("/account/keys/", {"name": "x"}, headers={"accept-language": language})

    assert answer.status_code == 403
    assert words in answer.text
    assert "CARSI" in answer.text


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/nowhere/", 404, "not_found"),
        ("/api/v1/nowhere/", 404, "not_found"),
        ("/api/v1/programs/0/", 404, "not_found"),
        ("/api/odd/", 400, "bad_request"),
        ("/api/broken/", 500, "error"),
        ("/api/slow/", 503, "took_too_long"),
        ("/api/v1/slow/", 503, "took_too_long"),
        ("/api/away/", 503, "unavailable"),
    ],
)
def test_under_api_an_error_is_a_problem_of_one_shape(client: Client, address: str, status: int, code: str) -> None:
    answers = [client.get(address, headers={"accept-language": language}) for language in ("en", "es")]

    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert (answer.json()["status"], answer.json()["code"], answer.json()["errors"]) == (status, code, [])
    english, spanish = (answer.json()["detail"] for answer in answers)
    assert english != spanish


@pytest.mark.parametrize("address", ["/slow/", "/away/", "/api/slow/", "/api/v1/slow/", "/api/away/"])
def test_what_may_work_later_says_when_to_try_again(client: Client, address: str) -> None:
    assert int(client.get(address)["Retry-After"]) > 0


def test_an_error_shows_nothing_of_the_inside(client: Client) -> None:
    for address in ("/broken/", "/api/broken/", "/odd/", "/slow/", "/api/v1/slow/", "/away/"):
        text = client.get(address).text

        assert "it is broken" not in text
        assert "statement timeout" not in text
        assert "connect to server" not in text
        assert "Traceback" not in text


@pytest.mark.parametrize("address", ["/", "/api/v1/goals/"])
def test_a_request_for_another_host_is_400(client: Client, address: str) -> None:
    answer = client.get(address, headers={"host": "evil.example.org"})

    assert answer.status_code == 400


def test_an_error_page_for_nobody_signed_in_is_a_page(db: None) -> None:
    answer = Client().get("/nowhere/")

    assert (answer.status_code, User.objects.exists()) == (404, False)
    assert "Page not found" in answer.text


def test_each_code_has_its_place_on_the_documentation_page(client: Client) -> None:
    text = client.get("/api/docs/").text

    assert [code for code in PROBLEMS if f'id="problem-{code}"' not in text] == []


def test_an_address_without_its_slash_leads_to_the_one_with_it(client: Client) -> None:
    answer = client.post("/api/v1/programs?format=json")

    assert (answer.status_code, answer["Location"]) == (308, "/api/v1/programs/?format=json")
    assert client.get("/api/v1/nothing").status_code == 404


def test_a_body_without_its_length_is_refused_rather_than_taken_for_empty(client: Client) -> None:
    answer = client.generic("POST", "/api/v1/programs/", headers={"transfer-encoding": "chunked"})

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize(("language", "words"), [("en", "Reference number"), ("es", "Número de referencia")])
def test_a_failure_names_its_request_as_the_logs_do(
    client: Client, caplog: pytest.LogCaptureFixture, language: str, words: str
) -> None:
    answer = client.get("/broken/", headers={"accept-language": language})

    (logged,) = [record.msg for record in caplog.records if "request_failed" in str(record.msg)]
    assert isinstance(logged, dict)
    assert logged["request_id"] == answer["X-Request-ID"]
    assert f"{words}: {answer['X-Request-ID']}" in answer.text
    assert "Reference number" not in client.get("/nowhere/").text


def test_a_problem_of_the_api_names_its_request_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answers = [client.get(address) for address in ("/api/broken/", "/api/nowhere/")]

    assert len({answer["X-Request-ID"] for answer in answers}) == 2
    assert all(answer["X-Request-ID"] for answer in answers)
