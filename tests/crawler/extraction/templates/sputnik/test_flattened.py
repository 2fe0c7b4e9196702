"""The Sputnik grammar of flattened dumps: microdata block, media, alignment with the articleBody."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.flattened.lines import Line, read_lines, squeeze
from crawler.extraction.refusals import PageRefused
from crawler.extraction.templates.sputnik.flattened import read as read_draft
from crawler.extraction.templates.sputnik.flattened import recognises, site_names
from crawler.extraction.templates.sputnik.flattened_alignment import BodyText, read_aligned
from crawler.extraction.templates.sputnik.flattened_block import block_start, is_description, read_block
from crawler.extraction.templates.sputnik.flattened_media import mark_captions
from crawler.extraction.templates.sputnik.flattened_visible import VisibleArticle, is_boilerplate, read_by_shape

URL = "https://it.sputniknews.com/20220301/la-banda-14000001.html"
ONE = "Tutto comincia in una mattina di marzo, sotto i portici."
TWO = "La prossima riunione si terrà dopo le feste d'inverno."
BLOCK = f"""{URL}
La banda torna in piazza
Due anni di silenzio. 01.03.2022, Sputnik Italia
2022-03-01T09:05+0100
2022-03-01T09:05+0100
2022-03-01T10:45+0100
musica
{ONE}{TWO}
Sputnik Italia
feedback@sputniknews.example
it_IT
musica, banda
La banda torna in piazza
{ONE}"""


def test_the_microdata_block() -> None:
    lines = read_lines(BLOCK)
    assert block_start(lines) == 0
    block = read_block(lines, 0)
    assert (block.url, block.titles[0], block.lede) == (URL, "La banda torna in piazza", "Due anni di silenzio.")
    assert (block.day, block.brand, block.language) == ("01.03.2022", "Sputnik Italia", "it")
    assert (len(block.instants), block.tags, block.glued) == (3, ["musica"], ONE + TWO)
    assert block.keywords == ["musica", "banda"]
    assert lines[block.end].text == "La banda torna in piazza"


def test_the_platform_is_recognised_by_its_marks() -> None:
    assert recognises(read_lines(BLOCK), None)
    assert recognises([Line("14:21 14.02.2022")], None)
    assert recognises([], URL)
    assert not recognises([Line("Una storia")], "https://faro.example/storia")
    assert site_names(read_lines(BLOCK)) == ["Sputnik Italia"]


@pytest.mark.parametrize("text", ["Un lede... 01.03.2022, Sputnik Italia", "01.03.2022, Sputnik Italia"])
def test_descriptions(text: str) -> None:
    assert is_description(text)
    assert not is_description(f"{text} e altro, ancora")


def test_captions_are_marked_and_credits_taken() -> None:
    lines = read_lines(f"Il molo - Sputnik Italia\n© Sputnik\n{ONE}\nLa torre\n1/2\nLa torre")
    marked, credit_lines = mark_captions(lines, lambda text: text == ONE)
    assert [(entry.line.text, entry.caption) for entry in marked][:2] == [("Il molo", True), (ONE, False)]
    assert credit_lines == ["© Sputnik"]


def test_a_line_outside_the_article_body_is_a_quote() -> None:
    visible = VisibleArticle()
    lines = [Line("Un lede intero."), Line(ONE), Line("“La banda suona ancora.”"), Line(TWO)]
    read_aligned(lines, ONE + TWO, None, (), (), visible)
    assert visible.lede == "Un lede intero."
    assert [(block.type.value, block.text) for block in visible.blocks] == [
        ("paragraph", ONE),
        ("quote", "“La banda suona ancora.”"),
        ("paragraph", TWO),
    ]


def test_text_that_the_visible_part_lacks_is_restored() -> None:
    visible = VisibleArticle()
    read_aligned([Line("Un lede intero."), Line(ONE)], ONE + TWO, None, (), (), visible)
    assert [block.text for block in visible.blocks] == [ONE, TWO]
    assert visible.restored


def test_without_an_article_body_shape_decides() -> None:
    visible = VisibleArticle()
    lines = [Line("Un lede intero."), Line(ONE), Line("Seguici su"), Line(TWO), Line("musica", True)]
    read_by_shape(lines, (), visible)
    assert (visible.lede, [block.text for block in visible.blocks]) == ("Un lede intero.", [ONE, TWO])
    assert visible.keywords == ["musica"]
    assert is_boilerplate("Condividi") and not is_boilerplate(ONE)


@given(st.lists(st.text("ab .", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6))
def test_lines_of_the_body_are_taken_in_order_and_nothing_is_left(texts: list[str]) -> None:
    body = BodyText(" ".join(texts))
    assert all(body.take(text) == "" for text in texts)
    assert body.rest() == ""
    assert all(body.holds(squeeze(text)) for text in texts)


@pytest.mark.parametrize("piece", ["re", "@", "a@", "@a.", "1 ", "/html/", "http://a.jpg", "; ", "a, ", "(", "neve. "])
def test_a_long_line_takes_time_in_proportion(piece: str) -> None:
    lines = BLOCK.splitlines()
    begin = time.process_time()
    for at in (1, 7, len(lines) - 1):
        long = [*lines[:at], lines[at] + piece * (100_000 // len(piece)), *lines[at + 1 :]]
        with suppress(PageRefused):
            extract_flattened("\n".join(long), None)
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    ("line", "keywords"),
    [
        # all tags are among the words
        ("musica, banda", ["musica", "banda"]),
        ("Banda, Musica, Portici", ["Banda", "Musica", "Portici"]),
        # a tag is missing, a word is empty, too many letters or words for a keyword, a sentence
        ("banda, portici", ["musica"]),
        ("musica,, banda", ["musica"]),
        (f"musica, {'b' * 61}", ["musica"]),
        ("musica, una banda che suona ogni sera sotto i portici", ["musica"]),
        ("musica, banda.", ["musica"]),
    ],
)
def test_the_list_of_keywords_holds_all_tags(line: str, keywords: list[str]) -> None:
    block = read_block(read_lines(BLOCK.replace("musica, banda", line)), 0)
    assert block.keywords == keywords


@pytest.mark.parametrize(
    ("line", "keywords"),
    [("musica, banda", ["musica", "banda"]), ("Musica, banda", []), ("Musica", [])],
)
def test_without_tags_a_list_of_keywords_is_in_small_letters(line: str, keywords: list[str]) -> None:
    lines = read_lines(BLOCK.replace("\nmusica\n", "\n").replace("musica, banda", line))
    assert read_block(lines, 0).keywords == keywords


def test_places_authors_and_comments_of_the_block() -> None:
    places = BLOCK.replace("musica\n", "musica\nbanda\n").replace(f"{ONE}{TWO}\n", f"{ONE}{TWO}\nborgo lieto\nbanda\n")
    block = read_block(read_lines(places), 0)
    assert (block.places, block.comments) == (["borgo lieto", "banda"], 0)
    # among comments a line of a few words may be one
    block = read_block(read_lines(places.replace("borgo lieto\n", "borgo lieto\nChe bella banda.\n")), 0)
    assert (block.places, block.comments) == (["banda"], 1)
    organisation = "feedback@sputniknews.example\n"
    assert read_block(read_lines(BLOCK.replace(organisation, f"{organisation}Ada Neri\n")), 0).authors == ["Ada Neri"]
    late = BLOCK.replace("it_IT\n", "it_IT\nChe bella banda, la aspettavo da due anni.\n")
    assert read_block(read_lines(late), 0).comments == 1


LONG_LEDE = "La banda del quartiere ha suonato di nuovo sotto i portici, davanti a duecento persone e quattro cani,"


def test_words_of_the_lede_are_not_cut_where_text_is_restored() -> None:
    """The glued text has no separators; a name in camel case that the lede has too is one word."""
    glued = (
        f"{ONE}Il maestro dirige con una PiazzaSuona in mano e un cappello rosso in testa, come tutti gli anni.{TWO}"
    )
    found = []
    for lede in ("La PiazzaSuona torna sotto i portici.", "La banda torna sotto i portici."):
        visible = VisibleArticle()
        read_aligned([Line(lede), Line(ONE), Line(TWO)], glued, None, (), (), visible)
        found.append([block.text for block in visible.blocks])
    whole, cut = found
    assert whole == [ONE, glued[len(ONE) : -len(TWO)], TWO]
    assert "".join(cut) == glued


@pytest.mark.parametrize(
    ("described", "cut", "lede"),
    [
        ("Due anni di silenzio...", False, "Due anni di silenzio..."),
        (f"{LONG_LEDE} e nessuno ha sentito la pioggia...", True, f"{LONG_LEDE} e nessuno ha sentito la pioggia"),
        (f"{LONG_LEDE} e nessuno ha sentito la pioggia.", False, f"{LONG_LEDE} e nessuno ha sentito la pioggia."),
    ],
)
def test_a_long_lede_that_ends_with_three_dots_was_cut(described: str, cut: bool, lede: str) -> None:
    block = read_block(read_lines(BLOCK.replace("Due anni di silenzio.", described)), 0)
    assert (block.lede_cut, block.lede) == (cut, lede)


def test_of_a_lede_that_was_cut_the_whole_is_found_in_the_visible_part() -> None:
    beginning = f"{LONG_LEDE} e nessuno ha sentito la pioggia"
    dump = BLOCK.replace("Due anni di silenzio.", f"{beginning}...").replace(
        f"La banda torna in piazza\n{ONE}",
        f"La banda torna in piazza\n09:05 01.03.2022\n{beginning} di marzo.\n{ONE}\n{TWO}",
    )
    article = extract_flattened(dump, None)
    assert article.description == f"{beginning} di marzo."
    assert [block.text for block in article.blocks] == [ONE, TWO]
    assert "lede-cut" not in article.warnings


@pytest.mark.parametrize(
    ("instants", "published", "modified"),
    [
        (("2022-03-01T09:05+0100", "2022-03-01T09:15+0100", "2022-03-01T10:45+0100"), "09:15", "10:45"),
        # a flattener that drops lines said before
        (("2022-03-01T09:05+0100", "2022-03-01T10:45+0100"), "09:05", "10:45"),
        (("2022-03-01T09:05+0100",), "09:05", "09:05"),
    ],
)
def test_the_instants_of_the_block(instants: tuple[str, ...], published: str, modified: str) -> None:
    shown = "2022-03-01T09:05+0100\n2022-03-01T09:05+0100\n2022-03-01T10:45+0100"
    article = extract_flattened(BLOCK.replace(shown, "\n".join(instants)), None)
    assert (f"{article.published_at:%H:%M}", f"{article.modified_at:%H:%M}") == (published, modified)


@pytest.mark.parametrize(
    ("above", "below", "headline", "section", "is_guessed"),
    [
        (["La banda torna in piazza", "© Sputnik / Ada Neri"], [], "La banda torna in piazza", None, False),
        (["La banda torna in piazza", "Musica"], [], "La banda torna in piazza", "Musica", True),
        (["Un menu", "La banda torna in piazza"], [], "La banda torna in piazza", None, True),
        (["Musica"], ["La banda torna in piazza"], "La banda torna in piazza", None, False),
        ([], ["La banda torna in piazza"], "La banda torna in piazza", None, True),
    ],
)
def test_the_headline_of_a_dump_without_the_block(
    above: list[str], below: list[str], headline: str, section: str | None, is_guessed: bool
) -> None:
    lines = [*above, "09:05 01.03.2022", *below, "Un lede intero.", "di Ada Neri", ONE, TWO]
    draft = read_draft(read_lines("\n".join(lines)), None)
    assert (draft.headline, draft.section, draft.authors) == (headline, section, ["Ada Neri"])
    assert (draft.description, [block.text for block in draft.blocks]) == ("Un lede intero.", [ONE, TWO])
    assert ("headline-guessed" in draft.warnings) is is_guessed


def _read_visible(*lines: str) -> VisibleArticle:
    visible = VisibleArticle()
    read_aligned([Line("Un lede intero."), *map(Line, lines)], ONE + TWO, None, (), (), visible)
    return visible


def test_the_name_under_a_quotation_is_its_speaker() -> None:
    visible = _read_visible(ONE, "“La banda suona ancora.”", "Ada Neri, maestra", TWO)
    assert [(block.text, block.cite) for block in visible.blocks] == [
        (ONE, None),
        ("“La banda suona ancora.”", "Ada Neri, maestra"),
        (TWO, None),
    ]
    assert not visible.uncertain


def test_a_line_that_is_neither_text_nor_quotation_makes_the_article_uncertain() -> None:
    visible = _read_visible(ONE, "Una riga che nessuno conosce", TWO)
    assert [block.text for block in visible.blocks] == [ONE, "Una riga che nessuno conosce", TWO]
    assert visible.uncertain


def test_a_footnote_that_only_the_glued_text_has_is_left_out() -> None:
    visible = VisibleArticle()
    note = "*Organizzazione vietata in alcuni Paesi"
    read_aligned([Line("Un lede intero."), Line(ONE), Line(TWO)], ONE + TWO + note, None, (), (), visible)
    assert ([block.text for block in visible.blocks], visible.footnotes) == ([ONE, TWO], 1)


def test_a_shown_text_in_other_words_replaces_the_older_one() -> None:
    older = "La banda suona stasera in piazza grande con venti musicisti e molta allegria."
    newer = older.replace("stasera", "domani")
    visible = VisibleArticle()
    read_aligned([Line("Un lede."), Line(ONE), Line(newer), Line(TWO)], ONE + older + TWO, None, (), (), visible)
    assert [block.text for block in visible.blocks] == [ONE, newer, TWO]


def test_a_byline_in_the_visible_part() -> None:
    dump = BLOCK.replace(f"La banda torna in piazza\n{ONE}", f"La banda torna in piazza\ndi Ada Neri\n{ONE}\n{TWO}")
    article = extract_flattened(dump, None)
    assert (article.authors, [block.text for block in article.blocks]) == (("Ada Neri",), [ONE, TWO])


@pytest.mark.parametrize(
    ("before", "line", "following", "authors"),
    [
        ("", "Ada Neri", "", ["Ada Neri"]),
        ("", "Ada Neri https://cdn.example/img/1_100x100_a.jpg", "", ["Ada Neri"]),
        # a line of a comment above or below: its writer's name
        ("Che bella banda.", "Ada Neri", "", []),
        ("", "Ada Neri", "Che bella banda.", []),
        ("", "Ada Neri", "ada@posta.example", []),
        ("", "Sputnik Italia", "", []),
    ],
)
def test_the_author_among_the_organisation_s_lines(before: str, line: str, following: str, authors: list[str]) -> None:
    organisation = "feedback@sputniknews.example\n"
    lines = "\n".join(filter(None, ("+7 495 645 66 01", before, line, following, "2022")))
    assert read_block(read_lines(BLOCK.replace(organisation, f"{organisation}{lines}\n")), 0).authors == authors


def _aligned(lines: list[Line], tags: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    visible = VisibleArticle()
    read_aligned([Line("Un lede intero."), *lines], ONE + TWO, None, tags, (), visible)
    return [(block.type.value, block.text) for block in visible.blocks]


def test_what_stands_behind_the_last_line_of_the_body() -> None:
    text = [("paragraph", ONE), ("paragraph", TWO)]
    lines, item = [Line(ONE), Line(TWO)], "la voce di un elenco assai lungo"
    # a quotation and a longer list item are the article's, a line of a few words is a tag
    assert _aligned([*lines, Line("“La banda suona ancora.”")]) == [*text, ("quote", "“La banda suona ancora.”")]
    assert _aligned([*lines, Line(item, True)]) == [*text, ("list", item)]
    assert _aligned([*lines, Line("musica", True)]) == text
    assert _aligned([*lines, Line("musica", True)], ("musica",)) == text
    assert _aligned([*lines, Line("una voce", True), Line("musica")], ("musica",)) == [*text, ("list", "una voce")]
    assert _aligned([*lines, Line("Un altro titolo di questo giornale")]) == text


def test_of_a_text_that_was_cut_the_lines_are_close_to_each_other() -> None:
    """A short line is found close behind the one before it alone."""
    body = BodyText(
        "Rocca. " + "Una frase assai lunga che parla d'altro. " * 12 + "Rocca e mare. Fine della storia lunga."
    )
    assert body.take("Rocca.") == ""
    assert body.take("Rocca e mare.") is None
    assert body.take("Una frase assai lunga che parla d'altro. Rocca e mare.") is not None
    assert body.rest() == "Fine della storia lunga."


def test_crops_of_one_picture_are_one_image_and_pictures_of_people_none() -> None:
    crops = [
        "https://cdn.example/img/07e6/1/111_0:0:600:400_600x0_a.jpg",
        "https://cdn.example/img/07e6/1/111_0:0:300:300_300x0_b.jpg",
        "https://cdn.example/img/07e6/1/222_0:0:600:400_600x0_c.jpg",
        "https://cdn.example/img/07e6/1/333_100x100_d.jpg",
        "https://cdn.example/plain.jpg",
    ]
    dump = BLOCK.replace("it_IT\n", "it_IT\n" + "\n".join(crops) + "\n")
    assert [image.url for image in extract_flattened(dump, None).images] == [crops[0], crops[2], crops[4]]


def test_a_picture_s_words_below_the_date_are_no_headline() -> None:
    lines = [
        "La banda torna in piazza",
        "09:05 01.03.2022",
        "Il molo vecchio di Rocca",
        "© Sputnik",
        "Un lede intero.",
        ONE,
    ]
    draft = read_draft(read_lines("\n".join([*lines, TWO])), None)
    assert draft.headline == "La banda torna in piazza"
    assert [(block.type.value, block.text) for block in draft.blocks] == [
        ("caption", "Il molo vecchio di Rocca"),
        ("paragraph", ONE),
        ("paragraph", TWO),
    ]


def test_the_row_of_tags_ends_the_article() -> None:
    lines = [Line(ONE), Line(TWO), Line("Una riga tra testo e parole")]
    assert (
        _aligned([*lines, Line("musica"), Line("Un altro titolo")], ("musica",))[-1][1] == "Una riga tra testo e parole"
    )
    assert _aligned([*lines, Line("Commenti"), Line("musica")], ("musica",))[-1][1] == TWO
    assert _aligned(lines)[-1][1] == TWO


@pytest.mark.parametrize("below", ["https://it.sputniknews.com/foto/", "- Una voce del menu", "© Sputnik / Ada Neri"])
def test_a_line_of_the_page_below_the_date_is_no_headline(below: str) -> None:
    lines = ["La banda torna in piazza", "09:05 01.03.2022", below, "Un lede intero.", ONE, TWO]
    assert read_draft(read_lines("\n".join(lines)), None).headline == "La banda torna in piazza"


@pytest.mark.parametrize(
    ("lines", "url", "recognised"),
    [
        ((URL, "Una storia"), None, True),
        (("Uno", "Due", URL), None, True),
        (("Uno", "Due", "Tre", URL), None, False),
        (("Uno", "Due. 01.03.2022, Sputnik Italia"), None, True),
        (("Uno", "Due", "Tre", "14:21 14.02.2022"), None, True),
        (("Uno",), URL, True),
        (("Uno",), "https://it.sputniknews.com/chi-siamo/", False),
    ],
)
def test_marks_of_the_platform(lines: tuple[str, ...], url: str | None, recognised: bool) -> None:
    assert recognises([Line(text) for text in lines], url) is recognised


def test_the_second_title_of_the_block_is_the_alternative_headline() -> None:
    dump = BLOCK.replace(f"{URL}\nLa banda torna in piazza\n", f"{URL}\nLa banda torna in piazza\nLa banda suona\n")
    assert extract_flattened(dump, None).alternative_headline == "La banda suona"
    assert extract_flattened(BLOCK, None).alternative_headline is None


def _shown(*lines: str) -> str:
    return BLOCK.replace(f"La banda torna in piazza\n{ONE}", "\n".join(("La banda torna in piazza", *lines, ONE, TWO)))


@pytest.mark.parametrize(
    ("lines", "is_near"),
    [(("Uno", "Due", "Tre", "Quattro"), True), (("Uno", "Due", "Tre", "Quattro", "Cinque"), False), ((), True)],
)
def test_date_line_and_byline_stand_within_six_lines(lines: tuple[str, ...], is_near: bool) -> None:
    article = extract_flattened(_shown(*lines, "09:15 01.03.2022"), None)
    assert ("visible" in [claim.source for claim in article.dates if claim.value != "2022-03-01"]) is is_near
    article = extract_flattened(_shown(*lines, "di Ada Neri"), None)
    assert (article.authors == ("Ada Neri",)) is is_near


def test_the_author_of_the_block_comes_before_the_byline() -> None:
    organisation = "feedback@sputniknews.example\n"
    dump = _shown("di Ada Neri").replace(organisation, f"{organisation}Eva Riva\n2022\n")
    assert extract_flattened(dump, None).authors == ("Eva Riva",)
    assert extract_flattened(_shown("Due anni di silenzio.", "Ugo Bassi"), None).authors == ("Ugo Bassi",)


def test_the_warnings_of_a_block_alone() -> None:
    note = "*Organizzazione vietata in alcuni Paesi"
    block = BLOCK.replace(f"\nLa banda torna in piazza\n{ONE}", "").replace(TWO, f"{TWO}{note}")
    article = extract_flattened(block, None)
    assert [name.text for name in article.blocks] == [ONE, TWO]
    assert set(article.warnings) == {"paragraphs-glued", "quotes-missing", "image-urls-unknown", "footnote-left-out"}
    assert article.description == "Due anni di silenzio."


def test_the_warnings_of_a_dump_without_the_block() -> None:
    lines = ["La banda torna in piazza", "09:05 01.03.2022", ONE]
    draft = read_draft(read_lines("\n".join(lines)), None)
    assert set(draft.warnings) == {"headline-guessed", "image-urls-unknown", "lede-unknown"}
    lines += [TWO, "*Organizzazione vietata in alcuni Paesi", "Commenti", "Che bella."]
    draft = read_draft(read_lines("\n".join(lines)), None)
    assert set(draft.warnings) == {"headline-guessed", "image-urls-unknown", "footnote-left-out", "comments-cut"}


def test_a_page_behind_the_first_one_is_not_read() -> None:
    other = BLOCK.replace("20220301/la-banda-14000001", "20220302/il-forno-14000002").replace(
        "La banda torna", "Il forno"
    )
    three = "Il forno del paese riapre dopo la Pasqua, senza pane nero."
    article = extract_flattened(f"{BLOCK}\n{TWO}\n{other.replace(ONE, three)}", None)
    assert (article.headline, [block.text for block in article.blocks]) == ("La banda torna in piazza", [ONE, TWO])


def test_the_only_credit_is_the_first_picture_s() -> None:
    pictures = [f"https://cdn.example/img/07e6/1/{n}_0:0:600:400_600x0_a.jpg" for n in (111, 222)]
    dump = _shown("Il molo", "© Sputnik / Ada Neri").replace("it_IT\n", "it_IT\n" + "\n".join(pictures) + "\n")
    assert [(image.url, image.credit) for image in extract_flattened(dump, None).images] == [
        (pictures[0], "© Sputnik / Ada Neri"),
        (pictures[1], None),
    ]


@pytest.mark.parametrize(
    ("above", "headline", "section"),
    [
        # what stands above a line of the menu or an address is of the page
        (["Un altro titolo del giornale", "- Cronaca", "La banda"], "La banda", None),
        (["Un altro titolo del giornale", "https://it.sputniknews.com/foto/", "La banda"], "La banda", None),
        (["La banda", "Musica"], "Musica", None),
        # the line before the first credit, of two long lines the nearest
        (["La banda torna", "© Sputnik", "Un altro titolo del giornale"], "La banda torna", None),
        (["© Sputnik", "La banda torna in piazza"], "La banda torna in piazza", None),
        (["Un altro titolo del giornale", "La banda torna in piazza"], "La banda torna in piazza", None),
        (["La banda torna", "© Sputnik", "Musica dal vivo qui"], "La banda torna", "Musica dal vivo qui"),
        (["La banda torna in piazza", "Musica dal vivo"], "La banda torna in piazza", "Musica dal vivo"),
        (["La banda torna", "© Sputnik", "Rocca", "Musica"], "La banda torna", "Musica"),
        (["La banda torna", "© Sputnik", "Una riga di cinque parole"], "La banda torna", None),
        (["Un altro titolo del giornale", "x", "x", "x", "x", "x"], "x", None),
        (["© Sputnik"], "", None),
        ([], "", None),
    ],
)
def test_the_headline_above_the_date_line(above: list[str], headline: str, section: str | None) -> None:
    draft = read_draft(read_lines("\n".join([*above, "09:05 01.03.2022", "Un lede intero.", ONE, TWO])), None)
    assert (draft.headline, draft.section) == (headline, section)


@pytest.mark.parametrize(
    ("below", "is_headline"),
    [
        ("La banda torna", True),
        ("La banda", False),
        ("La banda torna in piazza.", False),
        ("di Ada Neri", False),
        ("Vai alla fototeca", False),
    ],
)
def test_the_headline_below_the_date_line(below: str, is_headline: bool) -> None:
    lines = ["Musica dal vivo in piazza", "09:05 01.03.2022", below, "Un lede intero.", ONE, TWO]
    draft = read_draft(read_lines("\n".join(lines)), None)
    assert draft.headline == (below if is_headline else lines[0])
    assert ("headline-guessed" in draft.warnings) is not is_headline


def test_a_headline_below_the_date_line_at_the_end_of_a_dump() -> None:
    assert read_draft(read_lines("Musica\n09:05 01.03.2022\nLa banda torna in piazza"), None).headline == (
        "La banda torna in piazza"
    )
    assert read_draft(read_lines("La banda torna in piazza\n09:05 01.03.2022"), None).headline == (
        "La banda torna in piazza"
    )
    assert read_draft(read_lines("La banda torna in piazza"), None).headline == ""


@pytest.mark.parametrize(("lines", "found"), [(("Uno", "Due", "Tre"), True), (("Uno", "Due", "Tre", "Quattro"), False)])
def test_a_byline_stands_within_four_lines_of_the_date(lines: tuple[str, ...], found: bool) -> None:
    dump = ["La banda torna in piazza", "09:05 01.03.2022", *lines, "di Ada Neri", "Un lede intero.", ONE, TWO]
    assert (read_draft(read_lines("\n".join(dump)), None).authors == ["Ada Neri"]) is found


def test_the_address_above_the_date_line_is_the_page_s() -> None:
    dump = f"{URL}\nLa banda torna in piazza\n09:05 01.03.2022\nUn lede intero.\n{ONE}\n{TWO}\n"
    assert read_draft(read_lines(dump), None).url == URL
    assert read_draft(read_lines(dump.replace(f"{URL}\n", "") + URL), None).url is None
