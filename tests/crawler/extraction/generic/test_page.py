"""Pages of no known template: the body alone, what is no article refused by name, doubts and language said."""

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.fields.language import contradicts, detected
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.article import Article, Block, BlockType

TEXT = [
    "Il mercato coperto di Borgo Lieto ha riaperto ieri dopo due anni, con quaranta banchi e una piccola scuola.",
    "La sindaca ha tagliato il nastro davanti a cento persone, tra cui i figli dei primi ambulanti della piazza.",
    "I lavori sono costati tre milioni di euro, metà dalla regione e metà da una raccolta tra i cittadini.",
    "Il prossimo passo sarà la copertura del lato nord, che secondo i tecnici richiederà altri sei mesi di cantiere.",
]
HEADLINE = "Riapre il mercato coperto di Borgo Lieto"


def _article(main: str, *, lang: str = "it", head: str = "", title: str = HEADLINE) -> Article:
    html = f"<html lang='{lang}'><head><title>{title}</title>{head}</head><body>{main}</body></html>"
    return extract(Page(url="https://giornale.example.org/2023/05/04/mercato.html", html=html))


def _texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)
FURNITURE = {
    "menu": "<nav><ul><li><a href='/a'>Politica</a></li><li><a href='/b'>Sport</a></li></ul></nav>",
    "comments": "<div class='comments'>"
    + "<p>Che bella notizia, finalmente si torna a fare la spesa qui.</p>" * 30
    + "</div>",
    "teasers": "<ul>" + "<li><a href='/c'>Un altro titolo che porta a un altro articolo</a></li>" * 5 + "</ul>",
    "cookies": "<div class='cookie-modal'><p>Usiamo i cookie per ricordare le scelte di chi legge.</p></div>",
    "footer": "<footer><p>Giornale di prova, nessun tribunale, tutti i diritti riservati.</p></footer>",
}


@pytest.mark.parametrize("name", FURNITURE)
@pytest.mark.parametrize("before", [True, False])
def test_furniture_around_the_text_stays_out(name: str, before: bool) -> None:
    text = f"<main><h1>{HEADLINE}</h1><div class='testo'>{PARAGRAPHS}</div></main>"
    article = _article(FURNITURE[name] + text if before else text + FURNITURE[name])
    assert _texts(article) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "<p>Leggi anche: <a href='/x'>La piazza che non c'è più</a></p>",
        "<p>Pubblicità</p>",
        "<p><a href='/x'>LA PIAZZA CHE NON C'È PIÙ</a></p>",
        "<div class='share-buttons'>Condividi su tutte le reti sociali che conosci</div>",
        "<aside><p>Iscriviti alla nostra lettera settimanale per sapere tutto del mercato.</p></aside>",
    ],
)
def test_asides_within_the_text_go(line: str) -> None:
    paragraphs = PARAGRAPHS.replace("</p>", f"</p>{line}", 2)
    assert _texts(_article(f"<article><h1>{HEADLINE}</h1>{paragraphs}</article>")) == TEXT


def test_text_in_divs_and_line_breaks_is_read() -> None:
    article = _article(f"<h1>{HEADLINE}</h1><div id='c'>{'<br><br>'.join(TEXT)}</div>")
    assert _texts(article) == TEXT


def test_a_text_cut_into_containers_is_one() -> None:
    pieces = "".join(
        f"<div class='row'><div class='piece'><p>{text}</p><p>{text[::-1]}.</p></div></div>" for text in TEXT
    )
    article = _article(f"<h1>{HEADLINE}</h1><div>{pieces}</div>")
    assert len(article.blocks) == 2 * len(TEXT)


def test_tail_and_credits_are_cut() -> None:
    tail = "<h3>Articoli correlati</h3><p>La piazza che non c'è più</p><p>© Giornale di prova</p>"
    assert _texts(_article(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}{tail}</article>")) == TEXT


def test_the_visible_headline_wins_over_its_declared_spelling() -> None:
    head = "<meta property='og:title' content='Riapre il mercato coperto di Borgo Lieto &amp;#8211; il giornale'>"
    article = _article(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>", head=head)
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Pagina non trovata", "error-page"),
        ("Ops! Qualcosa non va", "error-page"),
        ("L'articolo non è più disponibile", "error-page"),
        ("Sito in manutenzione", "error-page"),
        ("Accesso negato", "access-denied"),
        ("Just a moment...", "access-denied"),
        ("Prima di continuare", "consent-wall"),
        ("Teniamo alla tua privacy", "consent-wall"),
    ],
)
def test_pages_in_place_of_an_article_are_refused_by_name(title: str, reason: str) -> None:
    with pytest.raises(PageRefused) as refused:
        _article(f"<h1>{title}</h1><p>{TEXT[0]}</p>", title=title)
    assert refused.value.reason.value == reason


def test_a_list_of_teasers_is_no_article() -> None:
    cards = "".join(
        f"<div><h3><a href='/{n}'>Il titolo numero {n} di oggi</a></h3><p>{TEXT[n % 4]}</p></div>" for n in range(9)
    )
    with pytest.raises(PageRefused) as refused:
        _article(
            f"<h1>Cronaca</h1><div>{cards}</div>", title="Cronaca", head="<meta property='og:type' content='website'>"
        )
    assert refused.value.reason.value == "index-page"


def test_the_beginning_of_a_closed_article_says_so() -> None:
    says = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    article = _article(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>", head=says)
    assert "paywalled" in article.warnings


def test_a_short_unmarked_text_is_doubted() -> None:
    article = _article(f"<h1>{HEADLINE}</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>")
    assert any(warning.startswith("low-confidence: 0.") for warning in article.warnings)


def test_the_text_overrules_a_template_that_says_english() -> None:
    assert _article(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>", lang="en").language == "it"


def test_languages_are_told_by_small_words_and_scripts() -> None:
    assert detected(" ".join(TEXT)) == "it"
    assert detected("Это было на рынке, и он уже не тот, что был, но все о нём так и говорят. " * 8) == "ru"
    assert detected("시장은 어제 다시 문을 열었다. " * 8) == "ko"
    assert detected("the market is open and it has been a long time for all of the people that are here " * 3) == "en"
    assert detected("xyz " * 50) is None
    assert contradicts(" ".join(TEXT), "it") is None
    assert contradicts("xyz " * 50, "en") is None


def test_two_readers_far_apart_are_named() -> None:
    page = Page(url="https://giornale.example.org/2023/05/04/x.html", html=f"<h1>{HEADLINE}</h1>{PARAGRAPHS}")
    reader = GenericPage(page)
    assert not reader.disagreement
    vars(reader).pop("shape", None)
    vars(reader)["_separated"] = ["Un altro testo, che non sta in questa pagina e che nessuno ha scelto di leggere."]
    assert reader.disagreement == ("readers-disagree: 0.0",)


def test_a_heading_above_chosen_text_stays() -> None:
    paragraphs = PARAGRAPHS.replace("</p>", "</p><h2>I lavori</h2>", 1)
    article = _article(f"<article><h1>{HEADLINE}</h1>{paragraphs}</article>")
    assert _texts(article) == [TEXT[0], "I lavori", *TEXT[1:]]


def test_a_text_hidden_until_a_script_runs_is_read() -> None:
    assert _texts(_article(f"<h1>{HEADLINE}</h1><div style='display:none'>{PARAGRAPHS * 2}</div>")) == TEXT


def test_a_site_name_as_headline_makes_a_list() -> None:
    with pytest.raises(PageRefused) as refused:
        extract(Page(url="https://raccolta.example.org/tag/uno/", html=f"<h1><a href='/'>Frasi</a></h1>{PARAGRAPHS}"))
    assert refused.value.reason.value == "index-page"


def test_items_that_are_not_chosen_are_left_out_of_a_list_with_a_chosen_one() -> None:
    menu = "".join(f"<li><a href='/{n}'>Rubrica numero {n} del giornale</a></li>" for n in range(20))
    main = f"<nav><ul>{menu}</ul></nav><article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>"
    assert _texts(_article(main)) == TEXT
    page = f"<ul>{menu}<li><article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article></li></ul>"
    assert "Rubrica numero 3" not in _article(page).body


def test_a_text_of_which_the_evidence_leaves_much_is_trafilaturas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.page.is_chosen", lambda evidence, taken: False)
    comments = FURNITURE["comments"]
    assert _texts(_article(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}</article>{comments}")) == TEXT


def test_what_the_evidence_chose_stays_beside_trafilaturas_text(monkeypatch: pytest.MonkeyPatch) -> None:
    lede = "Quaranta banchi aprono nel mercato."
    monkeypatch.setattr("crawler.extraction.generic.page.is_chosen", lambda evidence, taken: taken < 0.5)
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: TEXT)
    page = _generic(f"<h1>{HEADLINE}</h1><article><h2>{lede}</h2>{PARAGRAPHS}</article>")
    assert [block.text for block in page.content.blocks] == [lede, *TEXT]


def test_a_text_without_marks_is_kept_and_doubted() -> None:
    page = f"<h1><a href='/'>{HEADLINE}</a></h1>{PARAGRAPHS}"
    article = extract(Page(url="https://giornale.example.org/mercato.html", html=page))
    assert article.body and any(warning.startswith("low-confidence") for warning in article.warnings)


def test_the_name_of_the_host_behind_a_title_is_no_headline() -> None:
    page = f"<title>{HEADLINE} - Il Giornale di Prova</title><body>{PARAGRAPHS}"
    assert extract(Page(url="https://www.giornalediprova.example/a.html", html=page)).headline == HEADLINE
    assert "Prova" in extract(Page(url="https://www.altro-foglio.example/a.html", html=page)).headline


def test_the_text_of_a_page_deeper_than_trafilatura_reads_is_found_by_our_own_evidence() -> None:
    deep = "<div>" * 160
    article = _article(
        f"<h1>{HEADLINE}</h1>{FURNITURE['menu']}{deep}<div class='testo'>{PARAGRAPHS}</div>{'</div>' * 160}"
    )
    assert _texts(article) == TEXT


def test_a_gallery_of_a_page_that_is_known_to_be_an_article() -> None:
    frame = "<figure><img src='/{0}.jpg'><figcaption>{0}</figcaption></figure>"
    html = f"<html lang='it'><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>"
    html += (
        f"<div>{frame.format('Il molo')}</div><div>{frame.format('La torre')}</div>{FURNITURE['menu']}</body></html>"
    )
    page = GenericPage(Page(url="https://giornale.example.org/a", html=html), sure=True)
    assert [image.caption for image in page.content.images] == ["Il molo", "La torre"]
    assert "Politica" not in " ".join(block.text for block in page.content.blocks)


def test_a_day_that_htmldate_cannot_look_for_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise RecursionError

    monkeypatch.setattr("crawler.extraction.generic.fields.find_date", fail)
    html = f"<html lang='it'><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>{PARAGRAPHS}</body></html>"
    article = extract(Page(url="https://giornale.example.org/a", html=html))
    assert (article.published_date, _texts(article)) == (None, TEXT)
    assert "date-unknown" in article.warnings


@pytest.mark.parametrize(
    ("title", "shown", "headline"),
    [
        # a masthead as the declared headline gives way to the title, in the words of a heading where one is like it
        (f"{HEADLINE}", "<h1>Giornale</h1>", HEADLINE),
        (f"{HEADLINE}", f"<h1>Giornale</h1><h1>{HEADLINE}, dopo due anni</h1>", f"{HEADLINE}, dopo due anni"),
        # a headline of three words or fewer is believed where the title says no more
        ("Riapre il mercato", "<h1>Riapre il mercato</h1>", "Riapre il mercato"),
        # one of four words or more is believed, whatever the title
        ("Il Giornale di Borgo Lieto e dintorni", "<h1>Riapre oggi il mercato</h1>", "Riapre oggi il mercato"),
    ],
)
def test_a_masthead_is_no_headline(title: str, shown: str, headline: str) -> None:
    assert _article(f"{shown}{PARAGRAPHS}", title=title).headline == headline


HIDDEN_TEXT = [
    f"Frase numero {n}: il mercato coperto ha riaperto dopo due anni, con quaranta banchi e una scuola."
    for n in range(8)
]


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_a_text_that_only_trafilatura_sees_is_its_own_reading(tag: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in HIDDEN_TEXT)
    page = Page(
        url="https://faro.example/porto/mercato",
        html=f"<html><head><title>Il mercato riapre</title></head><body><h1>Il mercato riapre</h1>"
        f"<div><{tag}><div>{text}</div></{tag}></div><p>Le notizie del porto e della costa.</p></body></html>",
    )
    found = GenericPage(page)
    assert [block.text for block in found.content.blocks][:8] == HIDDEN_TEXT
    assert found.disagreement == ()


def _generic(body: str, **known: bool) -> GenericPage:
    html = f"<html lang='it'><head><title>{HEADLINE}</title></head><body>{body}</body></html>"
    return GenericPage(Page(url="https://giornale.example.org/2023/05/04/x.html", html=html), **known)


@pytest.mark.parametrize(("depth", "is_asked"), [(100, True), (200, False)])
def test_trafilatura_is_not_asked_about_pages_nested_deep(
    depth: int, is_asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "crawler.extraction.generic.page.separated_text", lambda tree, url, **more: asked.append(url) or TEXT
    )
    page = _generic(f"<h1>{HEADLINE}</h1>{'<div>' * depth}{PARAGRAPHS}")
    assert [block.text for block in page.content.blocks] == TEXT
    assert bool(asked) is is_asked


@pytest.mark.parametrize(
    ("lines", "agrees"),
    [
        ([" ".join([HEADLINE, *TEXT])], False),  # the page in one piece, headline and all
        ([" ".join([HEADLINE, *TEXT]), TEXT[0]], True),
        ([" ".join(TEXT)], True),
        ([f"{' '.join(TEXT)} {HEADLINE}"], True),  # the headline at the end is no headline
    ],
)
def test_a_page_in_one_piece_is_no_separation(lines: list[str], agrees: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: lines)
    page = _generic(f"<h1>{HEADLINE}</h1>{PARAGRAPHS}")
    assert [block.text for block in page.content.blocks] == TEXT
    assert (page.shape.agreement > 0.5) is agrees


def test_the_shape_of_a_text() -> None:
    teasers = "<h3><a href='/a'>La scuola di cucina apre</a></h3><h3>Le ricette della scuola</h3>"
    shape = _generic(f"<article><p>{TEXT[0]}</p>{teasers}<p>Breve.</p><p>{TEXT[1]}</p><p>{TEXT[2]}</p></article>").shape
    letters = [sum(map(str.isalnum, line)) for line in (*TEXT[:3], "Le ricette della scuola", "Breve")]
    linked = sum(map(str.isalnum, "La scuola di cucina apre"))
    assert (shape.paragraphs, shape.teasers) == (3, 1)
    assert shape.links == pytest.approx(linked / (sum(letters) + linked))
    plain = _generic(f"<article>{PARAGRAPHS}</article>").shape
    assert (plain.paragraphs, plain.teasers, plain.links, plain.agreement) == (4, 0, 0.0, 1.0)


def test_a_short_linked_heading_is_no_teaser() -> None:
    short = "<h3><a href='/a'>La scuola</a></h3>"
    assert _generic(f"<article><p>{TEXT[0]}</p>{short}<p>{TEXT[1]}</p></article>").shape.teasers == 0


def test_without_trafilatura_running_text_outside_boilerplate_is_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: [])
    linked = "".join(f"<p><a href='/{n}'>{line}</a></p>" for n, line in enumerate(TEXT))
    comments = f"<div class='comments'><p>{TEXT[3]} Lo dico io.</p></div>"
    page = _generic(f"<h1>{HEADLINE}</h1><article>{PARAGRAPHS}</article><div>{linked}</div>{comments}")
    assert [block.text for block in page.content.blocks] == TEXT


@pytest.mark.parametrize("text", ["Breve.", TEXT[0][:38]])
def test_a_known_article_of_few_words_is_read_with_all_that_the_page_shows(text: str) -> None:
    figure = "<aside><figure><img src='/i.jpg'><figcaption>Il molo</figcaption></figure></aside>"
    page = _generic(f"{figure}<h1>{HEADLINE}</h1><p>{text}</p>", sure=True)
    assert "Il molo" in [block.text for block in page.content.blocks]


def test_a_few_words_that_only_trafilatura_sees_are_not_its_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: HIDDEN_TEXT[:5])
    page = _generic(f"<h1>{HEADLINE}</h1>{PARAGRAPHS}")
    assert [block.text for block in page.content.blocks] == TEXT
    assert [warning[:22] for warning in page.disagreement] == ["readers-disagree: 0.06"]


def test_pictures_far_from_the_few_words_of_a_known_article_are_read() -> None:
    frame = "<div><figure><img src='/{0}.jpg'><figcaption>{0}</figcaption></figure></div>"
    text = f"<div><h1>{HEADLINE}</h1><div><p>Le foto.</p></div></div>"
    outside = f"<nav>{frame.format('Il menu')}</nav><div hidden>{frame.format('Nulla')}</div>"
    page = _generic(f"{frame.format('Il molo')}{text}{frame.format('La torre')}{outside}", sure=True)
    assert [block.text for block in page.content.blocks] == ["Il molo", "Le foto.", "La torre"]
    assert [image.caption for image in page.content.images] == ["Il molo", "La torre"]


@pytest.mark.parametrize(
    ("between", "is_kept"),
    [
        ("<h2>I lavori</h2>", True),
        ("<h5>I lavori</h5>", True),
        ("<h2>Gli altri</h2>", False),  # trafilatura has left it
        ("<p>I lavori</p>", False),
        ("<h2><a href='/x'>I lavori</a></h2>", False),
        ("<h2>Leggi anche</h2>", False),
        ("<h2>I lavori</h2><p>Fine</p>", False),  # above no text
    ],
)
def test_a_heading_that_trafilatura_took_above_chosen_text_is_of_the_text(
    between: str, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = [*TEXT, "I lavori", "Leggi anche"]
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: taken)
    monkeypatch.setattr("crawler.extraction.generic.page.is_chosen", lambda evidence, taken: "sentence" in evidence)
    paragraphs = PARAGRAPHS.replace("</p>", f"</p>{between}", 1)
    page = _generic(f"<h2>I lavori</h2>{paragraphs}<h2>I lavori</h2>")
    headings = [block.text for block in page.chosen if block.text not in TEXT]
    assert headings == (["I lavori"] if is_kept else [])


@pytest.mark.parametrize(("depth", "is_asked"), [(149, True), (150, False)])
def test_trafilatura_is_asked_about_pages_of_150_levels(
    depth: int, is_asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "crawler.extraction.generic.page.separated_text", lambda tree, url, **more: asked.append(url) or TEXT
    )
    assert _generic(f"<h1>{HEADLINE}</h1>{'<div>' * depth}{PARAGRAPHS}").shape.agreement == is_asked
    assert bool(asked) is is_asked


@pytest.mark.parametrize(("letters", "teasers"), [(11, 0), (12, 1), (30, 1)])
def test_a_linked_heading_of_twelve_letters_is_a_teaser(letters: int, teasers: int) -> None:
    heading = f"<h3><a href='/a'>{'a' * letters}</a></h3>"
    assert _generic(f"<article><p>{TEXT[0]}</p>{heading}<p>{TEXT[1]}</p></article>").shape.teasers == teasers


@pytest.mark.parametrize(("letters", "is_witness"), [(300, False), (301, True)])
def test_a_declared_body_of_more_than_300_letters_is_a_witness_of_the_text(letters: int, is_witness: bool) -> None:
    declared = f"{TEXT[0]}\\n{TEXT[1]}".ljust(letters + 1, "x")
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{declared}"}}</script>'
    evidence = {block.text: found for block, found, _ in _generic(f"{head}<article>{PARAGRAPHS}</article>").evidence}
    assert ("in articleBody" in evidence[TEXT[0]]) is is_witness
    assert ("not in articleBody" in evidence[TEXT[3]]) is is_witness


@pytest.mark.parametrize(
    ("lines", "shown", "is_elsewhere"),
    [
        (["a" * 250, "b" * 250], "", True),
        (["a" * 250, "b" * 249], "", False),
        (["a" * 250, "b" * 250, "c" * 500], "a" * 250, True),
        (["a" * 250, "b" * 250, "c" * 500], "c" * 500, False),
        (["a" * 59] * 20, "", False),  # no line is a sentence
        (["a" * 60] * 20, "", True),
    ],
)
def test_a_text_of_500_letters_of_which_the_page_shows_a_third_is_elsewhere(
    lines: list[str], shown: str, is_elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = BodyContent(blocks=[Block(type=BlockType.PARAGRAPH, text="Altrove")])
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: lines)
    monkeypatch.setattr("crawler.extraction.generic.page.trafilatura_reading", lambda *args, **more: other)
    page = _generic(f"<h1>{HEADLINE}</h1><p>{TEXT[0]}</p><p>{shown}</p>")
    assert (page.content.blocks == other.blocks) is is_elsewhere


def test_the_shape_is_that_of_what_stands_between_the_ends_of_the_text() -> None:
    teaser = "<h3><a href='/a'>La scuola di cucina apre</a></h3>"
    outside = _generic(f"{teaser}<h1>{HEADLINE}</h1><article>{PARAGRAPHS}</article>{teaser}<p>Fine</p>").shape
    assert (outside.teasers, outside.links) == (0, 0.0)
    first, *others = PARAGRAPHS.split("</p>")
    inside = _generic(f"<article>{first}</p>{teaser}{'</p>'.join(others)}</article>").shape
    letters = sum(sum(map(str.isalnum, line)) for line in TEXT)
    linked = sum(map(str.isalnum, "La scuola di cucina apre"))
    assert (inside.teasers, inside.links) == (1, pytest.approx(linked / (letters + linked)))


def test_blocks_of_a_page_that_trafilatura_does_not_read_are_taken_by_their_length_links_and_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: [])
    lines = ["a" * 60, "b" * 59, "c" * 60, "d" * 60, "e" * 60, "f" * 60]
    body = f"<p>{lines[0]}</p><p>{lines[1]}</p><p><a href='/x'>{lines[2]}</a></p>"
    body += f"<p><a href='/x'>{lines[3][:30]}</a>{lines[3][30:]}</p><p><a href='/x'>{lines[4][:29]}</a>{lines[4][29:]}"
    body += f"</p><div class='sidebar'><p>{lines[5]}</p></div>"
    taken = [block.text for block, _, share in _generic(body).evidence if share]
    assert taken == [lines[0], lines[4]]


def test_a_heading_above_the_last_paragraph_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = [*TEXT, "I lavori"]
    monkeypatch.setattr("crawler.extraction.generic.page.separated_text", lambda tree, url, **more: taken)
    monkeypatch.setattr("crawler.extraction.generic.page.is_chosen", lambda evidence, taken: "sentence" in evidence)
    page = _generic(f"<p>{TEXT[0]}</p><p>{TEXT[1]}</p><p>{TEXT[2]}</p><h3>I lavori</h3><p>{TEXT[3]}</p>")
    assert [block.text for block in page.chosen] == [*TEXT[:3], "I lavori", TEXT[3]]
