"""What a script says of agreements: checked as the pages check it, then as the services take it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api.writing import Strict
from goals.currencies import OFFERED
from programs.agreements import services
from programs.agreements.choices import MOST_COMMITMENTS, Choices
from programs.agreements.models import Agreement, Commitment
from programs.agreements.models.agreement import LONGEST_TEXT
from programs.agreements.states import MOVES, Who
from programs.agreements.terms import CommitmentTerms, Problem, Terms, terms_of

# What coordinators do with an agreement; the parties answer at an address of their own.
COORDINATORS_MOVES = tuple(move.key for move in MOVES.values() if move.who == Who.COORDINATOR)
LONGEST_NOTE = 5000


class IdField(serializers.IntegerField):
    """An id, as large as the database knows one at most."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**62, **kwargs)


class GivenCommitmentSerializer(Strict):
    """What a party commits to do. Each type of commitment has its own required fields (docs/agreements.md)."""

    kind = serializers.ChoiceField(choices=Commitment.Kind.choices)
    organization = IdField(help_text="A party that must accept the agreement.")
    program = IdField(required=False, allow_null=True)
    area = serializers.CharField(required=False, allow_null=True, max_length=20, help_text="ISO 3166-2.")
    new_start = serializers.DateField(required=False, allow_null=True)
    new_end = serializers.DateField(required=False, allow_null=True)
    text = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    amount = serializers.DecimalField(
        required=False, allow_null=True, max_digits=20, decimal_places=2, help_text="Funds released."
    )
    currency = serializers.CharField(required=False, allow_blank=True, max_length=3)
    to_program = IdField(required=False, allow_null=True, help_text="The program that receives the funds.")
    due_on = serializers.DateField()
    follow_up = serializers.CharField(max_length=150, help_text="Name of the focal point.")

    def validate_currency(self, value: str) -> str:
        if value and value not in OFFERED:
            sentence = _("“%(value)s” is not in the list.") % {"value": value}
            raise ValidationError(f"{sentence} " + _("Known: %(known)s.") % {"known": ", ".join(OFFERED)})
        return value


class TermsSerializer(Strict):
    """All terms of a version."""

    kind = serializers.ChoiceField(choices=Agreement.Kind.choices)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    commitments = GivenCommitmentSerializer(many=True, max_length=MOST_COMMITMENTS)  # type: ignore[call-arg]


class GivenPartySerializer(Strict):
    """An organization that must accept the agreement, or is only informed."""

    organization = IdField()
    must_accept = serializers.BooleanField(default=True)


class AgreementChangeSerializer(Strict):
    """Fields of a draft to change. Fields not given stay; a list given replaces the stored one."""

    title = serializers.CharField(required=False, max_length=200)
    kind = serializers.ChoiceField(required=False, choices=Agreement.Kind.choices)
    text = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    commitments = GivenCommitmentSerializer(
        many=True,
        required=False,
        max_length=MOST_COMMITMENTS,  # type: ignore[call-arg]
    )
    parties = GivenPartySerializer(many=True, required=False, max_length=100)  # type: ignore[call-arg]
    tells_parties = serializers.BooleanField(
        required=False, help_text="Whether the named programs, including restricted ones, are shared with the parties."
    )

    def validate_parties(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = [row["organization"] for row in rows]
        duplicates = {
            number: [_("This row appears twice in the list.")]
            for number, pk in enumerate(known)
            if pk in known[:number]
        }
        refuse(duplicates)
        if not any(row["must_accept"] for row in rows):
            raise ValidationError(_("Choose the organizations that must accept the agreement."))
        return rows

    def draft(self, choices: Choices, before: Agreement | None = None) -> dict[str, Any]:
        """What the services of drafts take: what was sent, and of a draft what it says already.

        ValidationError by place where a party or an area is none that there is to choose from.
        """
        stated = self.validated_data
        terms = terms_of(before.versions.get(number=before.version)) if before else Terms(stated["kind"], "")
        sent = {name: stated[name] for name in ("kind", "text") if name in stated}
        if "commitments" in stated:
            sent["commitments"] = _commitments(stated["commitments"])
            with by_place():
                _require_areas(sent["commitments"], choices)
        parties = {row.organization_id: row.must_accept for row in before.parties.all()} if before else None
        if "parties" in stated:
            parties = _parties(stated["parties"], choices)
        return {
            "title": stated["title"] if "title" in stated or before is None else before.title,
            "terms": replace(terms, **sent),
            "parties": parties,
            "tells_parties": stated.get("tells_parties", before.tells_parties if before else False),
        }


class NewAgreementSerializer(AgreementChangeSerializer):
    """A draft on confirmed overlaps, or on those of a case. It covers the programs of these overlaps.

    Without `parties`, all organizations that report these programs must accept.
    """

    overlaps = serializers.ListField(child=IdField(), required=False, min_length=1, max_length=100)
    case = IdField(required=False, help_text="The `cluster` of overlaps: covers all its confirmed overlaps.")
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Agreement.Kind.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("overlaps" in attrs) == ("case" in attrs):
            raise ValidationError(_("Name the overlaps that the agreement covers, or the case."))
        return attrs


class ProposedTerms(Strict):
    """A step with terms or without, as the step has it."""

    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_NOTE)
    terms = TermsSerializer(required=False)

    def proposed(self, agreement: Agreement, *, wanted: bool) -> Terms | None:
        """The terms that were sent. ValidationError where they are wanted and missing, or not wanted and there."""
        stated = self.validated_data.get("terms")
        if wanted and stated is None:
            raise ValidationError({"terms": [_("Give all the terms that you propose.")]})
        if not wanted and stated is not None:
            raise ValidationError({"terms": [_("Terms are not accepted here.")]})
        if stated is None:
            return None
        terms = Terms(stated["kind"], stated["text"], _commitments(stated["commitments"]))
        with by_place("terms"):
            _require_areas(terms.commitments, Choices.of(agreement))
        return terms


class AgreementMoveSerializer(ProposedTerms):
    """A coordinator's action on an agreement (docs/agreements.md); `revise` requires terms."""

    move = serializers.CharField(max_length=20)

    def validate_move(self, value: str) -> str:
        if value not in COORDINATORS_MOVES:
            sentence = _("Unknown action. Known actions: %(known)s.") % {"known": ", ".join(COORDINATORS_MOVES)}
            raise ValidationError(sentence)
        return value


class GivenAnswerSerializer(ProposedTerms):
    """A response to the version that you read; `counter` proposes other terms."""

    organization = IdField()
    version = serializers.IntegerField(min_value=1, max_value=30_000)
    answer = serializers.ChoiceField(choices=["accept", "counter", "decline"])


class GivenMarkSerializer(Strict):
    """Status of a commitment described in words:

    kept (reported by its organization), seen (verified by a coordinator) or not_kept.
    """

    commitment = IdField()
    mark = serializers.ChoiceField(choices=list(services.MARKS))
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_NOTE)


def refuse(errors: dict[Any, Any], *place: str) -> None:
    """ValidationError of what is wrong, by its place under `place`; nothing where nothing is."""
    for name in reversed(place if errors else ()):
        errors = {name: errors}
    if errors:
        raise ValidationError(errors)


@contextmanager
def by_place(*place: str) -> Iterator[None]:
    """Makes terms that were refused a ValidationError that names each problem's place in the body, under `place`."""
    try:
        yield
    except services.TermsRefused as refusal:
        errors: dict[Any, Any] = {}
        for problem in refusal.problems:
            into = errors if problem.row is None else errors.setdefault("commitments", {}).setdefault(problem.row, {})
            into.setdefault(problem.field, []).append(problem.message)
        refuse(errors, *place)


def _commitments(rows: Sequence[Mapping[str, Any]]) -> tuple[CommitmentTerms, ...]:
    return tuple(CommitmentTerms(**row) for row in rows)


def _require_areas(commitments: Sequence[CommitmentTerms], choices: Choices) -> None:
    known = {code for code, _name in choices.areas}
    sentence = _("Choose an area in a country where these programs work.")
    wrong = [
        Problem(row, "area", sentence) for row, one in enumerate(commitments) if one.area and one.area not in known
    ]
    if wrong:
        raise services.TermsRefused(wrong)


def _parties(rows: Sequence[Mapping[str, Any]], choices: Choices) -> dict[int, bool]:
    known = {organization.pk for organization in choices.organizations}
    sentence = _(
        "Choose an organization that reports one of these programs, or has a role in it other than implementing."
    )
    wrong = {
        number: {"organization": [sentence]} for number, row in enumerate(rows) if row["organization"] not in known
    }
    refuse(wrong, "parties")
    return {row["organization"]: row["must_accept"] for row in rows}
