"""The pages of agreements: who sees what, and what each form does."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from donors.models import User
from programs.agreements import services
from programs.agreements.models import Agreement, Commitment, Step
from programs.models import Program
from programs.services import GoalData
from tests.programs.agreements.world import World, save
from tests.queries import queries_of

SignIn = Callable[[User], Client]


def form(the: World, **changes: Any) -> dict[str, Any]:
    """The draft form as a browser sends it."""
    sent = {
        "title": "Choloma divided",
        "kind": "area",
        "text": "INL keeps Choloma.",
        f"party-{the.inl.pk}": "must",
        f"party-{the.aecid.pk}": "must",
        "rows": "1",
        "commitment-0-kind": "leave_area",
        "commitment-0-organization": the.aecid.pk,
        "commitment-0-program": the.right.pk,
        "commitment-0-area": "HN-CR",
        "commitment-0-due_on": "2027-06-30",
        "commitment-0-follow_up": "Elena Ruiz",
        "do": "save",
    }
    return sent | changes


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestDraft:
    def test_it_works(self, the: World, signed_in: SignIn) -> None:
        client = signed_in(the.carmen)
        address = f"/agreements/new/?overlap={the.overlap.pk}"
        assert "Draft an agreement" in text_of(client, address)

        answer = client.post(address, form(the, do="propose"))

        agreement = Agreement.objects.get()
        assert answer["Location"] == f"/agreements/{agreement.pk}/"
        assert agreement.state == "proposed"
        assert "AECID leaves Cortés with “Policía comunitaria en Choloma”." in text_of(client, answer["Location"])

    def test_another_row_is_added_without_losing_anything_or_saving(self, the: World, signed_in: SignIn) -> None:
        answer = signed_in(the.carmen).post(f"/agreements/new/?overlap={the.overlap.pk}", form(the, do="add"))

        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'name="commitment-1-kind"' in page
        assert 'value="Elena Ruiz"' in page
        assert "usa-error-message" not in page
        assert not Agreement.objects.exists()

    def test_what_is_wrong_stands_beside_its_field(self, the: World, signed_in: SignIn) -> None:
        sent = form(the) | {"commitment-0-area": "", "commitment-0-due_on": "soon", "title": ""}
        answer = signed_in(the.carmen).post(f"/agreements/new/?overlap={the.overlap.pk}", sent)
        assert answer.status_code == 400
        assert "Enter a valid date." in answer.content.decode()

        sent |= {"commitment-0-due_on": "2027-06-30", "title": "a"}
        answer = signed_in(the.carmen).post(f"/agreements/new/?overlap={the.overlap.pk}", sent)
        assert answer.status_code == 400
        assert "Choose the area." in answer.content.decode()
        assert not Agreement.objects.exists()

    def test_a_draft_that_cannot_be_proposed_yet_is_kept(self, the: World, signed_in: SignIn) -> None:
        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")
        client = signed_in(the.carmen)

        answer = client.post(f"/agreements/new/?overlap={the.overlap.pk}", form(the, do="propose"), follow=True)

        agreement = Agreement.objects.get()
        assert agreement.state == "draft"
        assert answer.redirect_chain[-1][0] == f"/agreements/{agreement.pk}/edit/"
        assert "INL cannot see" in answer.content.decode()
        sent = form(the, do="propose", tells_parties="on")
        assert client.post(f"/agreements/{agreement.pk}/edit/", sent).status_code == 302
        assert Agreement.objects.get().state == "proposed"

    def test_of_two_who_save_a_draft_the_second_is_told_and_loses_nothing(self, the: World, signed_in: SignIn) -> None:
        there = f"/agreements/{the.draft().pk}/edit/"
        first, second = signed_in(the.carmen), signed_in(the.carmen)
        seen = second.get(there).context["form"]["seen"].value()
        assert first.post(there, form(the, title="The first", seen=seen)).status_code == 302

        answer = second.post(there, form(the, title="The second", seen=seen))

        assert answer.status_code == 409
        assert "Someone else changed this while you were editing." in answer.content.decode()
        assert 'value="The second"' in answer.content.decode()
        assert Agreement.objects.get().title == "The first"
        again = form(the, title="The second", seen=answer.context["form"]["seen"].value())
        assert second.post(there, again).status_code == 302

    @pytest.mark.parametrize("query", ["", "?overlap=x", "?overlap=999999", "?case=0", "?case=²"])
    def test_without_an_overlap_there_is_nothing_to_draft(self, the: World, signed_in: SignIn, query: str) -> None:
        assert signed_in(the.carmen).get(f"/agreements/new/{query}").status_code == 404

    @pytest.mark.parametrize(
        "bad", [{"rows": "x"}, {"rows": "99"}, {"kind": "dance"}, {"commitment-0-organization": "x"},
                {"commitment-0-program": "999999"}, {"commitment-0-amount": "1e99"}, {"title": "a\0b"},
                {"commitment-0-area": "XX"}, {"commitment-0-due_on": "0026-06-30"},
                {"commitment-0-amount": "999999999999999999.99", "commitment-0-currency": "EUR"}]
    )  # fmt: skip
    def test_bad_input_is_a_400_and_nothing_is_stored(self, the: World, signed_in: SignIn, bad: dict) -> None:
        answer = signed_in(the.carmen).post(f"/agreements/new/?overlap={the.overlap.pk}", form(the) | bad)

        assert answer.status_code == 400
        assert not Agreement.objects.exists()


class TestPage:
    def test_a_manager_accepts(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed()
        ines = signed_in(the.ines)
        assert "Your answer for INL" in text_of(ines, f"/agreements/{agreement.pk}/")

        answer = ines.post(f"/agreements/{agreement.pk}/answer/", {"answer": "accept", "version": "1"})

        assert answer.status_code == 302
        assert "Your answer for INL" not in text_of(ines, f"/agreements/{agreement.pk}/")

    def test_declining_without_a_reason_is_refused_in_words(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed()

        answer = signed_in(the.ines).post(f"/agreements/{agreement.pk}/answer/", {"answer": "decline", "version": "1"})

        assert answer.status_code == 400
        assert "Give the reason why you decline." in answer.content.decode()

    def test_other_terms_are_a_new_version(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed()
        elena = signed_in(the.elena)
        assert "INL keeps Choloma." in text_of(elena, f"/agreements/{agreement.pk}/terms/?for={the.aecid.pk}")
        sent = form(the, text="AECID stays until June.", note="The school year", version="1", do="send")

        assert elena.post(f"/agreements/{agreement.pk}/terms/", sent).status_code == 302

        assert Agreement.objects.get().version == 2
        assert "AECID proposed these terms." in text_of(elena, f"/agreements/{agreement.pk}/")

    def test_terms_that_somebody_changed_meanwhile_are_refused(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed()
        services.revise(agreement, actor=the.carmen, terms=the.terms(text="New"), version=1)

        answer = signed_in(the.elena).post(f"/agreements/{agreement.pk}/terms/", form(the, version="1", do="send"))

        assert answer.status_code == 400
        assert "Read version 2, then answer" in answer.content.decode()

    def test_a_commitment_in_words_is_said_to_be_kept_and_seen(self, the: World, signed_in: SignIn) -> None:
        agreement = the.agreed(the.terms(the.commitment(text="Share the manual")))
        address = f"/agreements/{agreement.pk}/commitments/{Commitment.objects.get().pk}/"

        assert signed_in(the.ines).post(address, {"mark": "kept"}).status_code == 403
        assert signed_in(the.elena).post(address, {"mark": "kept"}).status_code == 302
        assert "Verify" in text_of(signed_in(the.carmen), f"/agreements/{agreement.pk}/")
        assert signed_in(the.carmen).post(address, {"mark": "seen"}).status_code == 302

        assert Agreement.objects.get().state == "kept"

    def test_a_coordinator_withdraws_and_ends(self, the: World, signed_in: SignIn) -> None:
        agreement, carmen = the.agreed(), signed_in(the.carmen)
        there = f"/agreements/{agreement.pk}/move/"

        assert carmen.post(there, {"move": "withdraw"}).status_code == 400
        assert carmen.post(there, {"move": "fly"}).status_code == 400
        assert carmen.post(there, {"move": "end", "note": "Done"}).status_code == 302

        assert Agreement.objects.get().state == "ended"

    @pytest.mark.parametrize("note", ["Why\0", "Why " + "x" * 5000])
    def test_a_note_that_cannot_be_kept_is_refused_whole(self, the: World, signed_in: SignIn, note: str) -> None:
        proposed, agreed = the.proposed(), the.agreed(the.terms(the.commitment(text="Share the manual")))
        row = Commitment.objects.get(kind="other")
        elena, carmen = signed_in(the.elena), signed_in(the.carmen)

        stated = carmen.post(f"/agreements/{proposed.pk}/move/", {"move": "withdraw", "note": note})
        marked = elena.post(f"/agreements/{agreed.pk}/commitments/{row.pk}/", {"mark": "kept", "note": note})

        assert (stated.status_code, marked.status_code) == (400, 400)
        assert "Why" in stated.content.decode()  # it is not lost
        assert not Step.objects.filter(kind__in=["withdrawn", "said_kept"]).exists()

    def test_html_in_terms_is_text(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed(the.terms(text="<script>alert(1)</script>"))

        assert "<script>alert" not in text_of(signed_in(the.ines), f"/agreements/{agreement.pk}/")


class TestWhoSeesIt:
    def test_others_find_no_trace(self, the: World, signed_in: SignIn) -> None:
        agreement = the.proposed()
        victor = signed_in(the.victor)

        for address in ("", "edit/", "terms/"):
            assert victor.get(f"/agreements/{agreement.pk}/{address}").status_code == 404
        assert victor.post(f"/agreements/{agreement.pk}/answer/").status_code == 404
        for page in ("/agreements/", f"/overlaps/{the.overlap.pk}/", f"/donors/{the.inl.pk}/"):
            assert "Choloma divided" not in text_of(victor, page)

    def test_the_parties_see_it_where_it_belongs(self, the: World, signed_in: SignIn) -> None:
        the.proposed()
        ines = signed_in(the.ines)

        for page in ("/agreements/", f"/overlaps/{the.overlap.pk}/", f"/donors/{the.inl.pk}/", "/my-organization/",
                     "/notifications/"):  # fmt: skip
            assert "Choloma divided" in text_of(ines, page), page

    def test_a_party_that_is_told_reads_the_titles_but_has_no_way_to_the_restricted_program(
        self, the: World, signed_in: SignIn
    ) -> None:
        save(the.right, visibility="restricted")
        agreement = the.proposed(tells_parties=True)

        page = text_of(signed_in(the.ines), f"/agreements/{agreement.pk}/")

        assert "Policía comunitaria en Choloma" in page
        assert f"/programs/{the.right.pk}/" not in page
        assert f"/overlaps/{the.overlap.pk}/" not in page

    def test_coordinators_are_offered_to_propose_on_confirmed_overlaps_alone(
        self, the: World, signed_in: SignIn
    ) -> None:
        there = f"/overlaps/{the.overlap.pk}/"
        assert "Propose an agreement" in text_of(signed_in(the.carmen), there)
        assert "Propose an agreement" not in text_of(signed_in(the.ines), there)

        type(the.overlap).objects.update(state="open")
        assert "Propose an agreement" not in text_of(signed_in(the.carmen), there)


class TestList:
    def test_filters(self, the: World, signed_in: SignIn) -> None:
        the.agreed(the.terms(the.leave_area(due_on=date(2026, 1, 1))))
        client = signed_in(the.ines)

        for query in ("state=agreed", "whose=mine", "overdue=yes", "country=HN", "goal=1", "kind=area"):
            assert "Choloma divided" in text_of(client, f"/agreements/?{query}"), query
        for query in ("state=draft", "whose=waiting", "country=BZ", "goal=5", "kind=lead"):
            assert "Choloma divided" not in text_of(client, f"/agreements/?{query}"), query
        assert client.get("/agreements/?state=x").status_code == 400

    def test_filters_say_nothing_of_a_restricted_program_that_one_is_told_of(
        self, the: World, signed_in: SignIn
    ) -> None:
        save(the.right, visibility="restricted", goals=(GoalData(2, Decimal(100)),))
        the.proposed(tells_parties=True)

        for person, found in ((the.ines, 0), (the.elena, 1), (the.carmen, 1)):
            client = signed_in(person)
            assert len(client.get("/agreements/?goal=1").context["rows"]) == 1
            assert len(client.get("/agreements/?goal=2").context["rows"]) == found

    def test_queries_do_not_grow_with_agreements(self, the: World, signed_in: SignIn) -> None:
        client, counts = signed_in(the.ines), []
        agreement = the.agreed(the.terms(the.leave_area(), the.commitment(text="a")))
        pages = ("/agreements/", f"/agreements/{agreement.pk}/", "/my-organization/", f"/donors/{the.inl.pk}/")
        for number in (1, 12):
            for _ in range(number):
                the.agreed(the.terms(the.leave_area(), the.commitment(text="a")))
                the.proposed()
            counts.append([queries_of(client, page) for page in pages])

        assert counts[0] == counts[1]
