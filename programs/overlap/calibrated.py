"""The engine's model as it is in use here: its weights, and what this portal's decisions taught it."""

from dataclasses import replace

from programs.overlap.engine.calibration import lines_of
from programs.overlap.engine.score import Model, model
from programs.overlap.models import Calibration


def current_model() -> Model:
    """The weights with the calibration in effect, under its version ("2026.7+1"); one query.

    A calibration counts for the weights that it was made for: newer weights are used as they are fitted.
    """
    weights = model()
    found = Calibration.objects.in_effect(weights.version).first()
    return replace(weights, version=found.version, lines=lines_of(found.lines)) if found else weights
