"""Making figures of the whole region and of profiles before somebody waits for them."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from donors.models import User
from goals.models import Country, Goal
from programs.money.memory import Memory
from programs.region.pictures import Pictures
from programs.reports.profile import profile_of
from programs.reports.subjects import of_country, of_goal

if TYPE_CHECKING:
    from programs.reports.subjects import Viewer

# Figures are made for those who looked so lately; a run lasts so long at most, and the next one goes on.
LOOKED_WITHIN = timedelta(days=14)
SECONDS_A_RUN = 60


def renew_figures(seconds: float = SECONDS_A_RUN) -> int:
    """Makes what changed, or was never made, for all who looked lately, each sight and language once: the pictures of
    the region, and the profiles of countries and goals. Begins with nothing more after so many seconds.

    How many sights were seen to.
    """
    until = time.monotonic() + seconds
    done: set[tuple[str, str]] = set()
    for viewer, language in _readers():
        if time.monotonic() > until:
            break
        with translation.override(language):
            memory = Memory(viewer, renew=True)
            if (memory.sight, language) not in done:
                done.add((memory.sight, language))
                _make(viewer, memory)
    return len(done)


def _readers() -> Iterator[tuple["Viewer", str]]:
    languages = [code for code, _name in settings.LANGUAGES]
    looked = User.objects.filter(is_active=True, last_visit__at__gt=timezone.now() - LOOKED_WITHIN)
    for user in looked.order_by("-last_visit__at").iterator():
        for language in [user.language] if user.language else languages:
            yield user, language
    for language in languages:
        yield AnonymousUser(), language


def _make(viewer: "Viewer", memory: Memory) -> None:
    if viewer.is_authenticated:
        Pictures(viewer, timezone.localdate(), memory).make_all()
    countries = [of_country(country, viewer) for country in Country.objects.filter(in_carsi=True)]
    for subject in [*countries, *(of_goal(goal, viewer) for goal in Goal.objects.all())]:
        profile_of(subject, viewer, shows_contacts=False, is_public=False, memory=memory)
