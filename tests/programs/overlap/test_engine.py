"""The engine's laws."""

import csv
import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.overlap.engine.catalogue import FACTORS, KINDS, measure
from programs.overlap.engine.encoder import HASHES, encode
from programs.overlap.engine.facts import Money, ProgramFacts
from programs.overlap.engine.fitting import BY_HAND
from programs.overlap.engine.profile import Profile, profile_of
from programs.overlap.engine.reading import LENGTHS, Reading, read
from programs.overlap.engine.score import bits_of, model, probability, score_all, score_pair, score_pairs
from programs.overlap.engine.segments import pieces, whole
from programs.overlap.engine.table import Table
from programs.overlap.engine.taxonomy import LEARNT, TAXONOMY, chances, fingerprint, of_role, points, taxonomy
from programs.overlap.services.scan import second_report

# A machine that is busy is no broken law.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

dates = st.dates(dt.date(2015, 1, 1), dt.date(2030, 1, 1))
few = st.frozensets(st.integers(1, 4), max_size=3)
TEXTS = (
    "Community policing in Choloma",
    "Policía comunitaria en Choloma",
    "Courts and judges",
    "Capacitación de fiscales en extinción de dominio",
    "",
)


@st.composite
def programs(draw: st.DrawFn, number: int) -> ProgramFacts:
    start = draw(st.none() | dates)
    end = draw(st.none() | dates)
    return ProgramFacts(
        id=number,
        version=1,
        identifier=f"P-{number}",
        reporting_org=draw(st.integers(1, 4)),
        title=draw(st.sampled_from(TEXTS)),
        texts=tuple(text for text in draw(st.lists(st.sampled_from(TEXTS), max_size=2)) if text),
        start=start,
        end=end if not (start and end and end < start) else None,
        goals=draw(few),
        sectors=frozenset(draw(st.lists(st.sampled_from(["15130", "15132", "15220"]), max_size=2))),
        countries=frozenset(draw(st.lists(st.sampled_from(["HN", "GT"]), max_size=2))),
        regions=frozenset(draw(st.lists(st.just("1032"), max_size=1))),
        areas=frozenset(draw(st.lists(st.sampled_from(["HN-CR", "HN-FM"]), max_size=2))),
        localities=frozenset(draw(st.lists(st.sampled_from(["choloma", "tela"]), max_size=1))),
        funders=draw(few),
        implementers=draw(few),
        others=frozenset(),
        money=tuple(
            Money(out, Decimal(value), "USD", day, 1, 2, "", "")
            for out, value, day in draw(st.lists(st.tuples(st.booleans(), st.integers(1, 9), dates), max_size=2))
        ),
        budgets=frozenset(),
        committed_usd=draw(st.none() | st.decimals(0, 10**8, places=2)),
        activity_identifiers=frozenset(draw(st.lists(st.sampled_from(["P-1", "P-2", "P-9"]), max_size=1))),
        related=frozenset(draw(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["P-1", "P-2"])), max_size=1))),
    )


pairs = st.tuples(programs(1), programs(2))


many = st.tuples(*(programs(number) for number in range(1, 6)))
# Factors that speak against a kind the more they hold.
AGAINST = {("duplicate", "roles"), ("same_money", "reporter"), ("overlap", "funder"), ("overlap", "reporter")}


def values_of(left: ProgramFacts, right: ProgramFacts) -> dict[str, float]:
    table = Table([profile_of(left), profile_of(right)])
    return {name: float(value[0]) for name, value in measure(table, np.array([0]), np.array([1])).items()}


# --- Pairs ------------------------------------------------------------------------------------------------


@given(pairs)
def test_a_pair_is_judged_alike_from_both_sides(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    assert score_pair(*pair) == score_pair(*pair[::-1])
    there, back = values_of(*pair), values_of(*pair[::-1])
    assert all(there[name] == back[name] or np.isnan([there[name], back[name]]).all() for name in FACTORS)


@given(many)
@settings(max_examples=30)
def test_a_score_is_the_same_alone_and_in_any_company(everyone: tuple[ProgramFacts, ...]) -> None:
    table = Table([profile_of(facts) for facts in everyone])
    left, right = np.triu_indices(len(everyone), 1)

    together = score_pairs(table, left, right)

    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        alone = score_pair(everyone[a], everyone[b])
        assert (KINDS[together.kinds[i]], together.scores[i]) == (alone.kind, alone.score)


@given(pairs)
def test_values_and_scores_lie_between_0_and_1(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    assert all(np.isnan(value) or 0 <= value <= 1 for value in values_of(*pair).values())
    assert 0 <= score_pair(*pair).score <= 1


@given(pairs)
def test_the_terms_add_up_to_the_score(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    verdict = score_pair(*pair)

    bits = model().prior_bits[verdict.kind] + sum(term.bits for term in verdict.terms)
    assert verdict.score == pytest.approx(float(probability(np.array(bits))), abs=1e-12)


@given(pairs)
def test_what_is_not_known_adds_nothing(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    for term in score_pair(*pair).terms:
        if term.factor.value is None:
            assert term.bits == 0
            assert term.factor.evidence == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_curve_turns_back(kind: str) -> None:
    for name, curve in model().curves[kind].items():
        steps = np.diff(curve.bits)
        assert (steps <= 0).all() if (kind, name) in AGAINST else (steps >= 0).all(), name
        assert (curve.values[0], curve.values[-1]) == (0, 1)


@given(pairs, st.integers(0, 900), st.integers(0, 900))
@settings(max_examples=60)
def test_moving_further_apart_in_time_never_raises_a_value_or_a_score(
    pair: tuple[ProgramFacts, ProgramFacts], near: int, further: int
) -> None:
    left, right = pair
    left = replace(left, start=dt.date(2020, 1, 1), end=dt.date(2022, 1, 1))

    def moved(days: int) -> dict[str, np.ndarray]:
        apart = dt.timedelta(days)
        other = replace(right, start=dt.date(2020, 1, 1) + apart, end=dt.date(2022, 1, 1) + apart)
        return measure(Table([profile_of(left), profile_of(other)]), np.array([0]), np.array([1]))

    closer, farther = moved(near), moved(near + further)
    for name in ("time", "months", "same_dates", "work_here"):
        assert np.isnan(farther[name]) or closer[name] >= farther[name]
    for kind in KINDS:
        assert bits_of(kind, closer) >= bits_of(kind, farther)


@given(pairs)
def test_a_day_more_of_an_unknown_end_is_never_a_certainty(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    left, right = (replace(facts, start=dt.date(2015, 1, 1), end=None) for facts in pair)

    late = replace(right, start=dt.date(2029, 1, 1))

    assert values_of(left, late)["months"] == 0


@given(pairs)
def test_parents_and_children_are_not_flagged(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    left, right = pair

    assert not score_pair(left, replace(right, related=frozenset({(1, left.identifier)}))).is_flagged


def test_long_lists_are_compared_as_short_ones_are() -> None:
    base = program(1)
    wide = replace(base, id=2, identifier="P-2", areas=frozenset(f"HN-{i}" for i in range(30)))
    wide_too = replace(wide, id=3, areas=frozenset(f"HN-{i}" for i in range(25, 60)))
    table = Table([profile_of(facts) for facts in (base, wide, wide_too)])

    shared = table.shared("areas", np.array([0, 1, 2]), np.array([1, 2, 1]))

    assert shared.tolist() == [0, 5, 5]


def test_no_pairs_are_scored_as_none() -> None:
    assert score_all({}, []) == {}
    nobody = np.zeros(0, np.int64)
    assert len(score_pairs(Table([profile_of(program(1))]), nobody, nobody).scores) == 0


def program(number: int, title: str = "", description: str = "", **changes: object) -> ProgramFacts:
    plain = ProgramFacts(
        number, 1, f"P-{number}", number, title, tuple(text for text in (title, description) if text), None, None,
        *[frozenset()] * 6, frozenset(), frozenset(), frozenset(), (), frozenset(), None, frozenset(),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@given(st.permutations([1, 2, 3]), st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_chain_of_reports_always_keeps_one(order: list[int], funds_itself: list[bool]) -> None:
    base = replace(program(1), reporting_org=7)
    chain = [
        replace(base, id=number, funders=frozenset({7}) if own else frozenset({8}))
        for number, own in zip(order, funds_itself, strict=True)
    ]

    left_out = {second_report("same_money", chain[i], chain[j]) for i in range(3) for j in range(3) if i != j}

    assert len(left_out) == 2


def test_every_factor_weighs_somewhere_or_is_a_rule() -> None:
    weighed = {name for curves in model().curves.values() for name in curves}

    assert weighed <= set(FACTORS)
    assert set(FACTORS) - weighed <= {"lineage", "series", "wording"}


def test_the_fitted_curves_are_those_of_the_table_of_factors() -> None:
    fitted = {
        (kind, name): curve.values
        for kind, curves in model().curves.items()
        for name, curve in curves.items()
        if name not in BY_HAND[kind]
    }

    assert all(kind in FACTORS[name].weighs for kind, name in fitted)
    assert {(kind, name) for kind, name in fitted if FACTORS[name].weighs[kind] < 0} <= AGAINST
    assert all(points == tuple(map(float, FACTORS[name].points)) for (_kind, name), points in fitted.items())


# --- Profiles ---------------------------------------------------------------------------------------------


@given(programs(1))
def test_a_profile_is_of_whole_numbers_alone(facts: ProgramFacts) -> None:
    profile = profile_of(facts)

    for name in Profile.__dataclass_fields__:
        value = getattr(profile, name)
        if name == "reading":
            assert Reading.from_bytes(value.as_bytes()) == value
        elif isinstance(value, tuple):
            assert all(isinstance(number, int) and -(2**63) <= number < 2**63 for number in value)
        else:
            assert isinstance(value, int)
    assert profile_of(facts, profile.reading) == profile


def test_a_reading_has_a_fixed_length_and_refuses_another() -> None:
    stored = read("Patrullas de barrio", "").as_bytes()

    assert len(stored) == sum(LENGTHS)
    with pytest.raises(ValueError, match="bytes"):
        Reading.from_bytes(stored[:-1])


# --- Texts ------------------------------------------------------------------------------------------------


def test_a_text_is_cut_into_sentences_and_long_ones_at_their_commas() -> None:
    assert pieces("Refuge for battered women (Tela)", "A house. It is open day and night.", frozenset({"tela"})) == [
        "Refuge for battered women", "A house.", "It is open day and night.",
    ]  # fmt: skip
    long = ", ".join(f"the {number}th thing that the program does for the people of the town" for number in range(6))
    assert len(pieces("", long)) > 1
    assert " ".join(pieces("", long)).count("thing") == 6


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Cameras for the town. The contract does not include foot patrols.", ["Cameras for the town."]),
        ("Noventa cámaras. El contrato no contempla patrullaje a pie.", ["Noventa cámaras."]),
        ("Job courses. Complaint taking is provided by the police and is not part of it.", ["Job courses."]),
        ("Crédito. No recibe denuncias ni investiga; asesora a tiendas.", ["Crédito.", "asesora a tiendas."]),
        ("Not only cameras but patrols, too.", ["Not only cameras but patrols, too."]),
        ("Lawyers for people who do not have one.", ["Lawyers for people who do not have one."]),
        ("Acogida de niñez no acompañada.", ["Acogida de niñez no acompañada."]),
        ("Training at no cost for the pupils.", ["Training at no cost for the pupils."]),
        ("Seed for families; the burning of fields is no part of it.", ["Seed for families;"]),
        ("Courses for tenants. No construction of housing is foreseen.", ["Courses for tenants."]),
        ("Books for schools. No training of teachers is paid from this line.", ["Books for schools."]),
        (
            "No one sleeps in the street: beds for the homeless.",
            ["No one sleeps in the street:", "beds for the homeless."],
        ),
        ("A clinic where the poor pay no fee is opened.", ["A clinic where the poor pay no fee is opened."]),
    ],
)
def test_what_a_text_says_is_not_done_is_left_out(text: str, done: list[str]) -> None:
    assert pieces("", text) == done
    assert whole("", text).removeprefix(". ") == " ".join(done)


def test_the_end_of_a_long_text_is_read() -> None:
    idle = "The action is in line with the national development plan and mainstreams gender equality. " * 30
    assert pieces("Support program", f"{idle} Police officers learn to trace firearms.")[-1].endswith("trace firearms.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Refuge for battered women", "women's shelters"),
        ("Un hogar seguro para mujeres golpeadas", "women's shelters"),
        ("Breaking up timber smugglers", "illegal logging"),
        ("Rastreo de pistolas y fusiles", "arms trafficking and tracing"),
        ("Trainign of prosecutors", "prosecutor training"),
        ("Borrado de tatuajes a expandilleros", "tattoo removal"),
    ],
)
def test_the_kind_of_work_is_told_in_either_language_and_with_typing_errors(text: str, kind: str) -> None:
    spoken = chances(points([text], encode([text])))[0][of_role("work")]

    assert taxonomy()[of_role("work").start + int(spoken.argmax())].kind == kind


def test_what_was_learnt_belongs_to_the_taxonomy_and_entries_of_a_role_stand_together() -> None:
    assert str(np.load(LEARNT)["fingerprint"]) == fingerprint()
    roles = [entry.role for entry in taxonomy()]
    assert sorted(set(roles), key=roles.index) == ["work", "beneficiary", "means", "aim", "other"]
    assert roles == sorted(roles, key=["work", "beneficiary", "means", "aim", "other"].index)
    assert all(len(entry.english) >= 8 and len(entry.spanish) >= 8 for entry in taxonomy())


def test_each_type_of_work_is_there_once_and_its_neighbours_are_others() -> None:
    with TAXONOMY.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [(row["role"], row["kind"]) for row in rows]

    assert len(set(names)) == len(names)
    for row in rows:
        near = {name.strip() for name in row["near"].split(";")} - {""}
        assert near <= {name for role, name in names if role == row["role"]} - {row["kind"]}, row["kind"]


def test_the_encoders_weights_are_pinned() -> None:
    assert set(HASHES) == {"sp.model", "weights.npz"}
    assert encode(["policía", "police"]).shape == (2, 512)


def test_one_kind_of_work_told_in_two_languages_by_two_donors_is_an_overlap() -> None:
    here = {
        "start": dt.date(2022, 1, 1), "end": dt.date(2024, 6, 30), "countries": frozenset({"HN"}),
        "areas": frozenset({"HN-AT"}), "goals": frozenset({4}), "sectors": frozenset({"15160"}),
    }  # fmt: skip
    english = program(1, "Refuge for battered women in Tela", "It takes in women who flee abuse.", **here)
    spanish = program(
        2,
        "Albergue en Tela",
        "Hogar temporal para mujeres maltratadas y sus hijos, atendido día y noche.",
        # On the same days it would rather be one program that was recorded twice.
        **here | {"start": dt.date(2021, 4, 1), "end": dt.date(2025, 2, 28)},
    )
    courts = program(3, "Juzgado de turno en Tela", "Jueces que atienden a toda hora a los detenidos.", **here)

    assert score_pair(english, spanish).is_flagged
    assert score_pair(english, spanish).kind == "overlap"
    assert not score_pair(english, courts).is_flagged
    assert not score_pair(spanish, courts).is_flagged


def test_a_capital_in_common_says_less_than_another_town() -> None:
    def score(area: str, **places: frozenset[str]) -> float:
        here = {
            "start": dt.date(2022, 1, 1), "end": dt.date(2024, 6, 30), "countries": frozenset({"HN"}),
            "areas": frozenset({area}), "goals": frozenset({1}), "sectors": frozenset({"15132"}), **places,
        }  # fmt: skip
        texts = ("Community policing", "Foot patrols of the police with neighbours.")
        return score_pair(program(1, *texts, **here), program(2, *texts, **here)).score

    capital, town = ({"localities": frozenset({name})} for name in ("tegucigalpa", "danli"))

    assert score("HN-FM", **capital) < score("HN-EP", **town)
