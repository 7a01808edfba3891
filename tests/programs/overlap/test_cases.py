"""Pages of cases: whichever way they are found, the same ones come in the same order."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from programs.models import Program
from programs.overlap import cases, ranking
from programs.overlap.cases import leading, rows_by_case
from programs.overlap.clustering import figures_of, money_at_stake
from programs.overlap.models import Cluster, Overlap
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.ranking import ORDERED_BY, Asked, page_of
from tests import factories
from tests.worlds import kept_through, overlap

SIZE = 4
# The pairs of the case that comes first in every order.
LARGEST = 35


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with kept_through(django_db_blocker, make_pairs):
        yield


@pytest.fixture
def pairs(made: None, db: None) -> OverlapQuerySet:
    found: OverlapQuerySet = Overlap.objects.flagged()
    return found


def make_pairs() -> None:
    """66 pairs: a case of 35, eight smaller ones and some without a case; with ties, and money that nobody knows."""
    random, now = Random(7), timezone.now()
    programs = sorted(factories.program().pk for _ in range(12))
    made = []
    for number, (left, right) in enumerate(combinations(programs, 2)):
        largest = number < LARGEST
        made.append(
            Overlap(
                left_id=left,
                right_id=right,
                kind=Overlap.Kind.OVERLAP,
                score=1.0 if largest else random.choice([0.5, 0.6, 0.7]),
                stake=9.0 if largest else random.choice([1.0, 2.0, 3.0]),
                money_usd=Decimal(900) if largest else random.choice([None, Decimal(100), Decimal(200)]),
                smaller_id=random.choice([left, right]),
                case=50 if largest else random.choice([None, *range(60, 68)]),
                model_version="1",
                left_version=1,
                right_version=1,
            )
        )
    Overlap.objects.bulk_create(made)
    for pair in Overlap.objects.all():
        ago = timedelta(0) if pair.case == 50 else timedelta(days=random.choice([1, 2, 3]))
        Overlap.objects.filter(pk=pair.pk).update(first_flagged_at=now - ago)
    for case, rows in rows_by_case(Overlap.objects.all(), [50, *range(60, 68)]).items():
        figures = figures_of(rows)
        Cluster.objects.create(pk=case, stake=leading(rows).stake, **vars(figures))
        Overlap.objects.filter(case=case).update(cluster=case)
    Program.objects.filter(pk__in=programs[3:5]).update(visibility="restricted")


def in_order(pairs: OverlapQuerySet, order: str) -> list[int]:
    """The keys as the order is defined: by the number of the case, unknown last, then the newer first."""
    of_case: dict[int, list[Any]] = defaultdict(list)
    for pair in pairs.values("pk", "case", "score", "first_flagged_at"):
        of_case[pair["case"] or -pair["pk"]].append(pair)
    whole = rows_by_case(pairs, of_case)
    number: dict[str, Any] = {
        "stake": lambda key: max(row.stake for row in whole[key]),
        "money": lambda key: money_at_stake(whole[key]),
        "score": lambda key: max(pair["score"] for pair in of_case[key]),
        "newest": lambda key: max(pair["first_flagged_at"] for pair in of_case[key]),
    }
    numbers = {key: number[order](key) for key in of_case}
    known = sorted((key for key in numbers if numbers[key] is not None), key=lambda key: (numbers[key], key))
    unknown = sorted(key for key in numbers if numbers[key] is None)
    return [*reversed(known), *reversed(unknown)]


@pytest.mark.parametrize("order", ORDERED_BY)
@pytest.mark.parametrize("way", ["followed", "followed again", "grouped", "narrowed", "corrected"])
@pytest.mark.parametrize("is_member", [False, True], ids=["who sees all", "who sees a part"])
def test_every_way_leads_to_the_same_pages(
    pairs: OverlapQuerySet, order: str, way: str, is_member: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "grouped":
        monkeypatch.setattr(ranking, "MOST_FOLLOWED", 0)
    if way == "followed again":
        monkeypatch.setattr(ranking, "PAIRS_OF_A_LARGE_ONE", 0)
    asked = {"narrowed": Asked(narrowed=True), "corrected": Asked(dismissed=True)}.get(way, Asked(all_open=True))
    user = factories.user(is_superuser=not is_member)
    pairs = pairs.visible_to(user)
    number_of_pairs = pairs.count()
    expected = in_order(pairs, order)
    last = (len(expected) + SIZE - 1) // SIZE

    found = [page_of(pairs, order, str(number), SIZE, user=user, asked=asked) for number in range(1, last + 1)]

    assert [key for page in found for key in page.keys] == expected
    assert {(page.pairs, page.page.paginator.count, page.page.paginator.num_pages) for page in found} == {
        (number_of_pairs, len(expected), last)
    }
    assert (number_of_pairs == 66) is not is_member


WAYS = [Asked(all_open=True), Asked(narrowed=True), Asked(dismissed=True)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("asked", "number"), [(None, 1), ("", 1), ("x", 1), ("999", -1), ("0", -1), ("-3", -1)])
def test_what_is_no_page_leads_to_one(pairs: OverlapQuerySet, asked: str | None, number: int, way: Asked) -> None:
    expected = in_order(pairs, "stake")
    rest = len(expected) % SIZE or SIZE

    found = page_of(pairs, "stake", asked, SIZE, user=factories.user(is_superuser=True), asked=way)

    assert found.keys == (expected[:SIZE] if number == 1 else expected[-rest:])


@pytest.mark.parametrize("way", WAYS)
def test_of_nothing_there_is_one_empty_page(pairs: OverlapQuerySet, way: Asked) -> None:
    Overlap.objects.all().delete()

    found = page_of(Overlap.objects.flagged(), "stake", "2", SIZE, user=factories.user(is_superuser=True), asked=way)

    assert (found.keys, found.pairs, found.page.number, found.page.paginator.count) == ([], 0, 1, 0)


def test_places_are_written_as_the_programs_of_the_pairs_write_them(db: None) -> None:
    pairs = []
    for plain, *names in (("tecun uman", "tecun uman", "TECÚN UMÁN"), ("ciudad de panama", "Ciudad de Panama")):
        programs = [factories.program() for _ in range(2)]
        for program, name in zip(programs, [*names, *names], strict=False):
            program.locations.update(name=name)
        pairs.append(overlap(*programs, sites=[f"GT/{plain}"]))
    # Nobody's program of these pairs: it may be hidden from the reader.
    factories.program().locations.update(name="Ciudad de Panamá")

    found = cases.cases_of_pairs(Overlap.objects.flagged(), [-pair.pk for pair in pairs], 1)

    assert [overlap_case.title for overlap_case in found] == [
        "2 programs in Tecún Umán, Guatemala",
        "2 programs in Ciudad de Panama, Guatemala",
    ]
