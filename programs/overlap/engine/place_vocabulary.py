"""Words that stand beside names of places, or of other things, in English, Spanish, French and Portuguese.

In lower case, without accents.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Kinds of places.
AREA_NOUNS = _words(
    "department departments departamento departamentos departement departements province provinces provincia"
    " provincias comarca comarcas departmental departamentales region regions"
)
MUNICIPALITY_NOUNS = _words(
    "municipality municipalities municipal municipio municipios municipalidad municipalidades municipalite"
    " municipalites city cities ciudad ciudades cidade cidades town towns ville villes commune communes alcaldia"
    " alcaldias alcalde alcaldesa alcaldes mayor mayors ayuntamiento cabecera prefeitura mairie mairies capital"
    " villa concejo"
)
LOCAL_NOUNS = _words(
    "barrio barrios colonia colonias neighborhood neighborhoods neighbourhood neighbourhoods residencial reparto"
    " repartos bairro bairros quartier quartiers zona zonas zone caserio caserios aldea aldeas village villages"
    " hamlet hamlets vereda asentamiento asentamientos settlement settlements urbanizacion corregimiento"
    " corregimientos"
)
BORDER_NOUNS = _words("frontera border frontier frontiere fronteira crossing paso aduana aduanas customs")
OTHER_NOUNS = _words(
    "canton cantones cantons distrito distritos district districts districto comunidad comunidades community"
    " communities communaute communautes comunidade comunidades localidad localidades locality localities area areas"
    " puerto port ports porto"
    " carcel carceles prison prisons penal penitenciaria presidio jail jails granja prisao policia police fiscalia"
    " fiscalias juzgado juzgados court courts tribunal tribunales delegacion delegaciones subestacion comisaria"
    " mercado market gobernacion mancomunidad habitantes residents residentes pobladores vecinos habitants"
    " moradores metropolitan metropolitana municipales poblado parish suburb suburbs outskirts afueras ruinas"
    " departamental penitenciario penitenciarios penales"
)
PLACE_NOUNS = AREA_NOUNS | MUNICIPALITY_NOUNS | LOCAL_NOUNS | BORDER_NOUNS | OTHER_NOUNS
AFTER_NOUNS = _words(
    "municipality municipalities department departments province provinces district districts city town village"
    " villages community communities neighborhood neighborhoods neighbourhood canton county port border prison"
    " comarca metropolitan police"
)
ADJECTIVES = _words(
    "departamental departmental municipal judicial regional local central norte sur este oeste nacional national"
    " rural rurales urbana urbano northern southern eastern western fronteriza fronterizo fronterizos fronterizas"
    " indigenas indigena indigenous maya mayas priorizados priorizadas prioritarios target targeted selected"
    " siguientes costeros costeras coastal poor salvadoreno hondureno guatemalteco nicaraguense costarricense"
    " post posts puesto puestos fronterizo panameno autonoma autonomo autonomous provincial"
)
IN_WORDS = _words(
    "in en em dans at entre between desde from hacia near around throughout across outside within inside toward"
    " towards chez vers depuis cerca abordo em"
)
LINKS = _words("de del of do da du d des dos das from para for")
ARTICLES = _words("the la el los las le les l o a as os")
SMALL = _words("de del la las los el y e and of the du des da do dos das a en")
# A name after these is theirs: Universidad de San Carlos, Avenida La Reforma.
INSTITUTIONS = _words(
    "universidad university universite universidade banco bank banque colegio school college escuela ecole escola"
    " instituto institute fundacion foundation fondation fundacao iglesia church eglise parroquia convento monastery"
    " cooperativa cooperative asociacion association avenida avenue calle street boulevard bulevar plaza ruta rue"
    " rua estadio stadium aeropuerto airport puente bridge orden order hermanas virgen congregacion seminario"
    " diocesis arquidiocesis basilica catedral cathedral capilla finca ingenio hacienda hotel radio liceo comite"
    " grupo group empresa company ong hogar clinica clinic proyecto project proyectos projects programa program"
    " programme operacion operation plan ley law acuerdo agreement editorial dia fiesta"
)
# Of these only what follows at once: Hospital San Juan de Dios, but the hospital of Santa Ana.
NAMED_AFTER_SOMEBODY = _words("hospital hospitales hopital clinica centro center centre central parque park")
FEATURES = _words(
    "rio river lago lake laguna lagoon volcan volcano cerro sierra bahia bay golfo gulf cuenca basin montana"
    " mountain isla island quebrada estero canal cabo punta"
)
PERSONS = _words(
    "dr dra doctor doctora lic licda ing sr sra srta senor senora mr mrs ms don dona juez jueza judge president"
    " presidente presidenta minister ministro ministra gen general col coronel colonel fiscal father padre fray"
    " monsenor obispo bishop hermano hermana"
)
PEOPLES = _words(
    "idioma idiomas lengua lenguas language languages langue langues lingua linguas maya mayas pueblo pueblos etnia"
    " etnias linguistica linguistico hablantes hablante peoples people nacion grupo ethnic etnico bilingue"
)
LANGUAGE_AFTER = _words("language languages speaking speakers speaker people peoples nation")
# Lower-case words that may stand in a name: ciudad de Guatemala, zona 18, región autónoma de la Costa Caribe Norte.
GENERIC = SMALL | _words(
    "ciudad city ville cidade zona zone departamento department province provincia comarca district distrito"
    " municipio municipality municipalidad colonia col barrio canton villa region autonoma autonomous costa coast"
    " isla islas islands island valle valley puerto port triangulo triangle area metropolitana metropolitan gran"
    " greater territory playa norte sur indigena department"
)
# How the names of saints, and those that are an article and a word, begin.
SAINTLY = _words("san santa santo saint el la los las")
# With a capital and a name right after it these are a part of that name: Puerto Quetzal.
FIRST_PARTS = _words("puerto port paso villa ciudad")
LIST_WORDS = _words("y e and et ou o or u")
