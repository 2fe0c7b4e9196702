"""Flatten an invented article, extract it again: what comes back is the truth up to the losses that are named."""

import re
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.refusals import PageRefused
from storage.article import Article, BlockType, Fidelity

ORGANISATION = ("Sputnik Italia", "feedback.it@sputniknews.com", "+74956456601", "MIA „Rosiya Segodnya“")
XPATHS = ("/html/head/meta[@name='og:title']/@content", "/html/head/meta[@name='og:description']/@content")
MENU = ("Cronaca", "Politica", "Esteri", "Sport", "Cultura")
SEARCH = ("No Result", "View All Result")


@dataclass(frozen=True)
class Story:
    """`pieces`: (type, text) in order; types paragraph, heading, quote."""

    headline: str
    lede: str
    pieces: list[tuple[str, str]]
    keywords: list[str]
    published: str = "2022-03-01T09:05+0100"
    modified: str = "2022-03-01T10:45+0100"
    number: int = 12345678
    authors: list[str] = field(default_factory=lambda: ["Ottavia Brandolini"])

    @property
    def url(self) -> str:
        return f"https://it.sputniknews.com/20220301/una-storia-inventata-{self.number}.html"

    @property
    def description(self) -> str:
        cut = self.lede if len(self.lede) < 160 else self.lede[: self.lede.rindex(" ", 0, 156)] + "..."
        return f"{cut} 01.03.2022, Sputnik Italia"

    @property
    def glued(self) -> str:
        return "".join(text for kind, text in self.pieces if kind != "quote")


def microdata(story: Story) -> list[str]:
    """The hidden block, a line each node."""
    image = "https://cdnnit1.img.sputniknews.com/img/07e6/03/01/15000001_0:160:3073:1888_1920x0_80_0_0_abc.jpg"
    return [
        *(story.url, story.headline, story.headline, story.description),
        *(story.published, story.published, story.modified),
        *story.keywords[:10],
        *(*XPATHS, image, story.glued),
        *(*ORGANISATION, "2022", *ORGANISATION, "Notiziario", "it_IT", *ORGANISATION),
        image.replace("_0:160:3073:1888_", "_170:0:2901:2048_") + "Sputnik Italia",
        *(*ORGANISATION[1:], *ORGANISATION, ", ".join(story.keywords)),
    ]


def visible(story: Story) -> list[str]:
    """The visible article."""
    day = "09:05 01.03.2022 (aggiornato: 10:45 01.03.2022)"
    return [story.headline, day, "Seguici su", story.lede, *(text for _, text in story.pieces)]


def trafilatura_default(story: Story) -> str:
    return "\n".join([*microdata(story), *visible(story)])


def microdata_with_blank_lines(story: Story) -> str:
    return f" date 2022-03 {story.url}\r\n\r\n" + "\r\n\r\n".join(microdata(story)[1:])


def short_lines_dropped(story: Story) -> str:
    kept = dict.fromkeys(line for line in microdata(story) if len(line) > 60 and "cdnnit1" not in line and "," in line)
    return f" date 2022-03 {story.url}\n\n{story.headline}\n\n" + "\n\n".join(
        line for line in kept if line not in (story.headline, ", ".join(story.keywords))
    )


def jnews_page(story: Story, bullet: str = "  • ", newline: str = "\n") -> str:
    """A page of the theme with menus, forms, related posts and footer, as Resiliparse writes it."""
    menu = [f"{bullet}{entry}" for entry in MENU]
    related = ["Una figura qualunque", "Cronaca", "Un altro articolo che non c'entra nulla", "30 Gennaio 2026"]
    lines = [
        *("Chi siamo", "venerdì 30 Gennaio 2026", *menu, *SEARCH, *menu, *SEARCH, "Home Esteri", ""),
        *(story.headline, "", story.lede, "", f"by {story.authors[0]}", "1 Marzo 2022"),
        *("Una piazza al mattino", "", "Una piazza al mattino | AGENZIA - alanews", ""),
        *(line for _, text in story.pieces for line in (text, "")),
        *("Tags: " + "".join(story.keywords), "", "Related Posts", "", *related, "", "Articoli recenti", ""),
        *(f"{bullet}Un titolo ancora diverso", "", "© 2026 Alanews – Smart Media Solutions", "", "Welcome Back!"),
        *("Login to your account below", "Log In", *SEARCH, *menu),
    ]
    return newline.join(lines)


SUBJECTS = ("Il comitato", "La biblioteca", "Un gruppo di volontari", "L'associazione", "Secondo il sindaco, la banda")
ACTS = ("apre le porte", "raccoglie 3.500 firme", "cambia sede", "presenta YouTube ai nonni", "paga 12,5 euro")
ENDS = ("in piazza Vecchia.", "dopo la pioggia, dice J.K. Fantini.", "nel 2021 (e non prima).", 'tra "mille" dubbi.')
HEADS = ("Le prossime tappe", "Un anno di lavori a Rocca", "Il ruolo della banda", "La voce dei vicini di casa")

sentence = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(ACTS), st.sampled_from(ENDS)).map(" ".join)
paragraph = st.lists(sentence, min_size=1, max_size=3, unique=True).map(" ".join)
piece = st.one_of(
    paragraph.map(lambda text: ("paragraph", text)),
    st.sampled_from(HEADS).map(lambda text: ("heading", text)),
    sentence.map(lambda text: ("quote", f'"{text[:-1]}", ha detto Fantina.')),
)


def _well_formed(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A paragraph first and last, none twice or inside another, no subhead behind a subhead."""
    kept: list[tuple[str, str]] = [("paragraph", "Tutto comincia in una mattina di marzo, sotto i portici.")]
    for kind, text in pieces:
        if not any(text in other or other in text for _, other in kept) and (kind, kept[-1][0]) != (
            "heading",
            "heading",
        ):
            kept.append((kind, text))
    return [*kept, ("paragraph", "La prossima riunione del consiglio si terrà dopo le feste d'inverno.")]


stories = st.builds(
    Story,
    headline=st.sampled_from(["La banda di Rocca torna in piazza", 'Rocca, la banda: "Si ricomincia"']),
    lede=st.sampled_from(
        [
            "Dopo due anni di silenzio la banda di Rocca riprende le prove.",
            "Dopo due anni di silenzio la banda di Rocca riprende le prove nella vecchia filanda, che il consiglio ha "
            "messo a disposizione per tutta la stagione. Si comincia con le marce.",
        ]
    ),
    pieces=st.lists(piece, max_size=8).map(_well_formed),
    keywords=st.lists(
        st.sampled_from(["banda", "rocca", "musica dal vivo", "italia", "ultim'ora", "borghi", "società"]),
        min_size=2,
        unique=True,
    ),
)


def _pieces(article: Article) -> list[tuple[str, str]]:
    return [(block.type.value, block.text) for block in article.blocks if block.type is not BlockType.CAPTION]


def _without_quotes(story: Story) -> list[tuple[str, str]]:
    return [piece for piece in story.pieces if piece[0] != "quote"]


@given(stories)
@settings(max_examples=60, deadline=None)
def test_a_whole_dump_gives_the_whole_article(story: Story) -> None:
    article = extract_flattened(trafilatura_default(story))
    assert (article.headline, article.description) == (story.headline, story.lede)
    assert (article.url, article.native_id, article.site) == (story.url, str(story.number), "sputniknews")
    assert article.as_json()["published_at"] == "2022-03-01T09:05:00+01:00"
    assert article.as_json()["modified_at"] == "2022-03-01T10:45:00+01:00"
    assert list(article.keywords) == story.keywords
    assert _pieces(article) == story.pieces
    assert len(article.images) == 1
    assert (article.fidelity, article.authors, article.warnings) == (Fidelity.TEXT, (), ())


@given(stories)
@settings(max_examples=60, deadline=None)
def test_a_block_alone_loses_quotes_and_seams(story: Story) -> None:
    article = extract_flattened(microdata_with_blank_lines(story))
    assert story.lede.startswith(article.description or "-")
    assert ("lede-cut" in article.warnings) == (len(story.lede) > 160)
    assert {"paragraphs-glued", "quotes-missing"} <= set(article.warnings)
    assert article.as_json()["published_at"] == "2022-03-01T09:05:00+01:00"
    assert list(article.keywords) == story.keywords
    assert _pieces(article) == _without_quotes(story)


@given(stories)
@settings(max_examples=60, deadline=None)
def test_short_lines_take_the_hour_with_them(story: Story) -> None:
    article = extract_flattened(short_lines_dropped(story))
    assert article.headline == story.headline
    assert article.published_at is None
    assert str(article.published_date) == "2022-03-01"
    assert {"time-unknown", "keywords-unknown", "image-urls-unknown"} <= set(article.warnings)
    assert _pieces(article) == _without_quotes(story)


@given(stories, st.sampled_from(["  • ", "- ", "* "]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_a_jnews_page_loses_only_what_its_text_lacks(story: Story, bullet: str, newline: str) -> None:
    article = extract_flattened(jnews_page(story, bullet, newline))
    assert (article.headline, article.description) == (story.headline, story.lede)
    assert (article.section, article.authors, article.site) == ("Esteri", ("Ottavia Brandolini",), "alanews")
    assert (article.published_at, str(article.published_date)) == (None, "2022-03-01")
    assert {"url-unknown", "time-unknown", "image-urls-unknown"} <= set(article.warnings)
    assert [text for _, text in _pieces(article)] == [text for _, text in story.pieces]
    assert [block.text for block in article.blocks if block.type is BlockType.CAPTION] == ["Una piazza al mattino"]


@given(stories, st.sampled_from([trafilatura_default, microdata_with_blank_lines, short_lines_dropped, jnews_page]))
@settings(max_examples=60, deadline=None)
def test_no_line_of_the_body_occurs_twice(story: Story, flattener) -> None:
    lines = [re.sub(r"\s", "", line) for line in extract_flattened(flattener(story)).body.split("\n") if line]
    assert len(lines) == len(set(lines))


MARKS = st.sampled_from(
    [
        *(
            "Home Esteri",
            "by Anna Finta",
            "1 Marzo 2022",
            "Tags: UnoDue",
            "•",
            "* ",
            "| a | b |",
            "|---|",
            "1/19",
            "© X",
        ),
        *("14:21 14.02.2022", "https://it.sputniknews.com/20220301/a-12345.html", "2022-03-01T09:05+0100", "*Nota"),
        *("© X", "https://a.b\uff0fc/20220301/a-12345.html"),
        *("Testo. 01.03.2022, Sputnik Italia", "/html/head", "Leggi anche", '"', "Una frase lunga. " * 8, "(", "..."),
        *("99:99 99.99.2022", "https://[", "31 Febbraio 2022", "by A", "2022-13-41T99:99+0100", "Home", "“”"),
    ]
)


@given(st.lists(st.one_of(MARKS, st.text(max_size=60)), max_size=25), st.sampled_from(["\n", "\r\n", "\n\n"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_article_or_a_named_refusal(lines: list[str], newline: str) -> None:
    try:
        article = extract_flattened(newline.join(lines))
    except PageRefused as refusal:
        assert refusal.reason
    else:
        assert article.headline and article.body
        assert Article.from_json(article.as_json()) == article
