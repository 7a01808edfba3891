"""The money of all programs in one list."""

from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from core.filters import DayFilter, IdFilter
from donors.models import Organization
from programs.api.serializers import TransactionSerializer
from programs.models import Program, Transaction


class TransactionRowSerializer(TransactionSerializer):
    """A transaction with the program that it belongs to."""

    program = serializers.IntegerField(source="program_id")

    class Meta(TransactionSerializer.Meta):
        fields = ["id", "program", *TransactionSerializer.Meta.fields]
        read_only_fields = fields


@extend_schema_field({"type": "string", "pattern": "^[A-Za-z]{3}$"})
class CurrencyFilter(django_filters.CharFilter):
    """A code of ISO 4217, in capitals or not."""

    def __init__(self, **kwargs: Any) -> None:
        sentence = _("A currency is a three-letter code, such as USD.")
        super().__init__(validators=[RegexValidator(r"^[A-Za-z]{3}$", sentence)], **kwargs)


class TransactionFilter(django_filters.FilterSet):
    """Transactions by program, kind, currency, day, and who pays or is paid."""

    program = IdFilter()
    type = django_filters.ChoiceFilter(choices=Transaction.Type.choices)
    currency = CurrencyFilter(lookup_expr="iexact")
    provider = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    receiver = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    date_from = DayFilter(field_name="date", lookup_expr="gte")
    date_to = DayFilter(field_name="date", lookup_expr="lte")

    class Meta:
        model = Transaction
        fields: list[str] = []


class TransactionViewSet(viewsets.ReadOnlyModelViewSet):
    """Transactions of the programs that the key's owner can see, in their own currency and in US dollars of their date.

    They are as reported. Totals count each dollar once: without duplicate reports of the same funds (`second_report_id`
    of an overlap), and without what is counted in a program's parts or in programs that it pays.
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
