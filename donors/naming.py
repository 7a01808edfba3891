"""How names and identifiers of organizations are compared, and which of several bodies a name means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.names import normalize_name

# The DAC's channel codes of five characters stand alone in older files; since 2.01 with the prefix of their register.
_CHANNEL = re.compile(r"\d{5}|41aaa")
_DAC = "xm dac "
_LONGEST_ACRONYM = 8
_DOTTED = re.compile(r"\b(?:[a-z0-9] ){1,}[a-z0-9]\b")
# How names begin that every state has: they mean the one of the country that is spoken of.
_OF_ANY_STATE = re.compile(
    r"(?:the )?(?:"
    r"minist(?:ry|ries|er|erio|erios|ere)|vice ?minist\w+|government|gobierno|gouvernement|embassy|embajada|"
    r"(?:presidential |executive )?secretariat of|secretaria de|sub ?secretaria|"
    r"(?:national |civil |federal )*(?:civil |civilian )?police|policia|"
    r"(?:supreme |high |constitutional )court|(?:corte|tribunal|juzgado)s?|fiscalia|procuraduria|defensoria|"
    r"public ministry|attorney general|office of the (?:attorney|prosecutor|president|ombuds\w+|comptroller)|"
    r"(?:general )?directorate|direccion (?:general|nacional|policial)|congreso|asamblea|"
    r"national (?:assembly|congress)|contraloria|instituto nacional|national institute of|consejo nacional|"
    r"national council|municipalidad|alcaldia|"
    r"municipality|ayuntamiento|poder judicial|organo judicial|organismo judicial|judicial branch|judiciary|"
    r"armed forces|fuerzas? armadas?|ejercito|army|customs|aduanas?|superintendencia|sistema penitenciario|"
    r"servicio nacional|national service"
    r")\b"
)


def identifier_key(ref: str) -> str:
    """What two spellings of one identifier have in common: "XM-DAC-41114", "xm dac 41114" and "41114" are one."""
    key = normalize_name(ref[:120])
    return _DAC + key if _CHANNEL.fullmatch(key) else key


def together(normalized: str, least: int = 2) -> str:
    """A normalized name with dotted acronyms, of so many letters at least, in one word: "a e c i d" -> "aecid"."""

    def one_word(found: re.Match[str]) -> str:
        letters = found.group().replace(" ", "")
        return letters if len(letters) >= least else found.group()

    return _DOTTED.sub(one_word, normalized)


def name_keys(text: str) -> tuple[str, ...]:
    """Under what a name is looked up: normalized, and with dotted acronyms as one word, where that differs."""
    plain = normalize_name(text)
    return tuple(dict.fromkeys(key for key in (plain, together(plain)) if key))


def identifier_spellings(ref: str) -> tuple[str, ...]:
    """How an identifier may stand normalized: the DAC's channel codes also without the prefix of their register."""
    key = identifier_key(ref)
    bare = key.removeprefix(_DAC)
    return (key, bare) if bare != key and _CHANNEL.fullmatch(bare) else (key,)


def name_spellings(text: str) -> tuple[str, ...]:
    """How a name may stand normalized: as in `name_keys`, and with dots within one of its words."""
    keys = name_keys(text)
    dotted = [
        " ".join([*words[:at], " ".join(word), *words[at + 1 :]])
        for words in (key.split() for key in keys)
        for at, word in enumerate(words)
        if 2 <= len(word) <= _LONGEST_ACRONYM
    ]
    # A dotted word beside a single letter would take that letter in as well: that is another name.
    return tuple(dict.fromkeys([*keys, *(one for one in dotted if together(one) in keys)]))


def is_of_any_state(normalized: str) -> bool:
    """Whether a normalized name tells nothing without its country: “policia nacional”, “ministry of health”."""
    return _OF_ANY_STATE.match(normalized) is not None


@dataclass(frozen=True, slots=True)
class Named:
    """A body that goes by a name. `body` says who it is: its key in the list of known bodies, else its own id.

    `organization` is its id in the portal, None where it is on the list alone. `country` is where the name means it
    ("" anywhere). `is_given` are names that people gave it here; they come before those of the list. Of several
    organizations that are one body the one of the lowest `rank` is meant.
    """

    organization: int | None
    body: str
    country: str = ""
    is_given: bool = False
    rank: int = 0


def meant(named: Sequence[Named], *contexts: Iterable[str]) -> Named | None:
    """The one body that a name means in the countries of the first context in which it means any, else anywhere.

    None where it may mean several: never a guess. Without any country a name of one country counts too, if only one
    body goes by it.
    """
    asked = [frozenset(filter(None, context)) for context in contexts]
    for countries in asked:
        if there := [one for one in named if one.country in countries]:
            if found := _one(there):
                return found
            break
    anywhere = [one for one in named if not one.country]
    if anywhere or any(asked):
        return _one(anywhere)
    # Of several countries none is asked about: also a name that people gave in one of them is not more than the others.
    return _one(named) if len({one.body for one in named}) == 1 else None


def _one(named: Iterable[Named]) -> Named | None:
    candidates = list(named)
    for is_given in (True, False):
        of_kind = [one for one in candidates if one.is_given == is_given]
        if of_kind:
            if len({one.body for one in of_kind}) > 1:
                return None
            # Who it is was said by people; which of its entries stands for it, by all that go by the name.
            same = [one for one in candidates if one.body == of_kind[0].body]
            return min(same, key=lambda one: (one.organization is None, one.rank, one.organization or 0))
    return None
