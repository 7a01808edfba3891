"""Agreements in the API."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programs.agreements import services
from programs.agreements.models import Agreement, Commitment
from programs.models import Program
from tests.api import Api
from tests.programs.agreements.world import World


def commitment(the: World, **more: Any) -> dict[str, Any]:
    """What a script says of a commitment."""
    stated = {"kind": "leave_area", "organization": the.aecid.pk, "program": the.right.pk, "area": "HN-CR"}
    return {**stated, "due_on": "2027-06-30", "follow_up": "Elena Ruiz", **more}


def terms(the: World, **more: Any) -> dict[str, Any]:
    return {"kind": "area", "text": "INL keeps Choloma.", "commitments": [commitment(the)], **more}


def places(problem: dict[str, Any]) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


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
        assert [row["kind"] for row in answer["steps"]] == ["drafted", "proposed", "accepted", "accepted", "agreed"]
        assert answer["steps"][2]["sentence"] == "Ines Miller for INL accepted version 1."

    def test_lists_are_filtered_and_hold_what_one_may_see(self, the: World) -> None:
        proposed, draft = the.proposed(), the.draft()

        assert Api(the.ines).ids("agreements/?state=proposed") == [proposed.pk]
        assert Api(the.ines).ids("agreements/") == [proposed.pk]
        assert Api(the.carmen).ids("agreements/") == [proposed.pk, draft.pk]
        assert Api(the.victor).ids("agreements/") == []
        Api(the.victor).get(f"agreements/{proposed.pk}/", status=404)
        Api(the.ines).get(f"agreements/{draft.pk}/", status=404)

    def test_a_copy_is_kept_exact(self, the: World) -> None:
        agreement, gone = the.agreed(the.terms(the.commitment(text="Share the manual"))), the.proposed()
        api = Api(the.ines)
        before = api.get("agreements/ids/")

        services.withdraw(gone, actor=the.carmen)
        assert api.ids(f"agreements/?updated_since={before['as_of']}") == [agreement.pk, gone.pk]
        Agreement.objects.update(updated_at=timezone.now() - timedelta(days=1))
        services.say_kept(Commitment.objects.get(version__agreement=agreement), actor=the.elena)

        assert before["ids"] == [agreement.pk, gone.pk]
        assert api.ids(f"agreements/?updated_since={before['as_of']}") == [agreement.pk]
        assert Api(the.victor).get("agreements/ids/")["ids"] == []

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
    def post(self, the: World, agreement: Agreement, person: str = "ines", **stated: object) -> int:
        api = Api(getattr(the, person))
        body = {"organization": the.inl.pk, "version": 1, "answer": "accept"} | stated
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

    def test_other_terms_are_a_new_version_to_which_the_others_answer(self, the: World) -> None:
        agreement, elena = the.proposed(), Api(the.elena)
        stated = {"organization": the.aecid.pk, "version": 1, "answer": "counter", "note": "The school year"}
        wrong = terms(the, commitments=[commitment(the, area="GT-01")])

        assert places(elena.send("POST", f"agreements/{agreement.pk}/answer/", stated, 400)) == ["#/terms"]
        problem = elena.send("POST", f"agreements/{agreement.pk}/answer/", {**stated, "terms": wrong}, 400)
        assert places(problem) == ["#/terms/commitments/0/area"]
        useless = {**stated, "answer": "accept", "terms": terms(the)}
        assert places(elena.send("POST", f"agreements/{agreement.pk}/answer/", useless, 400)) == ["#/terms"]
        assert Agreement.objects.get().version == 1

        shown = elena.send("POST", f"agreements/{agreement.pk}/answer/", {**stated, "terms": terms(the)}, 200)

        latest = shown["versions"][1]
        assert (shown["state"], shown["version"], latest["organization"]) == ("proposed", 2, the.aecid.pk)
        assert (latest["text"], latest["note"]) == ("INL keeps Choloma.", "The school year")
        assert [row["answer"] for row in latest["answers"]] == ["accept"]

    def test_it_is_in_force_no_more_once_withdrawn(self, the: World) -> None:
        agreement = the.proposed()
        services.withdraw(agreement, actor=the.carmen)

        assert self.post(the, agreement) == 409


class TestDrafting:
    def stated(self, the: World, **more: Any) -> dict[str, Any]:
        return {"title": "Choloma divided", "overlaps": [the.overlap.pk], **terms(the), **more}

    def test_a_draft_is_made_once_changed_and_proposed(self, the: World) -> None:
        carmen = Api(the.carmen)
        made = carmen.send("POST", "agreements/", self.stated(the), 201, Idempotency_Key="a")
        assert carmen.send("POST", "agreements/", self.stated(the), 201, Idempotency_Key="a") == made
        there = f"agreements/{made['id']}/"
        assert carmen.get(there) == made
        assert (made["state"], made["edition"], set(made["programs"])) == ("draft", 1, {the.left.pk, the.right.pk})
        assert {(row["organization"], row["must_accept"]) for row in made["parties"]} == {
            (the.inl.pk, True),
            (the.aecid.pk, True),
        }

        parties = [{"organization": the.inl.pk, "must_accept": False}, {"organization": the.aecid.pk}]
        changed = carmen.send("PATCH", there, {"title": "Choloma", "parties": parties}, 200, If_Match='"1"')
        assert (changed["title"], changed["edition"]) == ("Choloma", 2)
        assert [(row["name"], row["must_accept"]) for row in changed["parties"]] == [("AECID", True), ("INL", False)]
        assert changed["versions"][0]["commitments"][0]["area"] == "HN-CR"
        late = carmen.send("PATCH", there, {"title": "Late"}, 412, If_Match='"1"')
        assert (late["code"], late["version"]) == ("changed_meanwhile", 2)
        assert carmen.send("PATCH", there, {"title": "Blind"}, 428)["code"] == "if_match_required"

        proposed = carmen.send("POST", f"{there}moves/", {"move": "propose"}, 200, If_Match='"2"')
        assert (proposed["state"], proposed["edition"], proposed["title"]) == ("proposed", 3, "Choloma")
        assert carmen.send("PATCH", there, {"title": "Late"}, 409, If_Match='"3"')["code"] == "refused"

    def test_a_case_is_its_confirmed_overlaps(self, the: World) -> None:
        from programs.overlap.services.clusters import update_clusters

        update_clusters([the.overlap.pk])
        the.overlap.refresh_from_db()
        stated = self.stated(the, case=the.overlap.cluster_id)
        del stated["overlaps"]

        made = Api(the.carmen).send("POST", "agreements/", stated, 201)

        assert Agreement.objects.get(pk=made["id"]).overlaps.get() == the.overlap
        problem = Api(the.carmen).send("POST", "agreements/", {**stated, "case": 10**12}, 400)
        assert places(problem) == ["#/case"]

    def test_what_is_wrong_is_named_by_its_place(self, the: World) -> None:
        def row(**wrong: Any) -> dict[str, Any]:
            return self.stated(the, commitments=[commitment(the), commitment(the, **wrong)])

        for stated, pointer in (
            (self.stated(the, titel="x"), "#/titel"),
            (self.stated(the, overlaps=[the.overlap.pk, 10**12]), "#/overlaps/1"),
            (self.stated(the, case=1), "#"),
            (self.stated(the, kind="dance"), "#/kind"),
            (self.stated(the, parties=[{"organization": the.undp.pk}]), "#/parties/0/organization"),
            (self.stated(the, parties=[{"organization": the.inl.pk}] * 2), "#/parties/1"),
            (self.stated(the, parties=[{"organization": the.inl.pk, "must_accept": False}]), "#/parties"),
            (row(area=None), "#/commitments/1/area"),
            (row(area="GT-01"), "#/commitments/1/area"),
            (row(organization=the.undp.pk), "#/commitments/1/organization"),
            (row(program=10**12), "#/commitments/1/program"),
            (row(due_on="0026-01-01"), "#/commitments/1/due_on"),
            (row(amount="5", currency="ZAR"), "#/commitments/1/currency"),
            (row(amount="-5", currency="EUR"), "#/commitments/1/amount"),
            (row(follow_up=""), "#/commitments/1/follow_up"),
        ):
            problem = Api(the.carmen).send("POST", "agreements/", stated, 400)
            assert (places(problem), Agreement.objects.exists()) == ([pointer], False), problem

    def test_only_coordinators_draft_change_and_move(self, the: World) -> None:
        draft, proposed = the.draft(), the.proposed()
        for person, of_draft, of_proposed in ((the.ines, 404, 403), (the.victor, 404, 404)):
            api = Api(person)
            api.send("POST", "agreements/", self.stated(the), 403)
            api.send("POST", "agreements/", {"overlaps": [10**12]}, 403)
            for agreement, status in ((draft, of_draft), (proposed, of_proposed)):
                there = f"agreements/{agreement.pk}/"
                api.send("PATCH", there, {"title": "Mine"}, status, If_Match='"1"')
                api.send("POST", f"{there}moves/", {"move": "withdraw"}, status, If_Match='"2"')
        reader = Api(the.carmen, scopes=())
        assert reader.send("POST", "agreements/", self.stated(the), 403)["code"] == "insufficient_scope"
        assert set(Agreement.objects.values_list("title", "state")) == {
            ("Choloma divided", "draft"),
            ("Choloma divided", "proposed"),
        }

    def test_an_overlap_that_nobody_confirmed_is_refused(self, the: World) -> None:
        type(the.overlap).objects.update(state="open")

        assert Api(the.carmen).send("POST", "agreements/", self.stated(the), 409)["code"] == "refused"


class TestMoving:
    def move(self, the: World, agreement: Agreement, status: int = 200, edition: int = 0, **stated: Any) -> Any:
        now = edition or Agreement.objects.get(pk=agreement.pk).edition
        return Api(the.carmen).send("POST", f"agreements/{agreement.pk}/moves/", stated, status, If_Match=f'"{now}"')

    def test_each_of_the_coordinators_moves(self, the: World) -> None:
        assert self.move(the, the.draft(), move="drop", note="Too early")["state"] == "withdrawn"
        proposed = the.proposed()
        new = terms(the, text="AECID keeps Choloma.")
        revised = self.move(the, proposed, move="revise", terms=new, note="Better")
        assert (revised["version"], revised["versions"][1]["text"]) == (2, "AECID keeps Choloma.")
        assert self.move(the, proposed, move="withdraw")["state"] == "withdrawn"
        assert self.move(the, the.agreed(), move="end", note="Over")["state"] == "ended"
        assert self.move(the, the.agreed(), move="break", note="INL stayed")["state"] == "broken"

    def test_what_is_refused(self, the: World) -> None:
        bare, proposed = the.draft(the.terms(text="", commitments=())), the.proposed()

        assert places(self.move(the, bare, 400, move="propose")) == ["#/text", "#/commitments"]
        known = self.move(the, proposed, 400, move="accept")["errors"][0]["detail"]
        assert known == "Unknown action. Known actions: propose, revise, break, end, drop, withdraw."
        assert places(self.move(the, proposed, 400, move="revise")) == ["#/terms"]
        assert places(self.move(the, proposed, 400, move="withdraw", terms=terms(the))) == ["#/terms"]
        wrong = terms(the, commitments=[commitment(the, program=None)])
        assert places(self.move(the, proposed, 400, move="revise", terms=wrong)) == ["#/terms/commitments/0/program"]
        assert self.move(the, proposed, 409, move="drop")["code"] == "refused"
        assert self.move(the, proposed, 409, move="end", note="x")["code"] == "refused"
        assert self.move(the, the.agreed(), 409, move="end")["detail"] == "Give a reason."
        late = self.move(the, proposed, 412, move="revise", terms=terms(the), edition=1)
        assert late["version"] == proposed.edition
        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")
        assert "cannot see" in self.move(the, the.draft(), 409, move="propose")["detail"]


class TestKeeping:
    def test_what_is_promised_in_words_is_said_seen_and_taken_back(self, the: World) -> None:
        agreement = the.agreed(the.terms(the.commitment(text="Share the manual")))
        row = Commitment.objects.get()

        def mark(person: Any, mark: str, status: int = 200, commitment: int = row.pk) -> Any:
            stated = {"commitment": commitment, "mark": mark}
            return Api(person).send("POST", f"agreements/{agreement.pk}/marks/", stated, status)

        def marked(shown: Any) -> tuple[str, str]:
            return shown["state"], shown["versions"][0]["commitments"][0]["mark"]

        assert mark(the.carmen, "seen", 409)["detail"] == "This commitment has not been reported as done yet."
        mark(the.ines, "kept", 403)
        mark(the.victor, "kept", 404)
        mark(the.elena, "kept", 404, commitment=10**12)
        assert places(mark(the.elena, "danced", 400)) == ["#/mark"]
        before = Agreement.objects.get(pk=agreement.pk).edition
        assert marked(mark(the.elena, "kept")) == ("agreed", "said")
        assert Agreement.objects.get(pk=agreement.pk).edition > before
        mark(the.elena, "seen", 403)
        assert marked(mark(the.carmen, "seen")) == ("kept", "kept")
        assert marked(mark(the.elena, "not_kept")) == ("agreed", "open")
