from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from programs.models import Program
from programs.money import memory
from programs.money.memory import Memory, sight
from programs.reports.services import renew_figures
from tests import factories
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def test_who_sees_the_same_shares_what_was_made_and_who_sees_less_does_not() -> None:
    owner, other = factories.organization("Owner"), factories.organization("Other")
    one, two = factories.user(other), factories.user(factories.organization("Third"))
    insider = factories.user(owner)
    factories.program(owner)
    assert sight(one) == sight(two) == sight(insider) == sight(AnonymousUser())

    factories.program(owner, visibility="partners")
    assert sight(one) == sight(insider) != sight(AnonymousUser())

    hidden = factories.program(owner, visibility="restricted")
    assert sight(one) == sight(two) != sight(insider)

    hidden.shared_with.add(other)
    assert sight(one) == sight(insider) != sight(two)


def test_a_draft_in_a_pair_that_was_flagged_before_makes_a_difference() -> None:
    owner = factories.organization("Owner")
    one, insider = factories.user(factories.organization("Other")), factories.user(owner)
    pair = overlap(factories.program(), factories.program(owner))
    factories.program(owner, stage="draft")
    assert sight(one) == sight(insider)

    Program.objects.filter(pk=pair.right_id).update(stage="draft")

    assert sight(one) != sight(insider)


def test_what_is_slow_is_given_as_it_was_until_it_is_renewed(settings: Any) -> None:
    settings.FIGURES_AT_ONCE_SECONDS = -1
    user = factories.user(factories.organization())
    factories.program()
    first = Memory(user)
    assert (first.keep("n", Program.objects.count), first.as_of) == (1, None)

    factories.program()

    later = Memory(user)
    assert later.keep("n", Program.objects.count) == 1
    assert later.as_of is not None
    assert Memory(user, renew=True).keep("n", Program.objects.count) == 2
    renewed = Memory(user)
    assert (renewed.keep("n", Program.objects.count), renewed.as_of) == (2, None)


@pytest.mark.parametrize(("few", "minutes", "given"), [(1000, 0.5, 1), (1000, 2, 2), (1, 2, 1), (1, 16, 2)])
def test_of_few_programs_nothing_is_older_than_a_minute(
    settings: Any, monkeypatch: pytest.MonkeyPatch, few: int, minutes: float, given: int
) -> None:
    settings.FIGURES_AT_ONCE_SECONDS = -1
    monkeypatch.setattr(memory, "FEW_PROGRAMS", few)
    user = factories.user(factories.organization())
    factories.program()
    Memory(user).keep("n", Program.objects.count)
    factories.program()

    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))

    assert Memory(user).keep("n", Program.objects.count) == given


def test_what_is_quick_is_made_anew_at_once() -> None:
    user = factories.user(factories.organization())
    assert Memory(user).keep("n", Program.objects.count) == 0

    factories.program()

    assert Memory(user).keep("n", Program.objects.count) == 1


def test_what_is_removed_is_seen_too() -> None:
    user = factories.user(factories.organization())
    first, _second = factories.program(), factories.program()
    assert Memory(user).keep("n", Program.objects.count) == 2

    first.delete()

    assert Memory(user).keep("n", Program.objects.count) == 1


def test_without_redis_all_is_made_and_it_is_asked_once(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    kept = Memory(factories.user())

    assert [kept.keep(name, Program.objects.count) for name in ("n", "n", "m")] == [0, 0, 0]
    assert kept._is_down


def test_a_page_says_from_when_its_figures_are_until_the_job_has_made_new_ones(signed_in: Any, settings: Any) -> None:
    pages = ["/", "/gaps/", "/donors/", "/countries/HN/", "/goals/1/"]
    client = signed_in(factories.user(factories.organization("Reader")))
    factories.program()
    for page in pages:
        client.get(page)
    settings.FIGURES_AT_ONCE_SECONDS = -1
    factories.program()

    assert [page for page in pages if "Figures as of" not in client.get(page).text] == []
    # For the reader and for everybody, who see the same, in two languages.
    assert renew_figures(seconds=inf) == 2
    assert [page for page in pages if "Figures as of" in client.get(page).text] == []


def test_who_is_shown_less_is_never_given_what_was_made_for_more(signed_in: Any, settings: Any) -> None:
    settings.FIGURES_AT_ONCE_SECONDS = -1
    secret = factories.program(factories.organization("Owner"), title="Secret")
    reader = signed_in(factories.user(factories.organization("Reader")))
    assert reader.get("/").context["totals"].programs == 1

    Program.objects.filter(pk=secret.pk).update(visibility="restricted")

    page = reader.get("/")
    assert page.context["totals"].programs == 0
    assert "Secret" not in page.text
