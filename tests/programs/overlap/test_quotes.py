"""What explanations quote: word for word what the programs write, and only what both say."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache as once
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.describe import Names, explain, explain_beside_typical
from programs.overlap.engine import quotes
from programs.overlap.engine.catalogue import FACTORS, evidence_of
from programs.overlap.engine.evidence import MOST_NAMED, NAMED_FROM, Side
from programs.overlap.engine.facts import ProgramFacts, normalized_names
from programs.overlap.engine.passages import closest, passages_of, telling
from programs.overlap.engine.profile import profile_of
from programs.overlap.engine.quotes import CUT, LONGEST_QUOTE, TOLD_FROM, Quote, Quoted, Source, cut
from programs.overlap.engine.segments import affirmed_where_it_stands, pieces, placed_pieces
from programs.overlap.engine.taxonomy import BENEFICIARY, MEANS, WORK, of_role, place_of
from programs.overlap.engine.text import plain_words
from programs.overlap.evaluation.labelled import Pair, read_labelled_set
from programs.overlap.models import Overlap
from programs.overlap.profiles import refresh_profiles
from programs.overlap.quoting import Quotes
from tests import factories
from tests.api import Api
from tests.queries import queries_of

SignIn = Callable[[User], Client]

DEV = Path(__file__).parents[3] / "benchmarks" / "handwritten" / "dev"
PLACES = frozenset({"guatemala", "san", "miguel", "honduras"})
FLORES = {"localities": ["flores"], "countries": ["GT"]}
NOT_DONE = "not pay for any patrol"


def program(number: int, title: str, *texts: str, **fields: frozenset[str]) -> ProgramFacts:
    of_all = {"countries": frozenset({"HN"}), "areas": frozenset(), "localities": frozenset()} | fields
    return ProgramFacts(
        id=number, version=1, identifier=f"P-{number}", reporting_org=number, title=title,
        texts=(title, *texts) if title else texts, start=None, end=None, goals=frozenset(), sectors=frozenset(),
        regions=frozenset(), funders=frozenset(), implementers=frozenset(), others=frozenset(), money=(),
        budgets=frozenset(), committed_usd=None, activity_identifiers=frozenset(), **of_all,
    )  # fmt: skip


def source(facts: ProgramFacts, *localities: str) -> Source:
    return Source(facts, passages_of(facts), localities)


@once
def dev() -> tuple[dict[str, tuple[Source, Side]], list[Pair]]:
    """The programs of the hand-written set, ready to be quoted, and its pairs."""
    labelled = read_labelled_set(DEV / "programs.jsonl", DEV / "pairs.csv")
    ready = {}
    for number, row in enumerate(labelled.programs):
        texts = [text for text in (row["description"],) if text]
        facts = program(
            number,
            row["title"],
            *texts,
            countries=frozenset(row["countries"]),
            areas=frozenset(row["areas"]),
            localities=normalized_names(row["localities"]),
        )
        ready[row["id"]] = source(facts, *row["localities"]), Side(facts, profile_of(facts))
    return ready, list(labelled.pairs)


@once
def quoted_in_dev() -> list[tuple[str, Quoted, tuple[Source, Source], tuple[Side, Side]]]:
    """What each factor quotes of each pair of the set."""
    ready, pairs = dev()
    found = []
    for pair in pairs:
        sources, sides = zip(*(ready[key] for key in pair), strict=True)
        for name, factor in FACTORS.items():
            if factor.quote:
                quoted = factor.quote(evidence_of(name, *sides, {}), *sources)
                found.append((name, quoted, sources, sides))
    return found


def is_verbatim(quote: Quote, of: Source) -> bool:
    written = of.localities if quote.of is None else [of.facts.texts[quote.of]]
    return bool(quote.words) and any(quote.words.removesuffix(CUT) in text for text in written)


def test_each_quote_of_the_handwritten_set_is_word_for_word_in_its_program() -> None:
    counted: dict[str, int] = {}
    for name, quoted, (mine, theirs), _sides in quoted_in_dev():
        assert bool(quoted.first) == bool(quoted.second)
        assert all(is_verbatim(quote, mine) for quote in quoted.first)
        assert all(is_verbatim(quote, theirs) for quote in quoted.second)
        assert all(len(quote.words) <= LONGEST_QUOTE + len(CUT) for quote in quoted.first + quoted.second)
        counted[name] = counted.get(name, 0) + bool(quoted.first)
    # Every factor that can quote does so somewhere; hardly any piece of a text is about its beneficiaries or methods
    # alone.
    assert {name for name, times in counted.items() if not times} <= {"beneficiaries", "means"}, counted


def test_what_is_named_as_shared_is_in_both_readings_and_in_a_passage_of_each() -> None:
    roles = {"work": WORK, "work_here": WORK, "beneficiaries": BENEFICIARY, "means": MEANS}
    for name, quoted, sources, sides in quoted_in_dev():
        key = "work" if name == "work_here" else name
        kinds = quoted.evidence.get(key, []) if name in roles else []
        assert len(kinds) <= MOST_NAMED
        for kind in kinds:
            entry = place_of(roles[name], kind)
            for one, side in zip(sources, sides, strict=True):
                shares = getattr(side.profile.reading, key)
                assert shares[entry - of_role(roles[name]).start] >= NAMED_FROM * 127 - 1
                passage = telling(one.passages, entry, as_work=roles[name] == WORK)
                assert passage
                assert passage.tells[entry] >= TOLD_FROM


def test_institutions_places_and_words_that_are_named_are_in_both() -> None:
    for name, quoted, _sources, sides in quoted_in_dev():
        for side in sides:
            if name == "institution":
                assert side.facts.institutions.issuperset(quoted.evidence["institutions"])
            elif name == "wording":
                words = {word for text in side.facts.texts for word in plain_words(text)}
                assert words.issuperset(quoted.evidence["words"])
            elif name == "place":
                both = set(quoted.evidence["localities"]) - set(quoted.evidence["mentioned"])
                assert side.facts.places >= both
                assert side.facts.places | side.facts.found.capitalised >= set(quoted.evidence["localities"])


# --- Where a piece is written -----------------------------------------------------------------------------

bits_of_text = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["capacitación", "fiscales", "no incluye", "patrullas,", "through", "para que", "Guatemala", "San", "a", "."]
        + [";", "\n", " - ", "|", "&oacute;", "&amp;amp;", "&notit", "“", "TALLER", "not", ",", "ẞ", "İ", "…", "\x1c"]
    ),
)
texts = st.one_of(st.text(max_size=200), st.lists(bits_of_text, max_size=60).map(" ".join))


@settings(deadline=None)
@given(texts, texts)
def test_a_piece_is_written_where_it_says(title: str, description: str) -> None:
    placed = placed_pieces(title, description, PLACES)

    assert [piece.text for piece in placed] == pieces(title, description, PLACES)
    for piece in placed:
        written = (title if piece.in_title else description)[piece.start : piece.end]
        spoken, read = (
            [word for word in plain_words(text) if word not in PLACES] for text in (html.unescape(written), piece.text)
        )
        assert written == written.strip()
        assert spoken
        assert any(read[start : start + len(spoken)] == spoken for start in range(len(read)))


@settings(deadline=None)
@given(st.text(max_size=400))
def test_a_quote_is_cut_after_a_word(words: str) -> None:
    kept = cut(words)

    assert words.startswith(kept.removesuffix(CUT)) or kept == words
    assert len(kept) <= LONGEST_QUOTE + len(CUT)
    if kept != words and " " in words[:LONGEST_QUOTE].strip():
        rest = words[len(kept.removesuffix(CUT)) :]
        assert not rest[0].isalnum()


def test_what_is_not_done_is_never_quoted() -> None:
    told = program(1, "Streets", "Heading without a stop\nThe project does not pay for any patrol.\nLamps in the park")

    passages = [told.texts[one.text][one.start : one.end] for one in passages_of(told)]

    assert passages
    assert all(NOT_DONE not in passage for passage in passages)


def test_a_passage_is_quoted_as_it_is_written_with_its_places_and_accents() -> None:
    mine = source(program(1, "CAPACITACIÓN A FISCALES DE CHOLOMA"))
    theirs = source(program(2, "Justice", "Weekly meetings. Training of 120 prosecutors in Choloma; other costs."))
    kinds = evidence_of("work", *(Side(one.facts, profile_of(one.facts)) for one in (mine, theirs)), {})

    found = quotes.work(kinds, mine, theirs)

    assert found.evidence["work"]
    assert [quote.words for quote in found.first] == ["CAPACITACIÓN A FISCALES DE CHOLOMA"]
    assert [quote.words for quote in found.second] == ["Training of 120 prosecutors in Choloma"]


def test_a_type_of_work_that_only_one_of_them_tells_of_is_not_named() -> None:
    mine, theirs = source(program(1, "Training of prosecutors")), source(program(2, "Rural roads"))

    found = quotes.work({"work": ["prosecutor training", "rural roads", "no such row"]}, mine, theirs)

    assert found == Quoted({"work": []})


def test_two_texts_without_a_work_in_common_are_told_by_their_closest_passages() -> None:
    mine = program(1, "Standard terms", "Radios for the police post.")
    theirs = program(2, "Radiocomunicación de la policía", "Copias de los anexos.")
    nearest = closest(passages_of(mine), passages_of(theirs))

    assert nearest
    assert [facts.texts[one.text][one.start : one.end] for facts, one in zip((mine, theirs), nearest, strict=True)] == [
        "Radios for the police post",
        "Radiocomunicación de la policía",
    ]
    assert closest((), passages_of(theirs)) is None


@pytest.mark.parametrize(
    ("text", "localities", "words"),
    [
        ("Luces en Xela para todos", (), "Xela"),
        ("Luces para todos", ("Xela",), "Xela"),
        ("LUCES EN LA CIUDAD DE QUETZALTENANGO", (), "CIUDAD DE QUETZALTENANGO"),
    ],
)
def test_a_place_is_quoted_under_the_name_that_the_program_gives_it(
    text: str, localities: tuple[str, ...], words: str
) -> None:
    there = {"countries": frozenset({"GT"})}
    mine = source(program(1, text, **there, localities=normalized_names(localities)), *localities)
    theirs = source(program(2, "Quetzaltenango, lamps", **there))

    found = quotes.place({"localities": ["quetzaltenango"], "areas": [], "countries": ["GT"]}, mine, theirs)

    assert [quote.words for quote in found.first] == [words]
    assert [quote.words for quote in found.second] == ["Quetzaltenango"]


@pytest.mark.parametrize(
    ("country", "first", "second", "localities", "words"),
    [
        # One lists it, the other writes it, each under its own name and with its own accents.
        ("GT", ("Luces", "Xela"), ("Lamps in Quetzaltenango",), ["quetzaltenango"], ("Xela", "Quetzaltenango")),
        ("GT", ("Luces en XELA",), ("Lamps", "Ciudad de Quetzaltenango"), ["quetzaltenango"],
         ("XELA", "Ciudad de Quetzaltenango")),
        ("HN", ("Radios en SPS",), ("Radios for San Pedro Sula",), ["san pedro sula"], ("SPS", "San Pedro Sula")),
        ("GT", ("Escuelas de Chaju’l",), ("Schools in Chajul",), ["chajul"], ("Chaju’l", "Chajul")),
        # Not where the name is a part of another word.
        ("HN", ("Telares y comercio en Tela",), ("Looms in Tela",), ["tela"], ("Tela", "Tela")),
        # Of two places the one that both quote.
        ("HN", ("Radios en Tela y Choloma",), ("Radios", "Choloma"), ["tela", "choloma"], ("Choloma", "Choloma")),
        # An area that one names, and of which the other names a town.
        ("HN", ("Radios", "Choloma"), ("Radios en el departamento de Cortés",), [],
         ("Choloma", "departamento de Cortés")),
    ],
)  # fmt: skip
def test_each_program_is_quoted_in_its_own_words_for_a_place(
    country: str, first: tuple[str, ...], second: tuple[str, ...], localities: list[str], words: tuple[str, str]
) -> None:
    def of(number: int, title: str, *listed: str) -> quotes.Source:
        facts = program(number, title, countries=frozenset({country}), localities=normalized_names(listed))
        return source(facts, *listed)

    mine, theirs = of(1, *first), of(2, *second)
    areas = sorted(mine.facts.located & theirs.facts.located)
    evidence = {"localities": localities, "areas": areas, "countries": [country]}

    found, back = quotes.place(evidence, mine, theirs), quotes.place(evidence, theirs, mine)

    assert tuple(quote.words for quote in found.first + found.second) == words
    assert (back.first, back.second) == (found.second, found.first)
    for side, quoted in ((mine, found.first), (theirs, found.second)):
        assert all(
            quote.words in (side.localities if quote.of is None else side.facts.texts[quote.of]) for quote in quoted
        )


def test_a_sentence_that_denies_is_quoted_for_no_place_and_no_institution() -> None:
    there = {"countries": frozenset({"GT"})}
    full = "Instituto Nacional de Ciencias Forenses de Guatemala"
    denied = f"It does not work in Ciudad de Quetzaltenango. It does not work with the {full}."
    mine = source(program(1, "Microscopes", f"{denied} INACIF in Xela.", **there))
    theirs = source(program(2, f"{full}, Quetzaltenango", **there))

    place = quotes.place({"localities": ["quetzaltenango"]}, mine, theirs)
    institution = quotes.institution({"institutions": sorted(theirs.facts.institutions)}, mine, theirs)

    assert [quote.words for quote in place.first + institution.first] == ["Xela", "INACIF"]
    assert [quote.words for quote in place.second + institution.second] == ["Quetzaltenango", full]


def test_denials_leave_all_else_where_it_stands() -> None:
    text = "It works in Tela. It does not work in Choloma. Radios."

    assert len(affirmed_where_it_stands(text)) == len(text)
    assert affirmed_where_it_stands(text).split() == ["It", "works", "in", "Tela.", "Radios."]


def test_an_institution_is_quoted_under_the_name_that_the_program_gives_it() -> None:
    there = {"countries": frozenset({"GT"})}
    mine = source(program(1, "Equipo para el INACIF", **there))
    theirs = source(program(2, "Lab", "Instituto Nacional de Ciencias Forenses de Guatemala: microscopes.", **there))
    shared = sorted(mine.facts.institutions & theirs.facts.institutions)

    found = quotes.institution({"institutions": shared}, mine, theirs)

    assert [quote.words for quote in found.first] == ["INACIF"]
    assert [quote.words for quote in found.second] == ["Instituto Nacional de Ciencias Forenses de Guatemala"]


# --- Sentences --------------------------------------------------------------------------------------------


class AsTheyAre:
    """Names that are their keys."""

    def all(self, kind: str, keys: Iterable[Any]) -> str:
        return ", ".join(str(key) for key in keys)

    def as_written(self, plain: str) -> str:
        return plain

    place = as_written


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", [name for name, factor in FACTORS.items() if factor.quote])
def test_no_likeness_of_texts_is_told_as_a_per_cent(name: str, language: str) -> None:
    with translation.override(language):
        stated = {FACTORS[name].sentence(value / 100, {}, AsTheyAre()) for value in range(101)}

    assert all(stated)
    assert not [sentence for sentence in stated if re.search(r"%|\d", sentence)]


@pytest.mark.parametrize(
    ("name", "value", "evidence", "sentence"),
    [
        ("work", 0.2, {"work": []}, "No type of work is clearly the same in both."),
        ("work", 0.9, {}, "They are about related types of work; none is clearly the same in both."),
        ("work", 0.9, {"work": ["prisons"]}, "Both are about prisons."),
        ("place", 1.0, FLORES | {"mentioned": ["flores"]}, "Both mention flores (GT)."),
        ("place", 1.0, FLORES | {"mentioned": []}, "Both work in flores (GT)."),
        ("place", 0.1, {"areas": ["GT-17"], "countries": ["GT"]}, "Both work in GT-17, but in different places."),
        ("place", 0.5, {"countries": ["GT"]}, "Both work in GT; neither says where exactly."),
        ("place", 0.3, {"countries": ["GT"]}, "Both work in GT; one of them does not say where exactly."),
        ("place", 0.0, {}, "They list no country in common."),
        ("funder", 1.0, {"organizations": ["INL"]}, "INL funds both."),
        ("funder", 1.0, {"organizations": ["INL"], "presumed": True}, "INL funds or reports both."),
        ("same_dates", 0.9, {"days": 3, "of": ["start"]}, "They start 3 days apart."),
        ("same_dates", 0.9, {"days": 3}, "Their start and end dates differ by at most 3 days."),
        ("lineage", 1.0, {"identifier": "P-1", "siblings": True}, "Both are reported as parts of one program."),
    ],
)  # fmt: skip
def test_a_sentence_says_no_more_than_is_known(
    name: str, value: float, evidence: dict[str, Any], sentence: str
) -> None:
    assert FACTORS[name].sentence(value, evidence, AsTheyAre()) == sentence


def test_who_only_reports_a_program_is_not_called_its_funder() -> None:
    unfunded = [replace(program(number, "Any"), reporting_org=7) for number in (1, 2)]
    funded = [replace(one, funders=frozenset({7})) for one in unfunded]

    for sides, presumed in ((unfunded, True), ([unfunded[0], funded[1]], True), (funded, False)):
        evidence = evidence_of("funder", *(Side(one, profile_of(one)) for one in sides), {})
        assert evidence["organizations"] == [7]
        assert evidence.get("presumed", False) == presumed


# --- On pages and in the API ------------------------------------------------------------------------------


@pytest.fixture
def pair(db: None) -> Overlap:
    """Two donors' training of prosecutors in one town, in two languages."""
    factories.program(
        title="Capacitación a fiscales de Choloma", description="Reuniones semanales. <b>Premios</b>.", language="es"
    )
    factories.program(title="Justice", description="Weekly meetings. Training of 120 prosecutors; other costs.")
    services.sweep(seconds=None)
    return Overlap.objects.get()


def quoted_by(api: Api, pair: Overlap, name: str = "Type of work") -> list[dict[str, Any]]:
    factors = api.get(f"overlaps/{pair.pk}/")["factors"]
    return next(factor["quotes"] for factor in factors if factor["name"] == name)


@pytest.fixture
def reader(db: None) -> User:
    return factories.user(factories.organization("Somebody else's"))


def test_the_api_quotes_both_programs_each_in_its_language(pair: Overlap, reader: User) -> None:
    assert quoted_by(Api(reader), pair) == [
        {"program": pair.left_id, "text": "Capacitación a fiscales de Choloma", "language": "es"},
        {"program": pair.right_id, "text": "Training of 120 prosecutors", "language": "en"},
    ]


def test_lists_stay_short(pair: Overlap, reader: User) -> None:
    rows = Api(reader).get("overlaps/")["results"]

    assert rows
    assert all("quotes" not in factor for row in rows for factor in row["factors"])


def test_a_translation_is_quoted_in_its_own_language(pair: Overlap, reader: User) -> None:
    Program.objects.filter(pk=pair.left_id).update(title="Zzz")
    pair.left.translations.create(language="en", title="Training prosecutors")
    refresh_profiles([pair.left_id], again=True)

    quote = quoted_by(Api(reader), pair)[0]

    assert (quote["text"], quote["language"]) == ("Training prosecutors", "en")


@pytest.mark.parametrize("address", ["pair", "case"])
def test_pages_quote_both_programs_and_escape_them(
    pair: Overlap, reader: User, signed_in: SignIn, address: str
) -> None:
    Program.objects.filter(pk=pair.left_id).update(title="Capacitación a fiscales <script>alert(1)</script>")
    refresh_profiles([pair.left_id], again=True)
    client = signed_in(reader)

    page = client.get(pair.get_absolute_url() if address == "pair" else f"/cases/{pair.case}/").content.decode()

    assert "<script>alert" not in page
    quoted = re.findall(r"“(.*?)”", page[page.index('class="quotes"') :])
    assert any(html.unescape(text).startswith("Capacitación a fiscales <script>") for text in quoted)
    assert any(text == "Training of 120 prosecutors" for text in quoted)
    assert 'lang="es">“Capacitación' in page


def test_the_closest_passages_are_shown_once_where_no_type_of_work_is_told_of_both(pair: Overlap) -> None:
    for factor in pair.factors:
        factor["evidence"] = {} if factor["name"] == "work" else factor["evidence"]

    bars = explain_beside_typical(pair, Names([pair]), {}, Quotes([pair]))

    introduced = [bar for bar in bars if "closest" in bar.sentence]
    assert len(introduced) == 1
    assert len(introduced[0].quotes) == 2
    # A script has them with each factor.
    assert len([one for one in explain(pair, quotes=Quotes([pair])) if "closest" in one.sentence and one.quotes]) == 2


def test_a_program_that_changed_is_not_quoted_until_it_is_scanned(pair: Overlap, reader: User) -> None:
    Program.objects.filter(pk=pair.left_id).update(version=pair.left_version + 1, title="Rural roads")

    assert quoted_by(Api(reader), pair) == []


def test_what_may_not_be_seen_is_quoted_nowhere(pair: Overlap, reader: User, signed_in: SignIn) -> None:
    quoted_by(Api(reader), pair)
    Program.objects.filter(pk=pair.left_id).update(visibility="restricted")
    client = signed_in(reader)

    assert client.get(pair.get_absolute_url()).status_code == 404
    assert client.get(f"/cases/{pair.case}/").status_code == 404
    assert Api(reader).client.get(f"/api/v1/overlaps/{pair.pk}/").status_code == 404


def test_texts_are_read_once_and_the_cache_holds_none_of_their_words(pair: Overlap, reader: User) -> None:
    assert quoted_by(Api(reader), pair)
    redis = cache._cache.get_client()  # type: ignore[attr-defined]
    kept = {key.decode(): redis.get(key) for key in redis.keys("*overlap:passages:*")}

    assert len(kept) == 2
    assert not [held for held in kept.values() if b"fiscales" in held or b"prosecutors" in held]
    # Nothing is found in what is kept as empty.
    cache.set_many({key.split(":", 2)[2]: [] for key in kept})
    assert quoted_by(Api(reader), pair) == []


def test_the_number_of_queries_does_not_grow_with_what_is_quoted(
    pair: Overlap, reader: User, signed_in: SignIn
) -> None:
    client = signed_in(reader)
    before = queries_of(client, f"/cases/{pair.case}/")
    for _ in range(3):
        factories.program(title="Capacitación a fiscales de Choloma", language="es")
    services.sweep(seconds=None)

    assert Overlap.objects.filter(case=pair.case).count() > 3
    assert queries_of(client, f"/cases/{pair.case}/") == before


def test_without_redis_the_texts_are_read_each_time(pair: Overlap, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    work = next(factor for factor in pair.factors if factor["name"] == "work")

    assert len(Quotes([pair]).of(pair, work)[1]) == 2
