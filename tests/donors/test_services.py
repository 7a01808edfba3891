from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import NotAllowed, Refused
from donors import services
from donors.models import ApiKey, Organization
from tests import factories

pytestmark = pytest.mark.django_db


class TestApiKeys:
    def test_only_the_digest_is_kept(self) -> None:
        made = services.create_api_key(factories.user(), "report")

        assert made.secret.startswith("carsi_")
        assert made.secret not in str(ApiKey.objects.values().get())
        assert made.key.digest == services.digest_of(made.secret)

    def test_nobody_else_may_revoke_it(self) -> None:
        made = services.create_api_key(factories.user(), "report")

        with pytest.raises(NotAllowed):
            services.revoke_api_key(made.key, actor=factories.user())

    def test_a_name_is_needed_and_a_future_expiry(self) -> None:
        with pytest.raises(Refused, match="name"):
            services.create_api_key(factories.user(), "  ")
        with pytest.raises(Refused, match="future"):
            services.create_api_key(factories.user(), "a", expires_at=timezone.now() - timedelta(1))


class TestCreateOrganization:
    def test_no_double_by_another_spelling(self) -> None:
        services.create_organization("Agencia Española de Cooperación")

        with pytest.raises(Refused, match="already"):
            services.create_organization("AGENCIA ESPANOLA DE COOPERACION")

    def test_an_alias_of_another_one_is_not_taken(self) -> None:
        services.create_organization("United Nations Development Programme", aliases=("PNUD",))

        services.create_organization("Partido Nuevo", aliases=("PNUD",))

        assert Organization.objects.named("pnud").get().name == "United Nations Development Programme"


class TestOrganizationFinder:
    def test_finds_by_identifier_then_by_name_then_makes(self) -> None:
        known = services.create_organization("AECID", ref="ES-1")
        finder = services.OrganizationFinder()

        assert finder.find_or_create("es-1", "Whatever") == known
        assert finder.find_or_create("", "aecid") == known
        made = finder.find_or_create("XX-2", "New Body", "40")
        assert made is not None
        assert (made.ref, made.kind) == ("XX-2", "40")
        assert finder.find_or_create("XX-2", "") == made
        assert finder.find_or_create("", "") is None

    def test_an_identifier_seen_with_a_known_name_finds_it_next_time(self) -> None:
        known = services.create_organization("UNDP")
        services.OrganizationFinder().find_or_create("41114", "UNDP")

        assert services.OrganizationFinder().find("41114", "") == known

    def test_looking_up_asks_no_query(self) -> None:
        services.create_organization("UNDP", ref="41114")
        finder = services.OrganizationFinder()

        with CaptureQueriesContext(connection) as queries:
            finder.find_or_create("41114", "UNDP")

        assert len(queries) == 0

    def test_two_ministries_of_one_name_are_two(self) -> None:
        finder = services.OrganizationFinder()
        dutch = finder.find_or_create("XM-DAC-7-1", "Ministry of Foreign Affairs")
        danish = finder.find_or_create("XM-DAC-3-1", "Ministry of Foreign Affairs")

        assert dutch != danish
        assert finder.find_or_create("XM-DAC-3-1", "") == danish


def test_only_who_may_ask_for_an_organization_registers_one() -> None:
    own = factories.organization("Own")

    with pytest.raises(NotAllowed):
        services.register_organizations({"New": "22"}, actor=factories.user(own, "viewer"), asked_for=own)
    assert not Organization.objects.filter(name="New").exists()

    services.register_organizations({"New": "22"}, actor=factories.user(own, "editor"), asked_for=own)
    assert Organization.objects.get(name="New").kind == "22"
