"""The networks over the taxonomy, and the table of profiles: what is fast gives what a plain calculation gives."""

import datetime as dt
from decimal import Decimal

import numpy as np

from programs.overlap.engine.encoder import encode
from programs.overlap.engine.facts import Money
from programs.overlap.engine.profile import profile_of
from programs.overlap.engine.table import Table
from programs.overlap.engine.taxonomy import (
    DIMENSIONS_OF_ONE,
    LETTER_BUCKETS,
    MEANING_SCALE,
    NETWORKS,
    chances,
    network,
    points,
    spelling,
    taxonomy,
    unit,
)
from tests.programs.overlap.test_engine import program

TEXTS = (
    "Police academy training for cadets",
    "Agua potable para aldeas de Sololá",
    "Fiscales contra la extorsión",
    "x",
)


def plain_points(texts: tuple[str, ...]) -> np.ndarray:
    """One network after the other, all inputs in one row, as they are learnt."""
    learnt = network()
    spelled = np.zeros((len(texts), LETTER_BUCKETS), np.float32)
    for row, text in enumerate(texts):
        for bucket, number in spelling(text).items():
            spelled[row, bucket] = number
    inputs = np.hstack([encode(list(texts)) * MEANING_SCALE, spelled])
    hidden, found = learnt.hidden.shape[1] // NETWORKS, []
    for number in range(NETWORKS):
        wide = slice(number * hidden, (number + 1) * hidden)
        points_of_it = slice(number * DIMENSIONS_OF_ONE, (number + 1) * DIMENSIONS_OF_ONE)
        lit = np.maximum(inputs @ learnt.hidden[:, wide], 0)
        found.append(unit(inputs @ learnt.direct[:, points_of_it] + lit @ learnt.out[wide]))
    return np.hstack(found) / NETWORKS**0.5


def test_a_point_is_that_of_each_network_side_by_side() -> None:
    assert np.allclose(points(TEXTS, encode(list(TEXTS))), plain_points(TEXTS), atol=1e-4)


def test_the_networks_together_know_the_phrases_they_were_taught() -> None:
    named = [(entry.english[0], number) for number, entry in enumerate(taxonomy())]
    told = chances(points([text for text, _ in named], encode([text for text, _ in named]))).argmax(axis=1)

    right = float(np.mean(told == np.array([number for _, number in named])))
    assert right > 0.9


def test_who_only_pays_and_who_only_receives_have_their_movements_in_the_table() -> None:
    day = dt.date(2024, 3, 1)
    paid = Money(True, Decimal(5000), "USD", day, 1, 2, "", "")
    payer = program(1, "Police training", money=(paid,))
    receiver = program(2, "Police training", money=(Money(False, Decimal(5000), "USD", day, 1, 2, "", ""),))
    neither = program(3, "Police training")

    table = Table([profile_of(payer), profile_of(receiver), profile_of(neither)])

    rows = np.arange(3)
    assert table.size("movements", rows).tolist() == [1, 0, 0]
    assert table.size("paid_by", rows).tolist()[1:] == [0, 0]
    assert table.size("paid_by", rows)[0] > 0
    assert table.size("got_by", rows).tolist()[0::2] == [0, 0]
    assert table.size("got_by", rows)[1] > 0
    assert table.size("income_from", rows).tolist() == [0, 1, 0]
