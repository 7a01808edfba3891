"""Who a key's script is told that it is."""

import pytest

from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


def test_it_says_whose_the_key_is_and_what_it_is_for() -> None:
    body = factories.organization("Own")
    person = factories.user(body, "editor", full_name="Elena Ruiz", language="es")

    told = Api(person, scopes=["write"]).get("me/")

    assert (told["email"], told["full_name"], told["language"]) == (person.email, "Elena Ruiz", "es")
    assert told["roles"] == [{"organization_id": body.pk, "organization": "Own", "role": "editor"}]
    assert (told["key"]["name"], told["key"]["scopes"]) == ("test", ["read", "write"])
    assert "carsi_" in told["key"]["prefix"]
    assert not told["sees_everything"]


@pytest.mark.parametrize("address", ["me/", "gaps/", "matrix/"])
def test_a_parameter_of_what_takes_none_is_refused_by_name(address: str) -> None:
    assert [name for name, _ in Api(factories.user()).refused(f"{address}?country=HN")] == ["country"]
