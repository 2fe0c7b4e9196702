"""A site of which only an address is known is surveyed and crawled; whatever else an address leads to is said."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crawler.conftest import Answer, Emeroteca, Serve

WORDS = ["molo", "faro", "porto", "barca", "vela", "pesce", "rete", "nodo", "vento", "onda", "isola", "costa"]
XML = {"Content-Type": "application/xml"}


def body(number: int) -> str:
    sentences = (
        f"Il {WORDS[(number + step) % 12]} numero {number} è stato riparato dalla squadra del "
        f"{WORDS[(number * 5 + step) % 12]} davanti a molti abitanti del quartiere, che hanno applaudito a lungo."
        for step in range(6)
    )
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def title(number: int) -> str:
    return f"La squadra del {WORDS[number % 12]} ripara il numero {number} in un giorno solo"


def article(number: int, *, head: str = "", menu: str = "") -> str:
    return (
        f'<html lang="it"><head><meta charset="utf-8"><title>{title(number)} - Il Molo</title>{head}</head><body>{menu}'
        f'<main><h1>{title(number)}</h1><p class="data">{number % 27 + 1} marzo 2024</p>{body(number)}</main>'
        "<footer><a href='/chi-siamo'>Chi siamo</a></footer></body></html>"
    )


def listing(links: Mapping[str, str], menu: str, older: str | None = None) -> str:
    items = "".join(f'<h2><a href="{url}">{text}</a></h2><p>Oggi al molo, in breve.</p>' for url, text in links.items())
    further = f'<a href="{older}">Più vecchi</a><a href="{older}">Articoli precedenti</a>' if older else ""
    return f'<html lang="it"><body>{menu}<main>{items}{further}</main></body></html>'


@pytest.fixture
def queries() -> dict[str, Answer]:
    """A site without sitemap and feed: articles by number in the query, sections of several pages."""
    host = "http://www.ilmolo.example"
    menu = '<div class="menu"><a href="/">Home</a><a href="/porto.php">Porto</a><a href="/sport.php">Sport</a>'
    menu += '<a href="/chi-siamo">Chi siamo</a></div>'
    answers: dict[str, Answer] = {f"{host}/chi-siamo": f"<html><body>{menu}<p>Siamo in tre.</p></body></html>"}
    for name, start in (("porto", 100), ("sport", 200)):
        for page in range(1, 4):
            numbers = range(start + (page - 1) * 8, start + page * 8)
            links = {f"/articolo.php?id={number}&amp;da=lista": title(number) for number in numbers}
            older = f"/{name}.php?page={page + 1}" if page < 3 else None
            answers[f"{host}/{name}.php" + (f"?page={page}" if page > 1 else "")] = listing(links, menu, older)
            for number in numbers:
                answers[f"{host}/articolo.php?id={number}"] = article(number, menu=menu)
    newest = {f"/articolo.php?id={number}": title(number) for number in (100, 101, 200, 201)}
    answers[f"{host}/"] = listing(newest, menu)
    return answers


@pytest.fixture
def feeds() -> dict[str, Answer]:
    """A site on subdomains with a feed each."""
    answers: dict[str, Answer] = {}
    menu = "<nav>" + "".join(f'<a href="http://{name}.gliscogli.example/">{name}</a>' for name in ("porto", "vela"))
    answers["http://www.gliscogli.example/"] = f"<html lang='it'><body>{menu}</nav><p>Ben venuti</p></body></html>"
    for name, start in (("porto", 0), ("vela", 50)):
        host = f"http://{name}.gliscogli.example"
        items = ""
        for number in range(start, start + 12):
            url = f"{host}/{title(number).lower().replace(' ', '-')}"
            items += f"<item><title>{title(number)}</title><link>{url}</link></item>"
            answers[url] = article(number)
        head = '<link rel="alternate" type="application/rss+xml" href="/notizie.rss">'
        answers[f"{host}/"] = f"<html lang='it'><head>{head}</head><body>{menu}</nav></body></html>"
        feed = f"<rss version='2.0'><channel>{items}</channel></rss>"
        answers[f"{host}/notizie.rss"] = (200, XML, feed.encode())
    return answers


def crawled(emeroteca: Emeroteca, environment: Mapping[str, str], url: str) -> dict[str, dict[str, object]]:
    ended = emeroteca("crawl", url, "--delay", "0", env=environment)
    assert ended.returncode in ((0,) if "://" in url else (0, 1)), ended.stderr  # 1: https was tried before http
    rows = map(json.loads, emeroteca("export").stdout.splitlines())
    return {str(row["url"]): row for row in rows}


@pytest.mark.parametrize(
    "start", ["http://www.ilmolo.example/", "ilmolo.example", "http://www.ilmolo.example/sport.php"]
)
def test_articles_that_a_query_addresses(
    queries: dict[str, Answer], start: str, emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    answers = {**queries, "http://ilmolo.example/": (301, {"Location": "http://www.ilmolo.example/"}, b"")}
    environment, asked = serve(answers)
    rows = crawled(emeroteca, environment, start)
    wanted = {url for url in queries if "articolo" in url}
    assert rows.keys() == wanted
    assert {row["headline"] for row in rows.values()} == {title(int(url.partition("=")[2])) for url in wanted}
    assert all(
        row["published_date"] == f"2024-03-{int(url.partition('=')[2]) % 27 + 1:02}" for url, row in rows.items()
    )
    before = len(asked)
    crawled(emeroteca, environment, "ilmolo.example")
    assert not [url for url in asked[before:] if "articolo" in url]
    exported = emeroteca("export").stdout
    (tmp_path / "archive/corpus.db").unlink()
    emeroteca("rebuild")
    assert emeroteca("export").stdout == exported


def test_feeds_on_subdomains(feeds: dict[str, Answer], emeroteca: Emeroteca, serve: Serve) -> None:
    environment, _ = serve(feeds)
    rows = crawled(emeroteca, environment, "http://www.gliscogli.example/")
    assert rows.keys() == {url for url in feeds if "la-squadra" in url}


def test_one_article(queries: dict[str, Answer], emeroteca: Emeroteca, serve: Serve, tmp_path: Path) -> None:
    page = article(3, head='<meta property="og:type" content="article">')
    environment, asked = serve({"http://altrove.example/a/b": page, **queries})
    rows = crawled(emeroteca, environment, "http://altrove.example/a/b")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    read = json.loads(emeroteca("extract", str(tmp_path / "page.html"), "--url", "http://altrove.example/a/b").stdout)
    row = rows["http://altrove.example/a/b"]
    assert {name: row[name] for name in read if name != "site"} == {name: read[name] for name in read if name != "site"}
    assert set(asked) <= {"http://altrove.example/a/b", "http://altrove.example/robots.txt"}


def test_an_article_captured_alone_stays_one_when_its_site_is_crawled(
    queries: dict[str, Answer], emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    """Its address has another shape than those that the site's lists name."""
    alone = "http://www.ilmolo.example/speciale/il-faro"
    answers = {**queries, alone: article(77, head='<meta property="og:type" content="article">')}
    environment, _ = serve(answers)
    assert crawled(emeroteca, environment, alone).keys() == {alone}
    rows = crawled(emeroteca, environment, "http://www.ilmolo.example/")
    assert rows.keys() == {alone, *(url for url in queries if "articolo" in url)}
    assert emeroteca("rebuild").returncode == 0  # the row of the article alone is of the file before
    exported = emeroteca("export").stdout
    assert {json.loads(line)["url"] for line in exported.splitlines()} == rows.keys()
    (tmp_path / "archive/corpus.db").unlink()
    emeroteca("rebuild")
    assert emeroteca("export").stdout == exported


def test_a_dry_run_writes_nothing(
    queries: dict[str, Answer], emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    environment, asked = serve(queries)
    ended = emeroteca("crawl", "http://www.ilmolo.example/", "--delay", "0", "--dry-run", env=environment)
    assert ended.returncode == 0, ended.stderr
    assert 'name = "ilmolo.example"' in ended.stdout and "hours" in ended.stdout
    assert not [url for url in asked if "articolo" in url]
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(("offset", "line"), [("+01:00", 'timezone = "Europe/Rome"'), ("Z", '# timezone = "Europe/')])
def test_the_time_zone_is_written_and_a_doubtful_one_marked(
    offset: str, line: str, emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    """By the offsets of the sitemap, and the country that the pages name."""
    host = "http://ilfaro.example"
    articles = {f"{host}/2024/03/{title(number).replace(' ', '-')}": article(number) for number in range(9)}
    urls = "".join(f"<url><loc>{url}</loc><lastmod>2024-03-04T10:00:00{offset}</lastmod></url>" for url in articles)
    home = "<html lang='it-IT'><body><h1>Il Faro</h1></body></html>"
    sitemap = (200, XML, f"<urlset>{urls}</urlset>".encode())
    environment, _ = serve({**articles, f"{host}/": home, f"{host}/sitemap.xml": sitemap})
    ended = emeroteca("site", "add", f"{host}/", "--delay", "0", env=environment)
    assert ended.returncode == 0, ended.stderr
    [said] = [line for line in ended.stderr.splitlines() if "time zone: Europe/Rome" in line]
    assert ("doubtful" in said) == (offset == "Z")
    written = (tmp_path / "archive/sites/ilfaro.example.toml").read_text(encoding="utf-8")
    assert [one for one in written.splitlines() if one.startswith(line)]
    zone = json.loads(emeroteca("site", "list", "--json").stdout.splitlines()[1])["timezone"]
    assert zone == (None if offset == "Z" else "Europe/Rome")


@pytest.mark.parametrize("start", ["http://www.ilfaro.example/", "https://www.ilfaro.example/", "ilfaro.example"])
def test_a_site_over_tls(start: str, emeroteca: Emeroteca, serve: Serve) -> None:
    """http redirects to https and one host to the other; robots.txt still names the sitemap by http."""
    host = "https://www.ilfaro.example"
    articles = {f"{host}/2024/03/{title(number).replace(' ', '-').lower()}": article(number) for number in range(9)}
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in articles)
    answers: dict[str, Answer] = {
        **articles,
        f"{host}/": "<html lang='it'><body><h1>Il Faro</h1></body></html>",
        f"{host}/sitemap.xml": (200, XML, f"<urlset>{urls}</urlset>".encode()),
    }
    robots = (200, {"Content-Type": "text/plain"}, b"Sitemap: http://www.ilfaro.example/sitemap.xml")
    answers |= {f"{host}/robots.txt": robots}
    for other in ("http://www.ilfaro.example", "http://ilfaro.example", "https://ilfaro.example"):
        answers |= {
            f"{other}{path}": (301, {"Location": f"{host}{path}"}, b"") for path in ("/", "/robots.txt", "/sitemap.xml")
        }
    environment, asked = serve(answers)
    ended = emeroteca("crawl", start, "--delay", "0", env=environment)
    assert ended.returncode == 0, ended.stderr
    rows = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert {row["url"] for row in rows} == articles.keys()
    assert not [url for url in asked if url.startswith("http:") and "/2024/" in url]
    before = len(asked)
    assert emeroteca("crawl", "ilfaro.example", "--delay", "0", env=environment).returncode == 0
    assert not [url for url in asked[before:] if "/2024/" in url]


FORM = "<html><body><h1>Accesso</h1><form><input name='u'><input type='password' name='p'></form></body></html>"
SHELL = "<html><head><script src='/app.js'></script></head><body><div id='root'></div></body></html>"

CONSENT = """<html><body><h1>Cookie e consenso</h1><p>Per leggere Il Niente accetta i cookie o dai il tuo consenso ai
nostri 400 partner. Il consenso si può revocare in ogni momento, e i cookie restano un anno.</p><button>Accetto</button>
</body></html>"""
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body>Checking your browser<script></script></body></html>"
)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "answered with status 404"),
        ({"/": (403, {}, b"no")}, "refuses the crawler (status 403)"),
        ({"/": (429, {}, b"slow down")}, "refuses the crawler (status 429)"),
        ({"/": FORM}, "asks for a password"),
        ({"/": SHELL}, "needs-javascript"),
        ({"/": "<html><body><p>This domain is for sale: buy this domain.</p></body></html>"}, "parked"),
        ({"/": "<html><body><h1>Salve</h1><p>Il mio gatto.</p></body></html>"}, "looks like articles"),
        ({"/": (302, {"Location": "http://altrove.example/"}, b"")}, "http://altrove.example/, which is another site"),
        ({"/robots.txt": "User-agent: *\nDisallow: /"}, "robots.txt of"),
        ({"/": (401, {"WWW-Authenticate": "Basic realm=x"}, b"no")}, "refuses the crawler (status 401)"),
        ({"/": (451, {}, b"no")}, "refuses the crawler (status 451)"),
        ({"/": (500, {}, b"oh")}, "answered with status 500"),
        ({"/": CONSENT}, "consent-wall"),
        ({"/": CHALLENGE}, "shows a challenge for browsers"),
        ({"/": (302, {"Location": "/login"}, b""), "/login": FORM}, "asks for a password"),
    ],
)
def test_an_address_that_is_no_news_site(
    answers: dict[str, Answer], says: str, emeroteca: Emeroteca, serve: Serve, tmp_path: Path
) -> None:
    environment, _ = serve({f"http://niente.example{path}": answer for path, answer in answers.items()})
    ended = emeroteca("crawl", "http://niente.example/", "--delay", "0", env=environment)
    assert says in ended.stderr
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "archive/sites").exists()


def test_a_host_that_does_not_answer(emeroteca: Emeroteca) -> None:
    ended = emeroteca("crawl", "http://127.0.0.1:1/", "--delay", "0")
    assert ended.returncode == 3
    assert "127.0.0.1 does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
