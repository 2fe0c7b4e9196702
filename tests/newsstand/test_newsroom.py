"""Both sites without a socket: addresses, lists, texts, the clock."""

import json
import re
import tracemalloc
from collections import Counter
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from newsstand.message import Request, Response
from newsstand.newsroom import Newsroom
from newsstand.timeline import Numbers

SITES = ("sputniknews", "alanews")
ROOTS = {"sputniknews": "https://it.sputniknews.com", "alanews": "https://alanews.it"}


def get(newsroom: Newsroom, url: str, method: str = "GET") -> Response:
    where = urlsplit(url)
    return newsroom.respond(Request(method, "https", where.hostname or "", where.path, where.query, {}))


def locations(response: Response) -> list[str]:
    assert response.status == 200
    tree = etree.fromstring(response.body.strip())
    return [str(text) for text in tree.xpath("//*[local-name()='loc']/text()")]


def sitemap_urls(newsroom: Newsroom, site: str) -> list[str]:
    index = {"sputniknews": "/sitemap_article_index.xml", "alanews": "/sitemap_index.xml"}[site]
    maps = [
        loc for loc in locations(get(newsroom, ROOTS[site] + index)) if "page-" not in loc and "category-" not in loc
    ]
    return [url for loc in maps for url in locations(get(newsroom, loc))]


def words(text: str) -> str:
    """The text without white space: pages break it where they like."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom(articles=300, seed=5)


@pytest.mark.parametrize("site", SITES)
def test_the_same_seed_and_size_give_the_same_bytes(site: str) -> None:
    first, second = Newsroom(articles=40, seed=9), Newsroom(articles=40, seed=9)
    truth = list(first.truth(site))
    assert truth == list(second.truth(site))
    assert [get(first, row["url"]).body for row in truth] == [get(second, row["url"]).body for row in reversed(truth)][
        ::-1
    ]
    other = Newsroom(articles=40, seed=10)
    assert {row["url"] for row in truth}.isdisjoint(row["url"] for row in other.truth(site))


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(("size", "clock"), [(10, 0), (37, 3), (300, 0), (1001, 1)])
def test_the_sitemaps_list_exactly_the_articles_of_the_truth(site: str, size: int, clock: int) -> None:
    newsroom = Newsroom(articles=size, seed=2, clock=clock)
    truth = [row["url"] for row in newsroom.truth(site)]
    listed = sitemap_urls(newsroom, site)
    assert Counter(listed) == Counter(truth)
    assert len(set(truth)) == len(truth)
    if clock == 0:
        assert len(truth) == size


@pytest.mark.parametrize("site", SITES)
def test_pages_show_their_truth(newsroom: Newsroom, site: str) -> None:
    for row in newsroom.truth(site):
        response = get(newsroom, row["url"])
        assert response.status == 200, row["url"]
        tree = html.fromstring(response.body.decode())
        (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
        assert canonical == row["canonical_url"]
        shown = words(tree.xpath("string(//body)"))
        for text in (row["headline"], row["description"], *row["authors"]):
            assert words(text) in shown, (row["url"], text)
        for block in row["blocks"]:
            for line in block.get("items") or re.split(r"[\n\t]", block["text"]):
                assert words(line) in shown, (row["url"], block)
        for image in row["images"]:
            assert image["url"] in response.body.decode()


@pytest.mark.parametrize("site", SITES)
def test_every_address_of_an_article_leads_to_its_canonical_one(newsroom: Newsroom, site: str) -> None:
    for row in newsroom.truth(site):
        for url in row["urls"][1:]:
            response = get(newsroom, url)
            if response.status == 301:
                assert dict(response.headers)["Location"] == row["canonical_url"]
            else:
                assert response.status == 200
                assert f'rel="canonical" href="{row["canonical_url"]}"' in response.body.decode()


def test_both_templates_and_all_address_forms_occur(newsroom: Newsroom) -> None:
    sputnik = [row["url"] for row in newsroom.truth("sputniknews")]
    assert sum(bool(re.search(r"/[a-z]+/\d{8}\d+[-/]", url)) for url in sputnik) > 10
    assert sum(url.endswith(".html") for url in sputnik) > 200
    alanews = [row["url"] for row in newsroom.truth("alanews")]
    dated = [url for url in alanews if re.search(r"/\d{4}/\d\d/\d\d/", url)]
    assert 30 < len(dated) < 150
    pages = [get(newsroom, url).body.decode().partition("jnews-autoload-splitter")[0] for url in alanews]
    crumbs = ["jeg_breadcrumbs" in page for page in pages]
    assert 50 < sum(crumbs) < 250
    for page, crumb in zip(pages, crumbs, strict=True):
        if "jeg_featured" in page:
            assert (page.index('class="jeg_featured') > page.index('<h1 class="jeg_post_title')) == crumb


def test_days_ids_and_addresses_agree(newsroom: Newsroom) -> None:
    rome = ZoneInfo("Europe/Rome")
    numbers = []
    for row in newsroom.truth("sputniknews"):
        day = row["published_date"].replace("-", "")
        assert day in row["url"] and row["native_id"] in row["url"]
        assert row["published_at"].endswith(("+01:00", "+02:00"))
        page = get(newsroom, row["url"]).body.decode()
        stamp = re.search(r'(?:data-unixtime|analytics:p_ts" content)="(\d+)"', page)
        assert stamp is not None
        assert datetime.fromtimestamp(int(stamp[1]), rome).isoformat() == row["published_at"]
        numbers.append(int(row["native_id"]))
    assert numbers == sorted(set(numbers))


def test_the_old_template_lies_about_utc(newsroom: Newsroom) -> None:
    row = next(row for row in newsroom.truth("sputniknews") if not row["url"].endswith(".html"))
    page = get(newsroom, row["url"]).body.decode()
    assert f'content="{row["published_at"][:19]}Z" itemprop="datePublished"' in page


@pytest.mark.parametrize("site", SITES)
def test_paragraphs_are_distinct_within_and_between_articles(newsroom: Newsroom, site: str) -> None:
    paragraphs = Counter(
        block["text"] for row in newsroom.truth(site) for block in row["blocks"] if block["type"] == "paragraph"
    )
    assert paragraphs.total() > 1000
    repeated = [text for text, count in paragraphs.items() if count > 1]
    assert len(repeated) <= paragraphs.total() // 500, repeated[:3]
    for row in newsroom.truth(site):
        texts = [block["text"] for block in row["blocks"] if block["text"]]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("site", SITES)
def test_articles_vary(newsroom: Newsroom, site: str) -> None:
    rows = list(newsroom.truth(site))
    kinds = Counter(block["type"] for row in rows for block in row["blocks"])
    assert set(kinds) == {"paragraph", "heading", "quote", "list", "table", "caption", "embed"}
    counts = {sum(block["type"] == "paragraph" for block in row["blocks"]) for row in rows}
    assert counts >= {1, 2, 3, 14}
    ledes = [len(row["description"]) for row in rows]
    assert min(ledes) < 120 and max(ledes) > 180
    assert {len(row["keywords"]) for row in rows} >= {0, 1, 15}
    assert {len(row["authors"]) for row in rows} >= {1, 2}
    assert {len(row["images"]) for row in rows} >= {0, 1, 2}


def test_the_hidden_block_is_the_seeds_own(newsroom: Newsroom) -> None:
    row = next(r for r in newsroom.truth("sputniknews") if len(r["keywords"]) > 10 and len(r["description"]) > 200
               and r["url"].endswith(".html"))  # fmt: skip
    tree = html.fromstring(get(newsroom, row["url"]).body.decode())
    (meta,) = tree.find_class("article__meta")

    def values(name: str) -> list[str]:
        return [element.text_content() for element in meta.xpath(f".//div[@itemprop='{name}']")]

    assert values("mainEntityOfPage") == [row["canonical_url"]]
    assert values("headline") == [row["headline"]] and row["headline"] in values("name")
    assert values("articleSection") == row["keywords"][:10]
    assert values("keywords") == [", ".join(row["keywords"])]
    (description,) = values("description")
    assert re.fullmatch(r".{100,160}\.\.\. \d\d\.\d\d\.\d{4}, Sputnik Italia", description)
    assert row["description"].startswith(description.split("...")[0])
    assert len(values("legalName")) == 5 and len(values("xpath")) == 2 and values("inLanguage") == ["it_IT"]
    told = "".join(block["text"] for block in row["blocks"] if block["type"] in ("paragraph", "heading"))
    assert values("articleBody") == [told]


def test_the_day_archive_shows_twenty_and_hides_the_rest() -> None:
    newsroom, root, day = Newsroom(articles=20_000, seed=1), ROOTS["sputniknews"], "20210603"
    count = len(locations(get(newsroom, f"{root}/sitemap_article.xml?date_start={day}&date_end={day}")))
    page = get(newsroom, f"{root}/{day}/").body.decode()
    assert page.count('class="list__title"') == 20 < count
    assert f"Altri {count - 20} articoli" in page and "/services/" in page


def test_the_api_pages_ranges_orders_and_refuses(newsroom: Newsroom) -> None:
    api = "https://alanews.it/wp-json/wp/v2/posts"
    truth = list(newsroom.truth("alanews"))
    first = get(newsroom, f"{api}?per_page=100&page=1&order=asc")
    assert dict(first.headers)["X-WP-Total"] == "300" and dict(first.headers)["X-WP-TotalPages"] == "3"
    links = [
        row["link"] for page in (1, 2, 3)
        for row in json.loads(get(newsroom, f"{api}?per_page=100&page={page}&order=asc&_fields=link,id").body)
    ]  # fmt: skip
    assert links == [row["url"] for row in truth]
    past = get(newsroom, f"{api}?per_page=100&page=4")
    assert past.status == 400 and json.loads(past.body)["code"] == "rest_post_invalid_page_number"
    assert get(newsroom, f"{api}?per_page=500").status == 400
    ranged = get(newsroom, f"{api}?per_page=100&after=2025-03-01T00:00:00&before=2025-04-01T00:00:00&_fields=link")
    wanted = [row["url"] for row in truth if row["published_date"].startswith("2025-03")]
    assert [row["link"] for row in json.loads(ranged.body)] == wanted[::-1]
    assert set(json.loads(first.body)[0]) >= {"date_gmt", "modified_gmt", "title", "content", "yoast_head_json"}


def test_the_api_knows_what_was_modified() -> None:
    newsroom = Newsroom(articles=150, seed=8, clock=3)
    rows = list(newsroom.truth("alanews"))
    for since in ("2024-02-01T00:00:00+00:00", "2026-01-18T10:00:00+00:00", "2026-01-22T00:00:00+00:00"):
        asked = since.replace("+", "%2B")
        url = f"https://alanews.it/wp-json/wp/v2/posts?per_page=100&modified_after={asked}&_fields=link&order=asc"
        answer = get(newsroom, url)
        limit = datetime.fromisoformat(since)
        wanted = [row["url"] for row in rows if datetime.fromisoformat(row["modified_at"]) > limit]
        assert dict(answer.headers)["X-WP-Total"] == str(len(wanted))
        assert [row["link"] for row in json.loads(answer.body)] == wanted[:100]


@pytest.mark.parametrize("category", ["sport", "calcio", "cultura"])
def test_a_category_lists_its_posts(newsroom: Newsroom, category: str) -> None:
    seen: list[str] = []
    page = 1
    while (answer := get(newsroom, f"https://alanews.it/category/{category}/page/{page}/")).status == 200:
        seen += html.fromstring(answer.body.decode()).xpath("//div[@class='jeg_posts']//h3/a/@href")
        page += 1
    name = "Sport" if category in ("sport", "calcio") else "Cultura"
    wanted = [row["url"] for row in newsroom.truth("alanews") if row["section"] == name]
    assert wanted[::-1] == seen if category != "calcio" else set(seen) < set(wanted)


def test_the_feed_pages_until_it_ends(newsroom: Newsroom) -> None:
    seen: list[str] = []
    for page in range(1, 31):
        tree = etree.fromstring(get(newsroom, f"https://alanews.it/feed/?paged={page}").body)
        seen += [unescape(str(link)) for link in tree.xpath("//item/link/text()")]
    assert get(newsroom, "https://alanews.it/feed/?paged=31").status == 404
    assert seen == [row["url"] for row in newsroom.truth("alanews")][::-1]


@pytest.mark.parametrize("site", SITES)
def test_the_clock_edits_adds_and_removes(site: str) -> None:
    newsroom = Newsroom(articles=200, seed=3)
    before = {row["native_id"]: row for row in newsroom.truth(site)}
    newsroom.clock = 1
    after = {row["native_id"]: row for row in newsroom.truth(site)}
    gone, fresh = before.keys() - after.keys(), after.keys() - before.keys()
    changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
    assert len(gone) == 2 and len(fresh) == 2 and 4 <= len(changed) <= 20
    assert all(get(newsroom, before[key]["url"]).status in (404, 410) for key in gone)
    assert all(get(newsroom, after[key]["url"]).status == 200 for key in fresh)
    assert all(after[key]["modified_at"] > before[key]["modified_at"] for key in changed)
    kinds = {
        field for key in changed for field in ("headline", "description", "blocks", "keywords")
        if before[key][field] != after[key][field]
    }  # fmt: skip
    assert kinds == {"headline", "description", "blocks", "keywords"}
    newsroom.clock = 0
    assert list(before.values()) == list(newsroom.truth(site))


def test_unknown_pages_are_not_found(newsroom: Newsroom) -> None:
    for url in (
        "https://it.sputniknews.com/20210910/niente-12345678.html",
        "https://it.sputniknews.com/20219910/",
        "https://it.sputniknews.com/sitemap_article.xml?date_start=x&date_end=y",
        "https://alanews.it/cronaca/non-esiste/",
        "https://alanews.it/post-sitemap99.xml",
        "https://alanews.it/?p=1",
    ):
        assert get(newsroom, url).status == 404, url


def test_memory_is_flat_at_the_largest_size() -> None:
    newsroom = Newsroom(articles=100_000, seed=4)
    root = ROOTS["sputniknews"]
    tracemalloc.start()
    try:
        urls = locations(get(newsroom, f"{root}/sitemap_article.xml?date_start=20211001&date_end=20211003"))
        urls = urls[::30] + locations(get(newsroom, "https://alanews.it/post-sitemap70.xml"))[::30]
        assert len(urls) > 50
        assert all(get(newsroom, url).status == 200 for url in urls)
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(10, 100_000), data=st.data())
def test_numbers_and_slugs_lead_back_to_their_article(seed: int, size: int, data: st.DataObject) -> None:
    for site in Newsroom(articles=size, seed=seed).sites[:2]:
        edition = site.edition  # type: ignore[attr-defined]
        index = data.draw(st.integers(0, edition.scenario.population(50) - 1))
        numbers: Numbers = edition.writer.numbers
        assert numbers.index(numbers.number(index)) == index
        assert edition.writer.index_of_slug(edition.writer.facts(index).slug) == index
        if index:
            assert edition.writer.published(index - 1) <= edition.writer.published(index)
            assert numbers.number(index - 1) < numbers.number(index)
