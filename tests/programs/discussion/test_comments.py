"""Comments: who may write and read them, whom they tell, and what the database keeps."""

import uuid

import pytest
from django.db import IntegrityError, InternalError, connection
from pytest_django import DjangoAssertNumQueries

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.discussion.models import Comment, Notification
from programs.discussion.people import mentionable, seen_by, with_roles
from programs.discussion.services import withdraw, write_comment
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import sweep
from programs.services import LocationData, save_program
from programs.services.lifecycle import delete_program
from tests import factories
from tests.programs.discussion.world import World


def told(person: User) -> list[tuple[str, Program | Overlap]]:
    return [(row.kind, row.subject) for row in Notification.objects.visible_to(person).for_list().order_by("pk")]


class TestWriting:
    def test_it_works(self, the: World) -> None:
        comment = write_comment(the.left, actor=the.victor, text=" Same precinct as ours? ", mentioned=[the.elena.pk])

        assert (comment.text, comment.subject, list(comment.mentioned.all())) == (
            "Same precinct as ours?", the.left, [the.elena],
        )  # fmt: skip
        assert told(the.elena) == [("mention", the.left)]
        assert told(the.ines) == [("comment", the.left)]
        assert told(the.victor) == told(the.coordinator) == []

    def test_who_is_mentioned_in_their_own_organization_is_told_once(self, the: World) -> None:
        write_comment(the.overlap, actor=the.coordinator, text="@Ines Miller?", mentioned=[the.ines.pk, the.ines.pk])

        assert told(the.ines) == [("mention", the.overlap)]
        assert told(the.elena) == [("comment", the.overlap)]

    def test_the_same_form_twice_is_one_comment(self, the: World) -> None:
        key = uuid.uuid4()

        first, second = (write_comment(the.left, actor=the.victor, text="Once", key=key) for _ in range(2))

        assert first == second
        assert len(told(the.ines)) == 1

    @pytest.mark.parametrize(("text", "stated"), [("", "Write"), (" \n ", "Write"), ("x" * 5001, "5,000")])
    def test_blank_and_endless_texts_are_refused(self, the: World, text: str, stated: str) -> None:
        with pytest.raises(Refused) as refusal:
            write_comment(the.left, actor=the.victor, text=text)

        assert stated in str(refusal.value.message)
        assert not Comment.objects.exists()

    def test_who_belongs_to_no_organization_may_not(self, the: World) -> None:
        with pytest.raises(NotAllowed):
            write_comment(the.left, actor=factories.user(), text="Hello")

    def test_what_one_may_not_see_cannot_be_commented_on(self, the: World) -> None:
        hidden = factories.program(the.right.reporting_org, visibility="restricted")

        with pytest.raises(Refused):
            write_comment(hidden, actor=the.victor, text="Hello")

    def test_who_may_not_see_it_cannot_be_mentioned_and_the_refusal_names_nobody(self, the: World) -> None:
        hidden = factories.program(the.left.reporting_org, visibility="restricted")

        with pytest.raises(Refused) as refusal:
            write_comment(hidden, actor=the.ines, text="Hello", mentioned=[the.victor.pk])
        with pytest.raises(Refused) as of_nobody:
            write_comment(hidden, actor=the.ines, text="Hello", mentioned=[10**9])

        assert str(refusal.value.message) == str(of_nobody.value.message)
        assert not Notification.objects.exists()


class TestWithdrawing:
    def test_the_text_goes_and_the_trace_stays(self, the: World) -> None:
        comment = write_comment(the.left, actor=the.victor, text="Oops", mentioned=[the.elena.pk])

        withdraw(comment, actor=the.victor)
        withdraw(comment, actor=the.victor)

        assert Comment.objects.get().is_withdrawn
        assert told(the.elena) == told(the.ines) == []

    def test_nobody_but_its_author_may(self, the: World) -> None:
        comment = write_comment(the.left, actor=the.victor, text="Mine")

        with pytest.raises(NotAllowed):
            withdraw(comment, actor=the.coordinator)

    @pytest.mark.parametrize("change", ["text = 'x'", "author_id = author_id + 1, withdrawn_at = now()", "text = text"])
    def test_the_database_refuses_any_other_change(self, the: World, change: str) -> None:
        write_comment(the.left, actor=the.victor, text="Mine")

        with pytest.raises(IntegrityError, match="only withdrawn"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE discussion_comment SET {change}")

    def test_the_database_refuses_to_bring_it_back(self, the: World) -> None:
        withdraw(write_comment(the.left, actor=the.victor, text="Mine"), actor=the.victor)

        with pytest.raises(IntegrityError, match="only withdrawn"), connection.cursor() as cursor:
            cursor.execute("UPDATE discussion_comment SET withdrawn_at = NULL")

    def test_the_database_refuses_to_delete_it(self, the: World) -> None:
        write_comment(the.left, actor=the.victor, text="Mine")

        with pytest.raises(InternalError, match="comment_stays"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM discussion_comment")


class TestWhatIsSpokenOf:
    def test_a_program_with_comments_is_not_deleted(self, the: World) -> None:
        alone = factories.program(the.left.reporting_org, coverages=(), locations=(), goals=(), sectors=())
        write_comment(alone, actor=the.victor, text="Hello")

        with pytest.raises(Refused, match="Archive it"):
            delete_program(alone, actor=None)

    def test_an_overlap_with_comments_stays_when_its_programs_part(self, the: World) -> None:
        write_comment(the.overlap, actor=the.ines, text="Not ours")
        data = factories.program_data(
            the.left.reporting_org,
            identifier=the.left.identifier,
            title="In Tegucigalpa",
            description="",
            locations=(LocationData(area_id="HN-FM", name="Tegucigalpa"),),
        )

        save_program(data, actor=None)
        sweep(seconds=None)

        the.overlap.refresh_from_db()
        assert not the.overlap.is_flagged
        assert Comment.objects.get().overlap == the.overlap


class TestVisibility:
    def test_what_is_said_of_a_program_goes_with_it(self, the: World) -> None:
        write_comment(the.right, actor=the.elena, text="Ours", mentioned=[the.victor.pk])
        assert Comment.objects.visible_to(the.victor).count() == 1

        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")

        assert not Comment.objects.visible_to(the.victor).exists()
        assert told(the.victor) == []
        assert Comment.objects.visible_to(the.elena).count() == 1

    def test_what_is_said_of_an_overlap_goes_with_either_program(self, the: World) -> None:
        write_comment(the.overlap, actor=the.elena, text="Ours")
        assert told(the.ines) == [("comment", the.overlap)]

        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")

        assert told(the.ines) == []
        assert Comment.objects.visible_to(the.elena).count() == 1

    def test_who_belongs_to_no_organization_reads_none(self, the: World) -> None:
        write_comment(the.left, actor=the.ines, text="Ours")

        assert not Comment.objects.visible_to(factories.user()).exists()

    @pytest.mark.parametrize("stage", ["draft", "submitted", "published", "archived"])
    @pytest.mark.parametrize("visibility", ["public", "partners", "restricted"])
    def test_seen_by_many_is_seen_by_each(self, the: World, stage: str, visibility: str) -> None:
        program = factories.program(the.left.reporting_org, stage=stage, visibility=visibility)
        program.shared_with.add(the.victor.memberships.get().organization)
        ids = {program.pk, the.left.pk, the.right.pk}
        factories.user(is_superuser=True)

        answers = seen_by(Program, ids, with_roles(User.objects.filter(memberships__isnull=False).distinct()))

        assert answers == {
            person.pk: set(Program.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
            for person in User.objects.filter(memberships__isnull=False)
        }


class TestMentionable:
    def test_people_concerned_coordinators_and_who_spoke(self, the: World) -> None:
        assert set(mentionable(the.left, by=the.ines)) == {the.coordinator}

        write_comment(the.left, actor=the.victor, text="Hello")

        assert set(mentionable(the.left, by=the.ines)) == {the.coordinator, the.victor}
        assert set(mentionable(the.overlap, by=the.ines)) == {the.coordinator, the.elena}

    def test_nobody_who_may_not_see_it(self, the: World) -> None:
        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")

        assert set(mentionable(the.overlap, by=the.coordinator)) == {the.elena}

    @pytest.mark.parametrize("people", [1, 50])
    def test_queries_do_not_grow_with_people(
        self, the: World, people: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(people):
            factories.user(the.left.reporting_org)

        with django_assert_num_queries(3):  # people, their memberships, who of them sees it
            mentionable(the.left, by=the.elena)
