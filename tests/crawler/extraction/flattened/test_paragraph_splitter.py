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
    ],
)
def test_names_in_camel_case_stay_whole(text: str) -> None:
    assert [piece.text for piece in split_glued(text)] == [text]


def test_tags_are_cut_at_their_seams() -> None:
    assert split_tags("RoccaBandaUltim'oraUSAItalia")[0] == ("Rocca", "Banda", "Ultim'ora", "USA", "Italia")
    assert split_tags("YouTubeRocca", "La banda è su YouTube.") == (("YouTube", "Rocca"), True)
    assert split_tags("Rocca, Banda") == (("Rocca", "Banda"), False)


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
    ],
)
def test_behind_a_quotation(pieces: list[str]) -> None:
    assert [piece.text for piece in split_glued("".join(pieces))] == pieces


@pytest.mark.parametrize(
    ("after", "parts"), [("A seguito", 1), ("A seguito domani", 2), ("A seguito di una visita", 2)]
)
def test_what_follows_a_soft_seam_has_three_words(after: str, parts: int) -> None:
    assert len(split_glued(f"Le regole per la sicurezza{after}")) == parts
