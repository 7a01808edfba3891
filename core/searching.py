"""How much of a typed text a search looks for: enough for any name, and never without bound."""

from collections.abc import Callable, Iterable

# With each word a question to the database takes longer: eight tell any organization, program or place apart.
MOST_WORDS = 8
# Characters of a typed text that are read at all.
LONGEST_TEXT = 255
# A typed text -> the words of it that a program has to be found by all the same, and words of which one is enough
# instead of the others; none of these where it knows nothing of the text.
Meaning = Callable[[str], tuple[tuple[str, ...], tuple[str, ...]]]
# Who knows what a typed text means beyond its words adds itself.
meanings: list[Meaning] = []


def words_looked_for(words: Iterable[str]) -> list[str]:
    """The first MOST_WORDS different ones of these words, in their order; further words narrow nothing."""
    return list(dict.fromkeys(words))[:MOST_WORDS]
