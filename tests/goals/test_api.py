import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from donors.models import ApiKey
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(factories.user())


def codes(api: Api, address: str, key: str = "code") -> list[str]:
    return [row[key] for row in api.get(address)["results"]]


def test_goals_have_their_names_in_both_languages(api: Api) -> None:
    goals = api.get("goals/")["results"]

    assert [goal["number"] for goal in goals] == [1, 2, 3, 4, 5]
    assert all(goal[name] for goal in goals for name in ("name_en", "name_es", "short_en", "short_es"))
    assert api.get("goals/3/") == goals[2]


def test_the_seven_countries(api: Api) -> None:
    assert codes(api, "countries/?in_carsi=true") == ["BZ", "CR", "GT", "HN", "NI", "PA", "SV"]
    assert "HN" not in codes(api, "countries/?in_carsi=false")
    assert api.get("countries/HN/")["name_en"] == "Honduras"


def test_areas_of_a_country(api: Api) -> None:
    areas = codes(api, "areas/?country=HN&level=1")

    assert "HN-CR" in areas
    assert {code[:3] for code in areas} == {"HN-"}
    assert (api.get("areas/HN-CR/")["country"], api.get("areas/HN-CR/")["name"]) == ("HN", "Cortés")


def test_sectors_of_a_category(api: Api) -> None:
    sectors = codes(api, "sectors/?category=151&is_withdrawn=false&page_size=200")

    assert "15130" in sectors
    assert {code[:3] for code in sectors} == {"151"}


@pytest.mark.parametrize(
    "address",
    ["goals/?x=1", "goals/?ordering=number", "countries/?in_carsi=maybe", "countries/?code=HN", "areas/?level=9",
     "areas/?country=%00", "areas/?country=Honduras", "sectors/?is_withdrawn=1", "sectors/?category=9",
     "sectors/?cursor=x",
     "transactions/?currency=dollar", "transactions/?program=1.5", "transactions/?date_from=01/02/2026",
     "transactions/?type=99", "comments/?overlap=x", "organizations/?ordering=kind"],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(api: Api, address: str) -> None:
    assert [field for field, _ in api.refused(address)] == [address.split("?")[1].split("=")[0]]


@pytest.mark.parametrize("address", ["goals/", "overlaps/", "programs/1/", "me/", "gaps/"])
def test_a_format_that_there_is_none_of_is_refused_with_those_that_there_are(api: Api, address: str) -> None:
    refusal = api.get(f"{address}?format=yaml", status=406)

    assert (refusal["code"], "Known formats: json" in refusal["detail"]) == ("not_acceptable", True)


@pytest.mark.parametrize(
    "address",
    ["goals/6/", "countries/XX/", "countries/%00/", "areas/HN-XX/", "areas/%00/", "sectors/1/", "sectors/%00/"],
)
def test_what_is_not_there_is_404_as_json(api: Api, address: str) -> None:
    assert api.get(address, status=404)["code"] == "not_found"


def test_pages_neither_skip_nor_repeat(api: Api) -> None:
    found, answer = [], api.get("sectors/?page_size=100")
    while True:
        found += [row["code"] for row in answer["results"]]
        if not answer["next"]:
            break
        answer = api.client.get(answer["next"]).json()

    assert found == sorted(set(found))
    assert len(found) > 200


@pytest.mark.parametrize("name", ["goals", "countries", "areas", "sectors"])
def test_asks_as_many_queries_for_all_as_for_1(api: Api, name: str) -> None:
    assert api.queries(f"{name}/?page_size=1") == api.queries(f"{name}/?page_size=50")


def test_a_key_from_the_command_line_opens_it(capsys: pytest.CaptureFixture[str]) -> None:
    user = factories.user()

    call_command("create_api_key", user.email.upper(), "--name", "nightly", "--scope", "export")

    secret = capsys.readouterr().out.strip()
    assert (ApiKey.objects.get().name, ApiKey.objects.get().scopes) == ("nightly", ["read", "export"])
    assert Client().get("/api/v1/goals/", headers={"authorization": f"Bearer {secret}"}).status_code == 200


def test_the_command_refuses_an_email_of_nobody() -> None:
    closed = factories.user(is_active=False)

    for email in ("nobody@example.org", closed.email):
        with pytest.raises(CommandError, match=email):
            call_command("create_api_key", email)
