"""Lists that PostgreSQL writes say what the serializers say, field by field."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.utils.serializer_helpers import ReturnList

from donors.models import User
from programs.api import dump
from programs.api.serializers import ProgramSerializer
from programs.exchange.demonstration.loader import load
from programs.models import Program
from programs.services import CoverageData, LocationData
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db


def by_the_serializer() -> ReturnList[Any]:
    return ProgramSerializer(Program.objects.listed().order_by("id"), many=True).data


def test_every_field_of_every_demonstration_program() -> None:
    load()
    api, found, address = Api(factories.user(is_superuser=True)), [], "programs/?page_size=200"
    found = api.get(address)["results"]

    assert len(found) > 100
    assert found == [*map(dict, by_the_serializer())]


def test_what_is_unknown_and_what_is_odd() -> None:
    factories.program(planned_start=None, planned_end=None, goals=(), sectors=(), coverages=(), locations=())
    factories.program(title='“Ñandú” \\ " \t \u2028 </script> 😀', actual_start=date(2024, 2, 29))
    factories.program(
        coverages=(
            CoverageData(country_id="GT", percentage=Decimal("33.33")),
            CoverageData(region_id="1031", percentage=Decimal("66.67")),
        ),
        locations=(LocationData(area_id=None, name="Río", latitude=Decimal("14.5"), longitude=Decimal("-87")),),
    )
    Program.objects.update(updated_at="2026-03-02T06:00:00Z")  # no fraction of a second

    assert Api(factories.user(is_superuser=True)).get("programs/")["results"] == [*map(dict, by_the_serializer())]


def test_a_dump_has_a_line_for_each_program_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "ROWS_AT_ONCE", 2)
    for number in range(5):
        factories.program(title=f"Programa {number}")
    restricted = factories.program(visibility="restricted")
    api = Api(factories.user())

    answer = api.client.get("/api/v1/programs/?format=ndjson&country=HN")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]

    assert answer["Content-Type"] == "application/x-ndjson"
    assert lines == api.get("programs/?country=HN")["results"]
    assert restricted.pk not in {line["id"] for line in lines}


def test_fields_and_lists_are_those_asked_for(api_of_anybody: Api) -> None:
    program = factories.program()
    whole = api_of_anybody.get(f"programs/{program.pk}/")

    (few,) = api_of_anybody.get("programs/?fields=title,id,budgets")["results"]
    (more,) = api_of_anybody.get("programs/?expand=transactions,translations")["results"]

    assert few == {name: whole[name] for name in ("id", "title", "budgets")}
    assert len(whole["transactions"]) > 0
    assert more == {
        name: value
        for name, value in whole.items()
        if name not in ("budgets", "planned_disbursements", "results", "sustainability")
    }


@pytest.mark.parametrize("question", ["fields=title,sum", "expand=results", "fields=", "fields=title&fields=id"])
def test_what_is_no_field_is_refused_by_name(api_of_anybody: Api, question: str) -> None:
    ((parameter, _sentence),) = api_of_anybody.refused(f"programs/?{question}")

    assert parameter == question.partition("=")[0]


@pytest.mark.parametrize("address", ["programs/ids/?fields=id", "programs/?format=csv&fields=id"])
def test_where_all_comes_as_it_is_no_fields_are_chosen(api_of_anybody: Api, address: str) -> None:
    assert [parameter for parameter, _ in api_of_anybody.refused(address)] == ["fields"]


def test_one_query_reads_a_page(api_of_anybody: Api) -> None:
    factories.program()
    few = api_of_anybody.queries("programs/")
    for _number in range(20):
        factories.program()

    assert api_of_anybody.queries("programs/") == few


@pytest.fixture
def api_of_anybody(user: User) -> Api:
    return Api(user)


@pytest.fixture
def user() -> User:
    return factories.user()
