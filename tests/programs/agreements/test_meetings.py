"""Meetings: the list of cases, each outcome as it falls, and the minutes."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.agreements import services
from programs.agreements.models import Agreement, Item, Meeting, Outcome
from programs.overlap.models import Overlap
from tests import factories, worlds
from tests.pdf import pages_in
from tests.programs.agreements.world import World
from tests.queries import queries_of

SignIn = Callable[[User], Client]


@pytest.fixture
def meeting(the: World) -> Meeting:
    """With two cases: the confirmed overlap, and an open one."""
    made = services.prepare_meeting(
        actor=the.carmen, title="Tegucigalpa", held_on=date(2026, 12, 1), present="Ines Miller, INL\nElena Ruiz, AECID"
    )
    services.add_cases(made, [-the.overlap.pk, -open_overlap(the).pk], actor=the.carmen)
    return made


def open_overlap(the: World) -> Overlap:
    return worlds.overlap(the.left, factories.program(the.aecid, title="Radios for Choloma"), sites=["HN/choloma"])


def titles(meeting: Meeting) -> list[str]:
    return [str(item.overlaps.get().right.title) for item in meeting.items.order_by("position")]


class TestTheList:
    def test_a_case_is_on_it_once(self, the: World, meeting: Meeting) -> None:
        assert services.add_cases(meeting, [-the.overlap.pk, -999_999], actor=the.carmen) == 0
        assert titles(meeting) == ["Policía comunitaria en Choloma", "Radios for Choloma"]

    def test_cases_are_moved_and_taken_off(self, the: World, meeting: Meeting) -> None:
        first, second = meeting.items.order_by("position")

        services.move_case(second, -1, actor=the.carmen)
        assert titles(meeting) == ["Radios for Choloma", "Policía comunitaria en Choloma"]
        services.move_case(Item.objects.get(pk=second.pk), -1, actor=the.carmen)
        assert titles(meeting) == ["Radios for Choloma", "Policía comunitaria en Choloma"]
        services.remove_case(second, actor=the.carmen)

        assert [(item.pk, item.position) for item in meeting.items.all()] == [(first.pk, 1)]

    def test_a_cluster_is_one_case(self, the: World) -> None:
        from programs.overlap.services.clusters import update_clusters

        pairs = [open_overlap(the), open_overlap(the)]
        update_clusters([pair.pk for pair in pairs])
        cluster = Overlap.objects.get(pk=pairs[0].pk).cluster_id
        made = services.prepare_meeting(actor=the.carmen, title="a", held_on=date(2026, 12, 1))

        assert services.add_cases(made, [cluster or 0], actor=the.carmen) == 1
        assert set(made.items.get().overlaps.all()) == set(pairs)

    def test_only_coordinators_prepare(self, the: World) -> None:
        with pytest.raises(NotAllowed):
            services.prepare_meeting(actor=the.ines, title="a", held_on=date(2026, 12, 1))


class TestOutcomes:
    def case(self, meeting: Meeting, position: int = 2) -> Item:
        return meeting.items.get(position=position)

    def test_confirming_confirms_the_overlap(self, the: World, meeting: Meeting) -> None:
        services.record_outcome(self.case(meeting), "confirm", actor=the.carmen, note="Both agree")

        pair = self.case(meeting).overlaps.get()
        assert (pair.state, pair.reviews.get().note) == ("confirmed", "Both agree")

    def test_dismissing_needs_a_reason_and_does_nothing_without(self, the: World, meeting: Meeting) -> None:
        with pytest.raises(Refused, match="Choose a reason to dismiss the overlap"):
            services.record_outcome(self.case(meeting), "dismiss", actor=the.carmen)
        assert not Outcome.objects.exists()

        services.record_outcome(self.case(meeting), "dismiss", actor=the.carmen, reason="complementary")

        assert self.case(meeting).overlaps.get().state == "dismissed"

    def test_an_agreement_is_begun_once(self, the: World, meeting: Meeting) -> None:
        stated = {"actor": the.carmen, "kind": "lead", "title": "Choloma", "note": "INL leads"}
        made = services.record_outcome(self.case(meeting), "agreement", **stated)

        agreement = Agreement.objects.get()
        assert made.agreement == agreement
        assert (agreement.state, agreement.kind, agreement.versions.get().text) == ("draft", "lead", "INL leads")
        assert list(agreement.overlaps.values_list("state", flat=True)) == ["confirmed"]
        with pytest.raises(Refused, match="already a draft agreement"):
            services.record_outcome(self.case(meeting), "agreement", **stated)

    def test_postponing_changes_nothing_else(self, the: World, meeting: Meeting) -> None:
        services.record_outcome(self.case(meeting), "postpone", actor=the.carmen, note="In March")

        assert self.case(meeting).overlaps.get().state == "open"

    def test_what_is_recorded_stays_on_the_list(self, the: World, meeting: Meeting) -> None:
        services.record_outcome(self.case(meeting), "postpone", actor=the.carmen)

        with pytest.raises(Refused, match="stays in the minutes"):
            services.remove_case(self.case(meeting), actor=the.carmen)

    def test_what_is_no_longer_flagged_is_not_decided(self, the: World, meeting: Meeting) -> None:
        Overlap.objects.update(is_flagged=False)

        for choice in ("confirm", "dismiss"):
            with pytest.raises(Refused):
                services.record_outcome(self.case(meeting), choice, actor=the.carmen, reason="complementary")
        assert self.case(meeting).overlaps.get().state == "open"

    def test_a_case_that_somebody_took_off_meanwhile_is_refused(self, the: World, meeting: Meeting) -> None:
        seen_before = self.case(meeting)
        services.remove_case(self.case(meeting), actor=the.carmen)

        for late in (
            lambda: services.move_case(seen_before, 1, actor=the.carmen),
            lambda: services.remove_case(seen_before, actor=the.carmen),
            lambda: services.record_outcome(seen_before, "postpone", actor=the.carmen),
        ):
            with pytest.raises(Refused, match="from the agenda"):
                late()

    def test_a_long_name_of_a_place_is_cut_to_a_title(self, the: World, meeting: Meeting) -> None:
        stated = {"actor": the.carmen, "kind": "lead", "title": "Choloma " * 40}
        services.record_outcome(self.case(meeting), "agreement", **stated)

        assert len(Agreement.objects.get().title) <= 200

    def test_a_closed_meeting_records_nothing(self, the: World, meeting: Meeting) -> None:
        services.close_meeting(meeting, actor=the.carmen)

        with pytest.raises(Refused, match="minutes can no longer change"):
            services.record_outcome(self.case(meeting), "confirm", actor=the.carmen)
        with pytest.raises(Refused):
            services.add_cases(meeting, [-1], actor=the.carmen)
        assert self.case(meeting).overlaps.get().state == "open"


class TestPages:
    def test_from_nothing_to_minutes(self, the: World, signed_in: SignIn) -> None:
        carmen, pair = signed_in(the.carmen), open_overlap(the)

        answer = carmen.post("/meetings/", {"title": "Tegucigalpa", "held_on": "2026-12-01", "present": "Ines"})
        meeting = Meeting.objects.get()
        assert answer["Location"] == f"/meetings/{meeting.pk}/cases/"
        assert "Radios for Choloma" in carmen.get(answer["Location"]).content.decode()
        carmen.post(answer["Location"], {"case": [f"-{pair.pk}", "x", f"-{the.overlap.pk}"]})
        screen = carmen.get(f"/meetings/{meeting.pk}/screen/1/").content.decode()
        assert "Radios for Choloma" in screen
        assert ">Ines</textarea>" in screen.replace("\n", "")
        answer = carmen.post(
            f"/meetings/{meeting.pk}/screen/1/", {"choice": "agreement", "kind": "pool", "note": "One fund."}
        )
        assert answer["Location"] == f"/meetings/{meeting.pk}/screen/2/"
        answer = carmen.post(answer["Location"], {"choice": "postpone", "note": "In March"})

        assert answer["Location"] == f"/meetings/{meeting.pk}/minutes/"
        minutes = carmen.get(answer["Location"]).content.decode()
        for stated in ("Agreement proposed", "Pooled funding", "One fund.", "Postponed", "In March"):
            assert stated in minutes, stated

    def test_without_what_it_needs_the_error_stands_beside_its_field(
        self, the: World, meeting: Meeting, signed_in: SignIn
    ) -> None:
        carmen, there = signed_in(the.carmen), f"/meetings/{meeting.pk}/screen/2/"

        for choice, says in (("dismiss", "a reason"), ("agreement", "the kind"), ("", "Choose an outcome")):
            answer = carmen.post(there, {"choice": choice, "note": "Kept"})
            assert answer.status_code == 400
            assert says in answer.content.decode()
            assert "Kept" in answer.content.decode()

    def test_of_two_who_change_a_meeting_the_second_is_told_and_loses_nothing(
        self, the: World, meeting: Meeting, signed_in: SignIn
    ) -> None:
        there, first, second = f"/meetings/{meeting.pk}/", signed_in(the.carmen), signed_in(the.carmen)
        seen = second.get(there).context["form"]["seen"].value()
        stated = {"title": "Tegucigalpa", "held_on": "2026-12-02", "present": "Ines", "seen": seen}
        assert first.post(there, stated).status_code == 302

        late = stated | {"title": "San Salvador", "present": "Elena\nVictor"}
        answer = second.post(there, late)

        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Someone else changed this while you were editing." in page
        assert 'value="San Salvador"' in page
        assert "Elena\nVictor</textarea>" in page
        found = Meeting.objects.get()
        assert (found.title, found.held_on, found.present) == ("Tegucigalpa", date(2026, 12, 2), "Ines")
        again = late | {"seen": answer.context["form"]["seen"].value()}
        assert second.post(there, again).status_code == 302
        assert Meeting.objects.get().title == "San Salvador"
        # Without saying what was read, nobody is overwritten either.
        assert first.post(there, {**stated, "seen": ""}).status_code == 409

    def test_closed_meanwhile_it_shows_what_was_typed(self, the: World, meeting: Meeting, signed_in: SignIn) -> None:
        carmen = signed_in(the.carmen)
        services.close_meeting(meeting, actor=the.carmen)

        for there, typed in (
            ("", {"title": "San Salvador", "held_on": "2026-12-01", "seen": 1}),
            ("screen/2/", {"choice": "postpone", "note": "San Salvador", "seen": 0}),
        ):
            page = carmen.post(f"/meetings/{meeting.pk}/{there}", typed).content.decode()
            assert "minutes can no longer change" in page
            assert "San Salvador" in page

    def test_an_order_that_somebody_changed_meanwhile_is_not_changed_twice(
        self, the: World, meeting: Meeting, signed_in: SignIn
    ) -> None:
        carmen, item = signed_in(the.carmen), meeting.items.get(position=2)
        up = {"do": "up", "position": 2}
        services.add_cases(meeting, [-open_overlap(the).pk], actor=the.carmen)
        services.move_case(item, 1, actor=the.carmen)

        answer = carmen.post(f"/meetings/{meeting.pk}/cases/{item.pk}/", up, follow=True)

        assert "Someone else changed the order in the meantime" in answer.content.decode()
        assert Item.objects.get(pk=item.pk).position == 3

    def test_of_two_who_record_an_outcome_the_second_sees_the_first(
        self, the: World, meeting: Meeting, signed_in: SignIn
    ) -> None:
        carmen, there = signed_in(the.carmen), f"/meetings/{meeting.pk}/screen/2/"
        late = {"choice": "postpone", "note": "In March", "seen": carmen.get(there).context["form"]["seen"].value()}
        services.record_outcome(meeting.items.get(position=2), "confirm", actor=the.carmen, note="Both agree")

        answer = carmen.post(there, late)

        assert answer.status_code == 409
        assert "Both agree" in answer.content.decode()
        assert "In March</textarea>" in answer.content.decode()
        assert Outcome.objects.count() == 1
        again = late | {"seen": answer.context["form"]["seen"].value()}
        assert carmen.post(there, again).status_code == 302

    @pytest.mark.parametrize(("language", "says"), [("en", "Minutes"), ("es", "Acta")])
    def test_the_minutes_are_a_document_in_both_languages(
        self, the: World, meeting: Meeting, signed_in: SignIn, language: str, says: str
    ) -> None:
        answer = signed_in(the.carmen).get(f"/meetings/{meeting.pk}/minutes.pdf?lang={language}")

        assert answer["Content-Type"] == "application/pdf"
        assert pages_in(answer.content) == 1
        assert f"-{language}.pdf" in answer["Content-Disposition"]

    @pytest.mark.parametrize(
        "bad", [{"title": " "}, {"held_on": "soon"}, {"held_on": "0026-12-01"}, {"title": "a\0"}, {}]
    )
    def test_bad_input_is_a_400(self, the: World, signed_in: SignIn, bad: dict) -> None:
        sent = {"title": "a", "held_on": "2026-12-01"} | bad if bad else {}

        assert signed_in(the.carmen).post("/meetings/", sent).status_code == 400
        assert not Meeting.objects.exists()

    def test_queries_do_not_grow_with_cases(self, the: World, meeting: Meeting, signed_in: SignIn) -> None:
        carmen, counts = signed_in(the.carmen), []
        for number in (0, 8):
            pairs = [-open_overlap(the).pk for _ in range(number)]
            services.add_cases(meeting, pairs, actor=the.carmen)
            for item in meeting.items.all():
                services.record_outcome(item, "postpone", actor=the.carmen)
            pages = ("", "minutes/", "screen/2/", "cases/")
            counts.append([queries_of(carmen, f"/meetings/{meeting.pk}/{page}") for page in pages])

        assert counts[0] == counts[1]
