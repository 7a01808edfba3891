"""Words of the second labelled set: kinds of work told in two ways in each language, and what surrounds them.

Each kind: (goal, DAC sector, two English tellings, two Spanish tellings). The words are not those of any other set.
"""

WORK = (
    (3, "15130", ("speedy night hearings", "benches that sit around the clock"), ("audiencias nocturnas ágiles", "judicaturas abiertas toda la noche")),
    (2, "15130", ("seizing mafia property", "civil confiscation of ill-gotten estates"), ("quitar bienes a las mafias", "comiso civil de patrimonios mal habidos")),
    (2, "15240", ("serial number checks on recovered pistols", "tracking the origin of rifles"), ("verificación de series de pistolas recuperadas", "averiguar el origen de fusiles")),
    (2, "15130", ("listening rooms for authorised phone taps", "court-ordered telephone monitoring"), ("salas de escucha autorizada", "vigilancia telefónica ordenada por juez")),
    (1, "15130", ("camera network over main avenues", "remote watching of crime corners"), ("red de cámaras en avenidas", "observación remota de esquinas peligrosas")),
    (4, "16010", ("detox and counselling for addicts", "recovery homes for drug users"), ("desintoxicación y consejería de adictos", "hogares de recuperación de consumidores")),
    (3, "15130", ("workshops behind bars", "learning a craft while serving time"), ("talleres tras las rejas", "aprender un oficio cumpliendo condena")),
    (3, "15130", ("guarding people who testify", "safe relocation of key witnesses"), ("resguardo de quienes declaran", "traslado seguro de testigos clave")),
    (1, "15160", ("rescue from sex trafficking rings", "freeing people held in bondage"), ("rescate de redes de trata sexual", "liberar a personas en servidumbre")),
    (4, "43030", ("lamps and repaired parks in dark corners", "bringing plazas back to life"), ("luminarias y parques reparados", "devolver la vida a las plazas")),
    (1, "15220", ("talking out quarrels between neighbours", "conciliation houses in town"), ("arreglo hablado de pleitos vecinales", "casas de conciliación del pueblo")),
    (5, "15130", ("handing over fugitives between states", "faster replies to letters rogatory and extradition"), ("entrega de prófugos entre estados", "respuesta rápida a exhortos y extradición")),
    (3, "15130", ("weeding out crooked officers", "lie detector screening in the force"), ("separar a agentes deshonestos", "prueba de polígrafo en la institución")),
    (2, "15130", ("hunting clandestine planes", "radar screens over the jungle strips"), ("persecución de avionetas clandestinas", "radares sobre pistas en la selva")),
    (4, "11230", ("evening lessons for school leavers", "catching up on unfinished schooling"), ("clases vespertinas para quienes dejaron la escuela", "ponerse al día con estudios inconclusos")),
    (1, "15180", ("courts for abused wives", "prosecuting wife killers"), ("tribunales para esposas agredidas", "acusar a quienes matan mujeres")),
    (3, "15130", ("online fraud detectives", "laboratory for hacked devices"), ("detectives de estafas en internet", "laboratorio para dispositivos hackeados")),
    (1, "15113", ("town councils drafting safety plans", "district tables against delinquency"), ("consejos locales que redactan planes de seguridad", "mesas distritales contra la delincuencia")),
    (4, "15190", ("birth papers for the unregistered", "identity cards in far hamlets"), ("actas de nacimiento para no inscritos", "documentos de identidad en caseríos")),
    (4, "16010", ("helping mareros walk away", "laser cleaning of gang ink"), ("ayudar a mareros a salirse", "limpieza láser de tinta pandillera")),
    (2, "15130", ("shopkeepers freed from protection money", "catching racketeers of bus lines"), ("comerciantes libres del cobro de piso", "captura de extorsionistas de buses")),
    (4, "14030", ("wells and piped water", "clean taps for hillside quarters"), ("pozos y agua por tubería", "grifos limpios para laderas")),
)  # fmt: skip
PEOPLE = (
    (("young mothers", "teenage mums"), ("madres jóvenes", "mamás adolescentes")),
    (("town clerks", "staff of the mayor's office"), ("secretarios municipales", "equipo del alcalde")),
    (("magistrates", "court secretaries"), ("magistraturas", "secretarios de juzgado")),
    (("recruits of the force", "sergeants and constables"), ("reclutas", "sargentos y clases")),
    (("Garifuna families", "Miskito villagers"), ("familias garífunas", "pobladores misquitos")),
    (("boys and girls of primary age", "pupils of public schools"), ("chicos de primaria", "alumnos de escuelas públicas")),
    (("jailed men", "people serving sentences"), ("hombres encarcelados", "quienes cumplen condena")),
    (("harbour inspectors", "customs clerks"), ("inspectores del puerto", "vistas de aduana")),
    (("families sent home", "expelled workers"), ("familias devueltas", "trabajadores expulsados")),
)  # fmt: skip
MEANS = (
    (("hands-on classes", "a diploma course"), ("clases prácticas", "un diplomado")),
    (("lorries and office gear", "donated machines"), ("camiones y mobiliario", "máquinas donadas")),
    (("new premises", "brick and mortar works"), ("nuevos locales", "trabajos de albañilería")),
    (("consultants on site", "a team of foreign advisers"), ("consultores en sitio", "un equipo de asesores extranjeros")),
    (("pocket money for attendance", "monthly vouchers"), ("dinero de bolsillo por asistencia", "bonos mensuales")),
    (("radio spots and posters", "a publicity drive"), ("cuñas radiales y afiches", "una campaña publicitaria")),
    (("seed money for associations", "micro-grants"), ("dinero semilla para asociaciones", "microdonaciones")),
    (("a cloud platform", "tailor-made computer programs"), ("una plataforma en la nube", "programas de cómputo a la medida")),
    (("trips to learn from peers", "placements abroad"), ("viajes para aprender de pares", "pasantías en el exterior")),
    (("field research", "a household poll"), ("investigación de campo", "una encuesta de hogares")),
)  # fmt: skip
ENDS = (
    (("bring killings down", "see fewer burials"), ("que haya menos muertes", "bajar los entierros")),
    (("win back people's faith", "earn respect of citizens"), ("recuperar la fe de la gente", "ganar el respeto ciudadano")),
    (("answer alarms sooner", "shorten the wait"), ("responder antes a las alarmas", "acortar la espera")),
    (("open the books", "let citizens see spending"), ("abrir los libros", "que se vea el gasto")),
    (("block the flow of illegal goods", "choke illicit trade"), ("cortar el paso de bienes ilegales", "asfixiar el comercio ilícito")),
    (("give families an income", "put people to work"), ("dar ingreso a las familias", "poner gente a trabajar")),
    (("reach forgotten corners", "be present where nobody was"), ("alcanzar rincones olvidados", "estar donde nadie estaba")),
    (("keep the hurt out of danger", "shield those harmed"), ("sacar de peligro a quien sufrió", "amparar a los dañados")),
)  # fmt: skip
TITLES = {
    "en": ("{work} – {place}", "{place}: {work}", "{work} with {means} ({place})", "Backing {work} for {people}", "Phase I of {work} at {place}"),
    "es": ("{work} – {place}", "{place}: {work}", "{work} con {means} ({place})", "Respaldo a {work} para {people}", "Fase I de {work} en {place}"),
}  # fmt: skip
BODIES = {
    "en": (
        "In {place}, {people} benefit from {means}. The core of the undertaking is {work}, meant to {end}.",
        "We work on {work}. Using {means}, the team in {place} hopes to {end}; it reaches {people}.",
        "Objective: to {end}. Activities in {place} centre on {work2} and on {means} for {people}.",
        "{people} of {place} asked for {work2}; the grant pays for {means} and should {end}.",
    ),
    "es": (
        "En {place}, {people} se benefician de {means}. El núcleo de la acción es {work}, pensado para {end}.",
        "Trabajamos en {work}. Con {means}, el equipo en {place} espera {end}; alcanza a {people}.",
        "Objetivo: {end}. Las actividades en {place} giran en torno a {work2} y a {means} para {people}.",
        "{people} de {place} pidieron {work2}; el aporte paga {means} y debe {end}.",
    ),
}
