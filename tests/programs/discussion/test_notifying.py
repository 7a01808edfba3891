"""Notifications of overlaps and decisions, derived from the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from donors.models import User
from programs.discussion.models import Notification, Reached
from programs.discussion.services import notify_of_overlaps
from programs.models import Program
from programs.overlap.models import Overlap, Review
from programs.overlap.services import confirm, dismiss, reopen
from tests import factories
from tests.programs.discussion import world
from tests.programs.discussion.world import World


@pytest.fixture
def the(db: None) -> World:
    return world.make()


def kinds(person: User) -> list[str]:
    return list(Notification.objects.visible_to(person).order_by("pk").values_list("kind", flat=True))


class TestTelling:
    def test_it_works(self, the: World) -> None:
        notify_of_overlaps(seconds=None)

        assert kinds(the.ines) == kinds(the.elena) == ["flagged"]
        assert kinds(the.victor) == kinds(the.coordinator) == []

    def test_decisions_and_their_reopening(self, the: World) -> None:
        confirm(the.overlap, actor=the.coordinator)
        reopen(the.overlap, actor=the.coordinator)
        dismiss(the.overlap, actor=the.coordinator, reason="complementary")

        notify_of_overlaps(seconds=None)

        assert kinds(the.elena) == ["flagged", "decision", "reopened", "decision"]
        assert kinds(the.coordinator) == []

    def test_twice_is_once(self, the: World) -> None:
        confirm(the.overlap, actor=the.coordinator)

        assert (notify_of_overlaps(seconds=None), notify_of_overlaps(seconds=None)) == (4, 0)

    def test_who_decided_is_not_told(self, the: World) -> None:
        both = factories.user(the.left.reporting_org, "editor", is_superuser=True)
        confirm(the.overlap, actor=both)

        notify_of_overlaps(seconds=None)

        assert kinds(both) == ["flagged"]

    def test_whose_partner_is_hidden_is_told_nothing(self, db: None) -> None:
        the = world.make(visibility="restricted")

        notify_of_overlaps(seconds=None)

        assert not Notification.objects.filter(recipient=the.ines).exists()
        assert kinds(the.elena) == ["flagged"]

    def test_what_is_no_longer_flagged_is_not_told(self, the: World) -> None:
        Overlap.objects.update(is_flagged=False)

        assert notify_of_overlaps(seconds=None) == 0

    def test_a_deactivated_member_is_told_nothing(self, the: World) -> None:
        User.objects.filter(pk=the.ines.pk).update(is_active=False)

        notify_of_overlaps(seconds=None)

        assert not Notification.objects.filter(recipient=the.ines).exists()


class TestTheMark:
    """How far events were told: never beyond one that a transaction may still add before it."""

    def test_it_stays_behind_what_is_young(self, the: World) -> None:
        notify_of_overlaps(seconds=None)

        assert Reached.objects.get(source="overlap").last_id == 0

    def test_it_passes_what_is_settled_and_never_goes_back(self, the: World) -> None:
        Overlap.objects.update(first_flagged_at=timezone.now() - timedelta(minutes=10))

        notify_of_overlaps(seconds=None)
        Overlap.objects.update(first_flagged_at=timezone.now())
        notify_of_overlaps(seconds=None)

        assert Reached.objects.get(source="overlap").last_id == the.overlap.pk

    def test_an_event_that_a_slow_transaction_adds_late_is_told(self, the: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('overlap_review_id_seq')")
            late = cursor.fetchone()[0]
        confirm(the.overlap, actor=the.coordinator)
        notify_of_overlaps(seconds=None)

        Review.objects.create(pk=late, overlap=the.overlap, action="reopen", left_version=1, right_version=1)
        notify_of_overlaps(seconds=None)

        assert sorted(kinds(the.ines)) == ["decision", "flagged", "reopened"]

    def test_queries_do_not_grow_with_overlaps(self, the: World, django_assert_max_num_queries: object) -> None:
        for number in range(10):
            other = factories.program(the.right.reporting_org, title=f"Policing {number}")
            Overlap.objects.create(left=the.left, right=other, kind="overlap", score=0.9, model_version="1",
                                   left_version=1, right_version=1)  # fmt: skip

        with django_assert_max_num_queries(22):  # type: ignore[operator]
            notify_of_overlaps(seconds=None)

        assert Notification.objects.filter(recipient=the.ines).count() == 11


def test_programs_of_others_tell_nobody_else(db: None) -> None:
    the = world.make()
    Program.objects.filter(pk=the.left.pk).update(visibility="partners")

    notify_of_overlaps(seconds=None)

    assert set(Notification.objects.values_list("recipient", flat=True)) == {the.ines.pk, the.elena.pk}
