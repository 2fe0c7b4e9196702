"""Where a glued text is cut, and where it is not."""

import pytest

from crawler.extraction.flattened.paragraph_splitter import split_glued
from crawler.extraction.flattened.tags import split_tags


@pytest.mark.parametrize(
    "pieces",
    [
        ["Il ponte riapre.", "Secondo il sindaco è sicuro."],
        ['Ha detto "va bene".', '"Noi siamo pronti", ha aggiunto.', "Poi è uscito."],
        ["Le sedi sono 3: Rocca, Lagosecco, Perlasca.", "«Bene così», dice Fanti."],
        ["Costa 3.5 milioni negli U.S.A. e in Canada.", "Tra gli autori c'è J.K. Fantini, dice il sig. Fanti."],
        ["Il sito Rocca.it e la S.p.A. non rispondono…", "Poi il silenzio."],
        ["Parte dagli U.S.A.", "Il presidente arriva domani con il treno."],
        ["Il ministro ha detto:", "Dopo la riunione tutti sono usciti."],
        ["Tutto tace.", "*Organizzazione vietata in alcuni Paesi"],
        ["Ha detto va bene.", "”Noi siamo pronti”, ha aggiunto."],
        ["Ha detto va bene.", "»Noi siamo pronti«, ha aggiunto."],
        ['Ha detto "va bene."', "Poi torna a casa."],
        ['Ha detto va bene." poi torna a casa.'],
        ["La festa, la banda ecc.,Rocca compresa, tornano a marzo."],
        ["Lo sa solo Fanti;", "Il sindaco tace."],
        ["sono in tanti (12)Rocca compresa, per tutti."],
        ["Sono in tanti:rocca compresa, per tutti."],
        [":Dopo la riunione tutti sono usciti."],
        ["”Noi siamo pronti”, ha detto Fanti ieri."],
        ["Fanti dice ”Noi siamo pronti” e torna a casa."],
    ],
)
def test_hard_seams(pieces: list[str]) -> None:
    assert [piece.text for piece in split_glued("".join(pieces))] == pieces


@pytest.mark.parametrize(
    ("heading", "after"),
    [
        ("Le tappe della visita", "A seguito della visita il museo resta chiuso."),
        ("Il vertice della NATO", "Il vertice comincia domani alle nove."),
        ("Cosa cambia nel 2022", "L'incontro è previsto per la primavera."),
        ("L'incontro tra Fanti e Rossini", "Rossini è arrivato ieri sera con Fanti."),
        ("Che cosa succede ora?", "La parola passa al consiglio comunale."),
    ],
)
def test_soft_seams_make_subheads(heading: str, after: str) -> None:
    before = "Ieri Fanti ha parlato con Rossini."
    pieces = split_glued(before + heading + after)
    assert [(piece.text, piece.heading) for piece in pieces] == [(before, False), (heading, True), (after, False)]


@pytest.mark.parametrize(
    "text",
    [
        "Il colosso YouTube ha annunciato la chiusura di un servizio.",
        "Secondo LaPresse e WhatsApp non risponde nessuno da ieri.",
        "L'azienda BioNTech vende a McDonald's e LinkedIn ha un iPhone per tutti.",
        "Gli attori DiCaprio e DeVito sono arrivati con PlayStation e TikTok nella borsa.",
        'Il vaccino AstraZeneca arriva in dell"Unione europea con molto ritardo.',
        "La sala della banda misura 3×4 metri in tutto.",
        "",
    ],
)
def test_names_in_camel_case_and_signs_stay_whole(text: str) -> None:
    assert [piece.text for piece in split_glued(text)] == [text] * bool(text)


def test_tags_are_cut_at_their_seams() -> None:
    assert split_tags("RoccaBandaUltim'oraUSAItalia")[0] == ("Rocca", "Banda", "Ultim'ora", "USA", "Italia")
    assert split_tags("YouTubeRocca", "La banda è su YouTube.") == (("YouTube", "Rocca"), True)
    assert split_tags("RoccaYouTubePorto", "La banda è su YouTube.") == (("Rocca", "YouTube", "Porto"), True)
    assert split_tags("YouTubeRoccaPorto", "La banda è su YouTube.")[0] == ("YouTube", "Rocca", "Porto")
    assert split_tags("YouTubeXRocca", "La banda è su YouTube.")[0] == ("YouTube", "XRocca")
    assert split_tags("Rocca, Banda,, ") == (("Rocca", "Banda"), False)
    assert split_tags("Rocca") == (("Rocca",), False)


@pytest.mark.parametrize(
    "pieces",
    [
        # a letter, an abbreviation and a domain's name with a full stop do not end a sentence, a word does
        ["Lo dice il prof.Fanti ai giornali della Rocca."],
        ["Lo dice G.B.Fanti ai giornali della Rocca."],
        ["Lo scrive rocca.it/pagine.Rocca.html per tutti."],
        ["Lo scrive a rocca@posta.Fanti.it per tutti."],
        ["Lo scrive a rocca@posta.it.", "Fanti lo legge ieri."],
        ["Il ponte di Rocca è chiuso.", "A.Fanti lo ha detto ieri."],
        ["Il ponte è del sig.", "Il sindaco lo compra."],
        # behind a closed quotation
        ['"Va tutto bene"', "Il sindaco lo ha detto ieri."],
        ["Ha detto (piano piano)", "Il sindaco è uscito."],
        ["Erano in 12.5 secondi a Rocca."],
        ["La riunione comincia adesso.", "15 persone sono presenti."],
        ["La banda ha detto no.15 persone sono presenti."],
        ["Lo dice il sig.A Rocca torna il sole."],
        ["Lo dice il sig.12 34."],
        ["Lo canta il re.A.Fanti lo ascolta da ieri."],
        ["Lo scrive www.rocca.Fanti.it per tutti."],
        ["Lo scrive rocca.it/pagine.", "Fanti lo legge ieri."],
        ["Lo dice il (prof.)", "Fanti ai giornali della Rocca."],
    ],
)
def test_where_a_sentence_ends(pieces: list[str]) -> None:
    assert [piece.text for piece in split_glued("".join(pieces))] == pieces


def test_a_quotation_behind_a_subhead() -> None:
    before, heading, quotation = (
        "Ieri Fanti ha parlato.",
        "La risposta del sindaco",
        '"Abbiamo chiuso il ponte per tutti", ha detto.',
    )
    assert [(piece.text, piece.heading) for piece in split_glued(before + heading + quotation)] == [
        (before, False),
        (heading, True),
        (quotation, False),
    ]
    # behind an article the quotation belongs to the sentence
    text = 'Ieri Fanti ha letto il"Corriere della Rocca" per un\'ora.'
    assert [piece.text for piece in split_glued(text)] == [text]


@pytest.mark.parametrize(
    ("left", "is_subhead"),
    [
        *(("La risposta", True), ("Cronaca", False), ("la risposta del sindaco", False)),
        # within a quotation or behind an article no other begins
        *(("La “risposta del sindaco", False), ('La "risposta del sindaco', False), ("La risposta di", False)),
        *(("La “risposta” del sindaco", True), ('La "risposta" del sindaco', True)),
    ],
)
def test_a_quotation_right_behind_a_word(left: str, is_subhead: bool) -> None:
    quotation = "“Abbiamo chiuso”"
    pieces = [(piece.text, piece.heading) for piece in split_glued(left + quotation)]
    assert pieces == ([(left, True), (quotation, False)] if is_subhead else [(left + quotation, False)])


@pytest.mark.parametrize(
    ("question", "heading"),
    [("Perché?", False), ("E poi?", True), (f"E poi {'x' * 73}?", True), (f"E poi {'x' * 74}?", False)],
)
def test_a_short_question_of_two_words_is_a_subhead(question: str, heading: bool) -> None:
    _, asked, _ = split_glued(f"Ieri Fanti ha parlato.{question}La parola passa al consiglio.")
    assert (asked.text, asked.heading) == (question, heading)


@pytest.mark.parametrize(
    ("left", "right", "known", "is_cut"),
    [
        # an ordinary word of three letters or more: a subhead of three words, or a word that is known elsewhere
        ("Le regole per la sicurezza", "Zeta parla domani sera.", "", True),
        ("La sicurezza", "Zeta parla domani sera.", "", False),
        ("le regole per la sicurezza", "Zeta parla domani sera.", "", False),
        ("le regole per la sicurezza", "Il sindaco parla domani.", "", True),
        ("le regole per la sicurezza", "Zeta parla domani sera.", "Zeta", True),
        ("le regole per la sicurezza", "Zeta parla domani sera.", "sicurezza", True),
        ("le regole per lo sport", "Zeta parla domani sera.", "sport", True),
        ("Le regole per lo sport", "Zeta parla domani sera.", "", False),
        ("Il telefono è un u", "Zeta bianco come tanti.", "", False),
        ("Il telefono è di xo", "Zeta bianco come tanti.", "", False),
        # a name of camel case, known as one or met twice
        ("Le regole per la sicurezza", "Zeta parla domani sera.", "sicurezzaZeta", False),
        ("Le regole per la sicurezza", "Zeta parla domani sera.", "SICUREZZAZETA", False),
        ("Le regole per la sicurezza", "Zeta parla di sicurezzaZeta domani sera.", "", False),
        # behind a number or a bracket
        ("Cosa cambia nel 2022", "Zeta arriva domani sera.", "", False),
        ("Cosa cambia nel 2022", "Zeta arriva domani sera.", "Zeta", True),
        ("cosa cambia nel 2022", "Zeta arriva domani sera.", "Zeta", False),
        ("cosa cambia nel 2022", "Il sindaco arriva domani.", "", True),
        ("Cosa cambia (forse)", "Zeta arriva domani sera", "Zeta", True),
        # behind a name, a word that opens sentences
        ("Il libro di Bentzen", "Il sindaco lo ha letto.", "", True),
        ("il libro di Bentzen", "Il sindaco lo ha letto.", "", False),
        ("il libro di Bentzen", "Il sindaco lo ha letto.", "Bentzen", True),
        # and one that ends names too
        ("Il libro di Bentzen", "A seguito della visita.", "", False),
        ("Il libro di Bentzen", "A seguito della visita.", "Bentzen", True),
        ("Il libro di Rocca", "A seguito della visita.", "", True),
        ("Il libro della NATO", "A seguito della visita.", "", True),
        ("il libro della NATO", "A seguito della visita.", "NATO", False),
        # and another name
        ("Il libro di Bentzen", "Zeta parla domani sera.", "", False),
        ("Il libro di Bentzen", "Zeta parla domani sera.", "Zeta", False),
        ("Il libro di Bentzen", "Zeta parla domani sera.", "Bentzen", True),
        ("il libro di Bentzen", "Zeta parla domani sera.", "Bentzen", False),
        ("Bentzen", "Zeta parla domani sera.", "Bentzen Zeta", False),
    ],
)
def test_what_speaks_for_a_seam_without_a_full_stop(left: str, right: str, known: str, is_cut: bool) -> None:
    pieces = [piece.text for piece in split_glued(left + right, known)]
    assert pieces == ([left, right] if is_cut else [left + right])


def test_the_last_piece_is_no_subhead() -> None:
    assert [(piece.text, piece.heading) for piece in split_glued("Ieri Fanti ha parlato.Che cosa succede ora?")] == [
        ("Ieri Fanti ha parlato.", False),
        ("Che cosa succede ora?", False),
    ]


@pytest.mark.parametrize(
    "pieces",
    [
        # a full stop within a quotation, whatever the mark
        ['Ha detto "tutto tace" e "si va. Poi si torna" ieri.', "Il sindaco è uscito."],
        ["Ha detto «tutto “tace” qui» e poi basta.", "Il sindaco è uscito."],
        ['("Tutto tace", dice.)', "Il sindaco è uscito."],
        ["Ma perché?!", "Il sindaco è uscito."],
        ["Che cosa dice il sig?", "Il sindaco è uscito."],
        ['"Tutto tace"', '"Si torna", dice Fanti.'],
        # one that never closes ends with its paragraph, one that never opened closes none
        ["Ha detto «va bene.", 'Il sindaco dice "basta"', "Poi torna a casa."],
        ['Il sindaco» dice "basta"', "Poi torna a casa sua."],
        ['Ha detto va bene", poi "basta"', "Poi torna a casa sua."],
    ],
)
def test_quotations_and_marks_at_the_end_of_a_sentence(pieces: list[str]) -> None:
    assert [piece.text for piece in split_glued("".join(pieces))] == pieces


@pytest.mark.parametrize(
    "pieces",
    [
        ['Ha detto "va tutto bene"', "Il sindaco lo ha detto ieri."],
        # no seam behind a quotation within another
        ['Ha letto «il "molo"Rocca di ieri» per tutti.'],
        ['Ha letto «il "molo" e il "faro"Rocca di ieri» per tutti.'],
        ['Ha letto «dell\'"ora" e dell\'"anno"Rocca di ieri» per tutti.'],
        ['Ha letto «piano ("molo" o "faro"Rocca di ieri» per tutti.'],
    ],
)
def test_behind_a_quotation(pieces: list[str]) -> None:
    assert [piece.text for piece in split_glued("".join(pieces))] == pieces


@pytest.mark.parametrize(
    ("after", "parts"), [("A seguito", 1), ("A seguito domani", 2), ("A seguito di una visita", 2)]
)
def test_what_follows_a_soft_seam_has_three_words(after: str, parts: int) -> None:
    assert len(split_glued(f"Le regole per la sicurezza{after}")) == parts
