"""Which places texts name and which they do not."""

from dataclasses import dataclass

import pytest

from programs.overlap.engine.places import Found, find_places, place


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
    Case("Container control unit, Puerto Barrios and Puerto Quetzal", "GT", "Puerto Barrios GT-18"),
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
