"""Which programs of its organization a row probably is: the overlap engine's word on the likeliest by title."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from core.names import normalize_name
from goals.money import RateTable
from programs.codes import Stage
from programs.models import Program
from programs.overlap.calibrated import current_model
from programs.overlap.engine.catalogue import DUPLICATE
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.score import Model, score_pair
from programs.overlap.loading import known_bodies, load_facts
from programs.overlap.unsaved import facts_of, organizations_of
from programs.services import ProgramData

# Words of a title that so many programs have say little.
COMMON_FROM = 200
JUDGED_A_ROW = 5
LEAST_LIKENESS = 0.5


@dataclass(frozen=True)
class Match:
    """A program that a row probably is, and how probable the engine finds it (0 to 1)."""

    program_id: int
    score: float


class ProbableMatches:
    """The programs of one organization by the words of their titles; read once (one query), on first use."""

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        self._titles: dict[int, str] | None = None
        self._by_word: dict[str, list[int]] = defaultdict(list)

    def find(self, rows: Mapping[int, ProgramData]) -> dict[int, list[Match]]:
        """For each row (any number -> what it says) the programs it probably is, surest first; none for most."""
        likely = {number: found for number, data in rows.items() if (found := self._likely(data))}
        if not likely:
            return {}
        facts = load_facts({pk for found in likely.values() for pk in found})
        matches = {}
        rates, numbers = RateTable(), current_model()
        bodies = known_bodies(pk for number in likely for pk in organizations_of(rows[number]))
        for number, found in likely.items():
            mine = facts_of(rows[number], rates=rates, bodies=bodies)
            scored = [self._judged(mine, facts[pk], numbers) for pk in found if pk in facts]
            sure = sorted((match for match in scored if match), key=lambda match: (-match.score, match.program_id))
            if sure:
                matches[number] = sure
        return matches

    def _judged(self, mine: ProgramFacts, other: ProgramFacts, numbers: Model | None) -> Match | None:
        verdict = score_pair(mine, other, numbers)
        if verdict.kind == DUPLICATE and verdict.is_flagged:
            return Match(other.id, round(verdict.score, 3))
        if normalize_name(mine.title) == normalize_name(other.title):
            # One title twice in one organization is worth a question, whatever else is unlike.
            return Match(other.id, 0.5)
        return None

    def _likely(self, data: ProgramData) -> list[int]:
        titles = self._read()
        words = set(normalize_name(data.title).split())
        counted: Counter[int] = Counter()
        for word in words:
            found = self._by_word.get(word, ())
            if len(found) < COMMON_FROM:
                counted.update(found)
        ranked = []
        for pk, _count in counted.most_common(50):
            theirs = set(titles[pk].split())
            likeness = len(words & theirs) / len(words | theirs)
            if likeness >= LEAST_LIKENESS:
                ranked.append((-likeness, pk))
        return [pk for _likeness, pk in sorted(ranked)[:JUDGED_A_ROW]]

    def _read(self) -> dict[int, str]:
        if self._titles is None:
            own = Program.objects.filter(Q(reporting_org=self.organization_id)).exclude(stage=Stage.ARCHIVED)
            self._titles = {pk: normalize_name(title) for pk, title in own.values_list("pk", "title")}
            for pk, title in self._titles.items():
                for word in set(title.split()):
                    self._by_word[word].append(pk)
        return self._titles
