"""Which places texts name and which they do not."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.overlap.engine.gazetteer import gazetteer, readable
from programs.overlap.engine.places import Found, distance_km, extra_places, find_places, place
from programs.overlap.engine.text import plain_words

# A machine that is busy is no broken law.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

APOSTROPHES = "'’‘ʼ´`ʹ′"


@dataclass(frozen=True)
class Case:
    """A text of a program in these countries, and the towns and areas that it names."""

    text: str
    countries: str
    towns: str = ""
    areas: str = ""
    listed: tuple[str, ...] = ()
    given: str = ""


def found(case: Case) -> Found:
    return find_places([case.text], case.listed, frozenset(case.countries.split()), frozenset(case.given.split()))


def named(codes: frozenset[int]) -> set[str]:
    """Towns with their areas: {"Flores GT-17"}."""
    return {f"{known.name} {known.area}" for code in codes if (known := place(code))}


NAMED = [
    # English
    Case("Community policing in Villa Nueva", "GT", "Villa Nueva GT-01"),
    Case("In Escuintla the project equips two courts for women.", "GT", "Escuintla GT-05"),
    Case("Cobán – shelter for returned migrants", "GT", "Cobán GT-16"),
    Case("Refurbishing the police station of the municipality of Mixco", "GT", "Mixco GT-01"),
    Case("Model precincts in Choloma, La Lima and Villanueva", "HN", "Choloma HN-CR;La Lima HN-CR;Villanueva HN-CR"),
    Case("Youth outreach centers (Chamelecón)", "HN", "Chamelecón HN-CR;San Pedro Sula HN-CR"),
    Case("Mobile courts for the town of La Palma", "SV", "La Palma SV-CH"),
    Case("Support to the city of Santa Ana's violence observatory", "SV", "Santa Ana SV-SA"),
    Case("Fiber link between Bluefields and El Rama", "NI", "Bluefields NI-AS;El Rama NI-AS"),
    Case("Training of prosecutors from San Miguel, Usulután and La Unión",
         "SV", "San Miguel SV-SM;Usulután SV-US;La Unión SV-UN"),
    Case("Belmopan forensic laboratory", "BZ", "Belmopan BZ-CY"),
    Case("Gang prevention at schools in Belize City", "BZ", "Belize City BZ-BZ"),
    Case("Container control unit, Puerto Barrios and Puerto Quetzal", "GT",
         "Puerto Barrios GT-18;Puerto Quetzal GT-05;San José GT-05"),
    Case("Prison reform in Guatemala City", "GT", "Guatemala City GT-01"),
    Case("Panama City: K-9 unit at the airport", "PA", "Panama City PA-8"),
    Case("Water and jobs for La Libertad, Petén", "GT", "La Libertad GT-17"),
    Case("Livelihoods in La Libertad (Huehuetenango)", "GT", "La Libertad GT-13"),
    Case("San Marcos municipality: women's savings groups", "GT", "San Marcos GT-12", given="GT-12"),
    Case("Border post of Agua Caliente", "HN", "Agua Caliente HN-OC;Ocotepeque HN-OC"),
    Case("Tegucigalpa's 911 center", "HN", "Tegucigalpa HN-FM"),
    # Spanish
    Case("Construcción de comisaría en San Pedro Sula", "HN", "San Pedro Sula HN-CR"),
    Case("Alcaldía Municipal de San Miguel: observatorio de violencia", "SV", "San Miguel SV-SM"),
    Case("Jóvenes de los municipios de Soyapango, Ilopango y Mejicanos",
         "SV", "Soyapango SV-SS;Ilopango SV-SS;Mejicanos SV-SS"),
    Case("Apoyo a la fiscalía de Quetzaltenango", "GT", "Quetzaltenango GT-09"),
    Case("Talleres para mujeres en Xela", "GT", "Quetzaltenango GT-09"),
    Case("Mercado seguro en Comayagüela", "HN", "Comayagüela HN-FM;Tegucigalpa HN-FM"),
    Case("Cámaras para el Distrito Central", "HN", "Tegucigalpa HN-FM"),
    Case("SPS: alumbrado en colonias", "HN", "San Pedro Sula HN-CR"),
    Case("Ciudad Quesada tendrá centro cívico", "CR", "San Carlos CR-A"),
    Case("Patrullaje en el cantón de San Carlos", "CR", "San Carlos CR-A"),
    Case("Barrio La Carpio, San José", "CR", "La Carpio CR-SJ;San José CR-SJ", given="CR-SJ"),
    Case("Prevención en la zona 18 de la Ciudad de Guatemala", "GT", "Zona 18 GT-01;Guatemala City GT-01"),
    Case("Reparación de escuelas en Nebaj, Chajul y San Juan Cotzal",
         "GT", "Santa María Nebaj GT-14;Chajul GT-14;San Juan Cotzal GT-14"),
    Case("Juzgado de paz de Chaju&#039;l", "GT", "Chajul GT-14"),
    Case("Cuidado del bosque en San Mateo Ixtatán", "GT", "San Mateo Ixtatán GT-13"),
    Case("Puerto Lempira y Brus Laguna: patrullas fluviales", "HN", "Puerto Lempira HN-GD;Brus Laguna HN-GD"),
    Case("Atención a víctimas (Santa Ana)", "SV", "Santa Ana SV-SA"),
    Case("Prevención de violencia – San Miguel", "SV", "San Miguel SV-SM"),
    Case("Centro juvenil en la ciudad de León", "NI", "León NI-LE"),
    Case("Formación de jueces en Estelí", "NI", "Estelí NI-ES"),
    Case("Penal de Izalco: reinserción laboral", "SV", "Izalco SV-SO"),
    Case("Vecinos de Paso Canoas", "PA", "Paso Canoas PA-4;Barú PA-4"),
    Case("Atención a migrantes en Metetí", "PA", "Metetí PA-5"),
    Case("Obras en Sta. Rosa de Copán", "HN", "Santa Rosa de Copán HN-CP"),
    Case("El municipio de Guatemala instala alarmas", "GT", "Guatemala City GT-01"),
    Case("Delegación policial de Huehuetenango", "GT", "Huehuetenango GT-13"),
    Case("Corredor de Nacaome a Choluteca", "HN", "Nacaome HN-VA;Choluteca HN-CH"),
    Case("Red de mujeres de Sololá y Panajachel", "GT", "Sololá GT-07;Panajachel GT-07"),
    # Capitals, entities, accents in parts, hyphens
    Case("FORTALECIMIENTO DE LA POLICIA MUNICIPAL EN SANTA ANA", "SV", "Santa Ana SV-SA"),
    Case("EQUIPAMIENTO DE JUZGADOS, CHIQUIMULA", "GT", "Chiquimula GT-20"),
    Case("Capacitaci&oacute;n en Cob&aacute;n", "GT", "Cobán GT-16"),
    Case("Capacitacio\u0301n en Coba\u0301n", "GT", "Cobán GT-16"),
    Case("Talleres en San-Pedro-Sula", "HN", "San Pedro Sula HN-CR"),
    Case("Talleres en Almirante y Kankintú", "PA", "Almirante PA-1;Kankintú PA-NB"),
    # French and Portuguese
    Case("Formation des juges à Tegucigalpa", "HN", "Tegucigalpa HN-FM"),
    Case("Appui à la municipalité de Jocotán", "GT", "Jocotán GT-20"),
    Case("Apoio ao município de Chinandega", "NI", "Chinandega NI-CI"),
    Case("Cidade da Guatemala: segurança nos mercados", "GT", "Guatemala City GT-01"),
    # Listed
    Case("Formación policial", "GT", "Flores GT-17", listed=("Flores, Petén",)),
    Case("Formación policial", "GT", "Guatemala City GT-01", listed=("Guatemala",)),
    Case("Formación policial", "SV GT", "San Marcos GT-12", listed=("San Marcos (GT)",), given="GT-12"),
    Case("Aulas en Ayutla, San Marcos", "GT", "Ayutla GT-12"),
    Case("Small loans - Granada", "NI", "Granada NI-GR", given="NI-GR"),
    Case("Santa Tecla property charges", "SV", "Santa Tecla SV-LI"),
    Case("Formación policial", "SV HN", "San Miguel SV-SM", listed=("San Miguel, El Salvador",)),
    Case("Obra en Progreso", "HN", "El Progreso HN-YO", listed=("El Progreso",), given="HN-YO"),
    Case("Formación policial", "HN", "Tegucigalpa HN-FM", listed=("Municipio del Distrito Central",)),
    # Without a country
    Case("Cooperation with the mayor of Soyapango", "", "Soyapango SV-SS"),
    Case("Centro de justicia en San Miguel, El Salvador", "", "San Miguel SV-SM"),
]  # fmt: skip

AREAS = [
    Case("Courts of the department of Escuintla", "GT", areas="GT-05"),
    Case("Prevención en el departamento de San Miguel", "SV", areas="SV-SM"),
    Case("Riego en Alta Verapaz y Baja Verapaz", "GT", areas="GT-16 GT-15"),
    Case("Los departamentos de Huehuetenango, Quiché y San Marcos", "GT", areas="GT-13 GT-14 GT-12"),
    Case("Patrols in Gracias a Dios", "HN", areas="HN-GD"),
    Case("Salud en la RACCN", "NI", areas="NI-AN"),
    Case("Colón Province: port control", "PA", areas="PA-3"),
    Case("Policing in Petén", "GT", areas="GT-17"),
    Case("Bridges in the Ngabe-Bugle comarca", "PA", areas="PA-NB"),
    Case("Prévention dans le département d'Izabal", "GT", areas="GT-18"),
    Case("Jueces del departamento de Morazán", "SV", areas="SV-MO"),
    Case("Café de Olancho", "HN", areas="HN-OL"),
    Case("Coffee growers of Huehuetenango, all over the department of Huehuetenango", "GT", areas="GT-13"),
    Case("Casas maternas en Chinandega para aldeas del departamento", "NI", areas="NI-CI", given="NI-CI"),
    Case("Niñez en el departamento de San Marcos, Guatemala", "GT", areas="GT-12"),
]

NOTHING = [
    Case("Tuberculosis control (TB)", "HN"),
    Case("Ammunition, Firearms and explosives", "GT"),
    Case("Environment and natural resources", "GT"),
    Case("Costa Rica Training Recipient", "CR"),
    Case("Citizen security in Honduras", "HN"),
    Case("Apoyo al Ministerio de Gobernación de Guatemala", "GT"),
    Case("Convenio con la Universidad de San Carlos", "GT"),
    Case("Convenio con la Universidad de San Carlos de Guatemala", "GT"),
    Case("Equipo para el Hospital General San Juan de Dios", "GT"),
    Case("Crédito del Banco de Occidente", "HN"),
    Case("La jueza Ana Santa Ana recibió el premio", "SV"),
    Case("Maestro Jorge San Miguel dictó la conferencia", "SV"),
    Case("Dr. Flores visited the laboratory", "GT"),
    Case("Diccionario del idioma Quiché", "GT"),
    Case("Radio in the Quiché language", "GT"),
    Case("Materiales en lengua Chortí", "GT"),
    Case("Progress in justice and peace", "GT"),
    Case("Una vida de esperanza y libertad", "SV"),
    Case("La libertad de prensa en Honduras", "HN"),
    Case("Reunión de la Unión Europea", "SV"),
    Case("Fondos de la Unión Europea para jóvenes", "SV"),
    Case("Cuenca del río San Juan", "CR"),
    Case("Parque sobre la Avenida La Reforma", "GT"),
    Case("Plan Trifinio de salud", "SV"),
    Case("Police training in Bogotá", "HN"),
    Case("Managua hosted the regional meeting", "HN"),
    Case("Formación en San Juan", ""),
    Case("Gender, Justice & Security", "SV"),
    Case("Health Sector Support Programme, Phase II", "BZ"),
    Case("CONTROL DE ARMAS Y EXPLOSIVOS", "GT"),
    Case("Fundación San Lucas y Fundación Esperanza", "GT"),
    Case("La Democracia en Guatemala: balance de diez años", "GT"),
    Case("Refugees Department of Belize", "BZ"),
    Case("Convenio con el Colegio San Miguel, El Salvador", "SV"),
    Case("Foro de la Universidad de Santa Ana, El Salvador", "SV"),
    Case("Limpieza del río Chamelecón y del lago de Atitlán", "HN GT"),
    Case("Misión de expertos de Granada, España", "GT"),
]


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.text[:60])
def test_a_text_names_its_towns(case):
    assert named(found(case).towns) == set(case.towns.split(";"))


@pytest.mark.parametrize("case", AREAS, ids=lambda case: case.text[:60])
def test_a_text_names_areas_that_are_no_towns(case):
    result = found(case)
    assert (named(result.towns), set(result.areas)) == (set(), set(case.areas.split()))


@pytest.mark.parametrize("case", NOTHING, ids=lambda case: case.text[:60])
def test_what_is_no_place_is_none(case):
    result = found(case)
    assert (named(result.towns), set(result.areas), set(result.names)) == (set(), set(), set())


def test_two_names_of_one_town_lead_to_one_code():
    for one, other, country in (
        ("Xela", "Quetzaltenango", "GT"),
        ("SPS", "San Pedro Sula", "HN"),
        ("Distrito Central", "Tegucigalpa", "HN"),
        ("Ciudad Quesada", "San Carlos", "CR"),
        ("Chaju'l", "Chajul", "GT"),
        ("Santa Rosa de Copan", "Sta. Rosa de Copán", "HN"),
    ):
        towns = {find_places([], [name], frozenset({country}), frozenset()).towns for name in (one, other)}
        assert len(towns) == 1, (one, other)
        assert frozenset() not in towns, one


def test_a_neighbourhood_gives_its_municipality_too():
    assert named(find_places([], ["Chamelecón"], frozenset({"HN"}), frozenset()).towns) == {
        "Chamelecón HN-CR",
        "San Pedro Sula HN-CR",
    }


def test_what_no_gazetteer_knows_is_a_name():
    result = find_places(["Obras"], ["Aldea Ñu'mbe-Güí"], frozenset({"GT"}), frozenset({"GT-09"}))
    assert (result.towns, result.names, result.areas) == (frozenset(), {"aldea numbe gui"}, {"GT-09"})


def test_a_listed_town_is_known_in_the_text_and_its_words_are_left_out():
    result = find_places(["El Progreso avanza, Progreso"], ["El Progreso"], frozenset({"HN"}), frozenset({"HN-YO"}))
    assert "progreso" in result.words


def test_a_name_of_several_places_is_decided_by_areas_then_by_size():
    def of(areas: set[str], listed: list[str]) -> set[str]:
        return named(find_places(["Obras en La Libertad"], listed, frozenset({"GT"}), frozenset(areas)).towns)

    assert of({"GT-17"}, []) == {"La Libertad GT-17"}
    assert {"La Libertad GT-17", "La Libertad GT-13"} <= of(set(), ["La Libertad"])
    sula = find_places(["Obras en San Pedro"], [], frozenset({"HN"}), frozenset())
    assert named(sula.towns) == {"San Pedro Sula HN-CR"}


def test_a_name_of_several_countries_is_nothing_unless_a_country_is_told_or_it_is_listed():
    assert find_places(["Taller en San Miguel"], [], frozenset(), frozenset()).towns == frozenset()
    listed = find_places(["Taller"], ["San Miguel"], frozenset(), frozenset()).towns
    assert len({place(code).country for code in listed if place(code)}) > 1


def test_names_that_another_program_may_list_are_kept():
    result = find_places(["Obras en Tollem del Valle (Barrio Ya'ku)"], [], frozenset({"GT"}), frozenset())
    assert {"tollem del valle", "tollem", "valle", "barrio yaku"} <= result.capitalised


def test_words_of_towns_areas_and_countries_are_told():
    result = find_places(
        ["Jueces de Tegucigalpa, del departamento de Olancho y de Costa Rica"], [], frozenset({"HN"}), frozenset()
    )
    assert result.words == {"tegucigalpa", "olancho", "costa", "rica"}


def test_invented_places_count_for_a_while():
    def towns(text: str, country: str = "GT") -> frozenset[int]:
        return find_places([text], [], frozenset({country}), frozenset()).towns

    assert towns("In Chehuesama: canine units") == frozenset()
    with extra_places([("Chehuesama", "GT"), ("Justicia", "GT"), ("Xela", "GT")]):
        first = towns("In Chehuesama: canine units")
        assert [place(code).name for code in first] == ["Chehuesama"]
        assert towns("Chehuesama", "HN") == frozenset()
        assert len(towns("Justicia juvenil")) == 1
        assert named(towns("Xela")) == {"Quetzaltenango GT-09"}
    with extra_places([("Chehuésama", "GT")]):
        assert towns("CHEHUESAMA") == first
    assert place(min(first)) is None


def test_distances_are_those_of_maps():
    def code(name: str, area: str) -> int:
        return next(one.code for one in gazetteer().places.values() if (one.name, one.area) == (name, area))

    tegucigalpa, san_pedro = code("Tegucigalpa", "HN-FM"), code("San Pedro Sula", "HN-CR")
    assert distance_km(tegucigalpa, san_pedro) == pytest.approx(180, abs=5)
    assert distance_km(tegucigalpa, tegucigalpa) == 0
    assert distance_km(code("Chamelecón", "HN-CR"), san_pedro) is not None
    assert distance_km(tegucigalpa, 1) is None


def test_every_place_lies_where_its_municipality_is():
    places = gazetteer().places
    assert len({one.code for one in places.values()}) == len(places) > 2700
    for one in places.values():
        assert one.area[:2] == one.country
        assert not one.within or places[one.within].area == one.area


PIECES = (
    "en in de la La San Santa Miguel Petén ( ) , – : y and Municipality of municipio Xela SPS Flores Universidad "
    "Guatemala Chaju'l &eacute; &amp; departamento d'Izabal . Quiché idioma 18 zona"
)
pieces = st.sampled_from([*PIECES.split(), "\n"])
texts = st.one_of(st.text(max_size=200), st.lists(pieces, max_size=30).map(" ".join))
countries = st.frozensets(st.sampled_from(["GT", "HN", "SV", "US"]), max_size=3)
areas = st.frozensets(st.sampled_from(["GT-17", "HN-CR", "SV-SM"]), max_size=2)


@given(st.lists(texts, max_size=3), st.lists(texts, max_size=3), countries, areas)
def test_any_text_is_read_the_same_way_each_time_and_only_its_words_are_found(some, listed, of, within):
    result = find_places(some, listed, of, within)
    assert result == find_places(list(some), list(reversed(listed)), of, within)
    read = [readable(text) for text in some]
    joined = ["".join(letter for letter in text if letter not in APOSTROPHES) for text in read]
    plain = {word for text in read + joined for word in plain_words(text)}
    assert result.words <= plain
    assert within <= result.areas
    assert all(place(code) is not None for code in result.towns)
