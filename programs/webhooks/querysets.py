"""Every question asked of the database about webhooks."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

if TYPE_CHECKING:
    from donors.models import User
    from programs.webhooks.models import Delivery, Endpoint  # noqa: F401


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Webhooks; begin with `of`."""

    def of(self, user: "User") -> Self:
        """A person's own; nobody else's are there for them, whatever their role."""
        return self.filter(owner=user)

    def switched_on(self) -> Self:
        """Those that are told of events now."""
        return self.filter(ended="", owner__is_active=True)

    def with_last_delivery(self) -> Self:
        """Each with `last_state` and `last_at` of its newest delivery, null where there is none."""
        newest = (
            apps.get_model("webhooks", "Delivery")
            ._default_manager.filter(endpoint=OuterRef("pk"))
            .order_by("-created_at")
        )
        return self.annotate(
            last_state=Subquery(newest.values("state")[:1]), last_at=Subquery(newest.values("created_at")[:1])
        )


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries."""

    def due(self, now: dt.datetime, stale: dt.datetime) -> Self:
        """Those to be tried now, that no worker has taken since `stale`."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=stale)
        return self.filter(free, state="waiting", next_try_at__lte=now, endpoint__ended="")

    def queued_since(self, since: dt.datetime) -> Self:
        """Those for which a worker was asked since then."""
        return self.filter(state="waiting", queued_at__gte=since)

    def first_of_each_endpoint(self, most: int) -> Self:
        """Of each webhook the first so many by `next_try_at`, the longest due first."""
        place = Window(RowNumber(), partition_by="endpoint", order_by=["next_try_at", "pk"])
        return self.annotate(place=place).filter(place__lte=most).order_by("next_try_at", "pk")

    def untried_tests(self) -> Self:
        """Test messages that no worker has tried yet."""
        return self.filter(kind="ping", state="waiting", attempts__isnull=True)
