"""One search over all that a person may see: programs, cases, organizations, places, agreements, priorities.

Every group begins with what the person may see, so that what they may not see is in no list and no number.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.names import normalize_name
from core.searching import LONGEST_TEXT, words_looked_for
from donors.models import Organization
from goals.models import Area, Country, Goal, Priority
from goals.querysets import Unaccented
from programs.agreements.models import Agreement
from programs.models import Program
from programs.overlap.cases import OverlapCase, cases_of_pairs
from programs.overlap.findable import spelled_like, types_of_work
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_profiles
from programs.overlap.ranking import page_of
from programs.querysets import asked_for

if TYPE_CHECKING:
    from donors.models import User

# How many of a group are shown, and of how many found programs cases are looked for.
SHOWN, FOR_CASES = 8, 200
# A number that leads straight to its program: the portal's own (“#12”), or an identifier.
_NUMBER = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True)
class Found:
    """A row of an answer. `note` says more of it; `because` by which names it was found, where its title says none of
    the words."""

    title: str
    address: str
    note: str = ""
    because: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the first rows, how many there are, and where all of them are listed."""

    kind: str
    name: Any
    number: int
    rows: list[Found]
    address: str = ""


@dataclass(frozen=True)
class Answer:
    """`straight` leads to the program whose number or identifier was typed; `instead` is a text with another spelling
    where nothing was found."""

    text: str
    groups: list[Group] = field(default_factory=list)
    straight: str = ""
    instead: str = ""

    @property
    def number(self) -> int:
        return sum(group.number for group in self.groups)


def look_for(user: "User", text: str) -> Answer:
    """What `user` may see that `text` asks for; the first LONGEST_TEXT characters of it."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST_TEXT]
    if asked_for(text) is None:
        return Answer(text)
    programs = Program.objects.visible_to(user).listed().search(text)
    groups = [
        _programs(programs, text),
        _cases(user, programs),
        _organizations(user, text),
        _places(text),
        _agreements(user, text),
        _priorities(text),
    ]
    found = [group for group in groups if group.number]
    return Answer(text, found, _straight(user, text), "" if found else spelled_like(text))


def _straight(user: "User", text: str) -> str:
    """The address of the one program that has this number or identifier; "" where there is none."""
    condition = Q(identifier__iexact=text)
    if number := _NUMBER.fullmatch(text):
        condition |= Q(pk=int(number[1]))
    found = list(Program.objects.visible_to(user).filter(condition).order_by("pk").values_list("pk", flat=True)[:2])
    return reverse("programs:detail", args=[found[0]]) if len(found) == 1 else ""


def _programs(found: Any, text: str) -> Group:
    number = found.count()
    rows = list(
        found.nearest_first(text)
        .select_related("reporting_org")
        .defer("search")
        .prefetch_related(
            "reporting_org__aliases", "participations__organization__aliases", "locations__area", "coverages__country"
        )[:SHOWN]
    )
    profiles = stored_profiles(program.pk for program in rows)
    words = normalize_name(text).split()
    return Group(
        "programs",
        _("Programs"),
        number,
        [
            Found(
                program.shown_title,
                reverse("programs:detail", args=[program.pk]),
                " · ".join(dict.fromkeys([program.reporting_org.name, *_where(program)])),
                _because(program, words, profiles.get(program.pk)),
            )
            for program in rows
        ],
        f"{reverse('programs:list')}?{urlencode({'q': text})}",
    )


def _where(program: Any) -> list[str]:
    return [str(coverage) for coverage in program.coverages.all()][:3]


def _because(program: Any, words: list[str], profile: Any) -> str:
    """By what it was found beyond its title: its places and organizations with one of the words, else the types of
    work that its texts speak of. "" where what is shown of it has all the words."""
    shown = normalize_name(" ".join([program.title, program.reporting_org.name, *_where(program)])).split()
    missing = [word for word in words if not _has(shown, word)]
    if not missing:
        return ""
    called = [(str(row.area), [str(row.area)]) for row in program.locations.all() if row.area]
    called += [(row.name, [row.name]) for row in program.locations.all() if row.name]
    bodies = [program.reporting_org, *(row.organization for row in program.participations.all())]
    called += [(body.name, [alias.normalized for alias in body.aliases.all()]) for body in bodies]
    named = [
        name
        for name, texts in called
        if any(_has(normalize_name(text).split(), word) for text in texts for word in missing)
    ]
    if not named and profile is not None:
        named = types_of_work(profile.reading, (get_language() or "en")[:2])
    # Its reporter is shown by name, by whatever other name it was found.
    return ", ".join([name for name in dict.fromkeys(named) if name != program.reporting_org.name][:3])


def _has(words: list[str], begun: str) -> bool:
    return any(word.startswith(begun) if len(begun) > 2 else word == begun for word in words)


def _cases(user: "User", programs: Any) -> Group:
    ids = list(programs.order_by().values_list("pk", flat=True)[:FOR_CASES])
    visible = Overlap.objects.visible_to(user)
    pairs = visible.open().filter(Q(left__in=ids) | Q(right__in=ids))
    page = page_of(pairs, "stake", None, SHOWN, user=user)
    cases = cases_of_pairs(pairs, page.keys, 1, visible)
    return Group(
        "cases",
        _("Open cases of overlap"),
        page.page.paginator.count,
        [_found_case(case) for case in cases],
    )


def _found_case(case: OverlapCase) -> Found:
    programs = _programs_of(case.shown)
    if case.figures.pairs == 1:
        return Found(programs, _address_of(case), ", ".join(case.organizations))
    return Found(case.title, _address_of(case), programs)


def _address_of(case: OverlapCase) -> str:
    if case.cluster_id:
        return reverse("overlap:case", args=[case.cluster_id])
    return reverse("overlap:detail", args=[case.first_pair.pk])


def _programs_of(pairs: Iterable[Any]) -> str:
    titles = (program.shown_title for pair in pairs for program in (pair.left, pair.right))
    return " ↔ ".join(dict.fromkeys(titles))


def _organizations(user: "User", text: str) -> Group:
    found = Organization.objects.visible_to(user)
    found = found.filter(pk__in=found.matching(text).values("pk")).order_by("name")
    return _group("organizations", _("Organizations"), found, lambda one: reverse("region:donor", args=[one.pk]))


def _places(text: str) -> Group:
    """Countries, departments and goals of that name, which have a page of their own."""
    areas = Area.objects.matching(text).filter(level=Area.Level.ADMIN_1).order_by("name", "code")
    wanted = words_looked_for(normalize_name(text).split())
    pages: list[Any] = [*Country.objects.filter(in_carsi=True), *Goal.objects.all()]
    own = [
        one for one in pages if all(word in normalize_name(f"{one.name_en} {one.name_es}").split() for word in wanted)
    ]
    number = areas.count()
    rows = [Found(str(one), _page_of(one)) for one in own]
    rows += [Found(area.name, reverse("reports:area", args=[area.pk]), str(area.country)) for area in areas[:SHOWN]]
    return Group("places", _("Countries, departments and goals"), number + len(own), rows[:SHOWN])


def _page_of(one: Country | Goal) -> str:
    return reverse("reports:country" if isinstance(one, Country) else "reports:goal", args=[one.pk])


def _agreements(user: "User", text: str) -> Group:
    found = _titled(Agreement.objects.visible_to(user), text, "title").order_by("-updated_at", "-pk")
    return _group(
        "agreements",
        _("Agreements"),
        found,
        lambda one: reverse("agreements:detail", args=[one.pk]),
        lambda one: str(one.get_state_display()),
    )


def _priorities(text: str) -> Group:
    found = _titled(Priority.objects.select_related("country", "goal"), text, "title_en", "title_es").order_by("pk")
    return _group(
        "priorities",
        _("Priorities"),
        found,
        lambda one: one.get_absolute_url(),
        lambda one: " · ".join(str(part) for part in (one.country, one.goal) if part),
    )


def _titled(found: Any, text: str, *fields: str) -> Any:
    """Those one of whose titles holds all the words, accents and capitals ignored."""
    words = words_looked_for(normalize_name(text).split())
    condition = Q()
    for name in fields:
        found = found.annotate(**{f"plain_{name}": Unaccented(Lower(name))})
        holds = Q()
        for word in words:
            holds &= Q(**{f"plain_{name}__contains": word})
        condition |= holds
    return found.filter(condition)


def _group(
    kind: str,
    name: Any,
    found: QuerySet[Any],
    address: Callable[[Any], str],
    note: Callable[[Any], str] = lambda _one: "",
) -> Group:
    rows = list(found[:SHOWN])
    number = len(rows) if len(rows) < SHOWN else found.count()
    return Group(kind, name, number, [Found(_title_of(one), address(one), note(one)) for one in rows])


def _title_of(one: Any) -> str:
    return str(getattr(one, "title", "") or one)
