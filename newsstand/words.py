"""The vocabulary: invented towns, people and harmless local events. All of it is invented."""

from typing import NamedTuple


class Event(NamedTuple):
    """An event: a noun with its article, the section it belongs to on each site, and its tags."""

    name: str
    section: str
    tags: tuple[str, ...]


EVENTS = (
    Event("la fiera del libro usato", "cultura", ("libri", "fiera")),
    Event("la sagra della castagna", "cronaca", ("sagra", "castagne", "autunno")),
    Event("il restauro della torre civica", "cultura", ("restauri", "torre civica")),
    Event("la nuova linea del bus", "cronaca", ("trasporti", "autobus")),
    Event("la biblioteca di quartiere", "cultura", ("biblioteche", "lettura")),
    Event("il mercato dei fiori", "economia", ("mercati", "fiori")),
    Event("la mostra dei presepi", "cultura", ("mostre", "presepi")),
    Event("il concorso delle bande", "spettacoli", ("musica", "bande")),
    Event("la corsa dei tre ponti", "sport", ("podismo", "ponti")),
    Event("l'orto botanico comunale", "ambiente", ("giardini", "piante")),
    Event("il museo della bicicletta", "cultura", ("musei", "biciclette")),
    Event("la neve di fine stagione", "ambiente", ("meteo", "neve")),
    Event("il vento di tramontana", "ambiente", ("meteo", "vento")),
    Event("la piscina comunale", "sport", ("nuoto", "impianti sportivi")),
    Event("il forno di comunità", "economia", ("pane", "artigiani")),
    Event("la scuola di liuteria", "cultura", ("scuola", "violini")),
    Event("il torneo di bocce", "sport", ("bocce", "tornei")),
    Event("la rassegna del cinema muto", "spettacoli", ("cinema", "rassegne")),
    Event("il battello del lago", "cronaca", ("lago", "trasporti")),
    Event("la funicolare storica", "cronaca", ("funicolare", "trasporti")),
    Event("l'osservatorio astronomico", "tecnologia", ("stelle", "telescopi")),
    Event("la rete dei sentieri", "ambiente", ("sentieri", "montagna")),
    Event("il festival degli aquiloni", "spettacoli", ("aquiloni", "festival")),
    Event("la cooperativa dei pescatori", "economia", ("pesca", "cooperative")),
    Event("il teatro dei burattini", "spettacoli", ("teatro", "burattini")),
    Event("la casa dell'acqua", "ambiente", ("acqua", "servizi")),
    Event("il coro degli alpini", "spettacoli", ("cori", "musica")),
    Event("la partita del derby di valle", "calcio", ("calcio", "derby")),
    Event("il settore giovanile granata", "calcio", ("calcio", "giovani")),
    Event("la stazione meteo", "tecnologia", ("meteo", "sensori")),
    Event("l'archivio storico", "cultura", ("archivi", "documenti")),
    Event("il ponte pedonale", "cronaca", ("ponti", "lavori pubblici")),
    Event("la pista ciclabile", "cronaca", ("biciclette", "lavori pubblici")),
    Event("il laboratorio di ceramica", "economia", ("ceramica", "artigiani")),
    Event("la festa dei nonni", "cronaca", ("anziani", "feste")),
    Event("l'ambulatorio veterinario", "salute", ("animali", "salute")),
    Event("la camminata della salute", "salute", ("camminate", "salute")),
    Event("il corso di cucina antica", "cultura", ("cucina", "corsi")),
    Event("la ludoteca comunale", "cronaca", ("bambini", "giochi")),
    Event("il consiglio dei ragazzi", "politica", ("scuola", "partecipazione")),
    Event("il bilancio partecipato", "politica", ("comune", "partecipazione")),
    Event("il gemellaggio tra valli", "esteri", ("gemellaggi", "viaggi")),
    Event("la spedizione dei fari", "esteri", ("fari", "viaggi")),
    Event("la sala prove cittadina", "spettacoli", ("musica", "giovani")),
    Event("il faro del molo vecchio", "cronaca", ("fari", "porto")),
    Event("l'app delle fermate", "tecnologia", ("app", "trasporti")),
    Event("il vivaio forestale", "ambiente", ("alberi", "vivai")),
    Event("la merenda nelle vigne", "economia", ("vino", "colline")),
)

PLACES = (
    "Borgo Sant'Elpino", "Castelverde Alto", "Pieve d'Arbia Nova", "San Nicolò al Guado", "Montecardo", "Rivalunga",
    "Acquaforte", "Villaserena", "Torrealta Marina", "Campodoro", "Ponte Ginestra", "Sassolungo di Sotto",
    "Valfiorita", "Roccaspina", "Sant'Aurelia", "Lagosecco", "Fontanabuia", "Castel Mirtillo", "Poggio Alloro",
    "Serradolce", "Borgonuovo in Colle", "Pratolongo", "Isola Vecchia", "Camporuota", "Terramare", "Collebianco",
    "Monte San Gildo", "Rocca dei Tigli", "Vallombreta", "Cerreto Piano", "Molino Nuovo", "Casalfiore",
    "Pontelungo", "Selva di Mezzo", "Gradara Nuova", "Rio Chiaro", "Santa Fede", "Altavigna", "Pietralba",
    "Calamandra", "Fiumevivo", "Marina di Orsa", "Quercegrossa Alta", "Spinarello", "Badia al Noce", "Tremonti",
    "Villa Cardella", "Ortovento", "San Baldo", "Porto Lanterna", "Grottarossa", "Passo dell'Orsa", "Nocebianca",
    "Arcola di Sopra", "Belpasso Antico", "Civitella Rada", "Doganella", "Erbaluna", "Forte Gelso", "Grignano Vetta",
    "Lavandaia", "Mezzacosta", "Olmeto", "Perlasca",
)  # fmt: skip

ANGLES = (
    "tre serate in più", "ingresso gratuito per le scuole", "si cercano volontari", "riaprono le iscrizioni",
    "slitta di una settimana", "il programma completo", "orari prolungati fino a sera", "un premio ai più giovani",
    "ecco il calendario", "lavori finiti in anticipo", "attesi visitatori da tutta la valle", "via al cantiere",
    "nuove regole per il parcheggio", "navette dalla stazione", "raccolti i fondi necessari", "un libro lo racconta",
    "parte la prenotazione online", "si decide in assemblea", "apre una sala in più", "torna il giorno di festa",
    "un anno di numeri in crescita", "cambia la sede", "le foto degli abitanti", "una targa per i fondatori",
    "ospiti anche dall'estero", "visite guidate ogni sabato", "prima prova superata", "sospeso il biglietto",
    "al via la seconda fase", "una giornata per i bambini", "chiusura anticipata per il maltempo", "accordo firmato",
    "il comitato ringrazia", "laboratori per tutte le età", "riscoperto un vecchio progetto", "il restyling è pronto",
    "più corse nei giorni feriali", "un convegno fa il punto", "donati cento volumi", "un mese di appuntamenti",
    "le mappe sono in rete", "torna l'illuminazione", "tutti i vincitori", "debutta il servizio serale",
    "sopralluogo con gli studenti", "un bando per gli artigiani", "la storia in dodici pannelli", "già tutto esaurito",
    "nasce un gruppo di lettura", "concerto di chiusura", "risparmi per le famiglie", "si parte in primavera",
    "arrivano i sensori", "una colletta tra i vicini", "la parola ai residenti", "ritorno dopo dieci anni",
)  # fmt: skip

FIRST_NAMES = (
    "Adalgisa", "Bruno", "Carlotta", "Dario", "Elvira", "Fabrizio", "Ginevra", "Ivano", "Lia", "Manlio", "Nives",
    "Ottavio", "Piera", "Quirino", "Rosalba", "Saverio", "Tecla", "Ubaldo", "Viola", "Zeno", "Noemi", "Niccolò",
    "Desirée", "Gioele", "Mafalda", "Oreste", "Loredana", "Teo", "Giosuè", "Ambra",
)  # fmt: skip
LAST_NAMES = (
    "Bellafonte", "Corvaro", "D'Alberello", "Fiordispini", "Granelli Rossi", "Lumacchi", "Mazzavento", "Nespoli",
    "Orsabella", "Pratesini", "Quaglietta", "Roverelli", "Sassofermo", "Tagliabosco", "Ulivastri", "Vallorsi",
    "Zampettini", "Brambillari", "Castagnoli", "Dell'Orto", "Frassineti", "Gelsomini", "Invernizzati", "Lanternini",
    "Melograni", "Nocentini", "Passerotti", "Rondinella", "Scoiattini", "Tramontani", "Verdecchia", "Salicè",
)  # fmt: skip
ROLES = (
    "responsabile del progetto", "presidente della pro loco", "portavoce del comitato", "referente dei volontari",
    "custode del museo", "docente della scuola media", "insegnante in pensione", "dirigente dell'ufficio tecnico",
    "capogruppo degli scout", "giovane apicultrice della zona", "interprete della compagnia locale", "contabile",
    "guida escursionistica", "restauratrice della bottega di piazza", "vigile di quartiere", "titolare del chiosco",
)  # fmt: skip
STREETS = (
    "via dei Tigli", "piazza del Pozzo", "vicolo della Luna", "viale delle Rondini", "largo dei Cordai",
    "corso del Mulino", "via dell'Erba", "piazza Vecchia", "lungofiume dei Salici", "salita del Forno",
    "via della Meridiana", "calle del Rame", "via San Gildo", "strada delle Vigne", "piazzetta Lanterna",
)  # fmt: skip
GROUPS = (
    "l'associazione Le Due Rive", "il circolo Amici del Colle", "la cooperativa Fienile & Figli",
    "il comitato Piazza Viva", "la pro loco", "il gruppo Lettori Erranti", "la bottega Rossi & Verdi",
    "il consorzio delle contrade", "la compagnia del Fosso", "l'officina Ruote & Raggi", "il sodalizio Santa Fede",
    "la banda musicale Armonia", "il club Alta Quota", "l'università della terza età",
)  # fmt: skip
THINGS = (
    "lampioni a basso consumo", "panchine di castagno", "libri illustrati", "vecchie fotografie", "mappe a colori",
    "biciclette a noleggio", "tavoli di recupero", "cassette di mele", "pannelli in legno", "strumenti a fiato",
    "quaderni di appunti", "piantine di basilico", "sedie pieghevoli", "aquiloni di carta", "cartoline d'epoca",
    "mattoni fatti a mano", "campane di bronzo", "vasi di terracotta", "coperte di lana", "modellini di barche",
)  # fmt: skip
TAGS = (
    "italia", "comuni", "territorio", "volontariato", "tradizioni", "turismo", "famiglie", "scuola", "giovani",
    "eventi", "weekend", "centro storico", "artigianato", "paesaggio", "memoria", "mobilità", "prodotti tipici",
    "associazioni", "città e paesi", "curiosità", "tempo libero", "sostenibilità", "ultim'ora", "storie",
    "musica dal vivo", "cammini", "borghi", "qualità della vita", "caffè letterario", "fotografia",
)  # fmt: skip
AGENCIES = ("AFP", "AP Photo", "REUTERS", "EPA", "Foto : Ufficio stampa", "Depositphotos")
