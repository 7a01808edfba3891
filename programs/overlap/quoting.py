"""The words that explanations quote from both programs: worked out when a pair is looked at, for what its reader sees.

Texts are read as the scan read them (some 7 ms a program); what was found in them, which is places in a text and
numbers, never its words, is kept in the cache until the program changes.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from programs.models import Program, ProgramLocation, ProgramTranslation
from programs.overlap.engine.catalogue import FACTORS
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.passages import Passage, passages_of
from programs.overlap.engine.quotes import Quote as Words
from programs.overlap.engine.quotes import Quoted, Source
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_facts
from programs.overlap.release import release_of_passages

KEY = f"overlap:passages:{release_of_passages()}:"
SECONDS_KEPT = 7 * 24 * 3600
# Factors that say how near two texts lie: their closest passages are shown where no type of work is told of both.
NEARNESS = frozenset({"meaning", "content"})


@dataclass(frozen=True)
class Quote:
    """Words of a program as it writes them, with their language (an ISO 639 code, "und" where it is unknown)."""

    program: Program
    text: str
    language: str
    # The program in a few words: who reports it, or its title where one organization reports both.
    source: str


class Quotes:
    """What is quoted of some overlaps, which their reader may see (`visible_to`): three queries and one look into the
    cache, then none."""

    def __init__(self, overlaps: Iterable[Overlap]) -> None:
        programs = {program.pk: program for overlap in overlaps for program in (overlap.left, overlap.right)}
        # Of a program that changed since it was scanned nothing is quoted: its new text may no longer say it.
        facts = {pk: one for pk, one in stored_facts(programs).items() if one.version == programs[pk].version}
        localities: dict[int, list[str]] = {}
        for pk, name in _rows(ProgramLocation, facts, "name"):
            localities.setdefault(pk, []).append(name)
        self._languages: dict[tuple[int, str], str] = {}
        for pk, language, title, description in _rows(ProgramTranslation, facts, "language", "title", "description"):
            self._languages |= {(pk, title): language, (pk, description): language}
        # Whether a passage of each speaks of one type of work, by the pair's id.
        self._telling: dict[int, bool] = {}
        passages = _passages(facts)
        self._sources = {pk: Source(one, passages[pk], localities.get(pk, [])) for pk, one in facts.items()}

    def of(self, overlap: Overlap, factor: dict[str, Any]) -> tuple[dict[str, Any], tuple[Quote, ...]]:
        """Of a factor as it is stored: the evidence that both texts bear out, and the words by which they do. The
        evidence as it is, and no words, where the factor does not rest on texts or a program changed since."""
        quote = FACTORS[factor["name"]].quote
        mine, theirs = (self._sources.get(pk) for pk in (overlap.left_id, overlap.right_id))
        scanned = (overlap.left_version, overlap.right_version)
        if not (quote and mine and theirs) or scanned != (mine.facts.version, theirs.facts.version):
            return factor["evidence"], ()
        if factor["name"] in NEARNESS and self._tells_of_work(overlap):
            return factor["evidence"], ()
        found: Quoted = quote(factor["evidence"], mine, theirs)
        left, right = (one.facts.body(one.facts.reporting_org) for one in (mine, theirs))
        is_sole_reporter = left == right
        return found.evidence, tuple(
            self._quote(program, source.facts, words, is_sole_reporter)
            for program, source, quoted in (
                (overlap.left, mine, found.first),
                (overlap.right, theirs, found.second),
            )
            for words in quoted
        )

    def _tells_of_work(self, overlap: Overlap) -> bool:
        """Whether a passage of each speaks of the same type of work."""
        if overlap.pk not in self._telling:
            work = (factor for factor in overlap.factors if factor["name"] == "work")
            self._telling[overlap.pk] = any(self.of(overlap, factor)[1] for factor in work)
        return self._telling[overlap.pk]

    def _quote(self, program: Program, facts: ProgramFacts, words: Words, is_sole_reporter: bool) -> Quote:
        text = None if words.of is None else facts.texts[words.of]
        own = text is None or text in (program.title, program.description)
        language = program.language if own else self._languages.get((program.pk, text or ""), "und")
        source = program.shown_title if is_sole_reporter else str(program.reporting_org)
        return Quote(program, words.words, language, source)


def _rows(model: Any, programs: Iterable[int], *columns: str) -> Any:
    return model.objects.filter(program__in=list(programs)).order_by("pk").values_list("program_id", *columns)


def _passages(facts: dict[int, ProgramFacts]) -> dict[int, tuple[Passage, ...]]:
    """The passages of these programs, from the cache where they were found before."""
    keys = {pk: _key(one) for pk, one in facts.items()}
    kept: dict[str, Any] = {}
    with suppress(RedisError, OSError):
        kept = cache.get_many(set(keys.values())) if keys else {}
    new = {keys[pk]: passages_of(one) for pk, one in facts.items() if keys[pk] not in kept}
    with suppress(RedisError, OSError):
        stored = {key: [astuple(passage) for passage in found] for key, found in new.items()}
        if new:
            cache.set_many(stored, SECONDS_KEPT)
    return {pk: new[key] if key in new else tuple(Passage(*stored) for stored in kept[key]) for pk, key in keys.items()}


def _key(facts: ProgramFacts) -> str:
    """Under which its passages are kept: by all that they are made from."""
    places = (sorted(names) for names in (facts.localities, facts.countries, facts.areas))
    made_from = repr((facts.title, facts.texts, *places))
    return KEY + hashlib.blake2b(made_from.encode(), digest_size=16).hexdigest()
