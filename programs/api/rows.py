"""Which fields a list of programs has: those of a list, with further lists or with those named alone."""

from functools import lru_cache

from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.rows import JsonRows
from programs.api.serializers import ProgramDetailSerializer, ProgramSerializer

# Lists that a program has beside those that each row shows.
EXPANDABLE = ("translations", "transactions", "budgets", "planned_disbursements")
LISTED = tuple(ProgramSerializer.Meta.fields)
FIELDS = OpenApiParameter(
    "fields", {"type": "array", "items": {"type": "string", "enum": [*LISTED, *EXPANDABLE]}, "minItems": 1},
    style="form", explode=False, description="Return only these fields, separated by commas.",
)  # fmt: skip
EXPAND = OpenApiParameter(
    "expand", {"type": "array", "items": {"type": "string", "enum": list(EXPANDABLE)}, "minItems": 1},
    style="form", explode=False, description="Return these lists as well, separated by commas.",
)  # fmt: skip


# As Program.left_out.
_LEFT_OUT = """
SELECT coalesce(json_agg(
    json_build_object('sum', s.name, 'currency', e.key, 'amount', e.value) ORDER BY s.name, e.key), '[]')::text
FROM (VALUES ('committed_usd', programs_program.committed_left_out),
    ('disbursed_usd', programs_program.disbursed_left_out)) AS s (name, amounts), jsonb_each_text(s.amounts) AS e
"""


class ListedProgramSerializer(ProgramDetailSerializer):
    """A program as a list gives it: with the fields that `fields` and `expand` ask for."""

    class Meta(ProgramDetailSerializer.Meta):
        fields = [*LISTED, *EXPANDABLE]
        read_only_fields: list[str] = []

    def get_fields(self) -> dict[str, serializers.Field]:
        found: dict[str, serializers.Field] = super().get_fields()
        for field in found.values():
            field.required = False
        return found


def program_rows(request: Request) -> JsonRows:
    """The rows that `fields` and `expand` ask for; ValidationError that names what there is not."""
    wanted = _named(request, "fields", (*LISTED, *EXPANDABLE)) or LISTED
    further = _named(request, "expand", EXPANDABLE)
    named = {*wanted, *further}
    return rows_of(tuple(name for name in (*LISTED, *EXPANDABLE) if name in named))


@lru_cache(maxsize=100)
def rows_of(fields: tuple[str, ...]) -> JsonRows:
    """Rows with these fields."""
    return JsonRows(
        ProgramDetailSerializer,
        fields=fields,
        computed={
            "start": Coalesce("actual_start", "planned_start"),
            "end": Coalesce("actual_end", "planned_end"),
            "left_out": RawSQL(_LEFT_OUT, [], TextField()),  # noqa: S611
        },
        ordered_by=("id", "updated_at"),
    )


def _named(request: Request, parameter: str, known: tuple[str, ...]) -> tuple[str, ...]:
    text = request.query_params.get(parameter)
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    if unknown := [name for name in names if name not in known]:
        sentence = _("“%(value)s” is not in the list.") % {"value": unknown[0][:60]}
        raise ValidationError({parameter: [f"{sentence} " + _("Known: %(known)s.") % {"known": ", ".join(known)}]})
    return names
