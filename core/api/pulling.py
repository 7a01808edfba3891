"""What keeps a copy exact: what changed since an instant, and what there is."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django_filters
from django.core.exceptions import ValidationError as InvalidValue
from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The clocks of the portal and of its database may differ by so much.
CLOCKS_DIFFER = timedelta(seconds=5)


class InstantField(IsoDateTimeField):
    """An instant with its zone, or a day: its beginning in UTC. One without a zone would mean another to everybody."""

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            if DAY.fullmatch(text):
                day = date.fromisoformat(text)
                return datetime(day.year, day.month, day.day, tzinfo=UTC)
            instant = parse_datetime(text)
            if instant is not None and instant.tzinfo is not None:
                # What its zone takes out of the calendar is no instant either.
                instant = instant.astimezone(UTC)
        except (ValueError, OverflowError):
            instant = None
        if instant is None or instant.tzinfo is None:
            raise InvalidValue(_("Give a time with its time zone (2026-11-25T06:00:00Z) or a day (2026-11-25)."))
        return instant


class InstantFilter(django_filters.IsoDateTimeFilter):
    field_class = InstantField


def updated_since() -> InstantFilter:
    """The filter of a list whose rows have `updated_at`."""
    label = gettext_lazy("Changed at this time or later")
    return InstantFilter(field_name="updated_at", lookup_expr="gte", label=label)


class IdsSerializer(serializers.Serializer):
    """The number of records."""

    as_of = serializers.DateTimeField(help_text="Use it as the next `updated_since`, so that no change is missed.")
    ids = serializers.ListField(child=serializers.IntegerField())


def all_changes_known_until() -> datetime:
    """The instant before which every change can be read by now: the start of the oldest transaction under way.

    A change has the time at which it was made and is seen when its transaction ends: by the clock alone, what was
    being written while one read would be missed. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (instant,) = cursor.fetchone()
    return instant - CLOCKS_DIFFER


def refuse_paging(request: Request) -> None:
    """ValidationError that names each parameter of pages, where all comes in one answer."""
    if refused := {name: _("This list has no pages.") for name in ("cursor", "page_size", "ordering")
                   if name in request.query_params}:  # fmt: skip
        raise ValidationError(refused)


class MirroredMixin:
    """A list with `updated_since` of which a copy can be kept exact: its view takes the action `ids` for its list."""

    @extend_schema(responses=IdsSerializer, filters=True)
    @action(detail=False, pagination_class=None)
    def ids(self, request: Request) -> Response:
        """The ids of all records that the list with these filters contains now.

        Use it to keep a copy exact: a record whose id is missing was removed or hidden, or no longer matches the
        filters.
        """
        view: Any = self
        refuse_paging(request)
        as_of = all_changes_known_until()
        ids = list(view.filter_queryset(view.get_queryset()).order_by("id").values_list("id", flat=True))
        return Response(IdsSerializer({"as_of": as_of, "ids": ids}).data)
