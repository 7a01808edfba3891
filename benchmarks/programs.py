"""Made-up programs at the size of a portal, the same for the same seed: texts, places and pairs in the mix of life.

Of a hundred programs about twenty repeat another donor's work in the same town, three record a program once more,
and three are the implementer's report of a funder's program. Towns and organizations grow with the number of programs.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

PROGRAMS_A_TOWN = 9
COUNTRIES = {"GT": 27, "HN": 26, "SV": 22, "CR": 7, "PA": 7, "NI": 6, "BZ": 5}
# Goal, sector, and how the work is called in English and Spanish, each in several ways.
WORK: tuple[tuple[int, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (1, "15132", ("community policing", "neighbourhood police patrols"), ("policía comunitaria", "patrullas policiales de barrio")),
    (1, "15132", ("police academy training", "courses for police cadets"), ("formación en la academia de policía", "cursos para cadetes de la policía")),
    (1, "15160", ("gang prevention for youth", "keeping young people out of gangs"), ("prevención de pandillas en jóvenes", "alejar a la juventud de las maras")),
    (1, "15180", ("shelters for women survivors of violence", "care for abused women"), ("refugios para mujeres víctimas de violencia", "atención a mujeres maltratadas")),
    (1, "15132", ("emergency dispatch and call centre", "911 video surveillance"), ("despacho de emergencias", "videovigilancia 911")),
    (2, "16063", ("canine units at ports", "drug detection dogs"), ("unidades caninas en puertos", "perros detectores de drogas")),
    (2, "15130", ("container scanning and customs control", "port inspection of cargo"), ("escaneo de contenedores y aduanas", "inspección portuaria de carga")),
    (2, "15190", ("border posts and joint patrols", "integrated border management"), ("puestos fronterizos y patrullas conjuntas", "gestión integrada de fronteras")),
    (2, "15130", ("maritime interdiction and coast guard", "naval patrol boats"), ("interdicción marítima y guardacostas", "lanchas de patrulla naval")),
    (2, "15113", ("financial intelligence against money laundering", "asset forfeiture units"), ("inteligencia financiera contra el lavado de dinero", "unidades de extinción de dominio")),
    (3, "15130", ("training of prosecutors", "criminal investigation skills for prosecutors"), ("capacitación de fiscales", "investigación criminal para fiscales")),
    (3, "15130", ("court case management", "digital files for courts and judges"), ("gestión de casos en tribunales", "expedientes digitales para juzgados")),
    (3, "15113", ("anti-corruption and transparency", "auditors against corruption"), ("anticorrupción y transparencia", "auditoría contra la corrupción")),
    (3, "15130", ("prison reform and rehabilitation", "reintegration of inmates"), ("reforma penitenciaria y rehabilitación", "reinserción de reclusos")),
    (3, "15130", ("forensic laboratory", "ballistics and DNA evidence"), ("laboratorio forense", "evidencia balística y ADN")),
    (3, "15160", ("legal aid for victims", "witness protection"), ("asistencia legal a víctimas", "protección de testigos")),
    (4, "16020", ("vocational training for jobs", "job placement for youth"), ("formación vocacional para el empleo", "inserción laboral de jóvenes")),
    (4, "15112", ("municipal public spaces and lighting", "safe parks and street lights"), ("espacios públicos municipales y alumbrado", "parques seguros y luminarias")),
    (4, "11220", ("schools free of violence", "after-school centres"), ("escuelas libres de violencia", "centros extraescolares")),
    (4, "12220", ("health services in communities at risk", "mobile clinics"), ("servicios de salud en comunidades en riesgo", "clínicas móviles")),
    (4, "15150", ("community councils and local plans", "citizen participation in local security plans"), ("consejos comunitarios y planes locales", "participación ciudadana en planes de seguridad")),
    (5, "15190", ("regional exchange of information", "joint task force of countries"), ("intercambio regional de información", "fuerza de tarea conjunta entre países")),
    (5, "15130", ("harmonised laws in the region", "regional law reform"), ("leyes armonizadas en la región", "reforma legal regional")),
    (5, "15190", ("anti-trafficking network", "protection of trafficked migrants"), ("red contra la trata", "protección de migrantes víctimas de trata")),
)  # fmt: skip
FOR_WHOM = (
    ("police officers", "agentes de policía"), ("judges", "jueces"), ("young people", "jóvenes"), ("women", "mujeres"),
    ("municipal staff", "personal municipal"), ("teachers", "docentes"), ("indigenous communities", "pueblos indígenas"),
    ("prosecutors", "fiscales"), ("families", "familias"), ("returned migrants", "migrantes retornados"),
)  # fmt: skip
MEANS = (
    ("equipment", "equipamiento"), ("courses", "cursos"), ("expert advice", "asesoría experta"), ("radios", "radios"),
    ("software", "programas informáticos"), ("small grants", "pequeñas donaciones"), ("mentoring", "mentoría"),
    ("construction", "construcción"), ("study visits", "visitas de estudio"), ("vehicles", "vehículos"),
)  # fmt: skip
TEMPLATES = (
    ("{work} in {town}", "{work} en {town}", "The project brings {means} and {means2} to {whom} in {town}. It is about {work}.", "El proyecto lleva {means} y {means2} a {whom} en {town}. Trata de {work}."),
    ("Support to {work} ({town})", "Apoyo a {work} ({town})", "With {means} for {whom} this initiative strengthens {work} in {town}.", "Con {means} para {whom} esta iniciativa fortalece {work} en {town}."),
    ("Program for {work}, {town}", "Programa de {work}, {town}", "{whom} in {town} receive {means}; the aim is {work}.", "En {town} se entregan {means} a {whom}; el fin es {work}."),
)  # fmt: skip
SYLLABLES = (
    "cha",
    "le",
    "hue",
    "sa",
    "ma",
    "que",
    "ti",
    "ra",
    "cho",
    "lo",
    "ye",
    "pa",
    "tu",
    "xi",
    "na",
    "coa",
    "mi",
    "zu",
)


@dataclass(frozen=True)
class Town:
    country: str
    area: str
    name: str


@dataclass(frozen=True)
class Row:
    """A program: organizations by number, money in whole dollars, `work` a place in WORK."""

    number: int
    identifier: str
    reporter: int
    funder: int
    implementer: int
    title: str
    description: str
    language: str
    start: dt.date
    end: dt.date | None
    country: str
    area: str | None
    locality: str
    goal: int
    sector: str
    budget: int
    payment: tuple[int, int, dt.date] | None
    work: int


def generate(size: int, areas: dict[str, list[str]], seed: int = 1) -> Iterator[Row]:
    """So many programs; `areas` are the ISO 3166-2 codes of each country."""
    make = _Maker(size, areas, random.Random(seed))
    pending: list[Row] = []
    for number in range(size):
        if pending:
            yield replace(pending.pop(), number=number, identifier=f"XX-{number}")
            continue
        row = make.program(number)
        yield row
        pending.extend(make.others(row))


def dense_block(size: int, seed: int = 1) -> Iterator[Row]:
    """The worst case for candidates: programs of one goal in one country that name no area and no town."""
    make = _Maker(size, {"HN": ["HN-CR"]}, random.Random(seed))
    for number in range(size):
        work = make.random.choice([i for i, row in enumerate(WORK) if row[0] == 1])
        row = make.program(number, work=work, town=Town("HN", "HN-CR", ""))
        yield replace(row, area=None, locality="", goal=1)


class _Maker:
    def __init__(self, size: int, areas: dict[str, list[str]], rng: random.Random) -> None:
        self.random = rng
        self.organizations = int(20 + 1.8 * size**0.5)
        self.towns = self._towns(max(5, size // PROGRAMS_A_TOWN), areas)
        # Some towns have many programs, most have few: the n-th has 1/sqrt(n) of the first one's.
        self.weights = list(accumulate((number + 1) ** -0.5 for number in range(len(self.towns))))

    def _towns(self, count: int, areas: dict[str, list[str]]) -> list[Town]:
        names: set[str] = set()
        towns = []
        countries = self.random.choices(
            [c for c in COUNTRIES if c in areas], [COUNTRIES[c] for c in COUNTRIES if c in areas], k=count
        )
        for country in countries:
            name = ""
            while not name or name in names:
                name = "".join(self.random.choices(SYLLABLES, k=self.random.choice((3, 4, 4)))).title()
            names.add(name)
            towns.append(Town(country, self.random.choice(areas[country]), name))
        return towns

    def program(self, number: int, work: int | None = None, town: Town | None = None, **fields: object) -> Row:
        rng = self.random
        work = rng.randrange(len(WORK)) if work is None else work
        town = town or rng.choices(self.towns, cum_weights=self.weights)[0]
        goal, sector = WORK[work][:2]
        start = dt.date(2010, 1, 1) + dt.timedelta(rng.randrange(5000))
        end = start + dt.timedelta(rng.randrange(240, 2000))
        reporter, implementer = rng.randrange(self.organizations), rng.randrange(self.organizations)
        language = rng.choice(("en", "es"))
        title, description = self._texts(work, town.name or "Honduras", language)
        budget = int(10 ** rng.uniform(4.3, 6.8))
        row = Row(
            number, f"XX-{number}", reporter, reporter, implementer, title, description, language, start,
            None if rng.random() < 0.04 else end, town.country,
            None if rng.random() < 0.075 else town.area, "" if rng.random() < 0.15 else town.name,
            rng.randint(1, 5) if rng.random() < 0.06 else goal, rng.choice(WORK)[1] if rng.random() < 0.1 else sector,
            budget, None, work,
        )  # fmt: skip
        # One in forty says nowhere where in the country it works.
        if not fields and rng.random() < 0.025:
            title, description = self._texts(work, "Honduras" if town.country == "HN" else "Guatemala", language)
            row = replace(row, area=None, locality="", title=title, description=description)
        return replace(row, **fields)  # type: ignore[arg-type]

    def _texts(self, work: int, town: str, language: str) -> tuple[str, str]:
        rng = self.random
        k = 0 if language == "en" else 1
        means, means2 = rng.sample(MEANS, 2)
        words = {
            "work": rng.choice(WORK[work][2 + k]), "town": town, "whom": rng.choice(FOR_WHOM)[k], "means": means[k],
            "means2": means2[k],
        }  # fmt: skip
        template = rng.choice(TEMPLATES)
        title = template[k].format(**words)
        return title[0].upper() + title[1:], template[2 + k].format(**words)

    def others(self, row: Row) -> list[Row]:
        """What of other programs repeats this one."""
        rng = self.random
        town = Town(row.country, row.area or f"{row.country}-", row.locality or "Honduras")
        language = rng.choice(("en", "es"))
        title, description = self._texts(row.work, town.name, language)
        told = replace(row, title=title, description=description, language=language)
        chance = rng.random()
        if chance < 0.2:
            start = row.start + dt.timedelta(rng.randrange(-300, 300))
            end = max(start, row.start) + dt.timedelta(rng.randrange(200, 1500))
            other = rng.randrange(self.organizations)
            return [
                replace(
                    told, reporter=other, funder=other, implementer=rng.randrange(self.organizations), start=start,
                    end=end, budget=int(10 ** rng.uniform(4.3, 6.8)),
                )
            ]  # fmt: skip
        if chance < 0.235:
            other = rng.randrange(self.organizations)
            return [replace(told, reporter=other, start=row.start + dt.timedelta(rng.randrange(-20, 20)))]
        if chance < 0.275:
            day = row.start + dt.timedelta(60)
            return [replace(told, reporter=row.implementer, payment=(1, row.budget, day))]
        return []
