"""What a script says of a program: checked, then as the services take it (ProgramData)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.writing import Strict
from donors.models import Organization
from goals.models import Area, Country, Goal, Region, Sector
from programs.api.checking import wrong_results, wrong_rows, wrong_sustainability
from programs.api.serializers import (
    BudgetSerializer,
    CoverageSerializer,
    GoalShareSerializer,
    LocationSerializer,
    ParticipationSerializer,
    PlannedDisbursementSerializer,
    ResultSerializer,
    SectorShareSerializer,
    SustainabilitySerializer,
    TransactionSerializer,
    TranslationSerializer,
)
from programs.models import Program
from programs.services import (
    MOST_INDICATORS,
    IndicatorData,
    OutlookChange,
    PeriodData,
    ProgramData,
    ResultData,
    SustainabilityData,
)
from programs.services.lists import LISTS
from programs.services.plausibility import RULES

# Field of a list's row -> the list that its values come from.
REFERENCES: dict[str, type[Model]] = {
    "organization_id": Organization,
    "provider_id": Organization,
    "receiver_id": Organization,
    "country_id": Country,
    "region_id": Region,
    "area_id": Area,
    "goal_id": Goal,
    "sector_id": Sector,
}
# What a row's field is called outside.
SHOWN_AS = {"country_id": "country", "region_id": "region", "area_id": "area", "goal_id": "goal", "sector_id": "sector"}


class Known:
    """The keys of the lists that everything refers to, each list read once at most, however many programs ask."""

    def __init__(self) -> None:
        self._keys: dict[type[Model], set[Any]] = {}

    def has(self, model: type[Model], key: Any) -> bool:
        if model not in self._keys:
            self._keys[model] = set(model._default_manager.values_list("pk", flat=True))
        return key in self._keys[model]


class ConfirmField(serializers.ListField):
    """Codes of warnings that were read and are right all the same."""

    def __init__(self, **options: Any) -> None:
        words = {code: str(rule.about) for code, rule in RULES.items()}
        super().__init__(
            child=serializers.ChoiceField(choices=list(words.items())),
            required=False,
            help_text="Codes of warnings to confirm, as in “confirm” of the problem confirmation_needed.",
            **options,
        )


class ProgramChangeSerializer(Strict, serializers.ModelSerializer):
    """Fields to change. Fields not given stay; a list given replaces the stored one."""

    coverages = CoverageSerializer(many=True, required=False)
    goals = GoalShareSerializer(
        many=True, required=False, allow_null=True, help_text="Null: the goals that the portal proposes."
    )
    sectors = SectorShareSerializer(many=True, required=False)
    locations = LocationSerializer(many=True, required=False)
    participations = ParticipationSerializer(many=True, required=False)
    translations = TranslationSerializer(many=True, required=False)
    transactions = TransactionSerializer(many=True, required=False)
    budgets = BudgetSerializer(many=True, required=False)
    planned_disbursements = PlannedDisbursementSerializer(many=True, required=False)
    results = ResultSerializer(many=True, required=False, max_length=MOST_INDICATORS)  # type: ignore[call-arg]
    sustainability = SustainabilitySerializer(
        required=False,
        allow_null=True,
        help_text="Given as a whole: a field that is left out is unknown. Null: nothing is known.",
    )
    confirm = ConfirmField()

    class Meta:
        model = Program
        fields = [
            "title", "description", "language", "status", "visibility", "planned_start", "planned_end", "actual_start",
            "actual_end", "coverages", "goals", "sectors", "locations", "participations", "translations",
            "transactions", "budgets", "planned_disbursements", "results", "sustainability", "confirm",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        for name in LISTS:
            for number, row in enumerate(attrs.get(name) or ()):
                for field in row.keys() & REFERENCES.keys():
                    if row[field] is not None and not self.known.has(REFERENCES[field], row[field]):
                        sentence = _("“%(value)s” is not in the list.") % {"value": row[field]}
                        errors.setdefault(name, {}).setdefault(number, {})[SHOWN_AS.get(field, field)] = [sentence]
            if wrong := wrong_rows(name, attrs.get(name) or []):
                errors[name] = wrong | errors.get(name, {})
        if wrong_ones := wrong_results(attrs.get("results") or []):
            errors["results"] = wrong_ones
        if wrong_after := self._wrong_sustainability(attrs.get("sustainability") or {}):
            errors["sustainability"] = wrong_after
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    def _wrong_sustainability(self, after: dict[str, Any]) -> dict[str, list[str]]:
        organization = after.get("organization_id")
        if organization is not None and not self.known.has(Organization, organization):
            return {"organization_id": [_("“%(value)s” is not in the list.") % {"value": organization}]}
        return wrong_sustainability(after)

    @cached_property
    def known(self) -> Known:
        return self.context.get("known") or Known()

    def changed(self, before: ProgramData) -> ProgramData:
        """`before` with what was sent."""
        return replace(before, **_values(self.validated_data, without=("reporting_org_id", "identifier")))

    @property
    def confirmed(self) -> frozenset[str]:
        """The codes of the unlikely values that the script confirms."""
        return frozenset(self.validated_data.get("confirm", ()))

    @property
    def outlook(self) -> OutlookChange:
        """What was said of results and of what comes after the funding."""
        stated = self.validated_data
        after = SustainabilityData(**(stated.get("sustainability") or {})) if "sustainability" in stated else None
        return OutlookChange(_results(stated["results"]) if "results" in stated else None, after)


class NewProgramSerializer(ProgramChangeSerializer):
    """A new program."""

    reporting_org_id = serializers.IntegerField(min_value=1, max_value=2**31 - 1)

    class Meta(ProgramChangeSerializer.Meta):
        fields = ["reporting_org_id", "identifier", *ProgramChangeSerializer.Meta.fields]
        extra_kwargs = {"title": {"required": True, "allow_blank": False}}

    def validate_reporting_org_id(self, value: int) -> int:
        if not self.known.has(Organization, value):
            raise serializers.ValidationError(_("“%(value)s” is not in the list.") % {"value": value})
        return value

    @property
    def data_said(self) -> ProgramData:
        return ProgramData(**{"source": Program.Source.API.value, **_values(self.validated_data)})


class UpsertSerializer(NewProgramSerializer):
    """A program to create, or to change if its organization already has this identifier. Fields not given stay."""

    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Rejected if the stored version is different."
    )

    class Meta(NewProgramSerializer.Meta):
        fields = [*NewProgramSerializer.Meta.fields, "version"]
        extra_kwargs: dict[str, Any] = {}


class MoveSerializer(Strict):
    """A change of the status of a record (docs/program-life.md)."""

    move = serializers.CharField(max_length=20)
    comment = serializers.CharField(max_length=5000, allow_blank=True, default="")
    confirm = ConfirmField()


def _values(stated: dict[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """Values for ProgramData: rows of lists become its rows."""
    without = {*without, "version", "results", "sustainability", "confirm"}
    values = {name: value for name, value in stated.items() if name not in without}
    for name in LISTS.keys() & values.keys():
        values[name] = _rows(name, values[name])
    return values


def _rows(name: str, rows: Iterable[dict[str, Any]] | None) -> tuple[Any, ...] | None:
    row_type = LISTS[name][1]
    return None if rows is None else tuple(row_type(**row) for row in rows)


def _results(rows: Iterable[dict[str, Any]]) -> tuple[ResultData, ...]:
    return tuple(
        ResultData(
            **{
                **result,
                "indicators": tuple(
                    IndicatorData(
                        **{
                            **indicator,
                            "periods": tuple(PeriodData(**period) for period in indicator.get("periods", ())),
                        }
                    )
                    for indicator in result.get("indicators", ())
                ),
            }
        )
        for result in rows
    )
