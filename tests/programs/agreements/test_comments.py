"""What is said of an agreement: by whom, who reads it, who is told."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.errors import Refused
from donors.models import User
from programs.agreements.models import Agreement
from programs.discussion.models import Comment, Notification
from programs.discussion.people import mentionable
from programs.discussion.services import write_comment
from tests import factories
from tests.api import Api
from tests.programs.agreements.world import World
from tests.queries import queries_of

SignIn = Callable[[User], Client]


def told() -> set[tuple[str, str]]:
    return set(Notification.objects.filter(comment__isnull=False).values_list("recipient__full_name", "kind"))


def test_it_works(the: World, signed_in: SignIn) -> None:
    agreement = the.proposed()
    here = f"/agreements/{agreement.pk}/"
    elena, ines = signed_in(the.elena), signed_in(the.ines)
    assert f'action="{here}comments/"' in elena.get(here).content.decode()

    answer = elena.post(f"{here}comments/", {"text": "By June? @Ines Miller"})

    assert answer["Location"] == f"{here}#comments"
    assert told() == {("Ines Miller", "mention"), ("Carmen Coordinadora", "comment")}
    assert "By June?" in ines.get(here).content.decode()
    assert "By June?" in ines.get(f"{here}comments/").content.decode()
    assert "Elena Ruiz mentioned you in a comment." in ines.get("/notifications/").content.decode()
    page = signed_in(the.carmen).get("/notifications/").content.decode()
    assert "Elena Ruiz commented on the agreement." in page
    notification = Notification.objects.get(recipient=the.ines, comment__isnull=False)
    assert ines.get(notification.get_absolute_url())["Location"] == f"{here}#comments"


def test_others_find_no_trace_and_cannot_be_mentioned(the: World, signed_in: SignIn) -> None:
    agreement = the.proposed()
    write_comment(agreement, actor=the.elena, text="By June?")

    with pytest.raises(Refused, match="cannot be mentioned"):
        write_comment(agreement, actor=the.elena, text="Victor?", mentioned=[the.victor.pk])
    assert the.victor not in mentionable(agreement, by=the.elena)
    victor = signed_in(the.victor)
    for method in (victor.get, victor.post):
        assert method(f"/agreements/{agreement.pk}/comments/", {"text": "Mine"}).status_code == 404
    assert Api(the.victor).get("comments/")["results"] == []
    assert not Notification.objects.filter(recipient=the.victor, topic=agreement.topic).exists()
    assert Comment.objects.get().text == "By June?"


def test_what_becomes_restricted_hides_what_was_said(the: World) -> None:
    agreement = the.proposed()
    write_comment(agreement, actor=the.elena, text="By June?")
    assert Comment.objects.visible_to(the.ines).exists()

    the.right.visibility = "restricted"
    the.right.save()

    assert not Comment.objects.visible_to(the.ines).exists()
    assert not Notification.objects.visible_to(the.ines).filter(comment__isnull=False).exists()
    assert Comment.objects.visible_to(the.elena).exists()


def test_a_draft_takes_none_since_the_parties_would_read_them_later(the: World, signed_in: SignIn) -> None:
    draft = the.draft()

    with pytest.raises(Refused, match="once it is proposed"):
        write_comment(draft, actor=the.carmen, text="INL will never agree")

    carmen = signed_in(the.carmen)
    assert carmen.get(f"/agreements/{draft.pk}/comments/").status_code == 404
    assert "comment-form" not in carmen.get(f"/agreements/{draft.pk}/").content.decode()


def test_through_the_api(the: World) -> None:
    agreement, api = the.proposed(), Api(the.elena)

    stated = api.send("POST", "comments/", {"agreement": agreement.pk, "text": "By June?"}, 201)
    api.send("POST", "comments/", {"agreement": agreement.pk, "overlap": the.overlap.pk, "text": "Both?"}, 400)

    assert stated["agreement"] == agreement.pk
    assert api.ids(f"comments/?agreement={agreement.pk}") == [stated["id"]]
    assert api.ids("comments/?agreement=999999") == []


def test_queries_do_not_grow_with_comments(the: World, signed_in: SignIn) -> None:
    agreement, ines, counts = the.proposed(), signed_in(the.ines), []
    for number in (1, 12):
        for _ in range(number):
            write_comment(agreement, actor=factories.user(the.aecid, "editor"), text="Yes.")
        counts.append(queries_of(ines, f"/agreements/{agreement.pk}/"))

    assert counts[0] == counts[1]
    assert Agreement.objects.get().topic.comments.count() == 13
