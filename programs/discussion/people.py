"""Who may be told of what: the rules are those of `visible_to`, asked for many people at once."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Value

from donors.models import Membership, User
from programs.discussion.querysets import subject_fields, takes_part
from programs.discussion.topics import kind_of
from programs.models import Participation, Program
from programs.overlap.models import Overlap

# As many as a list beside a comment can hold, and a slow link can carry.
MOST_PEOPLE = 200
ANSWERS_A_QUERY = 100


def members_of(organization_ids: Iterable[int]) -> QuerySet[User, User]:
    """Active members of any of the organizations."""
    return User.objects.filter(is_active=True, memberships__organization__in=list(organization_ids)).distinct()


def with_roles(people: QuerySet[User, User]) -> list[User]:
    """The people with their memberships and `roles` read: two queries, however many they are."""
    memberships = Prefetch("memberships", Membership.objects.select_related("organization"))
    found = list(people.prefetch_related(memberships))
    for person in found:
        person.with_roles({row.organization_id: row.role for row in person.memberships.all()})
    return found


def seen_by(model: Any, ids: Collection[int], people: list[User]) -> dict[int, set[int]]:
    """For each person (by id), which of these rows they may see; of any model that has `visible_to`. Give people
    `with_roles`.

    `visible_to` is asked for each person, and run once for all whose question reads the same, in a few queries.
    """
    questions: dict[Any, tuple[QuerySet[Any, Any], list[User]]] = {}
    for person in people:
        if takes_part(person):
            question = model.objects.visible_to(person).filter(pk__in=ids).order_by()
            sql, parameters = question.query.sql_with_params()
            questions.setdefault((sql, repr(parameters)), (question, []))[1].append(person)
    answers: dict[int, set[int]] = {person.pk: set() for person in people}
    asked = list(questions.values())
    for first in range(0, len(asked), ANSWERS_A_QUERY):
        some = asked[first : first + ANSWERS_A_QUERY]
        rows = [
            question.annotate(asker=Value(number)).values_list("asker", "pk")
            for number, (question, _people) in enumerate(some)
        ]
        for number, pk in rows[0].union(*rows[1:], all=True):
            for person in some[number][1]:
                answers[person.pk].add(pk)
    return answers


def who_see(subject: Any, people: list[User]) -> list[User]:
    """Those of the people who may see the program, overlap or topic. Give people `with_roles`."""
    answers = seen_by(type(subject), [subject.pk], people)
    return [person for person in people if answers[person.pk]]


def sides_of(subject: Any) -> tuple[Program, ...]:
    """The program itself, or both of the overlap; none of another topic, whose owners speak for themselves."""
    if isinstance(subject, Program):
        return (subject,)
    return subject.sides if isinstance(subject, Overlap) else ()


def owners_of(subject: Any) -> set[int]:
    """Ids of the organizations that report the program, or the overlap's programs; of a topic's owners."""
    if isinstance(subject, Program | Overlap):
        return {program.reporting_org_id for program in sides_of(subject)}
    return kind_of(subject).owners(subject)


def concerned_by(subject: Any) -> QuerySet[User, User]:
    """Whom a comment on it is told: members of its owners, and further people whom its topic names."""
    members = Q(memberships__organization__in=owners_of(subject))
    others = Q() if isinstance(subject, Program | Overlap) else kind_of(subject).also_told(subject)
    return User.objects.filter(members | others, is_active=True).distinct()


def mentionable(subject: Any, *, by: User) -> list[User]:
    """Whom a comment of `by` may call by name: people of the organizations that take part in it, coordinators, and who
    spoke of it before, as far as they may see it. At most MOST_PEOPLE, by name; three queries."""
    concerned = Participation.objects.filter(program__in=sides_of(subject)).values("organization_id")
    spoke = {f"comments__{field}": row for field, row in subject_fields(subject).items()}
    candidates = (
        User.objects.filter(
            Q(memberships__organization__in=owners_of(subject))
            | Q(memberships__organization__in=concerned)
            | Q(memberships__role=Membership.Role.COORDINATOR)
            | Q(**spoke),
            is_active=True,
            machine_of__isnull=True,
        )
        .exclude(pk=by.pk)
        .distinct()
        .order_by("full_name", "email")[:MOST_PEOPLE]
    )
    return who_see(subject, with_roles(candidates))
