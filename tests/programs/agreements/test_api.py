"""Agreements in the API."""

import pytest

from programs.agreements import services
from programs.agreements.models import Agreement
from tests.api import Api
from tests.programs.agreements.world import World


@pytest.fixture
def the(db: None) -> World:
    return World()


class TestReading:
    def test_it_works(self, the: World) -> None:
        agreement = the.agreed()

        answer = Api(the.ines).get(f"agreements/{agreement.pk}/")

        assert (answer["state"], answer["version"], answer["kind"]) == ("agreed", 1, "area")
        assert {party["name"] for party in answer["parties"]} == {"INL", "AECID"}
        commitment = answer["versions"][0]["commitments"][0]
        assert commitment["sentence"] == "AECID leaves Cortés with “Policía comunitaria en Choloma”."
        assert commitment["mark"] == "open"
        assert [row["answer"] for row in answer["versions"][0]["answers"]] == ["accept", "accept"]

    def test_lists_are_filtered_and_hold_what_one_may_see(self, the: World) -> None:
        proposed, draft = the.proposed(), the.draft()

        assert Api(the.ines).ids("agreements/?state=proposed") == [proposed.pk]
        assert Api(the.ines).ids("agreements/") == [proposed.pk]
        assert Api(the.carmen).ids("agreements/") == [proposed.pk, draft.pk]
        assert Api(the.victor).ids("agreements/") == []
        Api(the.victor).get(f"agreements/{proposed.pk}/", status=404)
        Api(the.ines).get(f"agreements/{draft.pk}/", status=404)

    def test_the_sentence_is_in_the_language_asked_for(self, the: World) -> None:
        agreement = the.proposed()

        answer = Api(the.ines, "es").get(f"agreements/{agreement.pk}/")

        assert "se retira de Cortés" in answer["versions"][0]["commitments"][0]["sentence"]

    def test_queries_do_not_grow(self, the: World) -> None:
        api, counts = Api(the.ines), []
        for number in (1, 10):
            for _ in range(number):
                agreement = the.agreed(the.terms(*(the.leave_area() for _ in range(number))))
            counts.append([api.queries("agreements/"), api.queries(f"agreements/{agreement.pk}/")])

        assert counts[0] == counts[1]


class TestAnswering:
    def post(self, the: World, agreement: Agreement, person: str = "ines", **said: object) -> int:
        api = Api(getattr(the, person))
        body = {"organization": the.inl.pk, "version": 1, "answer": "accept"} | said
        address = f"/api/v1/agreements/{agreement.pk}/answer/"
        return api.client.post(address, body, content_type="application/json").status_code

    def test_a_manager_accepts(self, the: World) -> None:
        agreement = the.proposed()

        assert self.post(the, agreement) == 200
        assert self.post(the, agreement, "elena", organization=the.aecid.pk) == 200

        assert Agreement.objects.get().state == "agreed"

    def test_what_is_refused(self, the: World) -> None:
        agreement = the.proposed()

        assert self.post(the, agreement, answer="decline") == 409
        assert self.post(the, agreement, answer="dance") == 400
        assert self.post(the, agreement, version=2) == 409
        assert self.post(the, agreement, version=10**9) == 400
        assert self.post(the, agreement, organization=the.undp.pk) == 404
        assert self.post(the, agreement, "elena") == 403
        assert self.post(the, agreement, "carmen") == 403
        assert self.post(the, agreement, "victor") == 404
        assert Agreement.objects.get().state == "proposed"

    def test_it_is_in_force_no_more_once_withdrawn(self, the: World) -> None:
        agreement = the.proposed()
        services.withdraw(agreement, actor=the.carmen)

        assert self.post(the, agreement) == 409
