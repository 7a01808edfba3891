"""What the API shows of a program."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.amounts import AmountLeftOut
from core.api.writing import Strict
from programs.models import (
    Budget,
    Coverage,
    IndicatorPeriod,
    OtherSector,
    Participation,
    PlannedDisbursement,
    Program,
    ProgramGoal,
    ProgramLocation,
    ProgramResult,
    ProgramSector,
    ProgramTranslation,
    ResultIndicator,
    Sustainability,
    Transaction,
)
from programs.services import MOST_INDICATORS, MOST_PERIODS


class ParticipationSerializer(Strict, serializers.ModelSerializer):
    organization_id = serializers.IntegerField()
    organization = serializers.CharField(source="organization.name", read_only=True)

    class Meta:
        model = Participation
        fields = ["organization_id", "organization", "role", "activity_identifier"]


class CoverageSerializer(Strict, serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", allow_null=True, required=False)
    region = serializers.CharField(source="region_id", allow_null=True, required=False)

    class Meta:
        model = Coverage
        fields = ["country", "region", "percentage"]


class LocationSerializer(Strict, serializers.ModelSerializer):
    area = serializers.CharField(source="area_id", allow_null=True, required=False)

    class Meta:
        model = ProgramLocation
        fields = ["area", "name", "latitude", "longitude", "percentage"]


class GoalShareSerializer(Strict, serializers.ModelSerializer):
    goal = serializers.IntegerField(source="goal_id")

    class Meta:
        model = ProgramGoal
        fields = ["goal", "percentage"]


class SectorShareSerializer(Strict, serializers.ModelSerializer):
    sector = serializers.CharField(source="sector_id")

    class Meta:
        model = ProgramSector
        fields = ["sector", "percentage"]


class OtherSectorSerializer(Strict, serializers.ModelSerializer):
    """A sector in another vocabulary than the DAC purpose codes, as published (IATI code list SectorVocabulary)."""

    class Meta:
        model = OtherSector
        fields = ["vocabulary", "code", "name", "percentage"]


class TransactionSerializer(Strict, serializers.ModelSerializer):
    provider_id = serializers.IntegerField(allow_null=True, required=False)
    receiver_id = serializers.IntegerField(allow_null=True, required=False)
    country = serializers.CharField(source="country_id", allow_null=True, required=False)
    region = serializers.CharField(source="region_id", allow_null=True, required=False)
    sector = serializers.CharField(source="sector_id", allow_null=True, required=False)

    class Meta:
        model = Transaction
        fields = [
            "type",
            "date",
            "value",
            "currency",
            "value_date",
            "value_usd",
            "rate_month",
            "provider_id",
            "receiver_id",
            "provider_activity",
            "receiver_activity",
            "description",
            "reference",
            "finance_type",
            "country",
            "region",
            "sector",
        ]
        read_only_fields = ["value_usd", "rate_month"]


class BudgetSerializer(Strict, serializers.ModelSerializer):
    class Meta:
        model = Budget
        fields = [
            "type", "status", "period_start", "period_end", "value", "currency", "value_date", "value_usd",
            "rate_month",
        ]  # fmt: skip
        read_only_fields = ["value_usd", "rate_month"]


class PlannedDisbursementSerializer(Strict, serializers.ModelSerializer):
    """A payment that is planned for a period; without an end it is for its first day."""

    provider_id = serializers.IntegerField(allow_null=True, required=False)
    receiver_id = serializers.IntegerField(allow_null=True, required=False)

    class Meta:
        model = PlannedDisbursement
        fields = [
            "type", "period_start", "period_end", "value", "currency", "value_date", "value_usd", "rate_month",
            "provider_id", "receiver_id", "provider_activity", "receiver_activity",
        ]  # fmt: skip
        read_only_fields = ["value_usd", "rate_month"]


class TranslationSerializer(Strict, serializers.ModelSerializer):
    class Meta:
        model = ProgramTranslation
        fields = ["language", "title", "description"]


class PeriodSerializer(Strict, serializers.ModelSerializer):
    class Meta:
        model = IndicatorPeriod
        fields = ["start", "end", "target", "target_comment", "actual", "actual_comment"]


class IndicatorSerializer(Strict, serializers.ModelSerializer):
    periods = PeriodSerializer(many=True, required=False, max_length=MOST_PERIODS)  # type: ignore[call-arg]

    class Meta:
        model = ResultIndicator
        fields = ["title", "description", "measure", "ascending", "baseline_year", "baseline_value",
                  "baseline_comment", "periods"]  # fmt: skip


class ResultSerializer(Strict, serializers.ModelSerializer):
    """A result that a program should achieve (IATI result)."""

    indicators = IndicatorSerializer(many=True, required=False, max_length=MOST_INDICATORS)  # type: ignore[call-arg]

    class Meta:
        model = ProgramResult
        fields = ["type", "title", "description", "indicators"]


class SustainabilitySerializer(Strict, serializers.ModelSerializer):
    """Who continues the program when its funding ends, and from which budget."""

    organization_id = serializers.IntegerField(allow_null=True, required=False)
    organization = serializers.CharField(source="organization.name", allow_null=True, read_only=True)

    class Meta:
        model = Sustainability
        fields = ["funding_ends", "organization_id", "organization", "budget_source", "confirmed"]

    def to_internal_value(self, data: Any) -> Any:
        # It is whole each time: a name without its id would take the organization away.
        if isinstance(data, dict) and data.get("organization") and "organization_id" not in data:
            raise serializers.ValidationError({"organization": [_("Name the organization by its organization_id.")]})
        return super().to_internal_value(data)


class ProgramSerializer(serializers.ModelSerializer):
    """A program as shown in lists."""

    reporting_org_id = serializers.IntegerField()
    reporting_org = serializers.CharField(source="reporting_org.name")
    start = serializers.DateField(allow_null=True, help_text="Actual start, otherwise planned start; null if unknown.")
    end = serializers.DateField(allow_null=True, help_text="Actual end, otherwise planned end; null if unknown.")
    coverages = CoverageSerializer(many=True)
    goals = GoalShareSerializer(many=True)
    participations = ParticipationSerializer(many=True)
    sectors = SectorShareSerializer(many=True)
    other_sectors = OtherSectorSerializer(many=True)
    locations = LocationSerializer(many=True)
    left_out = AmountLeftOut(many=True, help_text="What its sums leave out, since no exchange rate is known.")

    class Meta:
        model = Program
        fields = [
            "id",
            "identifier",
            "reporting_org_id",
            "reporting_org",
            "title",
            "description",
            "language",
            "status",
            "stage",
            "visibility",
            "source",
            "scope",
            "goals_origin",
            "esca_component",
            "is_humanitarian",
            "is_secondary_report",
            "start",
            "end",
            "planned_start",
            "planned_end",
            "actual_start",
            "actual_end",
            "committed_usd",
            "committed_basis",
            "disbursed_usd",
            "left_out",
            "coverages",
            "goals",
            "sectors",
            "other_sectors",
            "locations",
            "participations",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ProgramDetailSerializer(ProgramSerializer):
    """A program with its funds, translations, results and sustainability."""

    transactions = TransactionSerializer(many=True)
    budgets = BudgetSerializer(many=True)
    planned_disbursements = PlannedDisbursementSerializer(many=True)
    translations = TranslationSerializer(many=True)
    results = ResultSerializer(many=True)
    sustainability = SustainabilitySerializer(allow_null=True, default=None)

    class Meta(ProgramSerializer.Meta):
        fields = [*ProgramSerializer.Meta.fields, "translations", "transactions", "budgets",
                  "planned_disbursements", "results", "sustainability"]  # fmt: skip
        read_only_fields = fields
