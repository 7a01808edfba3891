"""What is sent in place of a security key's answer; real answers are tried in tests/browser/test_security_keys.py."""

import base64
import json

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def answer(**response: str) -> str:
    """The shape of a key's answer, with what is given in it."""
    return json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response})


CLIENT = coded(b'{"type":"webauthn.get","challenge":"YQ","origin":"http://testserver"}')
NO_ANSWERS = [
    "", "x", "null", "1", "[]", "{}", '{"response": 5}', '{"response": []}', answer(),
    answer(clientDataJSON="+/+/", attestationObject="+/+/"),
    answer(clientDataJSON="é", attestationObject="é"),
    answer(clientDataJSON=CLIENT, attestationObject=coded(b"\xff")),
    answer(clientDataJSON=CLIENT, attestationObject=coded(b"\xa1")),
    answer(clientDataJSON=coded(b"[]"), authenticatorData="YQ", signature="YQ", userHandle="YQ"),
    answer(clientDataJSON=CLIENT, authenticatorData=coded(b"\0" * 37), signature="YQ", userHandle="YQ"),
    answer(clientDataJSON=CLIENT, authenticatorData="YQ", signature="YQ", userHandle="%"),
]  # fmt: skip
every_answer = pytest.mark.parametrize("stated", NO_ANSWERS)


@pytest.fixture
def confirmed() -> Client:
    """Somebody signed in who has just given the password again, and has a second factor."""
    person = factories.user()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return client


@every_answer
def test_none_of_them_signs_in_alone(stated: str) -> None:
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    assert client.post("/accounts/2fa/webauthn/login/", {"credential": stated}).status_code in (200, 302)
    assert "_auth_user_id" not in client.session


@every_answer
def test_none_of_them_signs_in_after_the_password(stated: str) -> None:
    person, client = factories.user(), Client()
    factories.second_factor(person)
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert client.get("/accounts/2fa/authenticate/").status_code == 200

    assert client.post("/accounts/2fa/authenticate/", {"credential": stated}).status_code == 200
    assert "_auth_user_id" not in client.session


@every_answer
def test_none_of_them_is_added(confirmed: Client, stated: str) -> None:
    assert confirmed.get("/accounts/2fa/webauthn/add/").status_code == 200

    page = confirmed.post("/accounts/2fa/webauthn/add/", {"name": "Blue", "credential": stated})

    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert "Blue" not in confirmed.get("/accounts/2fa/webauthn/").text


@every_answer
def test_none_of_them_confirms_anybody(confirmed: Client, stated: str) -> None:
    confirmed.get("/accounts/2fa/webauthn/reauthenticate/")

    assert confirmed.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": stated}).status_code in (200, 302)
