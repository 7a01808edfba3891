"""Programs that answer a priority: proposed by the engine, settled by people, shown to whom they are for."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.errors import NotAllowed
from donors.models import User
from programs.overlap.profiles import refresh_profiles
from programs.priorities.models import PriorityLink
from programs.priorities.proposals import propose, propose_all
from programs.priorities.services import settle_link
from programs.services import CoverageData, GoalData, LocationData
from tests import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


class TestProposing:
    def proposed(self, *programs: object, **fields: object) -> set[str]:
        refresh_profiles([program.pk for program in programs])  # type: ignore[attr-defined]
        priority = factories.priority(**fields)
        propose(priority)
        return set(PriorityLink.objects.filter(priority=priority).values_list("program__title", flat=True))

    def test_what_does_the_same_work_in_the_same_place_and_goal_is_proposed(self) -> None:
        wanted = factories.program(title="Policía comunitaria en Choloma")
        other_work = factories.program(title="Forensic laboratory", description="DNA analysis and ballistics.")
        other_goal = factories.program(goals=(GoalData(2, 100),))  # type: ignore[arg-type]
        elsewhere = factories.program(coverages=(CoverageData(country_id="GT", percentage=100),), locations=())  # type: ignore[arg-type]
        past = factories.program(planned_start=None, planned_end="2019-01-01", status=4)

        found = self.proposed(wanted, other_work, other_goal, elsewhere, past)

        assert found == {"Policía comunitaria en Choloma"}
        link = PriorityLink.objects.get()
        assert [reason["what"] for reason in link.reasons] == ["goal", "country", "work", "text"]

    def test_a_priority_of_an_area_is_answered_there_or_by_who_names_none(self) -> None:
        there = factories.program(title="Community policing, there")
        elsewhere = factories.program(locations=(LocationData(area_id="HN-AT", name="Tela"),))

        assert self.proposed(there, elsewhere, area_id="HN-CR") == {"Community policing, there"}

    def test_a_second_round_keeps_what_people_settled_and_drops_what_no_longer_fits(self, coordinator: User) -> None:
        kept, gone, rejected = (factories.program() for _ in range(3))
        priority = factories.priority(title_en="Forensic DNA laboratory", title_es="Laboratorio forense de ADN")
        for program in (kept, gone, rejected):
            factories.priority_link(program, priority=priority)
        for program, confirm in ((kept, True), (rejected, False)):
            settle_link(PriorityLink.objects.get(program=program), actor=coordinator, confirm=confirm)
        refresh_profiles([kept.pk, gone.pk, rejected.pk])

        propose_all()

        assert dict(PriorityLink.objects.values_list("program", "state")) == {
            kept.pk: "confirmed", rejected.pk: "rejected",
        }  # fmt: skip


class TestSettling:
    @pytest.mark.parametrize(("role", "may"), [("viewer", False), ("editor", True), ("manager", True)])
    def test_its_own_organization_settles_it(self, role: str, may: bool) -> None:
        link = factories.priority_link(factories.program())
        person = factories.user(link.program.reporting_org, role)

        if may:
            assert settle_link(link, actor=person, confirm=True).decided_by == person
        else:
            with pytest.raises(NotAllowed):
                settle_link(link, actor=person, confirm=True)

    def test_nobody_else_settles_it_but_coordinators(self, coordinator: User) -> None:
        link = factories.priority_link(factories.program())

        with pytest.raises(NotAllowed):
            settle_link(link, actor=factories.user(factories.organization(), "manager"), confirm=True)
        assert settle_link(link, actor=coordinator, confirm=False).state == "rejected"


class TestPages:
    def test_both_pages_show_it_and_take_the_answer(self, signed_in: SignIn, coordinator: User) -> None:
        client = signed_in(coordinator)
        link = factories.priority_link(factories.program())
        program, priority = link.program.get_absolute_url(), link.priority.get_absolute_url()

        for there in (program, priority):
            assert "100 % of the program serves goal 1" in client.get(there).text
        answer = client.post(f"/priorities/programs/{link.pk}/", {"answers": "yes", "next": program})

        assert answer.url == program
        assert "1 program confirmed" in client.get("/priorities/").text
        assert [row["link"].pk for row in client.get(priority).context["confirmed"]] == [link.pk]

    def test_a_hidden_program_leaves_no_trace(self, signed_in: SignIn, coordinator: User) -> None:
        link = factories.priority_link(factories.program(visibility="restricted", title="Hidden"))
        settle_link(link, actor=coordinator, confirm=True)
        client = signed_in(factories.user(factories.organization(), "manager"))

        assert "Hidden" not in client.get(link.priority.get_absolute_url()).text
        assert "no program confirmed" in client.get("/priorities/").text
        assert client.post(f"/priorities/programs/{link.pk}/", {"answers": "yes"}).status_code == 404

    def test_asks_as_many_queries_for_50_as_for_1(self, signed_in: SignIn, coordinator: User) -> None:
        client = signed_in(coordinator)
        priority = factories.priority_link(factories.program()).priority
        one = queries_of(client, priority.get_absolute_url())
        for _ in range(20):
            factories.priority_link(factories.program(), priority=priority)

        assert queries_of(client, priority.get_absolute_url()) == one
