"""How the engine's numbers are found: each kind's curves from labelled pairs.

For developers: needs scipy (requirements-dev.in). Deterministic: the same input gives the same numbers.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programs.overlap.engine.catalogue import AGAINST, FACTORS
from programs.overlap.engine.factors import Values

# Labelled sets rarely hold reports that name the other one, or two records with one title: set by hand.
BY_HAND: dict[str, dict[str, dict[float, float]]] = {
    "duplicate": {"pointer": {0: 0.0, 1: 9.0}, "same_title": {0: 0.0, 0.25: 1.0, 0.5: 2.0, 1: 4.0}},
    "same_money": {
        "pointer": {0: 0.0, 1: 13.0},
        "same_title": {0: 0.0, 0.25: 0.5, 0.5: 1.0, 1: 2.0},
        # Known only where they agree: fitted, that they are known at all would count against a pair.
        "same_sum": {0: 0.0, 0.5: 0.0, 1: 0.0},
        "institution": {0: 0.0, 1: 0.0},
    },
    "overlap": {},
}
RIDGE = 0.3


def fit_kind(kind: str, values: dict[str, Values], is_kind: NDArray[np.bool_]) -> dict[str, Any]:
    """The prior bits and the curves that best tell pairs of a kind from all others, as weights.json holds them.

    Logistic regression on how far a value has come between each two points, the steps held to one sign.
    """
    from scipy.optimize import minimize

    columns, of_factor = [np.ones(len(is_kind))], []
    bounds: list[tuple[int | None, int | None]] = [(None, None)]
    for name, factor in FACTORS.items():
        if kind not in factor.weighs:
            continue
        points = factor.points
        known = ~np.isnan(values[name])
        filled = np.nan_to_num(values[name])
        of_factor.append((name, points, len(columns)))
        # What full ignorance must not add: the level of a known 0, against or for.
        columns.append(known.astype(float))
        against = factor.weighs[kind] == AGAINST
        bounds.append((0, None) if against else (None, 0))
        for low, high in pairwise(points):
            columns.append(np.where(known, np.clip((filled - low) / (high - low), 0, 1), 0.0))
            bounds.append((None, 0) if against else (0, None))
    inputs = np.array(columns).T
    target = is_kind.astype(float)
    ridge = np.full(inputs.shape[1], RIDGE)
    ridge[0] = 0

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = inputs @ weights
        value = np.logaddexp(0, scores).sum() - scores @ target + ridge @ weights**2
        return value, inputs.T @ (1 / (1 + np.exp(-scores)) - target) + 2 * ridge * weights

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds,
                     options={"maxiter": 3000, "maxfun": 6000}).x / np.log(2)  # fmt: skip
    curves = {}
    for name, points, at in of_factor:
        steps = found[at + 1 : at + len(points)]
        bits = found[at] + np.concatenate([[0], np.cumsum(steps)])
        curves[name] = {point: round(float(bit), 3) for point, bit in zip(points, bits, strict=True)}
    return {"prior_bits": round(float(found[0]), 3), "bits": curves | BY_HAND[kind]}
