"""Who is meant by a name or an identifier: identifier first, then name within a country; never a guess."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed, Refused
from core.names import differ_by_one
from donors import services
from donors.models import Organization, OrganizationAlias, RemovedName
from donors.services import OrganizationFinder, organizations_named
from goals.models import Country
from tests import factories

pytestmark = pytest.mark.django_db
Name = Organization.objects.named


def created(ref: str, name: str, *countries: str) -> Organization:
    found = OrganizationFinder().find_or_create(ref, name, "10", [countries])
    assert found is not None
    return found


class TestOneBodyUnderManyNames:
    NAMES = (
        "AECID", "A.E.C.I.D.", "aecid", "AECI", "Agencia Española de Cooperación Internacional para el Desarrollo",
        "AGENCIA ESPANOLA DE COOPERACION INTERNACIONAL PARA EL DESARROLLO", "Cooperación Española",
        "Spanish Agency for International Development Cooperation",
        "Agence espagnole de coopération internationale pour le développement",
    )  # fmt: skip

    def test_it_works(self) -> None:
        found = {created("", name, "HN") for name in self.NAMES} | {
            created("ES-DIR3-EA0035768", ""),
            created("", "AECID"),
        }

        (aecid,) = found
        assert (aecid.name, aecid.short_name) == (self.NAMES[4], "AECID")
        assert (aecid.kind, aecid.ref, aecid.country_id) == ("10", "ES-DIR3-EA0035768", "ES")

    def test_one_that_is_there_already_is_found_by_all_its_names(self) -> None:
        aecid = services.create_organization("AECID", ref="ES-OWN-1")

        assert {created("", name, "HN") for name in self.NAMES} == {aecid}
        assert created("ES-DIR3-EA0035768", "AECID") == aecid

    def test_channel_codes_and_their_prefix(self) -> None:
        assert created("41114", "UNDP") == created("XM-DAC-41114", "PNUD") == created("", "P.N.U.D.")

    def test_a_part_of_the_state_department(self) -> None:
        inl = created("", "State/INL", "GT")

        assert inl == created("", "INL", "SV")
        assert inl != created("US-GOV-11", "U.S. Department of State")

    def test_a_former_name(self) -> None:
        assert (
            created("", "DFID")
            == created("GB-1", "Department for International Development")
            == created("GB-GOV-1", "")
        )


class TestWithinACountry:
    @pytest.mark.parametrize(
        "name", ["PNC", "Policía Nacional Civil", "National Civil Police", "policia nacional civil"]
    )
    def test_a_name_that_two_states_have(self, name: str) -> None:
        salvadoran, guatemalan = created("", name, "SV"), created("", name, "GT")

        assert salvadoran.name == "Policía Nacional Civil de El Salvador"
        assert guatemalan.name == "Policía Nacional Civil de Guatemala"
        assert OrganizationFinder().find("", name, [["SV"]]) == salvadoran

    def test_where_several_may_be_meant_nobody_is(self) -> None:
        salvadoran, guatemalan = created("", "PNC", "SV"), created("", "PNC", "GT")

        assert OrganizationFinder().find("", "PNC", [["SV", "GT"]]) is None
        assert OrganizationFinder().find("", "PNC") is None
        unclear = created("", "PNC", "SV", "GT")
        assert unclear not in (salvadoran, guatemalan)
        assert created("", "PNC", "SV", "GT") == unclear
        assert created("", "PNC", "GT") == guatemalan

    def test_a_body_of_the_state_next_door_is_not_meant(self) -> None:
        created("", "FGR", "SV")

        assert OrganizationFinder().find("", "FGR", [["HN"]]) is None

    def test_the_reporter_s_country_is_asked_after_the_program_s(self) -> None:
        assert OrganizationFinder().find_or_list("", "PNC", [[], ["GT"]]) == created("", "PNC", "GT")
        assert OrganizationFinder().find("", "PNC", [["SV", "GT"], ["GT"]]) is None

    def test_a_ministry_on_no_list_is_each_country_s_own(self) -> None:
        first, second = created("", "Ministerio de Minas", "HN"), created("", "Ministerio de Minas", "GT")

        assert first != second
        assert (first.country_id, second.country_id) == ("HN", "GT")
        assert created("", "Ministerio de Minas", "HN") == first
        assert created("", "Ministerio de Minas", "GT") == second

    def test_a_charity_is_one_everywhere(self) -> None:
        assert created("", "Barrios en Paz Mundial", "HN") == created("", "Barrios en Paz Mundial", "GT")


class TestIdentifierFirst:
    @pytest.mark.parametrize(
        "name", ["Corte Suprema de Justicia", "Reporting Body D", "Policía Nacional Civil", "Calle Segura"]
    )
    def test_one_name_under_two_identifiers_is_two(self, name: str) -> None:
        finder = OrganizationFinder()
        first = finder.find_or_create("XX-AGENCY-7", name)
        second = finder.find_or_create("XX-AGENCY-9", name)

        assert first is not None
        assert second is not None
        assert first != second
        again = OrganizationFinder()
        assert again.find_or_create("XX-AGENCY-7", name) == first
        assert again.find_or_create("XX-AGENCY-9", name) == second
        assert again.find_or_create("XX-AGENCY-9", "") == second
        assert first.name != second.name

    def test_the_country_of_an_identifier_says_who_is_meant(self) -> None:
        assert created("SV-GOV-PNC", "Policía Nacional Civil").name == "Policía Nacional Civil de El Salvador"

    def test_an_identifier_that_is_another_s_name(self) -> None:
        acme = services.create_organization("ACME")

        assert created("ACME", "") == acme

    def test_an_identifier_that_is_another_s_name_beside_a_name(self) -> None:
        acme = services.create_organization("ACME", ref="XX-1")
        other = created("ACME", "Another Body")

        assert (other.name, other.ref) == ("Another Body", "")
        assert created("ACME", "Another Body") == other
        assert created("ACME", "") == created("", "ACME") == acme

    def test_what_a_person_gave_is_found(self, sica: Organization) -> None:
        coordinator = factories.user(sica, "coordinator")
        known = services.create_organization("Calle Segura", ref="XX-1")
        services.give_name(known, "XX-2", kind="ref", actor=coordinator)

        assert created("XX-2", "Calle Segura") == known

    def test_an_organization_made_since_is_found(self) -> None:
        finder = OrganizationFinder()
        made = services.create_organization("Calle Segura", ref="XX-1")

        assert finder.find_or_create("XX-1", "Calle Segura") == made


@pytest.mark.parametrize("name", ["Calle Segura", "DEA"])
def test_what_somebody_else_added_since_is_found_by_name(name: str) -> None:
    finder = OrganizationFinder()
    made = created("", name)

    assert finder.find_or_create("", name) == made


def test_looking_up_asks_no_query_and_reading_as_many_for_many(django_assert_num_queries: object) -> None:
    created("", "AECID"), created("", "PNC", "SV")
    with CaptureQueriesContext(connection) as few:
        OrganizationFinder()
    for number in range(30):
        services.create_organization(f"Body {number}", aliases=(f"The Body {number}",))
    with CaptureQueriesContext(connection) as many:
        finder = OrganizationFinder()
    assert len(many) == len(few) == 3
    with CaptureQueriesContext(connection) as none:
        for number in range(30):
            assert finder.find("", f"the body {number}", [["SV"]])
            assert finder.find_or_create("", "A.E.C.I.D.", "", [["HN"]])
    assert len(none) == 0


class TestForms:
    def test_what_is_typed_is_found_or_listed(self) -> None:
        found = organizations_named(["DEA", "PNC", "Nobody at all", "41114", ""], ["SV"])

        names = {key: Organization.objects.get(pk=pk).name for key, pk in found.items()}
        assert names == {
            "dea": "Drug Enforcement Administration",
            "pnc": "Policía Nacional Civil de El Salvador",
            "41114": "United Nations Development Programme",
        }
        assert organizations_named(["dea", "P.N.C."], ["SV"]) == {"dea": found["dea"], "p n c": found["pnc"]}

    def test_what_lists_call_it_by_is_that_one(self) -> None:
        own = services.create_organization("Policía Nacional Civil", country=None)
        created("", "PNC", "GT")

        assert organizations_named(["policia nacional civil"], ["GT"]) == {"policia nacional civil": own.pk}


class TestLoading:
    def test_it_gives_names_to_what_is_there_and_adds_nobody(self) -> None:
        own = Organization.objects.create(name="Bureau of International Narcotics and Law Enforcement Affairs")

        for _again in range(2):
            services.load_listed_organizations()

        own.refresh_from_db()
        assert (Organization.objects.count(), own.listed_as) == (1, "us-inl")
        assert Name("sección inl").get() == own
        assert own.aliases.filter(is_own=True).get().text == own.name

    def test_what_people_changed_survives_it(self, sica: Organization) -> None:
        coordinator = factories.user(sica, "coordinator")
        inl = services.create_organization("INL")
        services.give_name(inl, "Los de narcóticos", actor=coordinator)
        services.take_name(inl.aliases.get(text="State/INL"), actor=coordinator)
        not_known = services.create_organization("AECID")
        Organization.objects.filter(pk=not_known.pk).update(listed_as="", is_listed_by_hand=True)
        not_known.aliases.filter(is_listed=True).delete()

        services.load_listed_organizations()

        assert not Name("State/INL").exists()
        assert Name("los de narcoticos").get() == inl
        not_known.refresh_from_db()
        assert (not_known.listed_as, not_known.aliases.count()) == ("", 1)
        assert created("", "State/INL") != inl

    def test_a_name_that_left_the_list_goes(self) -> None:
        inl = services.create_organization("INL")
        OrganizationAlias.objects.create(organization=inl, text="Old", normalized="old", is_listed=True)

        services.load_listed_organizations()

        assert not Name("old").exists()

    def test_the_command_says_what_it_did(self) -> None:
        Organization.objects.create(name="INL")
        services.create_organization("Calle Segura")
        said = StringIO()

        call_command("load_known_organizations", stdout=said)

        assert said.getvalue().startswith("Known organizations: 1 of 2; ")

    def test_as_many_queries_for_many(self) -> None:
        services.create_organization("CAF")
        services.load_listed_organizations()
        with CaptureQueriesContext(connection) as few:
            services.load_listed_organizations()
        for name in ("AECID", "GIZ", "UNDP", "IOM", "Calle Segura"):
            services.create_organization(name)
        with CaptureQueriesContext(connection) as many:
            services.load_listed_organizations()
        assert len(many) == len(few)

    def test_an_organization_of_another_country_is_another_body(self) -> None:
        assert services.create_organization("Policía Nacional Civil", country=_country("GT")).listed_as == "gt-pnc"
        assert services.create_organization("Policía Nacional", country=_country("CO")).listed_as == ""


class TestNames:
    def test_only_who_may_changes_them(self) -> None:
        own = services.create_organization("Own")
        for who in ("viewer", "editor"):
            with pytest.raises(NotAllowed):
                services.give_name(own, "Mine", actor=factories.user(own, who))
        alias = services.give_name(own, "Mine", actor=factories.user(own, "manager"))
        with pytest.raises(NotAllowed):
            services.take_name(alias, actor=factories.user(services.create_organization("Other"), "manager"))

    @pytest.mark.parametrize("text", ["", " \0 ", "Other", "USAID", "US-GOV-1", "x" * 256])
    def test_what_is_no_name_or_another_s_is_refused(self, text: str) -> None:
        own, _other = services.create_organization("Own"), services.create_organization("Other")

        with pytest.raises(Refused):
            services.give_name(own, text, actor=factories.user(own, "manager"))

    def test_the_name_in_lists_stays(self) -> None:
        own = services.create_organization("Own")

        with pytest.raises(Refused):
            services.take_name(own.aliases.get(), actor=factories.user(own, "manager"))

    def test_one_that_was_taken_away_can_be_given_again(self) -> None:
        inl = services.create_organization("INL")
        manager = factories.user(inl, "manager")
        services.take_name(inl.aliases.get(text="State/INL"), actor=manager)
        services.give_name(inl, "State/INL", actor=manager)

        assert not RemovedName.objects.exists()
        assert Name("State/INL").get() == inl

    def test_a_renamed_organization_is_found_by_the_name_before(self) -> None:
        own = services.create_organization("Own")
        services.rename(own, "Better Own")

        assert Name("own").get().name == "Better Own"
        assert own.aliases.get(text="Own").kind == "former"


def _country(code: str) -> Country:
    return Country.objects.get(code=code)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("usaid", "usad", True),
        ("usaid", "usaidd", True),
        ("usaid", "usiad", True),
        ("usaid", "uzaid", True),
        ("usaid", "usaid", False),
        ("usaid", "usdia", False),
        ("usaid", "us", False),
        ("", "a", True),
    ],
)
def test_names_that_differ_by_one_letter(one: str, other: str, differ: bool) -> None:
    assert differ_by_one(one, other) is differ is differ_by_one(other, one)
