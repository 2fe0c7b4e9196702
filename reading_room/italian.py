"""The words of the pages in Italian, by the English ones. A test holds that every word of the templates is here."""

from typing import Final

ITALIAN: Final = {
    "A bar leads to its articles. Drag over bars to choose their days.": (
        "Una barra porta ai suoi articoli. Trascinando sulle barre se ne scelgono i giorni."
    ),
    "A date could not be read.": "Una data non si è potuta leggere.",
    "A date is none of the web's age and was set aside.": "Una data è anteriore al web ed è stata messa da parte.",
    "A date lies after the capture and was set aside.": "Una data è successiva alla cattura ed è stata messa da parte.",
    "A date lies before the site began and was set aside.": (
        "Una data è precedente alla nascita del sito ed è stata messa da parte."
    ),
    "A disclaimer of the page was left out.": "Un avviso di rito della pagina è stato tralasciato.",
    "A footnote of the page was left out.": "Una nota della pagina è stata tralasciata.",
    "A newspaper library": "Periodici del web, pagina per pagina",
    "A part of the text is of a kind that is not known.": "Una parte del testo è di un tipo non noto.",
    "A time has an offset that another one proves false; it was set aside.": (
        "Un'ora ha un fuso che un'altra smentisce; è stata messa da parte."
    ),
    "A word stands for all its forms. “Words in quotes” are a phrase, -word excludes.": (
        "Una parola vale per tutte le sue forme. “Parole tra virgolette” sono una frase, -parola esclude."
    ),
    "About this article": "Su questo articolo",
    "Address": "Indirizzo",
    "Agreement of both readers, newest crawl": "Accordo dei due lettori, ultima raccolta",
    "Article": "Articolo",
    "Article id": "Identificativo",
    "Articles": "Articoli",
    "Articles of {day}": "Articoli del {day}",
    "Articles over time": "Articoli nel tempo",
    "Author": "Autore",
    "Bad Request": "Richiesta non valida",
    "Begun": "Iniziata",
    "Both readers agree on {percent} of the text.": "I due lettori concordano sul {percent} del testo.",
    "By": "Per",
    "Bytes a second": "Byte al secondo",
    "Bytes of records": "Byte dei record",
    "Captured": "Catturato",
    "Captures": "Catture",
    "Captures a minute": "Catture al minuto",
    "Changes": "Cambiamenti",
    "Changes from revision {before} to {after}": "Cambiamenti dalla revisione {before} alla {after}",
    "Cite": "Cita",
    "Compare": "Confronta",
    "Compare with": "Confronta con",
    "Count": "Conta",
    "Coverage": "Copertura",
    "Crawl": "Raccolta",
    "Crawls": "Raccolte",
    "Dates and their sources": "Date e loro fonti",
    "Day": "Giorno",
    "Days": "Giorni",
    "Embedded:": "Contenuto incorporato:",
    "Ended": "Finita",
    "Every article leads back to the record of its capture. Nothing here is changed by looking.": (
        "Ogni articolo riporta al record della sua cattura. Guardare non cambia nulla."
    ),
    "Extractor": "Estrattore",
    "Filters": "Filtri",
    "Fingerprint of the corpus: {digest}": "Impronta del corpus: {digest}",
    "Found": "Trovato",
    "From": "Dal",
    "From revision": "Dalla revisione",
    "Headers of the answer": "Intestazioni della risposta",
    "Headers of the record": "Intestazioni del record",
    "Health": "Salute",
    "nothing is captured yet": "ancora nessuna cattura",
    "the last capture is old": "l’ultima cattura è vecchia",
    "the last crawl ended early": "l’ultima raccolta è finita prima del tempo",
    "lists could not be read": "alcuni elenchi non si sono potuti leggere",
    "a scheduled crawl failed": "una raccolta programmata è fallita",
    "a crawl is overdue": "una raccolta è in ritardo",
    "a day has few articles": "un giorno ha pochi articoli",
    "more articles are refused than before": "più articoli di prima sono rifiutati",
    "both readers agree less than before": "i due lettori concordano meno di prima",
    "articles lack what they had before": "agli articoli manca ciò che prima avevano",
    "more articles are warned of than before": "più articoli di prima hanno avvisi",
    "Home": "Prima pagina",
    "How it was read": "Come è stato letto",
    "In context": "In contesto",
    "Keyword": "Parola chiave",
    "Keywords": "Parole chiave",
    "Language": "Lingua",
    "Last capture": "Ultima cattura",
    "Last crawl": "Ultima raccolta",
    "Latest articles": "Ultimi articoli",
    "Left": "A sinistra",
    "Lines that may belong to the text were left out.": "Righe che forse appartengono al testo sono state tralasciate.",
    "Lines that may not belong to the text were kept.": "Righe che forse non appartengono al testo sono state tenute.",
    "Made by an older extractor": "Letti da un estrattore più vecchio",
    "Made on {moment}.": "Fatto il {moment}.",
    "Main": "Principale",
    "Method Not Allowed": "Metodo non ammesso",
    "Modified": "Modificato",
    "Narrow down": "Restringi",
    "Nearly the same text": "Quasi lo stesso testo",
    "Next": "Successiva",
    "No day of publication is known.": "Il giorno di pubblicazione non è noto.",
    "No keywords are known.": "Le parole chiave non sono note.",
    "Not Found": "Non trovato",
    "Nothing deviates from the site's own past.": "Nulla si scosta dal passato del sito.",
    "Nothing is found here. Fewer words or filters find more.": (
        "Qui non si trova nulla. Con meno parole o meno filtri si trova di più."
    ),
    "Occurrences": "Occorrenze",
    "Of {n} pages the first {pages} can be opened: a narrower search shows the rest, an export has all.": (
        "Di {n} pagine si aprono le prime {pages}: una ricerca più stretta mostra le altre, un file le ha tutte."
    ),
    "Offset": "Posizione",
    "Only the beginning of the lede is known.": "Del sommario è noto solo l'inizio.",
    "Open the live page": "Apri la pagina sul sito",
    "Outcome": "Esito",
    "Over time": "Nel tempo",
    "Page {page} of {pages}": "Pagina {page} di {pages}",
    "Page {page}": "Pagina {page}",
    "at least": "almeno",
    "Counts": "Conteggi",
    "Count them by site, section, author and more": "Contali per sito, sezione, autore e altro",
    "Pages": "Pagine",
    "Payload digest": "Impronta del contenuto",
    "Pictures and credits": "Immagini e crediti",
    "Previous": "Precedente",
    "Provenance": "Provenienza",
    "Published": "Pubblicato",
    "Quotations are missing from this text.": "In questo testo mancano delle citazioni.",
    "Read by:": "Letto da:",
    "Reader": "Lettore",
    "Readers' comments in the dump were left out.": "I commenti dei lettori sono stati tralasciati.",
    "Record": "Record",
    "Refused": "Rifiutate",
    "Remove this filter": "Togli questo filtro",
    "Replay this capture": "Rivedi questa cattura",
    "Requests without an answer": "Richieste senza risposta",
    "Revised": "Modificati",
    "Revisions": "Revisioni",
    "Right": "A destra",
    "Route {name}: {known} addresses known, {extracted} extracted": (
        "Via {name}: {known} indirizzi noti, {extracted} estratti"
    ),
    "Search": "Cerca",
    "Section": "Sezione",
    "Service Unavailable": "Servizio non disponibile",
    "Several lines could be the headline.": "Più righe potrebbero essere il titolo.",
    "Site": "Sito",
    "Sites": "Siti",
    "Skip to the content": "Vai al contenuto",
    "So long a time is shown in longer periods: choose days to see it closer.": (
        "Un tempo così lungo si vede in periodi più lunghi: scegliendo i giorni lo si vede più da vicino."
    ),
    "Some characters could not be read and show as a sign.": (
        "Alcuni caratteri non si potevano leggere e si vedono come un segno."
    ),
    "Sort by": "Ordina per",
    "Sorted are all occurrences in the newest {n} articles: a narrower search sorts those of all.": (
        "Sono ordinate tutte le occorrenze nei {n} articoli più recenti: una ricerca più stretta le ordina tutte."
    ),
    "Source": "Fonte",
    "The authors stand in the page's metadata, not in its text.": (
        "Gli autori stanno nei metadati della pagina, non nel testo."
    ),
    "The bytes of the record, as in its WARC file": "I byte del record, come nel file WARC",
    "The collection": "La raccolta",
    "The dump does not have the addresses of pictures.": "Il testo non ha gli indirizzi delle immagini.",
    "The dump does not say its address.": "Il testo non dice il suo indirizzo.",
    "The dump does not say which site it is of.": "Il testo non dice di quale sito è.",
    "The headline stands in the page's metadata, not in its text.": (
        "Il titolo sta nei metadati della pagina, non nel testo."
    ),
    "The hour of publication is not known.": "L'ora di pubblicazione non è nota.",
    "The keywords came without separators and were split by rule.": (
        "Le parole chiave erano senza separatori e sono state divise secondo regole."
    ),
    "The lede is not known.": "Il sommario non è noto.",
    "The lede stands in the page's metadata, not in its text.": (
        "Il sommario sta nei metadati della pagina, non nel testo."
    ),
    "The page does not say its character set: it was guessed.": (
        "La pagina non dice il suo insieme di caratteri: è stato indovinato."
    ),
    "The page is not built as those of its site are known to be: general rules found its text.": (
        "La pagina non è fatta come quelle note del suo sito: il testo è stato trovato con regole generali."
    ),
    "The page may be no article.": "La pagina forse non è un articolo.",
    "The page names a character set that does not exist.": "La pagina nomina un insieme di caratteri che non esiste.",
    "The page names another character set than it is written in.": (
        "La pagina nomina un insieme di caratteri diverso da quello in cui è scritta."
    ),
    "The page names more authors than are kept.": "La pagina nomina più autori di quanti si conservino.",
    "The page's own description for machines (JSON-LD) is broken.": (
        "La descrizione della pagina per le macchine (JSON-LD) è guasta."
    ),
    "The page's own description for machines (JSON-LD) was too long and was read in part.": (
        "La descrizione della pagina per le macchine (JSON-LD) era troppo lunga ed è stata letta in parte."
    ),
    "The picture stands in the page's metadata, not in its text.": (
        "L'immagine sta nei metadati della pagina, non nel testo."
    ),
    "The query, to repeat it": "La ricerca, per ripeterla",
    "The same as a table": "Lo stesso come tabella",
    "The second reader was not asked.": "Il secondo lettore non è stato interrogato.",
    "The section stands in the page's metadata, not in its text.": (
        "La sezione sta nei metadati della pagina, non nel testo."
    ),
    "The text came as one piece and was split into paragraphs by rule.": (
        "Il testo era in un solo pezzo ed è stato diviso in capoversi secondo regole."
    ),
    "There are no articles yet: crawl a site first.": "Non ci sono ancora articoli: prima occorre raccogliere un sito.",
    "There are no captures of a known site yet.": "Non ci sono ancora catture di un sito noto.",
    "There are no crawls in this collection.": "In questa collezione non ci sono raccolte.",
    "These articles as a file": "Questi articoli in un file",
    "To": "Al",
    "To revision": "Alla revisione",
    "Two readers chose different texts of this page: so much is common to both.": (
        "Due lettori hanno scelto testi diversi di questa pagina: tanto hanno in comune."
    ),
    "Unavailable For Legal Reasons": "Non disponibile per motivi legali",
    "Views": "Viste",
    "WARC file": "File WARC",
    "Warning": "Avviso",
    "Warnings of the reading": "Avvisi di lettura",
    "What changed": "Che cosa è cambiato",
    "What is no article, and why": "Che cosa non è un articolo, e perché",
    "Withheld": "Non mostrati",
    "Words": "Parole",
    "a minute": "al minuto",
    "a text dump": "un testo senza pagina",
    "all articles": "tutti gli articoli",
    "articles": "articoli",
    "body": "testo",
    "bytes of records": "byte dei record",
    "changed:": "cambiato:",
    "coverage not known": "copertura non nota",
    "covered in part": "coperto in parte",
    "cut-off": "interrotta",
    "day": "giorno",
    "finished": "finita",
    "from a text dump": "da un testo senza pagina",
    "half or more": "metà o più",
    "headline": "titolo",
    "lede": "sommario",
    "less than half": "meno della metà",
    "month": "mese",
    "never": "mai",
    "nine of ten or more": "nove su dieci o più",
    "not covered, or not known": "non coperto, o non noto",
    "nothing known": "nulla di noto",
    "of a thousand articles": "ogni mille articoli",
    "other": "altro",
    "replay": "rivedi",
    "running": "in corso",
    "silent edit: the declared time of modification stayed": (
        "modifica silenziosa: la data di modifica dichiarata è rimasta"
    ),
    "text": "testo",
    "the page object of its site or platform": "il lettore del suo sito o della sua piattaforma",
    "the site itself": "il sito stesso",
    "usual: {n}": "di solito: {n}",
    "whole": "intero",
    "words to the left": "parole a sinistra",
    "words to the right": "parole a destra",
    "year": "anno",
    "{extracted} of {known}": "{extracted} su {known}",
    "{known} addresses known, {captured} captured, {extracted} extracted, {missing} missing": (
        "{known} indirizzi noti, {captured} catturati, {extracted} estratti, {missing} mancanti"
    ),
    "{name}, {period}: {found} of {of} articles": "{name}, {period}: {found} articoli su {of}",
    "{n} article": "{n} articolo",
    "{n} article found": "{n} articolo trovato",
    "{n} articles": "{n} articoli",
    "{n} articles found": "{n} articoli trovati",
    "{n} capture": "{n} cattura",
    "{n} captures": "{n} catture",
    "{n} missing": "{n} mancanti",
    "{n} occurrence": "{n} occorrenza",
    "{n} occurrences": "{n} occorrenze",
    "{n} sources have this text": "{n} fonti hanno questo testo",
    "{n} without a day": "{n} senza giorno",
    "{percent}% covered": "coperto al {percent}%",
}
