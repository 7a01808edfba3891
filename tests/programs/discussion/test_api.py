"""Comments through the API."""

import pytest

from programs.discussion.models import Comment, Notification
from programs.discussion.services import withdraw, write_comment
from tests import factories
from tests.api import Api
from tests.programs.discussion.world import World

pytestmark = pytest.mark.django_db


def test_what_is_said_is_there_and_others_are_told(the: World) -> None:
    api = Api(the.elena)

    stated = api.send("POST", "comments/", {"overlap": the.overlap.pk, "text": "Which precinct?"}, status=201)

    assert [row["text"] for row in api.get(f"comments/?overlap={the.overlap.pk}")["results"]] == ["Which precinct?"]
    assert (stated["overlap"], stated["program"]) == (the.overlap.pk, None)
    assert Notification.objects.filter(recipient=the.ines, comment=stated["id"]).exists()


def test_sent_again_with_its_key_it_is_one_comment(the: World) -> None:
    body = {"program": the.left.pk, "text": "Once."}

    for _time in range(2):
        Api(the.elena).send("POST", "comments/", body, status=201, Idempotency_Key="once")

    assert Comment.objects.count() == 1


def test_what_was_taken_back_has_no_text(the: World) -> None:
    withdraw(write_comment(the.left, actor=the.elena, text="Secret"), actor=the.elena)

    assert [row["text"] for row in Api(the.ines).get("comments/")["results"]] == [""]


@pytest.mark.parametrize("body", [{"text": "a"}, {"text": "a", "program": 1, "overlap": 1}, {"program": 1}])
def test_what_is_no_comment_is_refused(the: World, body: dict[str, object]) -> None:
    assert Api(the.elena).send("POST", "comments/", body, status=400)["code"] == "invalid"


def test_what_one_may_not_see_cannot_be_spoken_of_and_is_not_read(the: World) -> None:
    hidden = factories.program(factories.organization("Third"), visibility="restricted")
    write_comment(hidden, actor=the.coordinator, text="Hidden")
    api = Api(the.elena)

    api.send("POST", "comments/", {"program": hidden.pk, "text": "?"}, status=404)
    assert api.ids("comments/") == []
    assert api.ids(f"comments/?program={hidden.pk}") == []
