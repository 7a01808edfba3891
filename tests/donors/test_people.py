"""Roles changed and members removed: the services and the pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import NotAllowed, Refused
from donors import services
from donors.models import Invitation, Membership, Organization, User
from tests import factories
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def own() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def manager(own: Organization) -> User:
    return factories.user(own, "manager")


class TestServices:
    def test_a_manager_changes_a_role_and_it_is_in_the_history(self, own: Organization, manager: User) -> None:
        member = factories.member(own, "viewer")

        changed = services.change_role(member, "editor", actor=manager)

        assert changed.role == "editor"
        assert [event.role for event in changed.events.order_by("pgh_id")] == ["viewer", "editor"]

    def test_a_member_who_is_removed_keeps_the_account(self, own: Organization, manager: User) -> None:
        member = factories.member(own)

        services.remove_member(member, actor=manager)

        assert not Membership.objects.filter(pk=member.pk).exists()
        assert User.objects.filter(pk=member.user_id, is_active=True).exists()

    @pytest.mark.parametrize("who", ["manager", "coordinator"])
    def test_the_last_manager_stays_manager_and_member(
        self, who: str, own: Organization, manager: User, coordinator: User
    ) -> None:
        last, actor = manager.memberships.get(), manager if who == "manager" else coordinator

        with pytest.raises(Refused, match="last"):
            services.change_role(last, "viewer", actor=actor)
        with pytest.raises(Refused, match="last"):
            services.remove_member(last, actor=actor)

    def test_a_deactivated_manager_does_not_count(self, own: Organization, manager: User) -> None:
        factories.member(own, "manager", is_active=False)

        with pytest.raises(Refused, match="last"):
            services.remove_member(manager.memberships.get(), actor=manager)

    def test_one_of_two_managers_may_go(self, own: Organization, manager: User) -> None:
        factories.member(own, "manager")

        services.remove_member(manager.memberships.get(), actor=manager)

        assert not manager.memberships.exists()

    def test_the_last_coordinator_stays(self, coordinator: User) -> None:
        with pytest.raises(Refused, match="last"):
            services.remove_member(coordinator.memberships.get(), actor=coordinator)

    def test_a_manager_of_sica_neither_makes_nor_removes_coordinators(
        self, sica: Organization, coordinator: User
    ) -> None:
        factories.member(sica, "coordinator")
        actor, member = factories.user(sica, "manager"), factories.member(sica)

        with pytest.raises(NotAllowed):
            services.change_role(member, "coordinator", actor=actor)
        with pytest.raises(NotAllowed):
            services.change_role(coordinator.memberships.get(), "viewer", actor=actor)
        with pytest.raises(NotAllowed):
            services.remove_member(coordinator.memberships.get(), actor=actor)

    def test_coordinators_exist_in_sica_alone(self, own: Organization, coordinator: User) -> None:
        with pytest.raises(Refused):
            services.change_role(factories.member(own), "coordinator", actor=coordinator)

    def test_a_manager_sees_to_nobody_elses_organization(self, manager: User) -> None:
        member = factories.member(factories.organization("Other"))

        with pytest.raises(NotAllowed):
            services.change_role(member, "editor", actor=manager)
        with pytest.raises(NotAllowed):
            services.remove_member(member, actor=manager)

    def test_whoever_loses_the_role_leaves_no_open_invitation(self, own: Organization, manager: User) -> None:
        other = factories.member(own, "manager")
        mine = factories.invitation(own, invited_by=other.user, role="manager")
        theirs = factories.invitation(own, invited_by=manager)

        services.change_role(other, "viewer", actor=manager)

        mine.refresh_from_db(), theirs.refresh_from_db()
        assert (mine.state, theirs.state) == (Invitation.State.WITHDRAWN, Invitation.State.PENDING)

    def test_a_member_who_is_gone_already_is_refused(self, own: Organization, manager: User) -> None:
        member = factories.member(own)
        services.remove_member(member, actor=manager)

        with pytest.raises(Refused, match="no longer"):
            services.remove_member(member, actor=manager)


class TestPages:
    def test_a_manager_sees_members_roles_last_sign_ins_and_invitations(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        factories.member(own, "editor", full_name="Ana Cruz")
        factories.invitation(own, email="next@example.org")

        page = signed_in(manager).get(reverse("donors:people", args=[own.pk])).content.decode()

        assert "Ana Cruz" in page
        assert "never" in page
        assert "next@example.org" in page

    def test_another_organization_is_not_there(self, manager: User, signed_in: SignIn) -> None:
        other = factories.organization("Other")
        member, invitation = factories.member(other), factories.invitation(other)
        client = signed_in(manager)

        for name, args, method in (
            ("people", [other.pk], "get"),
            ("invite", [other.pk], "post"),
            ("change_role", [other.pk, member.pk], "post"),
            ("remove_member", [other.pk, member.pk], "get"),
            ("remove_member", [other.pk, member.pk], "post"),
            ("resend_invitation", [other.pk, invitation.pk], "post"),
            ("withdraw_invitation", [other.pk, invitation.pk], "post"),
        ):
            assert getattr(client, method)(reverse(f"donors:{name}", args=args)).status_code == 404

    def test_another_organizations_rows_are_not_reached_by_way_of_ones_own(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        other = factories.organization("Other")
        member, invitation = factories.member(other), factories.invitation(other)
        client = signed_in(manager)

        assert client.post(reverse("donors:remove_member", args=[own.pk, member.pk])).status_code == 404
        assert client.post(reverse("donors:withdraw_invitation", args=[own.pk, invitation.pk])).status_code == 404
        assert Membership.objects.filter(pk=member.pk).exists()

    def test_a_role_is_changed_from_its_row(self, own: Organization, manager: User, signed_in: SignIn) -> None:
        member = factories.member(own)

        answer = signed_in(manager).post(
            reverse("donors:change_role", args=[own.pk, member.pk]), {"role": "editor"}, follow=True
        )

        member.refresh_from_db()
        assert member.role == "editor"
        assert "now has the role: editor" in answer.content.decode()

    def test_a_refusal_is_told_on_the_page(self, own: Organization, manager: User, signed_in: SignIn) -> None:
        last = manager.memberships.get()

        answer = signed_in(manager).post(reverse("donors:remove_member", args=[own.pk, last.pk]), follow=True)

        assert "last manager" in answer.content.decode()
        assert Membership.objects.filter(pk=last.pk).exists()

    def test_whoever_gives_up_the_role_is_led_to_the_account(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        factories.member(own, "manager")
        mine = manager.memberships.get()

        answer = signed_in(manager).post(reverse("donors:change_role", args=[own.pk, mine.pk]), {"role": "viewer"})

        assert answer["Location"] == reverse("donors:account")

    def test_a_coordinator_finds_every_organization(self, coordinator: User, signed_in: SignIn) -> None:
        factories.organization("Alfa"), factories.organization("Beta")

        page = signed_in(coordinator).get(reverse("donors:people_index")).content.decode()

        assert "Alfa" in page
        assert "Beta" in page

    def test_the_number_of_queries_does_not_grow_with_the_rows(
        self, own: Organization, manager: User, signed_in: SignIn
    ) -> None:
        client = signed_in(manager)
        there = reverse("donors:people", args=[own.pk])
        factories.member(own), factories.invitation(own, invited_by=manager)
        few = queries_of(client, there)
        for _ in range(20):
            factories.member(own), factories.invitation(own, invited_by=manager)

        assert queries_of(client, there) == few

    def test_the_index_asks_as_much_for_many_organizations(self, coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)
        factories.organization()
        few = queries_of(client, reverse("donors:people_index"))
        for _ in range(20):
            factories.organization()

        assert queries_of(client, reverse("donors:people_index")) == few
