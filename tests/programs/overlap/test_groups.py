"""Folds by kind of work: no kind, and no wording of it, is on both sides."""

import csv
import json
from pathlib import Path
from typing import Any

from benchmarks.labelled_set import Maker, write_set
from benchmarks.labelled_words import WORK
from programs.overlap.evaluation.groups import Phrase, folds_of, groups_of, phrases_of_work
from programs.overlap.evaluation.labelled import LabelledSet, read_labelled_set


def program(name: str, **values: Any) -> dict[str, Any]:
    return {"id": name, "title": "Program", "description": "", "localities": [], "goals": []} | values


def labelled(pairs: dict[tuple[str, str], str], works: dict[str, set[str]] | None = None) -> LabelledSet:
    names = sorted({name for pair in pairs for name in pair})
    return LabelledSet(
        [program(name) for name in names], pairs, works={name: frozenset(w) for name, w in (works or {}).items()}
    )


class TestGroups:
    def test_are_the_works_that_a_set_tells_and_the_same_in_every_set(self) -> None:
        one = groups_of(labelled({("A", "B"): "overlap"}, {"A": {"legal-aid"}, "B": {"legal-aid"}}), "one")
        two = groups_of(labelled({("C", "D"): "none"}, {"C": {"legal-aid"}, "D": {"school-meals"}}), "two")

        assert one["A"] == one["B"] == two["C"] != two["D"]

    def test_a_program_whose_work_nobody_tells_stays_with_the_one_it_is_listed_with(self) -> None:
        groups = groups_of(labelled({("A", "B"): "none", ("C", "D"): "none"}, {"A": {"legal-aid"}, "C": {"water"}}))

        assert groups["A"] == groups["B"]
        assert groups["C"] == groups["D"]
        assert groups["A"] != groups["C"]

    def test_programs_of_no_listed_pair_are_groups_of_their_own_by_set(self) -> None:
        alone = LabelledSet([program("A"), program("B")], {})

        assert len({*groups_of(alone, "one").values(), *groups_of(alone, "two").values()}) == 4

    def test_a_positive_pair_is_of_one_group_where_no_work_is_told(self) -> None:
        groups = groups_of(labelled({("A", "B"): "same_money", ("B", "C"): "none"}))

        assert groups["A"] == groups["B"] != groups["C"]


class TestPhrases:
    def test_of_the_work_go_with_one_goal_and_those_of_people_with_any(self) -> None:
        texts: list[set[Phrase]] = [{("sniffer", "dogs"), ("school", "children")}] * 12 + [
            {("legal", "counsel"), ("school", "children")}
        ] * 12
        goals = [[2]] * 12 + [[3]] * 12

        assert phrases_of_work(texts, goals) == {("sniffer", "dogs"), ("legal", "counsel")}

    def test_that_few_programs_have_are_none(self) -> None:
        assert phrases_of_work([{("sniffer", "dogs")}] * 3, [[2]] * 3) == set()


def test_a_made_up_sets_kinds_of_work_are_found_from_its_texts(tmp_path: Path) -> None:
    """The maker knows what each program does: hardly a group has two kinds, or a kind two groups."""
    write_set(tmp_path, 1500, seed=4)
    maker = Maker(4, localities=1500 // 9)
    while len(maker.rows) < 1500:
        maker.family()
    work = {row["row"]["id"]: row["work"] for row in maker.rows}

    groups = groups_of(read_labelled_set(tmp_path / "programs.jsonl", tmp_path / "pairs.csv"))

    members: dict[str, set[str]] = {}
    for name, group in groups.items():
        members.setdefault(group, set()).add(name)
    large = [names for names in members.values() if len(names) > 1]
    assert sum(map(len, large)) > 0.95 * len(work)
    pure = [names for names in large if len({work[name] for name in names}) == 1]
    assert sum(map(len, pure)) > 0.8 * len(work)
    assert len(pure) >= 0.6 * len(WORK)


class TestFolds:
    def test_keep_groups_whole_and_are_of_like_size(self) -> None:
        groups = [f"group {number % 17}" for number in range(600)]

        fold = folds_of(groups, 5)

        sizes = [sum(fold[group] == number for group in groups) for number in range(5)]
        assert sum(sizes) == 600
        assert max(sizes) - min(sizes) <= 36

    def test_do_not_hang_on_the_order_of_the_programs(self) -> None:
        groups = ["a", "b", "b", "c", "c", "d"]

        assert folds_of(groups, 2) == folds_of(groups[::-1], 2)


class TestHandwrittenSets:
    """The files of benchmarks/handwritten are what their README says."""

    FOLDER = Path(__file__).parents[3] / "benchmarks" / "handwritten"

    def test_are_whole_and_the_columns_are_true(self) -> None:
        for name in ("dev", "final"):
            found = read_labelled_set(self.FOLDER / name / "programs.jsonl", self.FOLDER / name / "pairs.csv")
            rows = {row["id"]: row for row in found.programs}
            with (self.FOLDER / name / "pairs.csv").open(encoding="utf-8") as file:
                pairs = list(csv.DictReader(file))
            assert len(pairs) == len(found.pairs) == len(found.categories)
            for pair in pairs:
                left, right = rows[pair["left"]], rows[pair["right"]]
                assert (pair["languages"] == "cross") == (left["language"] != right["language"]), pair
                assert pair["category"], pair
                assert pair["work"], pair
                if pair["kind"] == "overlap":
                    start, ends = (
                        max(left["start"], right["start"]),
                        [end for end in (left["end"], right["end"]) if end],
                    )
                    assert not ends or (min(ends) - start).days + 1 >= 180, pair
                    assert left["reporting_org"] != right["reporting_org"], pair

    def test_share_no_program_and_most_kinds_of_the_last_one_are_in_it_alone(self) -> None:
        texts, works = [], []
        for name in ("dev", "final"):
            lines = (self.FOLDER / name / "programs.jsonl").read_text(encoding="utf-8").splitlines()
            texts.append({json.loads(line)["title"] for line in lines})
            with (self.FOLDER / name / "pairs.csv").open(encoding="utf-8") as file:
                works.append({row["work"] for row in csv.DictReader(file)})

        dev, final = works
        assert len(final - dev) > len(final) / 2
        assert len(texts[0] & texts[1]) < 3
