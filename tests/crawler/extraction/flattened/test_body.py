"""What stands between the first paragraph and the tags comes out whole and once; boxes of other posts stay out."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.flattened.body import (
    Surroundings,
    body_lines,
    cells_as_items,
    is_filtered,
    is_uncertain,
    may_be_title,
)
from crawler.extraction.flattened.lines import Line, read_lines
from storage.article import Article, Block, BlockType

FIRST = "Tutto comincia in una mattina di marzo, sotto i portici di Rocca, quando la banda ritrova i suoi tamburi."
LAST = "La prossima riunione del consiglio si terrà dopo le feste d'inverno, nella vecchia filanda."
PARAGRAPHS = (
    "Ultime notizie dal porto: la regata delle barche di carta si ferma per il vento, dice il comitato.",
    "Per approfondire il tema, il comitato ha invitato tre maestri di musica e un falegname.",
    "Le opinioni espresse dai soci durante la serata sono state raccolte in un quaderno.",
    "Leggi anche di notte, dice un cartello nella biblioteca, e la luce resta accesa fino alle due.",
    "Commenti e applausi hanno accompagnato la prova generale, che è durata due ore.",
    "Chi paga? Lo chiede la minoranza, che vuole vedere i conti prima dell'estate.",
    "Berta Fintini è la giornalista che ha seguito la banda per il giornale del paese.",
    'Il maestro non ha dubbi: "Si ricomincia da qui, con quello che abbiamo. Il resto verrà"',
)
HEADS = (
    "Il calendario",
    "Per approfondire il ruolo della banda",
    "Che cosa cambia per chi abita lungo la strada della filanda?",
    "La posizione del comitato sui lavori alla filanda e le accuse rivolte al sindaco di Rocca",
    "“Cantare allunga la vita”",
    "2026, un anno di lavori e di attese nella piazza vecchia",
    "Rocca, il maestro: “Torniamo a suonare per strada”",
    "Sport",
)
LISTED = (
    "Lagosecco, ritrovata la campana perduta: era in cantina",
    "Il forno del paese riapre a Pasqua, ma senza il pane nero",
    "Porto, la regata: “Undici barche e un solo ombrello”",
    "Chi ha nascosto il gatto di Lagosecco?",
)
#: Boxes inside a body: how a page announces or dates other posts; `{}` is a title.
BOXES = (
    ["Leggi anche", "{}"],
    ["Leggi anche: {}"],
    ["LEGGI ANCHE > {}"],
    ["Related Posts", "  • {}"],
    ["Leggi anche", "{}", "{}", "28 Gennaio 2026"],
    ["{}", "28 Gennaio 2026"],
    ["Cronaca", "{}", "28 Gennaio 2026"],
    ["{}", "3 ore fa"],
    ["{}"],
)


@dataclass(frozen=True)
class Body:
    """`own`: the lines that are the article's, in order; `shown`: those and the boxes between them."""

    own: list[str]
    shown: list[str]


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """Paragraphs, each perhaps under a subhead and before a box of other posts, a list or a table's cells."""
    own, shown = [FIRST], [FIRST]
    paragraphs = draw(st.lists(st.sampled_from(PARAGRAPHS), unique=True, max_size=6))
    heads = draw(st.permutations(HEADS))
    titles = draw(st.permutations(LISTED))
    for number, paragraph in enumerate(paragraphs):
        box = draw(st.sampled_from([None, *BOXES])) if number < len(titles) else None
        if box:
            shown += [line.format(titles[number]) for line in box]
            own.append(f"Dopo la pausa numero {number} la prova riprende con il secondo movimento.")
            shown.append(own[-1])
        added = [heads[number]] if draw(st.booleans()) else []
        added.append(paragraph)
        if draw(st.booleans()):
            added += [f"  • la voce {number} dell'elenco", f"  • un'altra voce, la {number}"]
        if draw(st.booleans()):
            added += [f"Tappa {number}", f"{number}1 giugno", f"{number}4"]
        own += added
        shown += added
    return Body([*own, LAST], [*shown, LAST])


def jnews(body: Body, tags: str = "Tags: MusicaRocca", newline: str = "\n") -> str:
    """A page of the theme, with its menu above and its lists behind."""
    menu = ["  • Cronaca", "  • Sport", "No Result", "View All Result", "Home Cronaca"]
    header = ["La banda torna in piazza", "Due anni di silenzio e poi la musica", "by Ada Finta", "1 Febbraio 2026"]
    caption = ["La piazza al mattino", "La piazza al mattino | AGENZIA - alanews"]
    related = [line for title in LISTED for line in ("Una figura qualunque", "Cronaca", title, "29 Gennaio 2026")]
    recent = ["Articoli recenti", *(f"  • {title}" for title in LISTED), "© 2026 Alanews – Smart Media Solutions"]
    lines = [*menu, *header, *caption, *body.shown, tags, "Related Posts", *related, *recent]
    return newline.join(line for line in lines if line)


def sputnik(body: Body, newline: str = "\n") -> str:
    """A visible article without microdata, with its list of news behind."""
    lede = "Dopo due anni di silenzio la banda di Rocca riprende le prove."
    header = ["Sputnik Italia", "Mondo", "Cronaca", "La banda torna in piazza", "10:15 08.01.2022", "Seguici su", lede]
    news = ["Ultime notizie", *LISTED, "© 2022 Sputnik. Tutti i diritti riservati. 18+"]
    return newline.join([*header, *body.shown, "musica", "rocca", "Condividi", *news])


def microdata_and_visible(body: Body, newline: str = "\n") -> str:
    """The hidden block, whose articleBody has paragraphs and subheads without separators, and the visible article."""
    glued = "".join(line for line in body.own if line in (FIRST, LAST, *PARAGRAPHS, *HEADS) or line.startswith("Dopo"))
    block = [
        *("Mondo", "Cronaca"),
        "https://it.sputniknews.com/20220108/la-banda-torna-in-piazza-14000001.html",
        *("La banda torna in piazza", "Due anni di silenzio. 08.01.2022, Sputnik Italia"),
        *(["2022-01-08T10:15+0100"] * 3),
        *("musica", "rocca", "/html/head/meta[@name='og:title']/@content", glued),
        *("Sputnik Italia", "feedback@sputniknews.example", "it_IT", "musica, rocca"),
    ]
    return newline.join([*block, *sputnik(body).splitlines()[3:]])


def _lines(article: Article) -> list[str]:
    return [line for block in article.blocks if block.type is not BlockType.CAPTION for line in block.text.splitlines()]


def _own(body: Body) -> list[str]:
    return [line.removeprefix("  • ") for line in body.own]


@given(bodies(), st.sampled_from(["\n", "\n\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_no_line_of_a_jnews_body_is_lost_and_none_added(body: Body, newline: str) -> None:
    article = extract_flattened(jnews(body, newline=newline))
    assert _lines(article) == _own(body)
    assert article.keywords == ("Musica", "Rocca")


@given(bodies(), st.sampled_from([sputnik, microdata_and_visible]))
@settings(max_examples=200, deadline=None)
def test_no_line_of_a_sputnik_body_is_lost_and_none_added(body: Body, page) -> None:
    article = extract_flattened(page(body))
    assert _lines(article) == _own(body)
    assert article.keywords == ("musica", "rocca")


@given(bodies(), st.sampled_from([jnews, sputnik, microdata_and_visible]))
@settings(max_examples=60, deadline=None)
def test_no_line_is_read_twice_where_the_dump_holds_the_page_twice(body: Body, page) -> None:
    lines = _lines(extract_flattened(f"{page(body)}\n{page(body)}"))
    assert len(lines) == len(set(lines))
    assert set(_own(body)) <= set(lines)


def test_subheads_keep_their_kind() -> None:
    own = [FIRST, HEADS[3], PARAGRAPHS[0], HEADS[6], PARAGRAPHS[1], LAST]
    article = extract_flattened(jnews(Body(own, own)))
    assert [block.text for block in article.blocks if block.type is BlockType.HEADING] == [HEADS[3], HEADS[6]]
    assert "lines-uncertain" not in article.warnings


@pytest.mark.parametrize("page", [jnews, sputnik])
def test_what_could_be_another_s_title_is_kept_with_a_warning(page) -> None:
    for own in ([FIRST, HEADS[3], HEADS[6], LAST], [FIRST, LAST, HEADS[3]], [FIRST, "Rocca", "Porto", "Bari", LAST]):
        article = extract_flattened(page(Body(own, own)))
        assert _lines(article) == own
        assert "lines-uncertain" in article.warnings


def test_days_of_a_chronology_are_subheads() -> None:
    own = [FIRST, "1 Marzo 2022", PARAGRAPHS[0], "8 Marzo 2022", LAST]
    assert _lines(extract_flattened(jnews(Body(own, own)))) == own


def test_text_behind_a_box_without_tags_is_reported() -> None:
    shown = [FIRST, "Related Posts", LISTED[0], PARAGRAPHS[0], LAST]
    article = extract_flattened(re.sub("Tags:.*\n", "", jnews(Body(shown, shown))))
    assert "lines-left-out" in article.warnings


def test_titles_are_recognised_by_lists_dates_and_slugs() -> None:
    title = Line(LISTED[1])
    assert may_be_title(title) and not may_be_title(Line(LISTED[1], True)) and not may_be_title(Line("Sport"))
    slug = Line(
        "https://it.sputniknews.com/20220110/il-forno-del-paese-riapre-a-pasqua-ma-senza-il-pane-nero-14550001.html"
    )
    text = Line(FIRST)
    body = [text, title, text]
    for around in (Surroundings.of([*body, title], 0, 3), Surroundings.of([slug, *body], 1, 4)):
        assert body_lines(body, around, lambda line: False) == [text, text]
    nothing = Surroundings.of([*body, *body], 0, 3)
    assert body_lines(body, nothing, lambda line: False) == body
    assert body_lines([text, title, Line("8 marzo, 10:30"), text], nothing, lambda line: False) == [text, text]


def test_cells_are_items() -> None:
    text, cells = Line(FIRST), read_lines("Roma\nMilano\n12,5")
    assert cells_as_items([text, *cells, text]) == ([text, *(Line(cell.text, True) for cell in cells), text], True)
    assert cells_as_items([text, *cells[:2], text]) == ([text, *cells[:2], text], False)


def kept(*lines: str, behind: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> list[str]:
    """The lines that are left of an article's; `own`: those that are known to be of it, where that is known."""
    shown = read_lines("\n".join((*lines, *behind)))
    around = Surroundings.of(shown, 0, len(lines))
    is_own = own.__contains__ if own else None
    return [line.text for line in body_lines(shown[: len(lines)], around, lambda text: text == "Pubblicità", is_own)]


TITLE, OTHER = LISTED[0], LISTED[1]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        # a title on the line of the announcement is all of the box, a word there is not
        ((FIRST, "Leggi anche: Cronaca", TITLE, LAST), (FIRST, LAST)),
        ((FIRST, "Leggi anche: Cronache", TITLE, LAST), (FIRST, TITLE, LAST)),
        ((FIRST, f"Leggi anche: {TITLE}", OTHER, LAST), (FIRST, OTHER, LAST)),
        ((FIRST, f"Leggi anche: {TITLE}", "8 Marzo 2022", LAST), (FIRST, "8 Marzo 2022", LAST)),
        # the title above is the box's where it says from where, and else the article's
        ((FIRST, TITLE, "Leggi anche", OTHER, LAST), (FIRST, TITLE, LAST)),
        (("Leggi anche su Il Faro", LAST), (LAST,)),
        # the first and the last lines
        ((TITLE, "28 Gennaio 2026", LAST), (LAST,)),
        ((FIRST, "Leggi anche", TITLE), (FIRST,)),
        # behind text the box is over
        ((FIRST, "Leggi anche", "- la voce", LAST, TITLE), (FIRST, LAST, TITLE)),
        ((FIRST, "Leggi anche", LAST, "- la voce"), (FIRST, LAST, "la voce")),
    ],
)
def test_where_a_box_begins_and_ends(lines: tuple[str, ...], left: tuple[str, ...]) -> None:
    assert kept(*lines) == list(left)


def test_the_category_above_another_post_s_title() -> None:
    box = ("Il faro", TITLE, "28 Gennaio 2026")
    assert kept(FIRST, *box, LAST) == [FIRST, "Il faro", LAST]
    # of a menu
    assert kept(FIRST, *box, LAST, behind=("IL FARO",)) == [FIRST, LAST]
    # where the lines of the article are known: no such line, and none of several
    assert kept(FIRST, *box, LAST, own=(FIRST, LAST)) == [FIRST, LAST]
    assert kept(FIRST, *box, LAST, own=(FIRST, "Il faro", LAST)) == [FIRST, "Il faro", LAST]
    assert kept("Il molo", FIRST, *box, LAST, own=(FIRST, LAST)) == ["Il molo", FIRST, LAST]
    assert kept("Il molo", *box, LAST, own=(FIRST, LAST)) == ["Il molo", "Il faro", LAST]


def test_a_line_that_is_known_to_be_the_article_s_is_no_title_of_another() -> None:
    assert kept(FIRST, TITLE, "28 Gennaio 2026", LAST, own=(FIRST, TITLE, LAST)) == [
        *(FIRST, TITLE, "28 Gennaio 2026", LAST)
    ]
    assert kept(FIRST, TITLE, LAST, behind=(TITLE,), own=(FIRST, TITLE, LAST)) == [FIRST, TITLE, LAST]


def test_titles_and_entries_are_those_around_the_article() -> None:
    def address(slug: str) -> str:
        return f"https://faro.example/porto/{slug}/"

    above = [
        "Cronaca",
        "12.5",
        address("il-forno-del-paese-14550001"),
        address("chi-siamo-noi"),
        "Il menu di Rocca oggi",
    ]
    own = [FIRST, "Il calendario", address("la-regata-delle-barche"), LAST]
    behind = ["Il calendario", "Che Sport", "Chi ha nascosto l'àncora?", "Una frase di quattro parole.", FIRST, TITLE]
    lines = [Line(text) for text in (*above, *own, *behind)]
    around = Surroundings.of(lines, len(above), len(above) + len(own))
    assert around.titles == {"ilfornodelpaese", "chihanascostolancora"}
    assert around.entries >= {"cronaca", "il calendario", "che sport"}
    assert around.entries.isdisjoint({"12.5", "il menu di rocca oggi", TITLE.casefold(), FIRST.casefold()})


@pytest.mark.parametrize(
    ("line", "is_cell"),
    [
        *((Line("Rocca"), True), (Line("Tre parole qui"), True), (Line("Le quattro parole qui"), False)),
        *((Line("R" * 39), True), (Line("R" * 40), False), (Line("Rocca", True), False), (Line("Rocca."), False)),
        *((Line("“Rocca”"), False), (Line("© Rocca"), False), (Line("|a|b|"), False)),
    ],
)
def test_the_shape_of_a_table_s_cell(line: Line, is_cell: bool) -> None:
    assert cells_as_items([Line("Tappa"), line, Line("Porto")])[1] is is_cell


def test_a_dump_was_filtered_where_no_line_is_short() -> None:
    assert is_filtered([Line("R" * 32), Line(FIRST)])
    assert not is_filtered([Line("R" * 31), Line(FIRST)])


@pytest.mark.parametrize(
    ("kinds", "uncertain"), [("hh", True), ("hph", False), ("pp", False), ("ph", False), ("phhp", True), ("", False)]
)
def test_two_subheads_in_a_row_are_uncertain(kinds: str, uncertain: bool) -> None:
    types = {"h": BlockType.HEADING, "p": BlockType.PARAGRAPH}
    assert is_uncertain([Block(type=types[kind], text=kind) for kind in kinds]) is uncertain


@pytest.mark.parametrize(
    "box",
    [
        ("Leggi anche", TITLE),
        ("Leggi anche", TITLE, TITLE),
        (f"Leggi anche: {TITLE}",),
        (TITLE, "28 Gennaio 2026"),
        (TITLE, "3 ore fa"),
        ("Pubblicità",),
        ("12.5",),
        ("3 ore fa",),
        (TITLE, "Leggi anche su Il Faro"),
        ("Leggi anche su Il Faro",),
        ("Leggi anche", "Pubblicità", TITLE),
        ("Leggi anche", "3 ore fa", TITLE),
        ("Leggi anche", f"- {TITLE}", f"- {OTHER}", "Rocca, una torta per tutti"),
        (TITLE, "28 Gennaio 2026", "29 Gennaio 2026"),
        # the picture's words, the beginning of the title, stand above it
        ("Lagosecco, ritrovata la campana", TITLE, "28 Gennaio 2026"),
    ],
)
def test_a_box_of_another_post_is_none_of_the_body(box: tuple[str, ...]) -> None:
    assert kept(FIRST, *box, LAST) == [FIRST, LAST]


def test_a_title_that_is_listed_behind_the_article_is_another_s() -> None:
    assert kept(FIRST, TITLE, LAST, behind=(TITLE,)) == [FIRST, LAST]
    assert kept(FIRST, "Cronaca", TITLE, LAST, behind=("Cronaca", TITLE)) == [FIRST, LAST]
    # a line above it that is neither its beginning nor listed stays
    assert kept(FIRST, OTHER, TITLE, LAST, behind=(TITLE,)) == [FIRST, OTHER, LAST]
    assert kept(FIRST, OTHER, TITLE, LAST, behind=(TITLE, OTHER)) == [FIRST, LAST]


def test_what_only_looks_like_a_box_is_kept() -> None:
    for sentence in (
        "Leggi anche di notte, dice un cartello nella biblioteca, e la luce resta accesa.",
        "Leggi anche: così comincia il cartello della biblioteca, dove la luce resta accesa fino alle due.",
    ):
        assert kept(FIRST, sentence, LAST) == [FIRST, sentence, LAST]
    assert kept(FIRST, TITLE, LAST) == [FIRST, TITLE, LAST]
    assert kept(FIRST, "Leggi anche", TITLE, "Il calendario della banda di Rocca", LAST) == [
        *(FIRST, "Il calendario della banda di Rocca", LAST)
    ]
    assert kept(FIRST, "Tappa uno", "31 giugno", "12", LAST) == [FIRST, "Tappa uno", "31 giugno", "12", LAST]
    # a day is another post's below a title alone
    assert kept("1 Marzo 2022", FIRST, "8 Marzo 2022", LAST) == ["1 Marzo 2022", FIRST, "8 Marzo 2022", LAST]
    # after the one title of a box the text goes on
    assert kept(FIRST, "Leggi anche", TITLE, "Il calendario", LAST) == [FIRST, "Il calendario", LAST]


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        (TITLE, True),
        ("Chi ha nascosto il gatto?", True),
        ("Il gatto del paese è tornato.", False),
        ("Il gatto torna", False),
        ("il gatto del paese torna", False),
        ("Il gatto del paese torna:", False),
        (f"Il gatto del paese {'x' * 141}", True),
        (f"Il gatto del paese {'x' * 142}", False),
        ("Il gatto torna; ancora;", False),
        ("Chi ha nascosto il “gatto?”", True),
        ("Il gatto del paese è “tornato.”", False),
        # a short one may be of two sentences
        (f"Il gatto torna. La festa {'x' * 54}", True),
        (f"Il gatto torna; la festa {'x' * 55}", True),
        (f"Il gatto torna. La festa {'x' * 55}", False),
    ],
)
def test_titles(text: str, may_be: bool) -> None:
    assert may_be_title(Line(text)) is may_be
    assert not may_be_title(Line(text, True))


def test_numbers_are_kept_in_a_table_of_three_cells_alone() -> None:
    assert kept(FIRST, "Tappa uno", "12", "31 giugno", LAST) == [FIRST, "Tappa uno", "12", "31 giugno", LAST]
    assert kept(FIRST, "Tappa uno", "12", LAST) == [FIRST, "Tappa uno", LAST]
    assert kept(FIRST, "12", "Tappa uno", LAST) == [FIRST, "Tappa uno", LAST]
    assert kept("12", "Tappa uno", "31 giugno", FIRST) == ["12", "Tappa uno", "31 giugno", FIRST]
    assert kept("12", "Tappa uno", FIRST, "Rocca") == ["Tappa uno", FIRST, "Rocca"]
    assert kept(FIRST, "Tappa uno", "31 giugno", "12") == [FIRST, "Tappa uno", "31 giugno", "12"]
    assert kept(FIRST, "Tappa uno", "12:30", "31 giugno") == [FIRST, "Tappa uno", "12:30", "31 giugno"]


def test_three_short_lines_in_a_row_are_items() -> None:
    cells = [Line("Tappa uno"), Line("31 giugno"), Line("Rocca")]
    assert cells_as_items([Line(FIRST), *cells]) == ([Line(FIRST), *(Line(cell.text, True) for cell in cells)], True)
    assert cells_as_items([Line(FIRST), *cells[:2], Line(LAST), cells[2]])[1] is False
