"""The money of all programs in one list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from donors.models import Organization
from programs.api.serializers import TransactionSerializer
from programs.models import Program, Transaction


class TransactionRowSerializer(TransactionSerializer):
    """A transaction with the program that it belongs to."""

    program = serializers.IntegerField(source="program_id")

    class Meta(TransactionSerializer.Meta):
        fields = ["id", "program", *TransactionSerializer.Meta.fields]
        read_only_fields = fields


class TransactionFilter(django_filters.FilterSet):
    """Transactions by program, kind, currency, day, and who pays or is paid."""

    program = django_filters.NumberFilter(min_value=1, max_value=2**62)
    type = django_filters.ChoiceFilter(choices=Transaction.Type.choices)
    currency = django_filters.CharFilter(lookup_expr="iexact")
    provider = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    receiver = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    date_from = django_filters.DateFilter(field_name="date", lookup_expr="gte")
    date_to = django_filters.DateFilter(field_name="date", lookup_expr="lte")

    class Meta:
        model = Transaction
        fields: list[str] = []


class TransactionViewSet(viewsets.ReadOnlyModelViewSet):
    """Transactions of the programs that the key's owner may see, in their own currency and in dated US dollars.

    Second reports of the same money are among them: `second_report_id` of overlaps says of which programs.
    """

    queryset = Transaction.objects.none()
    serializer_class = TransactionRowSerializer
    filterset_class = TransactionFilter
    ordering = "id"
    orderings = {"id": ("id",), "-id": ("-id",)}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Any]:
        programs = Program.objects.visible_to(self.request.user).listed()
        return Transaction.objects.filter(program__in=programs)
