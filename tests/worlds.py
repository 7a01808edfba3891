"""The world that pages and the API are tried in: every kind of program, and overlaps of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.test import Client

from donors.models import Organization, User
from programs.agreements.models import Agreement, Meeting
from programs.agreements.services import add_cases, begin_draft, prepare_meeting, propose
from programs.agreements.terms import CommitmentTerms, Terms
from programs.models import Program
from programs.overlap.engine.score import model
from programs.overlap.models import Calibration, Overlap, UncertainPair
from tests import factories

W = TypeVar("W")


def overlap(left: Program, right: Program, **fields: Any) -> Overlap:
    """A pair as the engine would have flagged it, without the engine."""
    first, second = sorted((left, right), key=lambda program: program.pk)
    values: dict[str, Any] = {
        "kind": "overlap",
        "score": 0.8,
        "factors": [
            {"name": "goal", "value": 1.0, "weight": 1.0, "bits": 2.0, "evidence": {"goals": [1]}},
            {"name": "place", "value": 1.0, "weight": 1.0, "bits": 3.0, "evidence": {"areas": ["HN-CR"]}},
        ],
        "money_usd": 1_000_000,
        "model_version": "test",
        "left_version": first.version,
        "right_version": second.version,
    }
    return Overlap.objects.create(left=first, right=second, **{**values, **fields})


def uncertain(left: Program, right: Program, **fields: Any) -> UncertainPair:
    """A pair that the engine would not be sure of, without the engine."""
    first, second = sorted((left, right), key=lambda program: program.pk)
    values: dict[str, Any] = {"kind": "overlap", "score": 0.3, "lot": 1}
    return UncertainPair.objects.create(left=first, right=second, **{**values, **fields})


def calibration(**fields: Any) -> Calibration:
    """A proposal as the portal makes it: overlaps are less probable than was thought."""
    figures = {
        "decisions": 60, "right": 40, "sampled": 5, "brier": [0.21, 0.18], "error": [0.12, 0.04],
        "open": 30, "no_more": 4, "new": 1,
    }  # fmt: skip
    values: dict[str, Any] = {
        "base_version": model().version,
        "number": 1,
        "lines": {"overlap": {"slope": 0.8, "shift": -0.5}},
        "figures": {"overlap": figures},
    }
    return Calibration.objects.create(**{**values, **fields})


@dataclass
class World:
    """An organization of one's own and another one with a program of each visibility, and a draft, with overlaps
    of the other's public program with each of these; named `public`, `partners`, `restricted` and `draft`."""

    own: Organization = field(default_factory=lambda: factories.organization("Own"))
    other: Organization = field(default_factory=lambda: factories.organization("Other"))

    def __post_init__(self) -> None:
        self.programs: dict[str, Program] = {}
        for owner, organization in (("own", self.own), ("other", self.other)):
            for kind in ("public", "partners", "restricted", "draft"):
                self.programs[f"{owner} {kind}"] = factories.program(
                    organization,
                    title=f"{owner} {kind}",
                    visibility="public" if kind == "draft" else kind,
                    stage="draft" if kind == "draft" else "published",
                )
        public = factories.program(self.other, title="the other of each pair")
        self.overlaps = {
            name: overlap(program, public) for name, program in self.programs.items() if not name.endswith("draft")
        }

    def person(self, role: str) -> User | None:
        """Somebody of the role: `anonymous`, `member of nobody`, a role in the own organization, `coordinator` of
        SICA, `superuser`."""
        if role == "anonymous":
            return None
        if role == "member of nobody":
            return factories.user()
        if role == "superuser":
            return factories.user(is_superuser=True, is_staff=True)
        if role == "coordinator":
            body = Organization.objects.filter(is_coordinating_body=True).first()
            return factories.user(body or factories.organization("SICA", is_coordinating_body=True), "coordinator")
        return factories.user(self.own, role)


def session_of(person: User) -> str:
    """The key of a new session of a person, which lets in for as long as the database keeps it."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def client_of(session: str) -> Client:
    """A browser in which nothing but that session is remembered; nothing at all, if it is blank."""
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


@contextmanager
def kept_through(django_db_blocker: Any, make: Callable[[], W]) -> Iterator[W]:
    """What `make` makes once for all tests of a file, in a transaction that is rolled back after the last one. Each
    test, in a savepoint of its own, works on a deep copy, and so changes nothing for the next."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


def agreement(world: World) -> Agreement:
    """A proposal to both organizations on their public programs, with one commitment in words."""
    overlap, coordinator = world.overlaps["own public"], world.person("coordinator")
    assert coordinator is not None
    Overlap.objects.filter(pk=overlap.pk).update(state="confirmed")
    words = CommitmentTerms(world.own.pk, "other", date(2030, 1, 1), "Ana Paz", text="Share the manual")
    draft = begin_draft([overlap], actor=coordinator, title="Share", terms=Terms("share_results", "Share.", (words,)))
    return propose(draft, actor=coordinator)


def meeting(world: World) -> Meeting:
    """A meeting with one case: the overlap of the own public program."""
    coordinator = world.person("coordinator")
    assert coordinator is not None
    made = prepare_meeting(actor=coordinator, title="Tegucigalpa", held_on=date(2030, 1, 1))
    add_cases(made, [-world.overlaps["own public"].pk], actor=coordinator)
    return made
