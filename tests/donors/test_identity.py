"""An identifier comes before a name, nobody takes a name that is not theirs, and two at once break nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from core.errors import Refused
from core.names import normalize_name
from donors import services
from donors.models import Organization, OrganizationAlias
from donors.naming import name_keys, name_spellings
from donors.services import OrganizationFinder, organizations_named
from donors.services.names import is_taken
from goals.models import Country
from programs.exchange.spreadsheet.lookups import SheetLookups
from tests import factories
from tests.conftest import wait_until

pytestmark = pytest.mark.django_db


def by_form(text: str) -> Organization | None:
    found = organizations_named([text]).get(normalize_name(text))
    return Organization.objects.get(pk=found) if found else None


def by_sheet(text: str) -> Organization | None:
    return Organization.objects.get(pk=SheetLookups().organization(text))


def by_name(text: str) -> Organization | None:
    return OrganizationFinder().find("", text)


def by_identifier(text: str) -> Organization | None:
    return OrganizationFinder().find(text, "")


def by_import(text: str) -> Organization | None:
    return OrganizationFinder().find_or_create("", text)


WAYS = [by_form, by_sheet, by_name, by_identifier, by_import]


@pytest.mark.parametrize("way", WAYS)
class TestIdentifierFirst:
    """What an organization is called by does not matter where another one is identified so."""

    def organizations(self, ref: str, called: str) -> tuple[Organization, Organization]:
        """One with the identifier, one that has it as its name: as a release before could store them."""
        other = factories.organization("Calle Segura")
        OrganizationAlias.objects.filter(organization=other).update(text=called, normalized=normalize_name(called))
        Organization.objects.filter(pk=other.pk).update(name=called)
        return factories.organization("Barrio Seguro", ref=ref), other

    def test_the_one_with_the_identifier_is_meant(self, way: Callable[[str], Organization | None]) -> None:
        barrio, calle = self.organizations("XX-2", "Calle")
        OrganizationAlias.objects.filter(organization=calle).update(text="XX-2", normalized="xx 2")

        assert way("XX-2") == way("xx 2") == barrio

    def test_also_by_an_identifier_that_was_given(self, way: Callable[[str], Organization | None]) -> None:
        barrio, calle = self.organizations("XX-2", "Calle")
        OrganizationAlias.objects.filter(organization=calle).update(text="XX-3", normalized="xx 3")
        OrganizationAlias.objects.create(organization=barrio, text="XX-3", normalized="xx 3", kind="ref")

        assert way("XX-3") == barrio

    def test_also_by_one_of_the_list(self, way: Callable[[str], Organization | None]) -> None:
        """The body is an organization, with an identifier of its own; or it becomes one."""
        _barrio, calle = self.organizations("XX-2", "Calle")
        OrganizationAlias.objects.filter(organization=calle).update(text="41114", normalized="41114")
        undp = OrganizationFinder().find_or_list("", "UNDP")
        OrganizationAlias.objects.filter(organization=undp, kind="ref").delete()
        Organization.objects.filter(pk=undp.pk if undp else 0).update(ref="XX-UNDP")

        assert way("41114") == undp


def test_an_identifier_of_the_list_is_nobody_s_name() -> None:
    calle = factories.organization("Calle Segura")
    OrganizationAlias.objects.filter(organization=calle).update(text="41114", normalized="41114")

    assert Organization.objects.by_names(["41114"]) == {}
    assert OrganizationFinder().who("", "41114") == "undp"
    assert by_form("41114") != calle


def test_a_sheet_is_written_with_what_finds_the_organization_again() -> None:
    barrio = factories.organization("Barrio Seguro", ref="XX-2")
    calle = factories.organization("Calle Segura", ref="XX-1")
    OrganizationAlias.objects.filter(organization=calle).update(text="XX-2", normalized="xx 2")
    Organization.objects.filter(pk=calle.pk).update(name="XX-2")

    sheet = SheetLookups()

    assert sheet.organization(sheet.organization_name(calle.pk)) == calle.pk
    assert sheet.organization(sheet.organization_name(barrio.pk)) == barrio.pk


class TestWhatIsTaken:
    @pytest.mark.parametrize(("own", "said"), [("UNX", "U.N.X."), ("U.N.X.", "UNX"), ("U.S. Fund", "US Fund")])
    def test_a_name_with_and_without_dots(self, own: str, said: str) -> None:
        factories.organization("The Other Body", aliases=(own,))

        assert is_taken(said)
        with pytest.raises(Refused):
            factories.organization(said)
        assert by_form(said) == by_name(said) == Organization.objects.named(said).get()

    def test_letters_of_two_words_are_not_one_acronym(self) -> None:
        assert "u s a i d" not in name_spellings("us aid")
        assert all(spelling in ("us fund", "u s fund", "us f u n d") for spelling in name_spellings("U.S. Fund"))
        assert set(name_keys("U.S. Fund")) <= set(name_spellings("U.S. Fund"))

    @pytest.mark.parametrize("text", ["XX-1", "xx 1", "XX-2", "Calle Segura", "C.S.", "41114", "XM-DAC-41114"])
    def test_what_is_another_s_is_no_identifier(self, text: str) -> None:
        calle = factories.organization("Calle Segura", ref="XX-1", short_name="CS")
        services.add_alias(calle, "XX-2", "ref")
        own = factories.organization("Own")

        with pytest.raises(Refused):
            services.give_name(own, text, kind="ref", actor=factories.user(own, "manager"))
        assert not own.aliases.filter(kind="ref").exists()

    @pytest.mark.parametrize("text", ["XX-1", "XX-2", "Calle Segura", "41114"])
    def test_nor_a_name(self, text: str, coordinator: Any) -> None:
        calle = factories.organization("Calle Segura", ref="XX-1")
        services.add_alias(calle, "XX-2", "ref")
        own = factories.organization("Own")

        with pytest.raises(Refused):
            services.give_name(own, text, actor=coordinator)
        with pytest.raises(Refused):
            services.rename(own, text)
        with pytest.raises(Refused):
            factories.organization(text)

    @pytest.mark.parametrize("text", ["XX-1", "xx 2", "Calle Segura"])
    def test_nor_a_new_one_s_identifier(self, text: str) -> None:
        calle = factories.organization("Calle Segura", ref="XX-1")
        services.add_alias(calle, "XX-2", "ref")

        with pytest.raises(Refused):
            factories.organization("Own", ref=text)

    def test_an_import_gives_nobody_another_s_name_as_identifier(self) -> None:
        calle = factories.organization("Calle Segura", short_name="CASE")
        own = factories.organization("Own")
        finder = OrganizationFinder()

        assert finder.find_or_create("CASE", "Own") == own
        assert finder.find_or_create("USAID", "New Body") not in (None, own)
        assert by_identifier("CASE") == calle
        assert not OrganizationAlias.objects.filter(kind="ref", normalized__in=["case", "usaid"]).exists()
        assert set(Organization.objects.values_list("ref", flat=True)) == {""}


class TestNamesOfNobody:
    """What may mean several known bodies is nobody's on purpose: a manager cannot take it."""

    @pytest.mark.parametrize("text", ["PNC", "Policía Nacional Civil", "P.N.C.", "CRS", "Corte Suprema de Justicia"])
    def test_it_is_refused(self, text: str) -> None:
        own = factories.organization("Own")

        with pytest.raises(Refused, match="may mean several organizations"):
            services.give_name(own, text, actor=factories.user(own, "manager"))

    def test_also_to_one_of_those_that_it_may_mean(self) -> None:
        red_cross = OrganizationFinder().find_or_list("", "Cruz Roja Salvadoreña")
        assert red_cross is not None

        with pytest.raises(Refused, match="may mean several organizations"):
            services.give_name(red_cross, "C.R.S.", actor=factories.user(red_cross, "manager"))

    def test_also_in_a_country(self) -> None:
        own = factories.organization("Own", country=Country.objects.get(code="SV"))

        with pytest.raises(Refused, match="is a name of “Policía Nacional Civil de El Salvador”"):
            services.give_name(own, "PNC", actor=factories.user(own, "manager"))

    def test_where_it_means_no_known_body_it_is_free(self) -> None:
        own = factories.organization("Own", country=Country.objects.get(code="CO"))

        services.give_name(own, "PNC", actor=factories.user(own, "manager"))

        assert OrganizationFinder().find("", "PNC", [["CO"]]) == own
        assert OrganizationFinder().find("", "PNC") is None

    @pytest.mark.parametrize("text", ["PNC", "C.R.S.", "41114"])
    def test_no_organization_is_added_under_it(self, text: str) -> None:
        own = factories.organization("Own")

        with pytest.raises(Refused):
            services.register_organizations({text: "10"}, actor=factories.user(own, "editor"), asked_for=own)
        assert Organization.objects.get() == own

    def test_a_coordinator_says_whose_it_is(self, coordinator: Any) -> None:
        own = factories.organization("Own")

        assert services.give_name(own, "CRS", actor=coordinator).organization == own


class TestWhatCannotBecomeAnOrganization:
    def test_a_body_whose_identifier_is_another_s_has_none(self) -> None:
        other = factories.organization("Calle Segura", ref="XX-1")
        Organization.objects.filter(pk=other.pk).update(ref="XM-DAC-41114", listed_as="", is_listed_by_hand=True)

        undp = by_form("UNDP")

        assert undp is not None
        assert (undp.listed_as, undp.ref) == ("undp", "")
        assert by_sheet("UNDP") == by_import("UNDP") == undp
        assert by_sheet("41114") == by_form("41114") == other


def at_once(first: Callable[[], object], second: Callable[[], Any]) -> Any:
    """What `second` gives, if `first` did its work in a transaction that ended when `second` waited for it."""
    is_done = Event()

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            return bool(cursor.fetchone()[0])

    def work() -> None:
        try:
            with transaction.atomic():
                first()
                is_done.set()
                wait_until(somebody_waits)
        finally:
            is_done.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(work)
        is_done.wait()
        try:
            return second()
        finally:
            other.result()


@pytest.mark.usefixtures("committed_db")
class TestTwoAtOnce:
    def test_one_identifier_for_two(self) -> None:
        one, other = factories.organization("One"), factories.organization("Other")
        manager = factories.user(other, "manager")

        def give() -> str:
            with pytest.raises(Refused) as refused:
                services.give_name(other, "XX-1", kind="ref", actor=manager)
            return str(refused.value.message)

        assert at_once(lambda: services.add_alias(one, "XX-1", "ref"), give).startswith("“XX-1” is")
        assert OrganizationAlias.objects.get(kind="ref").organization == one

    def test_one_name_for_one_twice(self) -> None:
        own = factories.organization("Own")

        alias = at_once(lambda: services.add_alias(own, "Mine"), lambda: services.add_alias(own, "mine"))

        assert (alias.organization, alias.text) == (own, "Mine")

    @pytest.mark.parametrize("way", [by_form, by_sheet, by_import])
    @pytest.mark.parametrize("text", ["UNDP", "State/INL"])
    def test_a_known_body_is_named_by_two(self, way: Callable[[str], Organization | None], text: str) -> None:
        found = at_once(lambda: way(text), lambda: way(text))

        assert found == Organization.objects.get()

    def test_a_name_in_lists_for_two(self) -> None:
        one, other = factories.organization("One"), factories.organization("Other")

        def rename() -> None:
            with pytest.raises(Refused):
                services.rename(other, "Better")

        at_once(lambda: services.rename(one, "Better"), rename)

        assert sorted(Organization.objects.values_list("name", flat=True)) == ["Better", "Other"]
