"""What pictures of the region were made of, remembered for those who see the same."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from redis.exceptions import RedisError

from programs.codes import Stage
from programs.models import Program
from programs.money.once import Once
from programs.money.stored import once_for
from programs.overlap.models import Overlap
from programs.overlap.querysets import SIDES
from programs.services.dollars import EDITION

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

T = TypeVar("T")
# Names of organizations may change without a trace in programs: nothing is remembered for longer.
SECONDS_REMEMBERED = 60 * 60
# What took longer than FIGURES_AT_ONCE_SECONDS is not made again while somebody waits for the page, unless it is older
# than that: a job renews it (programs/reports/services/figures.py).
OLDEST = timedelta(minutes=15)
# Of a portal of up to so many programs nothing is older than a minute, however busy the machine is.
FEW_PROGRAMS = 5_000
OLDEST_OF_FEW = timedelta(minutes=1)
# What a job finds older than that it makes again, changed or not, so that it is not forgotten while nobody looks.
RENEWED_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Stored:
    """Something remembered: of which state of the programs it is, when it was made, and how long that took."""

    value: Any
    state: str
    made_at: datetime
    seconds: float


class Memory:
    """What was made for those who see the same programs, in one language, on one day.

    What a person may not see is a part of the key: nobody is shown what was made for somebody who sees more. As long
    as nothing changed, what was made is given again. After a change, what is quick is calculated again at once; what is
    slow is given as it was, for a quarter of an hour at most (for a minute while there are few programs), and `as_of`
    says from when it is. With `renew` it is made.
    """

    def __init__(self, user: "User | AnonymousUser", *, renew: bool = False) -> None:
        self.sight = sight(user)
        self._key = f"region:{{}}:{_shape()}:{get_language()}:{self.sight}:{timezone.localdate()}"
        self._state, programs = _last_change()
        self._oldest = OLDEST_OF_FEW if programs <= FEW_PROGRAMS else OLDEST
        self._renew = renew
        self._is_down = False
        self.as_of: datetime | None = None

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave last time, or gives now."""
        kept = self._kept(name)
        if kept and self._may_be_given(kept):
            if kept.state != self._state:
                self.as_of = min(self.as_of or kept.made_at, kept.made_at)
            return kept.value
        made_at, began = timezone.now(), time.perf_counter()
        made = make()
        if not self._is_down:
            kept = Stored(made, self._state, made_at, time.perf_counter() - began)
            with suppress(RedisError, OSError):
                cache.set(self._key.format(name), kept, SECONDS_REMEMBERED)
        return made

    def _kept(self, name: str) -> Stored | None:
        try:
            return None if self._is_down else cache.get(self._key.format(name))
        except (RedisError, OSError):
            # Each further question would wait as long once more.
            self._is_down = True
            return None

    def _may_be_given(self, kept: Stored) -> bool:
        age = timezone.now() - kept.made_at
        if kept.state == self._state:
            return not self._renew or age < RENEWED_AFTER
        return not self._renew and kept.seconds > settings.FIGURES_AT_ONCE_SECONDS and age < self._oldest


def once_kept(reader: "User | AnonymousUser", memory: Memory) -> Once:
    """What of each program's money the reader's sums count, remembered."""
    return memory.keep("once", lambda: once_for(reader))


def sight(user: "User | AnonymousUser") -> str:
    """The same for those who see the same: a hash of the programs that the person may not see, of all that pictures
    may show (drafts and what is archived are in none, save in a pair that was flagged before)."""
    hidden = Program.objects.hidden_from(user).order_by("pk")
    in_pair = [Exists(Overlap.objects.filter(**{side: OuterRef("pk")})) for side in SIDES]
    shown = hidden.filter(~Q(stage__in=[Stage.DRAFT, Stage.ARCHIVED]) | in_pair[0] | in_pair[1])
    return hashlib.sha256(",".join(map(str, shown.values_list("pk", flat=True))).encode()).hexdigest()[:32]


def _last_change() -> tuple[str, int]:
    """What changes with every change of a program or an overlap, and with every one that goes; in each of both a
    look-up and a count in an index. Changes too when sums were renewed at other exchange rates. And how many programs
    there are."""
    seen = [(rows.aggregate(at=Max("updated_at"))["at"], rows.count()) for rows in (Program.objects, Overlap.objects)]
    try:
        edition = cache.get(EDITION) or ""
    except (RedisError, OSError):
        edition = ""
    state = "-".join([*(f"{at}-{number}".replace(" ", "T") for at, number in seen), edition])
    return state, seen[0][1]


@once
def _shape() -> str:
    """What is remembered are objects of this code: another release must not take them up."""
    code = hashlib.sha256()
    for app in ("money", "region", "reports"):
        for file in sorted((Path(__file__).parent.parent / app).glob("*.py")):
            code.update(file.read_bytes())
    return code.hexdigest()[:16]
