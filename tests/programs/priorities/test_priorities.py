"""Priorities: who enters them, their ranks, what becomes of them, and their pages."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from core.errors import EditConflict, NotAllowed, Refused
from donors.models import User
from goals.models import Priority
from programs.priorities.permissions import countries_to_set
from programs.priorities.services import PriorityData, add_priority, change_priority, end_priority, move_priority
from tests import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def data(**fields: object) -> PriorityData:
    values: dict[str, object] = {
        "goal": 1, "country": "HN", "area": None, "title_en": "Safe buses", "title_es": "Buses seguros",
        "period_start": dt.date(2026, 1, 1), "period_end": dt.date(2029, 12, 31),
    }  # fmt: skip
    return PriorityData(**{**values, **fields})  # type: ignore[arg-type]


def manager_of(country: str, kind: str = "10", role: str = "manager") -> User:
    from goals.models import Country

    body = factories.organization(kind=kind, country=Country.objects.get(pk=country))
    return factories.user(body, role)


def posted(**fields: str) -> dict[str, str]:
    values = {
        "goal": "1", "country": "HN", "area": "", "title_en": "Safe buses", "title_es": "Buses seguros",
        "period_start": "2026-01-01", "period_end": "2029-12-31",
    }  # fmt: skip
    return {**values, **fields}


class TestWhoMay:
    @pytest.mark.parametrize(
        ("country", "kind", "role", "codes"),
        [
            ("HN", "10", "manager", ["HN"]),
            ("HN", "10", "editor", []),
            ("HN", "22", "manager", []),  # an NGO does not speak for its country
            ("US", "10", "manager", []),  # a donor's government has no priorities here
        ],
    )
    def test_managers_of_government_organizations_speak_for_their_country(
        self, country: str, kind: str, role: str, codes: list[str]
    ) -> None:
        assert [one.pk for one in countries_to_set(manager_of(country, kind, role))] == codes

    def test_nobody_enters_those_of_another_country_or_of_the_region(self, coordinator: User) -> None:
        manager = manager_of("HN")

        for country in ("GT", None):
            with pytest.raises(NotAllowed):
                add_priority(data(country=country), actor=manager)
            add_priority(data(country=country), actor=coordinator)
        assert add_priority(data(), actor=manager).rank == 1

    def test_a_priority_is_not_carried_over_to_another_country(self) -> None:
        manager = manager_of("HN")
        with pytest.raises(NotAllowed):
            change_priority(factories.priority(), data(country="GT"), actor=manager, version=1)


class TestRanks:
    def test_a_new_one_goes_to_the_end_of_its_own_list(self, coordinator: User) -> None:
        ranks = [add_priority(data(**where), actor=coordinator).rank
                 for where in ({}, {}, {"goal": 2}, {"area": "HN-CR"}, {"period_start": dt.date(2030, 1, 1),
                               "period_end": dt.date(2031, 1, 1)})]  # fmt: skip

        assert ranks == [1, 2, 1, 1, 1]

    def test_up_and_down_swap_neighbours_and_nothing_else(self, coordinator: User) -> None:
        first, second, third = (factories.priority() for _ in range(3))

        assert move_priority(third, actor=coordinator, up=True)
        assert move_priority(first, actor=coordinator, up=False)

        order = Priority.objects.order_by("rank").values_list("pk", flat=True)
        assert list(order) == [third.pk, first.pk, second.pk]
        assert not move_priority(third, actor=coordinator, up=True)

    def test_the_database_holds_each_rank_once_in_a_period(self) -> None:
        factories.priority(rank=1)
        with pytest.raises(IntegrityError, match="priority_rank_once_in_a_period"), transaction.atomic():
            factories.priority(rank=1)

    def test_a_taken_rank_is_refused_by_name(self, coordinator: User) -> None:
        factories.priority(title_en="Taken")
        with pytest.raises(Refused, match="Taken"):
            add_priority(data(rank=1), actor=coordinator)


class TestChanging:
    def test_what_is_refused_says_why(self, coordinator: User) -> None:
        for wrong in ({"area": "GT-01"}, {"period_end": dt.date(2025, 1, 1)}, {"title_es": " "}):
            with pytest.raises(Refused):
                add_priority(data(**wrong), actor=coordinator)
        assert not Priority.objects.exists()

    def test_the_second_of_two_people_is_told(self, coordinator: User) -> None:
        priority = factories.priority()
        change_priority(priority, data(title_en="First"), actor=coordinator, version=1)
        with pytest.raises(EditConflict):
            change_priority(priority, data(title_en="Second"), actor=coordinator, version=1)

    def test_one_that_ends_early_is_over_after_that_day(self, coordinator: User) -> None:
        priority = end_priority(factories.priority(), actor=coordinator, on=dt.date(2025, 3, 1))

        assert priority.is_over
        with pytest.raises(Refused):
            end_priority(priority, actor=coordinator, on=dt.date(2026, 1, 1))

    def test_its_history_is_append_only(self) -> None:
        factories.priority()
        from django.db import InternalError

        with pytest.raises(InternalError, match="append_only"), connection.cursor() as cursor:
            cursor.execute("UPDATE goals_priorityevent SET rank = 9")


class TestPages:
    @pytest.fixture
    def client(self, signed_in: SignIn, coordinator: User) -> Client:
        return signed_in(coordinator)

    def test_it_works(self, client: Client) -> None:
        saved = client.post("/priorities/new/", posted(), follow=True)
        assert "Safe buses" in saved.text

        priority = Priority.objects.get()
        changed = posted(title_en="Safer buses", version="1")
        page = client.post(f"/priorities/{priority.pk}/edit/", changed, follow=True).text

        assert "title in English: Safe buses → Safer buses" in page
        listed = client.get("/priorities/").text
        assert "Honduras" in listed
        assert "Safer buses" in listed
        client.post(f"/priorities/{priority.pk}/end/", {"on": "2026-02-01"})
        assert "Safer buses" not in client.get("/priorities/").text
        assert "Safer buses" in client.get("/priorities/?when=over").text

    def test_a_wrong_form_names_its_fields(self, client: Client) -> None:
        wrong = posted(area="GT-01", period_end="2020-01-01", title_es="", period_start="x")

        answer = client.post("/priorities/new/", wrong)

        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {"area", "title_es", "period_start"}

    def test_a_stale_form_is_told_and_can_be_sent_again(self, client: Client) -> None:
        there = f"/priorities/{factories.priority().pk}/edit/"
        client.post(there, posted(title_en="One", version="1"))

        stale = client.post(there, posted(title_en="Two", version="1"))

        assert "Someone else changed this" in stale.text
        assert 'name="version" value="2"' in stale.text

    def test_the_list_is_of_a_country_or_of_the_region(self, client: Client) -> None:
        factories.priority()
        factories.priority(country_id=None, title_en="Regional register")

        assert "Regional register" not in client.get("/priorities/?country=HN").text
        assert "in Cortés" not in client.get("/priorities/?country=regional").text
        assert client.get("/priorities/?country=zz&when=never").status_code == 200

    def test_moving_comes_back_to_the_same_list_and_nowhere_else(self, client: Client) -> None:
        _first, second = factories.priority(), factories.priority()

        here = "/priorities/?country=HN"
        for there, back in ((here, here), ("//evil.example", "/priorities/"), ("x\0y", "/priorities/")):
            answer = client.post(f"/priorities/{second.pk}/move/", {"to": "up", "next": there})
            assert answer.url == f"{back}#priority-{second.pk}"

    def test_asks_as_many_queries_for_50_as_for_1(self, client: Client) -> None:
        factories.priority()
        one = queries_of(client, "/priorities/")
        for _ in range(49):
            factories.priority()

        assert queries_of(client, "/priorities/") == one


def test_its_page_says_in_the_readers_language_that_it_is_invented_and_was_added(
    signed_in: SignIn, coordinator: User
) -> None:
    priority = factories.priority(source="demonstration")
    coordinator.language = "es"
    coordinator.save()

    page = signed_in(coordinator).get(priority.get_absolute_url()).content.decode()

    assert "Datos de demostración" in page
    assert "Fuente" not in page
    assert "Portal · Prioridad agregada" in page
