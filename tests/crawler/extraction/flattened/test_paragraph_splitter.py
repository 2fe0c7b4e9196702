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
