"""Pages of comments and notifications."""

import uuid
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from donors.models import User
from programs.discussion.models import Comment, Notification
from programs.discussion.services import notify_of_overlaps, withdraw, write_comment
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import sweep
from tests import factories
from tests.programs.discussion.world import World

SignIn = Callable[[User], Client]


def _counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


class TestComments:
    def test_it_works(self, the: World, signed_in: SignIn) -> None:
        victor = signed_in(the.victor)

        answer = victor.post(
            f"/programs/{the.left.pk}/comments/",
            {"text": "Same precinct as ours, @carmen coordinadora?", "mentioned": [the.coordinator.pk]},
        )

        assert answer["Location"] == f"/programs/{the.left.pk}/#comments"
        page = text_of(signed_in(the.ines), f"/programs/{the.left.pk}/")
        assert "Same precinct as ours" in page
        assert "@Carmen Coordinadora" in page
        assert ">1<span" in page  # the count in the header
        assert "Withdraw this comment" not in page
        assert "Withdraw this comment" in text_of(victor, f"/programs/{the.left.pk}/")

    def test_a_case_shows_the_comments_on_its_pairs_and_takes_another(self, the: World, signed_in: SignIn) -> None:
        case = the.overlap.case
        ines = signed_in(the.ines)
        write_comment(the.overlap, actor=the.elena, text="We could share the trainers")
        assert "We could share the trainers" in text_of(ines, f"/cases/{case}/")

        answer = ines.post(f"/overlaps/{the.overlap.pk}/comments/", {"text": "And the vehicles", "case": str(case)})

        assert answer["Location"] == f"/cases/{case}/#comments"
        assert "And the vehicles" in text_of(signed_in(the.coordinator), f"/cases/{case}/")
        # Another case's number leads nowhere else.
        answer = ines.post(f"/overlaps/{the.overlap.pk}/comments/", {"text": "Once more", "case": "999"})
        assert answer["Location"] == f"/overlaps/{the.overlap.pk}/#comments"

    def test_a_case_shows_no_comment_on_a_pair_that_its_reader_may_not_see(self, the: World, signed_in: SignIn) -> None:
        third = factories.program(the.right.reporting_org)
        sweep(seconds=None)
        hidden = Overlap.objects.get(left=the.left, right=third)
        assert hidden.case == the.overlap.case
        write_comment(hidden, actor=the.ines, text="Between the two of us")
        Program.objects.filter(pk=third.pk).update(visibility="restricted")
        case = f"/cases/{hidden.case}/"

        assert "Between the two of us" in text_of(signed_in(the.elena), case)
        assert "Between the two of us" not in text_of(signed_in(the.victor), case)

    def test_people_without_a_name_are_not_shown_by_their_address(self, the: World, signed_in: SignIn) -> None:
        User.objects.filter(pk=the.victor.pk).update(full_name="", email="victor.v@agency.example.org")
        signed_in(the.victor).post(f"/programs/{the.left.pk}/comments/", {"text": "Same precinct as ours"})

        page = text_of(signed_in(the.ines), f"/programs/{the.left.pk}/")

        assert "victor.v" in page
        assert "victor.v@" not in page

    def test_on_an_overlap(self, the: World, signed_in: SignIn) -> None:
        answer = signed_in(the.ines).post(f"/overlaps/{the.overlap.pk}/comments/", {"text": "Let us talk"})

        assert answer["Location"] == f"/overlaps/{the.overlap.pk}/#comments"
        assert "Let us talk" in text_of(signed_in(the.elena), f"/overlaps/{the.overlap.pk}/")

    def test_a_full_name_after_an_at_mentions_without_a_choice(self, the: World, signed_in: SignIn) -> None:
        address = f"/overlaps/{the.overlap.pk}/comments/"

        signed_in(the.ines).post(address, {"text": "@ELENA RUIZ and @Victor Unda, what of it?"})

        assert list(Comment.objects.get().mentioned.all()) == [the.elena]

    def test_who_may_not_be_mentioned_is_refused_and_the_text_kept(self, the: World, signed_in: SignIn) -> None:
        answers = [
            signed_in(the.ines).post(
                f"/overlaps/{the.overlap.pk}/comments/",
                {"text": "Keep me", "mentioned": [person], "key": uuid.UUID(int=1)},
            )
            for person in (the.victor.pk, 10**6)
        ]

        pages = [unescape(answer.content.decode()) for answer in answers]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert "One of the people you chose cannot be mentioned here." in pages[0]
        assert "Keep me" in pages[0]
        assert the.victor.full_name not in pages[0]
        assert len(pages[0]) == len(pages[1])

    @pytest.mark.parametrize(
        ("text", "says"),
        [("", "Write a comment."), ("ñ" * 5001, "at most 5000 characters, and yours has 5001")],
    )
    def test_bad_text_gets_an_error_and_is_kept(self, the: World, signed_in: SignIn, text: str, says: str) -> None:
        answer = signed_in(the.ines).post(f"/programs/{the.left.pk}/comments/", {"text": text})

        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert text in answer.content.decode()

    def test_line_endings_of_the_browser_count_once(self, the: World, signed_in: SignIn) -> None:
        signed_in(the.ines).post(f"/programs/{the.left.pk}/comments/", {"text": "a\r\n" * 2499 + "a"})

        assert len(Comment.objects.get().text) == 4999

    @pytest.mark.parametrize(
        "bad", [{"text": "a\0b"}, {"text": "a", "mentioned": "x"}, {"text": "a", "mentioned": "9" * 30},
                {"text": "a", "key": "x"}, {}]
    )  # fmt: skip
    def test_bad_input_is_a_400(self, the: World, signed_in: SignIn, bad: dict[str, str]) -> None:
        assert signed_in(the.ines).post(f"/programs/{the.left.pk}/comments/", bad).status_code == 400

    def test_html_in_a_comment_is_text(self, the: World, signed_in: SignIn) -> None:
        write_comment(the.left, actor=the.ines, text="<script>alert(1)</script>")

        assert b"<script>alert" not in signed_in(the.ines).get(f"/programs/{the.left.pk}/").content

    def test_what_is_withdrawn_leaves_a_trace_without_text(self, the: World, signed_in: SignIn) -> None:
        withdraw(write_comment(the.left, actor=the.ines, text="Oops"), actor=the.ines)

        for client in (signed_in(the.ines), signed_in(the.coordinator)):
            page = text_of(client, f"/programs/{the.left.pk}/")
            assert "Withdrawn by its author" in page
            assert "Oops" not in page

    def test_only_its_author_withdraws(self, the: World, signed_in: SignIn) -> None:
        comment = write_comment(the.left, actor=the.ines, text="Mine")
        address = f"/comments/{comment.pk}/withdraw/"

        assert signed_in(the.elena).post(address).status_code == 403
        assert signed_in(the.ines).get(address).status_code == 405
        assert signed_in(the.ines).post(address).status_code == 302
        assert Comment.objects.get().is_withdrawn

    def test_of_what_one_may_not_see_there_is_no_trace(self, the: World, signed_in: SignIn) -> None:
        comment = write_comment(the.right, actor=the.elena, text="Secret", mentioned=[the.victor.pk])
        Program.objects.filter(pk=the.right.pk).update(visibility="restricted")
        victor = signed_in(the.victor)

        assert victor.get(f"/programs/{the.right.pk}/comments/").status_code == 404
        assert victor.post(f"/programs/{the.right.pk}/comments/", {"text": "a"}).status_code == 404
        assert victor.post(f"/comments/{comment.pk}/withdraw/").status_code == 404
        told = Notification.objects.get(recipient=the.victor)
        assert victor.get(f"/notifications/{told.pk}/").status_code == 404
        assert victor.post(f"/notifications/{told.pk}/read/").status_code == 404
        assert 'class="count"' not in text_of(victor, "/notifications/")
        assert "Secret" not in text_of(victor, "/notifications/")

    def test_who_belongs_to_no_organization_neither_reads_nor_writes(self, the: World, signed_in: SignIn) -> None:
        write_comment(the.left, actor=the.ines, text="Among us")
        outsider = signed_in(factories.user())

        assert "Among us" not in text_of(outsider, f"/programs/{the.left.pk}/")
        assert outsider.get(f"/programs/{the.left.pk}/comments/").status_code == 403
        assert outsider.post(f"/programs/{the.left.pk}/comments/", {"text": "a"}).status_code == 403

    @pytest.mark.parametrize(
        "address", ["/programs/{p}/comments/", "/overlaps/{o}/comments/", "/notifications/",
                    "/notifications/1/"]
    )  # fmt: skip
    def test_anonymous_people_are_asked_to_sign_in(self, the: World, address: str) -> None:
        answer = Client().get(address.format(p=the.left.pk, o=the.overlap.pk))

        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")

    def test_the_page_shows_the_last_twenty_and_leads_to_all(self, the: World, signed_in: SignIn) -> None:
        for number in range(22):
            write_comment(the.left, actor=the.ines, text=f"Comment no. {number};")

        page = text_of(signed_in(the.victor), f"/programs/{the.left.pk}/")

        assert "Comment no. 21;" in page
        assert "Comment no. 1;" not in page
        assert "All 22 comments" in page
        assert "Comment no. 1;" in text_of(signed_in(the.elena), f"/programs/{the.left.pk}/comments/")

    @pytest.mark.parametrize("address", ["/programs/{p}/", "/programs/{p}/comments/", "/overlaps/{o}/"])
    def test_queries_do_not_grow_with_comments(self, the: World, signed_in: SignIn, address: str) -> None:
        client, counts = signed_in(the.coordinator), []
        client.get("/programs/")  # what every page remembers
        client.get(address.format(p=the.left.pk, o=the.overlap.pk))
        for number in (1, 8):
            for subject in (the.left, the.overlap):
                for _ in range(number):
                    author = factories.user(the.right.reporting_org, full_name=f"A{number}")
                    write_comment(subject, actor=author, text="Hello", mentioned=[the.elena.pk, the.ines.pk])
            with _counted() as queries:
                client.get(address.format(p=the.left.pk, o=the.overlap.pk))
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestNotifications:
    def test_it_works(self, the: World, signed_in: SignIn) -> None:
        notify_of_overlaps(seconds=None)
        write_comment(the.left, actor=the.elena, text="Which precinct?")

        page = text_of(signed_in(the.ines), "/notifications/")

        assert "2 unread" in page
        assert "Elena Ruiz commented on a program of your organization." in page
        assert "Which precinct?" in page
        assert "was flagged as overlapping" in page

    def test_opening_one_reads_all_of_its_subject(self, the: World, signed_in: SignIn) -> None:
        for _ in range(2):
            write_comment(the.left, actor=the.elena, text="Hello")
        notify_of_overlaps(seconds=None)
        first = Notification.objects.filter(recipient=the.ines).earliest("pk")

        answer = signed_in(the.ines).get(f"/notifications/{first.pk}/")

        assert answer["Location"] == f"/programs/{the.left.pk}/#comments"
        assert [row.kind for row in Notification.objects.visible_to(the.ines).unread()] == ["flagged"]

    def test_one_is_marked_and_then_all_that_the_page_showed(self, the: World, signed_in: SignIn) -> None:
        for _ in range(3):
            write_comment(the.left, actor=the.elena, text="Hello")
        first, newest, came_meanwhile = Notification.objects.filter(recipient=the.ines).order_by("pk")
        ines = signed_in(the.ines)

        ines.post(f"/notifications/{first.pk}/read/")
        assert Notification.objects.visible_to(the.ines).unread().count() == 2
        ines.post("/notifications/read/", {"up_to": newest.pk})

        assert list(Notification.objects.visible_to(the.ines).unread()) == [came_meanwhile]

    def test_another_persons_are_not_mine(self, the: World, signed_in: SignIn) -> None:
        write_comment(the.left, actor=the.elena, text="Hello")
        told = Notification.objects.get(recipient=the.ines)

        assert signed_in(the.coordinator).get(f"/notifications/{told.pk}/").status_code == 404
        assert signed_in(the.coordinator).post(f"/notifications/{told.pk}/read/").status_code == 404
        signed_in(the.coordinator).post("/notifications/read/", {"up_to": told.pk})
        assert Notification.objects.unread().count() == 1

    @pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, "²"])
    def test_a_bad_mark_is_a_404(self, the: World, signed_in: SignIn, up_to: str) -> None:
        assert signed_in(the.ines).post("/notifications/read/", {"up_to": up_to}).status_code == 404

    def test_queries_do_not_grow_with_notifications(self, the: World, signed_in: SignIn) -> None:
        ines, counts = signed_in(the.ines), []
        ines.get("/programs/")  # what every page remembers
        for number in (1, 24):
            for _ in range(number):
                write_comment(the.left, actor=factories.user(the.right.reporting_org), text="Hello")
            with _counted() as queries:
                ines.get("/notifications/")
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_only_the_rows_of_the_page_are_joined_to_what_they_speak_of(self, the: World, signed_in: SignIn) -> None:
        for _ in range(26):
            write_comment(the.left, actor=factories.user(the.right.reporting_org), text="Hello")

        with _counted() as queries:
            page = signed_in(the.ines).get("/notifications/?page=2")

        assert len(page.context["rows"]) == 1
        asked = [query["sql"] for query in queries]
        told = [sql for sql in asked if 'FROM "discussion_notification"' in sql and "description" in sql]
        assert len(told) == 1
        assert f'"discussion_notification"."id" IN ({page.context["rows"][0]["told"].pk})' in told[0]

    def test_what_may_be_seen_is_asked_of_the_subjects_of_ones_own_rows(self, the: World) -> None:
        """With 100,000 programs the answer must not begin with a list of all that the person may see."""
        sql = str(Notification.objects.visible_to(the.ines).query)

        own = f'"recipient_id" = {the.ines.pk}'
        assert sql.count(own) >= 4  # the rows themselves, and each of programs, overlaps and agreements among them
