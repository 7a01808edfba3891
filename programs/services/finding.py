"""Keeps the words under which programs are found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.names import without_accents

# What is kept of one program's words, in characters: its first pages.
MOST_KEPT = 30_000
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class Findable:
    """The words of a program by how much they tell of it: its titles, the names of who and where, its texts, and what
    its work is called, in both languages."""

    titles: Iterable[str]
    names: Iterable[str]
    texts: Iterable[str]
    subjects: Iterable[str]


_WEIGHTS = ("A", "B", "C", "D")
# As they are written, and their stems in both languages: “cárceles” is found by “cárcel”, “prisons” by “prison”.
_KEEP = """
INSERT INTO programs_findingwords (program_id, words)
SELECT r.id, {vectors}
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS r(id, a, b, c, d)
ON CONFLICT (program_id) DO UPDATE SET words = excluded.words
WHERE programs_findingwords.words <> excluded.words
""".format(
    vectors=" || ".join(
        f"setweight(to_tsvector('{config}', r.{weight.lower()}), '{weight}')"
        for weight in _WEIGHTS
        for config in ("simple", "spanish", "english")
    )
)


def keep_findable(cursor: Any, programs: Mapping[int, Findable]) -> None:
    """Writes the words of these programs (by id) with the cursor of the caller's transaction; they are there."""
    if programs:
        columns = zip(
            *(
                (pk, *map(_plain, (one.titles, one.names, one.texts, one.subjects)))
                for pk, one in sorted(programs.items())
            ),
            strict=True,
        )
        cursor.execute(_KEEP, [list(column) for column in columns])


def _plain(texts: Iterable[str]) -> str:
    return _NOT_WORD.sub(" ", without_accents(" ".join(texts)))[:MOST_KEPT]
