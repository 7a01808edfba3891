"""Who sees which pairs."""

import pytest
from django.contrib.auth.models import AnonymousUser

from programs.overlap.models import Overlap
from programs.overlap.querysets import duplicate_reports
from tests import factories
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


class TestVisibleTo:
    @pytest.mark.parametrize("hidden_side", ["left", "right"])
    def test_a_pair_is_there_for_who_sees_both_programs(self, hidden_side: str) -> None:
        own = factories.organization()
        visibilities = ("restricted", "public") if hidden_side == "left" else ("public", "restricted")
        left, right = (factories.program(own, visibility=visibility) for visibility in visibilities)
        pair = overlap(left, right, kind="same_money", second_report=right)
        stranger = factories.user(factories.organization())

        for outsider in (AnonymousUser(), factories.user(), stranger):
            assert not Overlap.objects.visible_to(outsider).exists()
            assert not duplicate_reports(outsider).exists()
        assert Overlap.objects.visible_to(factories.user(own)).get() == pair
        assert duplicate_reports(factories.user(own)).get()["second_report_id"] == right.pk

    def test_a_dismissed_second_report_is_money_of_its_own(self) -> None:
        left, right = factories.program(), factories.program()
        overlap(left, right, kind="same_money", second_report=right, state="dismissed")

        assert not duplicate_reports(factories.user()).exists()
