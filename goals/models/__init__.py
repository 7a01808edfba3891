"""The frame that everyone shares: goals, places, sectors, priorities, exchange rates."""

from goals.models.classification import Goal, Sector
from goals.models.money import ExchangeRate
from goals.models.places import Area, Country, Region
from goals.models.priorities import Priority

__all__ = ["Area", "Country", "ExchangeRate", "Goal", "Priority", "Region", "Sector"]
