"""Small invented news sites of which no template and no rule knows: what they answer, and which of it is an article."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from tests.crawler.conftest import Answer

FIRST_DAY = date(2023, 9, 4)
XML = {"Content-Type": "application/xml"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words of invented news: `sentence` is a frame of {who}, {what} and {number}; names are its fillings."""

    code: str
    who: Sequence[str]
    what: Sequence[str]
    headline: str
    sentences: Sequence[str]
    between: str = " "


ENGLISH = Tongue(
    code="en",
    who=("ferry crew", "harbour choir", "rowing club", "lighthouse keeper", "school band", "fish market", "town baker"),
    what=("old pier", "north beach", "market hall", "stone bridge", "sailing school", "blue boat", "town garden"),
    headline="The {who} repairs the {what} in {number} days",
    sentences=(
        "The {who} finished the work on the {what} after {number} days, and many neighbours came to see it.",
        "Nobody had expected that the {what} would look so bright again, said a visitor of the {who}.",
        "Next month the {who} wants to invite {number} guests from the other side of the bay for a long lunch.",
        "The money for the {what} came from a raffle, in which {number} people from the quarter took part.",
        "After the speeches there was music, and the {who} served soup until late in the evening.",
    ),
)
GERMAN = Tongue(
    code="de",
    who=("Hafenchor", "Ruderverein", "Fährmann", "Leuchtturmwärter", "Schulchor", "Fischmarkt", "Bäcker"),
    what=("Steg", "Nordstrand", "Marktplatz", "Brunnen", "Segelschuppen", "Kutter", "Stadtgarten"),
    headline="Der {who} erneuert den {what} in {number} Tagen",
    sentences=(
        "Der {who} hat den {what} nach {number} Tagen Arbeit wieder geöffnet, und viele Nachbarn kamen zum Fest.",
        "Niemand hätte gedacht, dass der {what} wieder so schön aussehen würde, sagte eine Besucherin am Nachmittag.",
        "Im nächsten Monat will der {who} rund {number} Gäste von der anderen Seite der Bucht einladen.",
        "Das Geld für den {what} kam aus einer Tombola, an der {number} Leute aus dem Viertel teilnahmen.",
        "Nach den Reden gab es Musik, und der {who} schenkte bis zum späten Abend Suppe aus.",
    ),
)
RUSSIAN = Tongue(
    code="ru",
    who=("хор гавани", "лодочный клуб", "паромщик", "смотритель маяка", "школьный оркестр", "рыбный рынок", "пекарь"),
    what=("причал", "пляж", "мост", "фонтан", "катер", "сад", "рынок"),
    headline="Как {who} починил {what} за {number} дней",
    sentences=(
        "За {number} дней {who} закончил работу, и {what} снова открылся для всех жителей квартала.",
        "Никто не ожидал, что {what} снова будет таким красивым, сказала гостья праздника вечером.",
        "В следующем месяце {who} хочет пригласить около {number} гостей с другого берега залива.",
        "Деньги на {what} собрали в лотерее, в которой участвовали {number} человек из соседних домов.",
        "После речей играла музыка, и {who} до позднего вечера угощал всех горячим супом.",
    ),
)
JAPANESE = Tongue(
    code="ja",
    who=("港の合唱団", "漁師の会", "灯台守", "町のパン屋", "学校の楽団", "渡し船", "魚市場"),
    what=("古い桟橋", "北の浜辺", "石の橋", "青い船", "町の庭", "広場の泉", "市場の屋根"),
    headline="{who}が{what}を{number}日で直す",
    sentences=(
        "{who}は{number}日間の作業を終え、{what}は再び町の人々に開かれ、多くの住民が見に訪れた。",
        "{what}がこれほど美しくなるとは誰も思わなかったと、午後に訪れた女性は笑顔で話していた。",
        "来月、{who}は湾の向こう側からおよそ{number}人の客を招いて、長い昼食会を開く予定である。",
        "{what}の費用は福引きで集められ、近所の{number}人が参加したと主催者は説明している。",
        "あいさつの後には音楽があり、{who}は夜遅くまで温かい汁物をふるまっていた。",
    ),
    between="",
)


@dataclass(frozen=True, slots=True)
class Story:
    """An invented article."""

    number: int
    tongue: Tongue

    def _filled(self, frame: str, step: int = 0) -> str:
        who, what = self.tongue.who, self.tongue.what
        number = self.number
        return frame.format(
            who=who[(number + step) % len(who)],
            what=what[(number // len(who) + step) % len(what)],
            number=number + 3,
        )

    @property
    def headline(self) -> str:
        return self._filled(self.tongue.headline)

    @property
    def day(self) -> date:
        return FIRST_DAY + timedelta(days=self.number)

    @property
    def slug(self) -> str:
        return self.headline.lower().replace(" ", "-")

    @property
    def paragraphs(self) -> list[str]:
        frames = self.tongue.sentences
        pairs = range(0, 2 * len(frames), 2)
        return [
            self.tongue.between.join(
                self._filled(frames[(at + self.number + more) % len(frames)], at // 2) for more in (0, 1)
            )
            for at in pairs
        ]


@dataclass(frozen=True, slots=True)
class InventedSite:
    """A site: where to begin, what it answers, and its articles by the URL under which lists name them."""

    start: str
    answers: Mapping[str, Answer]
    articles: Mapping[str, Story]


def stories(tongue: Tongue, count: int, first: int = 0) -> list[Story]:
    return [Story(number, tongue) for number in range(first, first + count)]


def page(title: str, main: str, *, menu: str = "", head: str = "", foot: str = "", lang: str | None = None) -> str:
    language = f' lang="{lang}"' if lang else ""
    return (
        f"<!DOCTYPE html><html{language}><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{menu}{main}{foot}</body></html>"
    )


def text(story: Story) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs)


def links(targets: Mapping[str, str], frame: str = "<li><a href='{url}'>{text}</a></li>") -> str:
    return "".join(frame.format(url=url, text=said) for url, said in targets.items())


def sitemap(urls: Mapping[str, date | None]) -> Answer:
    items = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in urls.items()
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return 200, XML, f'<?xml version="1.0"?><urlset xmlns="{space}">{items}</urlset>'.encode()


def sitemap_index(urls: Sequence[str]) -> Answer:
    items = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return 200, XML, f'<?xml version="1.0"?><sitemapindex xmlns="{space}">{items}</sitemapindex>'.encode()


def feed(items: Mapping[str, Story]) -> Answer:
    entries = "".join(
        f"<item><title>{story.headline}</title><link>{url}</link>"
        f"<pubDate>{story.day:%a, %d %b %Y} 09:30:00 +0100</pubDate></item>"
        for url, story in items.items()
    )
    return 200, XML, f"<rss version='2.0'><channel><title>News</title>{entries}</channel></rss>".encode()


def _long_notice(story: Story) -> str:
    """A page of the house: privacy, imprint, about. Long text that is no news."""
    return f"<main><h1>Notice {story.number}</h1>{text(story)}{text(Story(story.number + 1, story.tongue))}</main>"


def blog() -> InventedSite:
    """A publishing system with posts at the root, beside pages of the same shape; a sitemap of each kind; feeds."""
    host = "http://www.harbourpost.example"
    news = {f"{host}/{story.slug}/": story for story in stories(ENGLISH, 36)}
    news |= {f"{host}/regatta/": Story(40, ENGLISH), f"{host}/lighthouse/": Story(41, ENGLISH)}
    pages = {f"{host}/about-us/": "About us", f"{host}/privacy-policy-and-cookies/": "Privacy policy"}
    pages |= {f"{host}/contact/": "Contact", f"{host}/advertise-with-us/": "Advertise"}
    categories = {f"{host}/category/{name}/": name.title() for name in ("harbour", "town", "sport")}
    tags = {f"{host}/tag/{name}/": name for name in ("pier", "boat", "soup", "music")}
    authors = {f"{host}/author/{name}/": name for name in ("maria-rossi", "john-field")}
    menu = f"<nav id='main-navigation'><ul>{links({f'{host}/': 'Home', **categories})}</ul></nav>"
    foot = f"<footer class='site-footer'>{links(pages)}</footer>"
    head = "<link rel='alternate' type='application/rss+xml' href='/feed/'>"

    def teasers(found: Mapping[str, Story]) -> str:
        return links({url: story.headline for url, story in found.items()}, "<h2><a href='{url}'>{text}</a></h2>")

    answers: dict[str, Answer] = {}
    for at, (url, story) in enumerate(news.items()):
        own = links({list(tags)[at % 4]: list(tags.values())[at % 4]})
        by = f"<p class='byline'>By <a href='{list(authors)[at % 2]}'>Maria Rossi</a></p>"
        main = f"<article class='post'><h1>{story.headline}</h1><time datetime='{story.day}'>{story.day}</time>{by}"
        related = teasers(dict(list(news.items())[at % 30 : at % 30 + 3]))
        main += f"{text(story)}<ul class='tags'>{own}</ul></article><aside class='related'>{related}</aside>"
        kind = "<meta property='og:type' content='article'>"
        answers[url] = page(f"{story.headline} - Harbour Post", main, menu=menu, head=head + kind, foot=foot, lang="en")
        answers[f"{url}amp/"] = page(story.headline, f"<h1>{story.headline}</h1>{text(story)}", lang="en")
    for at, url in enumerate(pages):
        notice = _long_notice(Story(100 + at, ENGLISH))
        answers[url] = page(pages[url], notice, menu=menu, head=head, foot=foot, lang="en")
    for at, url in enumerate([f"{host}/", *categories, *tags, *authors]):
        some = dict(list(news.items())[at * 3 : at * 3 + 8])
        main = f"<main>{teasers(some)}</main>"
        answers[url] = page("Harbour Post", main, menu=menu, head=head, foot=foot, lang="en")
    answers[f"{host}/feed/"] = feed(dict(list(news.items())[-10:]))
    answers[f"{host}/robots.txt"] = f"User-agent: *\nDisallow: /wp-admin/\nSitemap: {host}/sitemap_index.xml\n"
    parts = {
        "post": {url: story.day for url, story in news.items()},
        "page": dict.fromkeys(pages),
        "category": dict.fromkeys(categories),
        "post_tag": dict.fromkeys(tags),
        "author": dict.fromkeys(authors),
    }
    for name, urls in parts.items():
        answers[f"{host}/{name}-sitemap.xml"] = sitemap(urls)
    answers[f"{host}/sitemap_index.xml"] = sitemap_index([f"{host}/{name}-sitemap.xml" for name in parts])
    return InventedSite(f"{host}/", answers, news)


def nodes() -> InventedSite:
    """Articles and pages of the house by number alone, all in one sitemap; German."""
    host = "http://www.kuestenblatt.example"
    news = {f"{host}/node/{200 + story.number}": story for story in stories(GERMAN, 40)}
    pages = {f"{host}/impressum": "Impressum", f"{host}/datenschutz": "Datenschutz", f"{host}/kontakt": "Kontakt"}
    terms = {f"{host}/taxonomy/term/{number}": name for number, name in enumerate(("Hafen", "Stadt", "Sport"), 1)}
    menu = f"<div class='region-header'><ul class='menu'>{links({'/': 'Start', **terms})}</ul></div>"
    foot = f"<div class='region-footer'><ul class='menu'>{links(pages)}</ul></div>"
    answers: dict[str, Answer] = {}
    listed = list(news.items())
    for at, (url, story) in enumerate(listed):
        main = f"<div class='node node--type-article'><h1>{story.headline}</h1><span>{story.day:%d.%m.%Y}</span>"
        main += f"<div class='field--name-body'>{text(story)}</div></div>"
        near = {link: other.headline for link, other in listed[at % 37 : at % 37 + 3]}
        main += f"<div class='block-views'><h3>Mehr</h3><ul>{links(near)}</ul></div>"
        answers[url] = page(f"{story.headline} | Küstenblatt", main, menu=menu, foot=foot, lang="de")
    for at, url in enumerate(pages):
        answers[url] = page(pages[url], _long_notice(Story(90 + at, GERMAN)), menu=menu, foot=foot, lang="de")
    rows = "<div class='views-row'><h2><a href='{url}'>{text}</a></h2></div>"
    for at, url in enumerate([f"{host}/", *terms]):
        some = {link: story.headline for link, story in listed[at * 9 : at * 9 + 9]}
        answers[url] = page("Küstenblatt", f"<main>{links(some, rows)}</main>", menu=menu, foot=foot, lang="de")
    everything = {url: story.day for url, story in listed} | dict.fromkeys([f"{host}/", *terms, *pages])
    answers[f"{host}/sitemap.xml"] = sitemap(everything)
    return InventedSite(f"{host}/", answers, news)


def sections() -> InventedSite:
    """One-word slugs below sections with numbered pages; neither sitemap nor feed; a calendar without end."""
    host = "http://bayherald.example"
    menu = f"<table><tr>{links({f'/{name}': name.title() for name in ('town', 'sea', 'games')})}</tr></table>"
    house = links({"/about": "About us", "/imprint": "Imprint", "/calendar?month=2024-03": "Calendar"})
    news: dict[str, Story] = {}
    answers: dict[str, Answer] = {}
    for at, name in enumerate(("town", "sea", "games")):
        own = {f"{host}/{name}/{_word(story.number)}": story for story in stories(ENGLISH, 21, first=at * 21)}
        news |= own
        for number in range(1, 4):
            some = {url: story.headline for url, story in list(own.items())[(number - 1) * 7 : number * 7]}
            pages = links({f"/{name}?p={one}" if one > 1 else f"/{name}": str(one) for one in range(1, 4)})
            main = f"<div>{links(some, '<p><a href={url}>{text}</a> read it here</p>')}</div><div>{pages}</div>"
            answers[f"{host}/{name}" + (f"?p={number}" if number > 1 else "")] = page(
                name, menu + main + house, lang="en"
            )
    for url, story in news.items():
        dated = f"<h1>{story.headline}</h1><p>{story.day:%d %B %Y}</p>{text(story)}"
        answers[url] = page(story.headline, f"{menu}<div id='c'>{dated}</div>{house}", lang="en")
    newest = {url: story.headline for url, story in list(news.items())[::9]}
    answers[f"{host}/"] = page("The Bay Herald", menu + links(newest) + house, lang="en")
    for at, name in enumerate(("about", "imprint")):
        answers[f"{host}/{name}"] = page(name, menu + _long_notice(Story(95 + at, ENGLISH)) + house, lang="en")
    return InventedSite(f"{host}/", _WithCalendar(host, answers, menu), news)


class _WithCalendar(dict[str, Answer]):
    """Answers, and a calendar whose months lead to the next and the one before for ever."""

    def __init__(self, host: str, answers: Mapping[str, Answer], menu: str) -> None:
        super().__init__(answers)
        self._calendar, self._menu = f"{host}/calendar?month=", menu

    def get(self, url: str, default: object = None) -> Answer:  # type: ignore[override]
        if url.startswith(self._calendar):
            year, _, month = url.removeprefix(self._calendar).partition("-")
            total = int(year) * 12 + int(month) - 1
            months = {self._calendar + f"{at // 12}-{at % 12 + 1:02}": "next" for at in (total - 1, total + 1)}
            return page(f"Calendar {year}", self._menu + links(months))
        return super().get(url, default)  # type: ignore[arg-type]


def _word(number: int) -> str:
    beginnings, endings = ("mar", "pel", "tor", "van", "sil", "gar", "bon", "cor"), ("ina", "eto", "ula", "omo", "esa")
    return beginnings[number % 8] + endings[number // 8 % 5] + ("" if number < 40 else "s")


def cyrillic() -> InventedSite:
    """Percent-encoded slugs of another script, no language declared, pages of the house in the sitemap."""
    host = "http://primorie.example"
    news = {f"{host}/{quote('новости')}/{quote(story.slug)}": story for story in stories(RUSSIAN, 36)}
    parts = {f"/{quote('рубрика')}/{quote(name)}": name for name in ("порт", "город", "спорт")}
    house = {f"/{quote('о-нас')}": "О нас", f"/{quote('политика-конфиденциальности')}": "Политика"}
    menu = f"<div class='top-menu'><ul>{links({'/': 'Главная', **parts})}</ul></div>"
    foot = f"<div class='bottom'>{links(house)}</div>"
    answers: dict[str, Answer] = {}
    for url, story in news.items():
        main = (
            f"<div class='text'><h1>{story.headline}</h1><div class='d'>{story.day:%d.%m.%Y}</div>{text(story)}</div>"
        )
        answers[url] = page(f"{story.headline} — Приморье", main, menu=menu, foot=foot)
    for at, url in enumerate(["/", *parts]):
        some = {link: story.headline for link, story in list(news.items())[at * 9 : at * 9 + 9]}
        answers[host + url] = page("Приморье", f"<div>{links(some)}</div>", menu=menu, foot=foot)
    for at, url in enumerate(house):
        answers[host + url] = page(house[url], _long_notice(Story(95 + at, RUSSIAN)), menu=menu, foot=foot)
    others = dict.fromkeys(host + url for url in ("/", *parts, *house))
    answers[f"{host}/sitemap.xml"] = sitemap({url: story.day for url, story in news.items()} | others)
    return InventedSite(f"{host}/", answers, news)


def no_spaces() -> InventedSite:
    """A language without spaces between words; numbered sections, no sitemap, no feed, no language declared."""
    host = "http://www.minato.example"
    names = ("港", "町", "運動")
    parts = {f"/list{at}.html": name for at, name in enumerate(names, 1)}
    menu = f"<div id='gnavi'>{links({'/': 'トップ', **parts})}</div>"
    foot = f"<div id='ft'>{links({'/kaisha.html': '会社案内', '/privacy.html': '個人情報の取り扱いについて'})}</div>"
    news: dict[str, Story] = {}
    answers: dict[str, Answer] = {}
    for at in range(1, 4):
        own = {
            f"{host}/news/{story.day:%Y%m%d}k{story.number:04}.html": story
            for story in stories(JAPANESE, 16, first=(at - 1) * 16)
        }
        news |= own
        for number in (1, 2):
            some = {url: story.headline for url, story in list(own.items())[(number - 1) * 8 : number * 8]}
            further = f"<a href='/list{at}_2.html'>次へ</a>" if number == 1 else ""
            main = f"<ul class='l'>{links(some)}</ul>{further}"
            answers[f"{host}/list{at}{'_2' if number == 2 else ''}.html"] = page("港新聞", main, menu=menu, foot=foot)
    for url, story in news.items():
        day = f"{story.day.year}年{story.day.month}月{story.day.day}日 10時30分"
        main = f"<div class='kiji'><h1>{story.headline}</h1><p class='hi'>{day}</p>{text(story)}</div>"
        answers[url] = page(f"{story.headline}｜港新聞", main, menu=menu, foot=foot)
    newest = {url: story.headline for url, story in list(news.items())[::8]}
    answers[f"{host}/"] = page("港新聞", f"<ul>{links(newest)}</ul>", menu=menu, foot=foot)
    for at, name in enumerate(("kaisha", "privacy")):
        answers[f"{host}/{name}.html"] = page(name, _long_notice(Story(95 + at, JAPANESE)), menu=menu, foot=foot)
    return InventedSite(f"{host}/", answers, news)


def variants() -> InventedSite:
    """Dated URLs, each also as AMP and for print, all of which lists and pages name; the home page is a long letter."""
    host = "http://gazette.example"
    news = {f"{host}/{story.day:%Y/%m/%d}/{story.slug}.html": story for story in stories(ENGLISH, 40)}
    parts = {"/": "Home", "/world/": "World", "/local/": "Local", "/letters-to-the-editor/": "Letters"}
    menu = f"<nav>{links(parts)}</nav>"
    answers: dict[str, Answer] = {}
    for url, story in news.items():
        path = url.removeprefix(host)
        head = f"<link rel='canonical' href='{url}'><link rel='amphtml' href='{host}/amp{path}'>"
        time = f"<time datetime='{story.day}T09:00:00+00:00'>today</time>"
        main = f"<main><h1>{story.headline}</h1>{time}{text(story)}</main>"
        main += f"<a href='/print{path}'>Print</a> <a href='{path}?print=1'>Plain</a> <a href='/amp{path}'>AMP</a>"
        for prefix in ("", "/amp", "/print"):
            answers[f"{host}{prefix}{path}"] = page(story.headline, main, menu=menu, head=head, lang="en")
        answers[f"{url}?print=1"] = page(story.headline, main, menu=menu, head=head, lang="en")
    letter = "".join(text(Story(number, ENGLISH)) for number in range(60, 64))
    newest = links({url: story.headline for url, story in list(news.items())[-6:]})
    answers[f"{host}/"] = page("The Gazette", f"<main>{letter}{newest}</main>", menu=menu, lang="en")
    for at, name in enumerate(("world", "local", "letters-to-the-editor")):
        some = {}
        for url, story in list(news.items())[at * 13 : at * 13 + 14]:
            some |= {url: story.headline, url.replace(host, f"{host}/amp"): "fast version"}
        answers[f"{host}/{name}/"] = page(name, f"<main>{links(some)}</main>", menu=menu, lang="en")
    named = {url.replace(host, host + prefix): story.day for url, story in news.items() for prefix in ("", "/amp")}
    answers[f"{host}/sitemap.xml"] = sitemap(named)
    return InventedSite(f"{host}/", answers, news)


SITES: Mapping[str, Callable[[], InventedSite]] = {
    site.__name__: site for site in (blog, nodes, sections, cyrillic, no_spaces, variants)
}
