"""The frame that everyone shares: goals, places, sectors, priorities, exchange rates."""

from goals.models.classification import Goal, Sector
from goals.models.money import Basis, ExchangeRate, HeldRate, Origin, RateChange, RateFetch
from goals.models.places import Area, Country, Region
from goals.models.priorities import Priority

__all__ = [
    "Area",
    "Basis",
    "Country",
    "ExchangeRate",
    "Goal",
    "HeldRate",
    "Origin",
    "Priority",
    "RateChange",
    "RateFetch",
    "Region",
    "Sector",
]
