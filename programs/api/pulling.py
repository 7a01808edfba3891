"""What keeps a copy of the programs exact: what changed since an instant, and which programs there are."""

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
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from donors.models import Organization
from programs.filters import ProgramFilter
from programs.models import Program

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
            raise InvalidValue(_("Give an instant with its zone (2026-11-25T06:00:00Z) or a day (2026-11-25)."))
        return instant


class InstantFilter(django_filters.IsoDateTimeFilter):
    field_class = InstantField


class PulledProgramFilter(ProgramFilter):
    """The filters of the pages, what a copy needs, and what finds a program that was sent."""

    identifier = django_filters.CharFilter(label=gettext_lazy("Its identifier, to the letter"))
    reporting_org = django_filters.ModelChoiceFilter(
        queryset=Organization.objects.all(), label=gettext_lazy("The organization that reports it")
    )
    stage = django_filters.ChoiceFilter(
        choices=Program.Stage.choices,
        label=gettext_lazy("The stage of its life; without it, drafts and what is archived are left out"),
    )

    updated_since = InstantFilter(
        field_name="updated_at", lookup_expr="gte", label=gettext_lazy("Changed at this instant or later")
    )


class ProgramIdsSerializer(serializers.Serializer):
    """Which programs there are."""

    as_of = serializers.DateTimeField(help_text="For the next `updated_since`: no change before it is missed.")
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
    if refused := {name: _("All come in one answer.") for name in ("cursor", "page_size", "ordering")
                   if name in request.query_params}:  # fmt: skip
        raise ValidationError(refused)
