"""Who may see a program: partners unless somebody chose, and only a manager shows it to more people."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from donors.models import Membership, Organization, User
from programs.discussion.describe import sentence
from programs.discussion.models import Notification
from programs.discussion.services import tell_of_sharing
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.models import Import
from programs.models import Program, SharingChange
from programs.services import ManySaver, ProgramData, Wanted, edit_program, save_program, stored_programs
from programs.services.permissions import MAY_DO
from programs.services.write import change_program
from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import apply, check, checked, outcomes, problems, row, undo, upload_file

pytestmark = pytest.mark.django_db
Stage = Program.Stage
WIDTH = ["restricted", "partners", "public"]
WITH_VISIBILITY = ["Identifier", "Title", "Country", "Visible to"]


@pytest.fixture
def org() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor", full_name="Ana Editora")


@pytest.fixture
def manager(org: Organization) -> User:
    return factories.user(org, "manager", full_name="Mario Gestor")


def stated(program: Program) -> ProgramData:
    return stored_programs([program])[0].original


def by_form(program: Program, visibility: str, actor: User) -> None:
    edit_program(replace(stated(program), visibility=visibility), actor=actor, program=program, version=program.version)


def by_script(program: Program, visibility: str, actor: User) -> None:
    change_program(program, lambda data: replace(data, visibility=visibility), actor=actor, version=program.version)


def by_the_hundred(program: Program, visibility: str, actor: User) -> None:
    ManySaver(actor=actor).save_many([Wanted(replace(stated(program), visibility=visibility), program_id=program.pk)])


def alone(program: Program, visibility: str, actor: User) -> None:
    save_program(replace(stated(program), visibility=visibility), actor=actor, program=program)


WAYS: list[Callable[[Program, str, User], None]] = [by_form, by_script, by_the_hundred, alone]


def test_partners_see_what_nobody_chose_for() -> None:
    assert next(field.default for field in fields(ProgramData) if field.name == "visibility") == "partners"
    assert Program._meta.get_field("visibility").default == "partners"
    assert IatiImporter().visibility == "partners"


def test_a_script_that_names_no_visibility_gets_partners(org: Organization, editor: User) -> None:
    body = {"reporting_org_id": org.pk, "identifier": "XX-1", "title": "Vetted units"}

    assert Api(editor).send("POST", "programs/", body, 201)["visibility"] == "partners"
    Api(editor).send("POST", "programs/bulk/", {"programs": [{**body, "identifier": "XX-2"}]}, 200)
    assert Program.objects.get(identifier="XX-2").visibility == "partners"


def test_only_managers_may() -> None:
    assert MAY_DO["share"] == MAY_DO["publish"] == {Membership.Role.MANAGER}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", WIDTH)
@pytest.mark.parametrize("after", WIDTH)
def test_an_editor_shows_it_to_fewer_but_not_to_more(
    way: Callable[..., None], before: str, after: str, org: Organization, editor: User, manager: User
) -> None:
    program = factories.program(org, visibility=before)
    is_wider = WIDTH.index(after) > WIDTH.index(before)

    if is_wider:
        with transaction.atomic(), pytest.raises(ValidationError) as refusal:
            way(program, after, editor)
        assert set(refusal.value.message_dict) == {"visibility"}
        assert "Ask a manager" in refusal.value.messages[0]
        program.refresh_from_db()
        assert (program.visibility, SharingChange.objects.count()) == (before, 0)
    way(program, after, manager if is_wider else editor)

    program.refresh_from_db()
    assert program.visibility == after
    recorded = [(one.before, one.after, one.is_wider) for one in program.sharing_changes.all()]
    assert recorded == ([] if before == after else [(before, after, is_wider)])


@pytest.mark.parametrize("stage", ["draft", "submitted"])
def test_what_nobody_outside_sees_may_be_prepared_by_an_editor(stage: str, org: Organization, editor: User) -> None:
    program = factories.program(org, stage=stage, visibility="restricted")

    by_form(program, "public", editor)

    assert Program.objects.get().visibility == "public"
    assert not SharingChange.objects.exists()


class TestNamedOrganizations:
    def share(self, program: Program, actor: User, *names: Organization, visibility: str = "") -> None:
        edit_program(
            replace(stated(program), visibility=visibility or program.visibility),
            actor=actor,
            program=program,
            version=program.version,
            shared_with=[one.pk for one in names],
        )
        program.refresh_from_db()

    def test_only_a_manager_adds_one_to_a_restricted_program(
        self, org: Organization, editor: User, manager: User
    ) -> None:
        program = factories.program(org, visibility="restricted")
        other = factories.organization("Other")

        with transaction.atomic(), pytest.raises(ValidationError) as refusal:
            self.share(program, editor, other)
        assert set(refusal.value.message_dict) == {"shared_with"}
        self.share(program, manager, other)

        change = program.sharing_changes.get()
        assert (change.added, change.removed, change.is_wider, change.actor) == (["Other"], [], True, manager)

    def test_an_editor_takes_one_off(self, org: Organization, editor: User, manager: User) -> None:
        program = factories.program(org, visibility="restricted")
        self.share(program, manager, factories.organization("Other"))

        self.share(program, editor)

        change = program.sharing_changes.first()
        assert change is not None
        assert (change.added, change.removed, change.is_wider) == ([], ["Other"], False)

    def test_who_could_see_it_anyway_may_be_named_by_an_editor(self, org: Organization, editor: User) -> None:
        program = factories.program(org, visibility="partners")

        self.share(program, editor, factories.organization("Other"), visibility="restricted")

        assert program.visibility == "restricted"
        assert not program.sharing_changes.filter(is_wider=True).exists()

    def test_the_form_says_it_beside_the_list(self, client: Client, org: Organization, editor: User) -> None:
        program = factories.program(org, visibility="restricted")
        factories.organization("Other")
        client.force_login(editor)
        page = client.get(reverse("programs:edit", args=[program.pk]))
        assert "Only a manager of your organization can show it to more people" in page.text
        assert "Save and show the changes" in page.text

        raw = {**page.context["editor"].raw, "shared-0-name": "Other"}
        answer = client.post(reverse("programs:edit", args=[program.pk]), {**raw, "do": "save"})

        assert answer.status_code == 400
        assert "can name another organization" in answer.text


def test_another_organization_needs_a_manager_of_both(org: Organization, editor: User, manager: User) -> None:
    program = factories.program(org)
    other = factories.organization("Other")
    for person in (editor, manager):
        Membership.objects.create(user=person, organization=other, role="editor")
    moved = replace(stated(program), reporting_org_id=other.pk)

    for person in (editor, manager):
        with transaction.atomic(), pytest.raises(ValidationError) as refusal:
            edit_program(moved, actor=User.objects.get(pk=person.pk), program=program, version=program.version)
        assert set(refusal.value.message_dict) == {"reporting_org"}
    Membership.objects.filter(user=manager).update(role="manager")
    edit_program(moved, actor=User.objects.get(pk=manager.pk), program=program, version=program.version)

    assert Program.objects.get().reporting_org == other


class TestByScript:
    def test_patch_names_the_field(self, org: Organization, editor: User) -> None:
        program = factories.program(org, visibility="restricted")
        api = Api(editor)

        answer = api.send("PATCH", f"programs/{program.pk}/", {"visibility": "public"}, 400, if_match='"1"')

        assert [error["pointer"] for error in answer["errors"]] == ["#/visibility"]

    def test_many_at_once_refuse_the_one(self, org: Organization, editor: User) -> None:
        program = factories.program(org, identifier="XX-1", visibility="restricted")
        rows = [
            {"reporting_org_id": org.pk, "identifier": "XX-1", "visibility": "public"},
            {"reporting_org_id": org.pk, "identifier": "XX-2", "title": "Another one"},
        ]

        results = Api(editor).send("POST", "programs/bulk/", {"programs": rows}, 200)["results"]

        assert [result["outcome"] for result in results] == ["refused", "created"]
        program.refresh_from_db()
        assert program.visibility == "restricted"


class TestByFile:
    def test_an_editor_submits_and_a_manager_publishes(self, org: Organization, editor: User, manager: User) -> None:
        job = apply(checked(org, editor, [row()]), editor)
        assert (Program.objects.get().stage, job.new_stage) == ("submitted", "submitted")

        job = apply(checked(org, editor, [row(identifier="P-2", title="Courts", area="HN-AT")]), manager)
        assert (Program.objects.get(identifier="P-2").stage, job.new_stage) == ("published", "published")

    def test_an_editor_updates_what_is_published(self, org: Organization, editor: User) -> None:
        program = factories.program(org, identifier="P-1")

        apply(checked(org, editor, [row(title="Renamed")]), editor)

        program.refresh_from_db()
        assert (program.title, program.stage) == ("Renamed", "published")

    def wider(self, org: Organization, actor: User) -> Import:
        rows = [["P-1", "Community policing", "Honduras", "Everybody"], ["P-2", "New one", "Honduras", "Everybody"]]
        job = upload_file(org, actor, rows, headings=WITH_VISIBILITY)
        return check(job, actor)

    def test_wider_is_refused_at_its_cell(self, org: Organization, editor: User, manager: User) -> None:
        factories.program(org, identifier="P-1", visibility="restricted")

        job = self.wider(org, editor)

        # A new program is only prepared so: a manager publishes it.
        assert outcomes(job) == ["refused", "created"]
        assert problems(job.rows.get(number=2)) == [("rule", 3)]
        assert outcomes(self.wider(org, manager)) == ["changed", "created"]

    def test_what_a_manager_checked_an_editor_does_not_widen(
        self, org: Organization, editor: User, manager: User
    ) -> None:
        program = factories.program(org, identifier="P-1", visibility="restricted")

        job = apply(self.wider(org, manager), editor)

        program.refresh_from_db()
        assert (program.visibility, outcomes(job)) == ("restricted", ["refused", "created"])

    def test_undoing_puts_back_what_it_was(self, org: Organization, editor: User) -> None:
        program = factories.program(org, identifier="P-1", visibility="public")
        job = check(
            upload_file(
                org,
                editor,
                [["P-1", "Community policing", "Honduras", "Signed-in partners"]],
                headings=WITH_VISIBILITY,
            ),
            editor,
        )
        apply(job, editor)
        assert Program.objects.get().visibility == "partners"

        undo(job, editor)

        program.refresh_from_db()
        assert program.visibility == "public"
        assert [one.is_wider for one in program.sharing_changes.all()] == [True, False]

    def test_the_page_says_what_the_button_does_and_what_was_done(
        self, client: Client, org: Organization, editor: User, manager: User
    ) -> None:
        factories.program(org, identifier="P-1")
        job = checked(org, editor, [row(title="Renamed"), row(identifier="P-2"), row(identifier="P-3")])
        words = {}
        for person in (editor, manager):
            client.force_login(person)
            words[person] = client.get(job.get_absolute_url()).context["button"]
        assert words[editor] == "Submit 2 programs for publication and update 1"
        assert words[manager] == "Publish 2 programs and update 1"

        apply(job, editor)
        page = client.get(job.get_absolute_url()).text

        assert "2 programs were submitted" in page
        assert "1 program was updated" in page
        for program in Program.objects.exclude(identifier="P-1"):
            assert f'href="{program.get_absolute_url()}"' in client.get(f"{job.get_absolute_url()}?show=created").text

    @pytest.mark.parametrize(
        ("rows", "language", "words"),
        [
            ([row()], "en", "Publish 1 program"),
            ([row(), row(identifier="P-2")], "en", "Publish 2 programs"),
            ([row()], "es", "Publicar 1 programa"),
            ([row(), row(identifier="P-2")], "es", "Publicar 2 programas"),
        ],
    )
    def test_the_button_counts(
        self, client: Client, org: Organization, manager: User, rows: Any, language: str, words: str
    ) -> None:
        job = checked(org, manager, rows)
        client.force_login(manager)

        page = client.get(job.get_absolute_url(), headers={"accept-language": language})

        assert f'<button class="usa-button">{words}</button>' in page.text


class TestTelling:
    def told(self, person: User) -> list[str]:
        return [sentence(one) for one in Notification.objects.visible_to(person).for_list()]

    @pytest.fixture
    def coordinator(self) -> User:
        return factories.user(factories.organization("SICA", is_coordinating_body=True), "coordinator")

    def test_the_other_managers_are_told_once(
        self, org: Organization, editor: User, manager: User, coordinator: User
    ) -> None:
        other = factories.user(org, "manager")
        factories.user(factories.organization(), "manager")
        program = factories.program(org, visibility="restricted")
        by_form(program, "public", manager)

        assert [tell_of_sharing(), tell_of_sharing()] == [1, 0]

        (words,) = self.told(other)
        assert words.startswith("Mario Gestor changed the visibility of a program of Own: ")
        assert self.told(manager) == self.told(editor) == self.told(coordinator) == []

    def test_the_coordinators_are_told_where_no_other_manager_is(
        self, org: Organization, manager: User, coordinator: User
    ) -> None:
        gone = factories.user(org, "manager")
        User.objects.filter(pk=gone.pk).update(is_active=False)
        program = factories.program(org, visibility="restricted")
        by_form(program, "public", manager)

        assert [tell_of_sharing(), tell_of_sharing()] == [1, 0]

        (words,) = self.told(coordinator)
        assert words.startswith("Mario Gestor changed the visibility of a program of Own: ")
        assert self.told(manager) == []

    def test_a_coordinator_who_did_it_as_manager_is_not_told(self, org: Organization, coordinator: User) -> None:
        Membership.objects.create(user=coordinator, organization=org, role="manager")
        program = factories.program(org, visibility="restricted")
        by_form(program, "public", User.objects.get(pk=coordinator.pk))

        assert tell_of_sharing() == 0

    def test_twice_wider_is_told_twice_and_narrower_not_at_all(self, org: Organization, manager: User) -> None:
        other = factories.user(org, "manager")
        program = factories.program(org, visibility="restricted")
        for visibility in ("partners", "restricted", "partners"):
            program.refresh_from_db()
            by_form(program, visibility, manager)

        assert tell_of_sharing() == 2
        assert len(self.told(other)) == 2

    def test_the_history_shows_it(self, client: Client, org: Organization, manager: User) -> None:
        program = factories.program(org, visibility="restricted")
        by_form(program, "partners", manager)
        client.force_login(manager)

        page = client.get(reverse("programs:history", args=[program.pk])).text

        assert "Who can see it" in page
        assert "Visible to: Own organization, coordinators and named organizations → Signed-in partners" in page


def test_a_change_of_who_may_see_it_is_never_rewritten(org: Organization, manager: User) -> None:
    program = factories.program(org, visibility="restricted")
    by_form(program, "public", manager)

    with transaction.atomic(), pytest.raises(Error):
        SharingChange.objects.update(is_wider=False)
