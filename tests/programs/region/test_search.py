"""The one search: what it finds, by which words, and that nothing hidden leaves a trace in it."""

from collections.abc import Callable

import pytest
from django.test import Client

from donors.models import User
from donors.services import create_organization
from programs.codes import Visibility
from programs.models import FindingWords, Participation, Program
from programs.overlap.findable import meant_by, spelled_like
from programs.overlap.profiles import refresh_profiles
from programs.services import CoverageData, LocationData, ParticipationData
from tests import factories
from tests.queries import queries_of
from tests.worlds import overlap

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def read(*programs: Program) -> None:
    """Makes the words by which programs are found, as a job does soon after they are saved."""
    refresh_profiles([program.pk for program in programs])


@pytest.fixture
def client(signed_in: SignIn) -> Client:
    return signed_in(factories.user(factories.organization("Somebody else's")))


@pytest.fixture
def prison() -> Program:
    aecid = create_organization("AECID", ref="ES-DIR3-EA0035768")
    program = factories.program(
        factories.organization("Reporter"),
        title="Talleres en Támara",
        description="Mejora del sistema penitenciario: clasificación de privados de libertad y talleres en la cárcel.",
        coverages=(CoverageData(country_id="HN"),),
        locations=(LocationData(area_id="HN-FM", name="Tegucigalpa"),),
        participations=(ParticipationData(aecid.pk, Participation.Role.FUNDING),),
    )
    read(program)
    return program


@pytest.fixture
def other() -> Program:
    program = factories.program(
        factories.organization("Another"),
        title="Drinking water in Estelí",
        description="Wells, pipes and a water committee in each village.",
        coverages=(CoverageData(country_id="NI"),),
        locations=(),
    )
    read(program)
    return program


@pytest.mark.parametrize(
    "text",
    [
        "Tegucigalpa",  # a locality
        "distrito central",  # another name of it
        "Francisco Morazán",  # the department that it is in
        "honduras prisons",  # a country, and a type of work in the other language
        "cárceles",  # another form of a word of the text
        "carcel tegucigalpa aecid",  # text, place and organization together
        "spanish cooperation",  # a translation of the funder's name
        "prison",  # the type of work in the other language
        "talleres",
    ],
)
def test_a_program_is_found_by_its_places_organizations_and_work_in_either_language(
    text: str, prison: Program, other: Program
) -> None:
    assert list(Program.objects.search(text)) == [prison]


@pytest.mark.parametrize("text", ["carcel esteli", "drinking water tegucigalpa", "aecid nicaragua", "qwertyuiop"])
def test_all_words_have_to_be_of_one_program(text: str, prison: Program, other: Program) -> None:
    assert not Program.objects.search(text)


def test_a_program_that_nobody_has_read_yet_is_found_by_its_own_words(other: Program) -> None:
    FindingWords.objects.all().delete()

    assert list(Program.objects.search("Estelí wells")) == [other]


def test_words_of_a_former_version_find_nothing(other: Program) -> None:
    Program.objects.filter(pk=other.pk).update(title="Roads", description="Roads in León.", version=other.version + 1)
    read(other)

    assert not Program.objects.search("drinking water")
    assert list(Program.objects.search("roads")) == [other]


def test_the_nearest_come_first() -> None:
    org = factories.organization("Reporter")
    said = factories.program(org, title="Help", description="Among much else, mediation in schools of the city.")
    titled = factories.program(org, title="Mediation in schools", description="Help.")
    read(said, titled)

    assert list(Program.objects.search("mediation").nearest_first("mediation")) == [titled, said]


def test_what_a_text_is_about_is_known_in_both_languages() -> None:
    assert meant_by("domestic violence shelters")[1]
    assert set(meant_by("casas de acogida para mujeres víctimas de violencia")[1]) & set(
        meant_by("domestic violence shelters")[1]
    )
    assert meant_by("choloma") == (("choloma",), ())
    assert meant_by("aecid") == ((), ())


def test_a_misspelled_word_has_another_one() -> None:
    assert spelled_like("tegucigapla") == "tegucigalpa"
    assert spelled_like("Tegucigalpa") == ""


class TestPage:
    def test_it_groups_what_it_finds(self, client: Client, prison: Program, other: Program) -> None:
        second = factories.program(title="Talleres de carpintería", description="Talleres en la cárcel.")
        read(second)
        overlap(prison, second)
        factories.priority(title_en="Talleres for all", title_es="Talleres para todos")
        create_organization("Talleres del Norte")

        page = client.get("/search/?q=talleres")

        groups = {group.kind: group for group in page.context["answer"].groups}
        assert {kind: group.number for kind, group in groups.items()} == {
            "programs": 2,
            "cases": 1,
            "organizations": 1,
            "priorities": 1,
        }
        assert f'href="/programs/{prison.pk}/"' in page.text
        assert "Estelí" not in page.text

    def test_it_says_by_which_names_a_program_was_found(self, client: Client, prison: Program) -> None:
        assert "Found by: Tegucigalpa, AECID" in client.get("/search/?q=tegucigalpa+aecid").text

    @pytest.mark.parametrize("text", ["{pk}", "#{pk}", "{identifier}"])
    def test_a_number_leads_to_its_program(self, client: Client, prison: Program, text: str) -> None:
        typed = text.format(pk=prison.pk, identifier=prison.identifier.lower())

        assert client.get("/search/", {"q": typed}).headers["Location"] == f"/programs/{prison.pk}/"

    @pytest.mark.parametrize("text", ["", "  ", "%", "!?", "\0"])
    def test_no_words_find_nothing(self, client: Client, prison: Program, text: str) -> None:
        page = client.get("/search/", {"q": text})

        assert page.status_code == 200
        assert not page.context["answer"].groups

    @pytest.mark.parametrize("text", ["'; drop", "a" * 5000, "<script>x</script>", "& | ! :*", "a b c d e f g h i j k"])
    def test_whatever_is_typed_has_an_answer(self, client: Client, prison: Program, text: str) -> None:
        page = client.get("/search/", {"q": text})

        assert page.status_code == 200
        assert "<script>x" not in page.text

    def test_nothing_found_offers_another_spelling(self, client: Client, prison: Program) -> None:
        page = client.get("/search/?q=tegucigapla").text

        assert "Nothing that you may see matches “tegucigapla”." in page
        assert 'href="?q=tegucigalpa"' in page

    def test_what_one_may_not_see_leaves_no_trace(
        self, client: Client, signed_in: SignIn, coordinator: User, prison: Program
    ) -> None:
        hidden = factories.program(
            factories.organization("Hidden's"), title="Talleres secretos", visibility=Visibility.RESTRICTED
        )
        draft = factories.program(factories.organization("Drafter"), "draft", title="Talleres sin terminar")
        read(hidden, draft)
        overlap(prison, hidden)

        for address in ("/search/?q=talleres", "/api/v1/search/?q=talleres", f"/search/?q={hidden.pk}"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "secretos" not in answer.text, address
            assert "terminar" not in answer.text, address
        groups = client.get("/api/v1/search/?q=talleres").json()["groups"]
        assert [(group["kind"], group["number"]) for group in groups] == [("programs", 1)]
        sees_all = signed_in(coordinator).get("/api/v1/search/?q=talleres").json()
        found = {row["kind"]: row["number"] for row in sees_all["groups"]}
        assert found == {"programs": 2, "cases": 1}

    def test_queries_do_not_grow_with_what_is_found(self, client: Client, prison: Program) -> None:
        few = queries_of(client, "/search/?q=talleres")
        more = [factories.program(title=f"Talleres {i}", description="Talleres en la cárcel.") for i in range(5)]
        read(*more)

        assert queries_of(client, "/search/?q=talleres") == few


def test_the_list_of_programs_begins_with_the_best_match(client: Client) -> None:
    org = factories.organization("Reporter")
    titled = factories.program(org, title="Mediation in schools", description="Help.")
    said = factories.program(org, title="Help", description="Among much else, mediation.")
    read(said, titled)

    page = client.get("/programs/?q=mediation").text
    assert page.index("Mediation in schools") < page.index(">Help")
    assert "Best match" in page
    assert "Best match" not in client.get("/programs/").text
