"""The editions of the Sputnik platform, as data: their hosts, language and clock.

An article's key is (edition, number): editions number their articles apart from each other, and a new host of an
edition got the old one's history. Hosts stand in time order, the oldest first. The Italian edition is a site of its
own (`spiders/sputniknews.py`) and stands here no second time.

Seen: the hosts; the clocks of `en` before 2021 (Moscow, three hours before the `Z` of its own meta tags) and of `cn`
(+0800). The other clocks are those of the edition's country, or UTC where its pages print "GMT"; an instant never
depends on them where a page has `data-unixtime` or an offset.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

#: The platform's sitemaps begin here: the history of RIA Novosti came along.
PLATFORM_SINCE = date(2004, 1, 1)


@dataclass(frozen=True, slots=True)
class Edition:
    """`name`: part of the articles' `site`; `language`: ISO 639; `hosts`: the oldest first."""

    name: str
    language: str
    timezone: ZoneInfo
    hosts: tuple[str, ...]


#: Name, language, time zone, hosts.
_TABLE = """
en  en UTC                 en.rian.ru sputniknews.com sputnikglobe.com
es  es UTC                 mundo.sputniknews.com sputniknews.lat latamnews.lat noticiaslatam.lat
de  de Europe/Berlin       de.sputniknews.com snanews.de
fr  fr Europe/Paris        fr.sputniknews.com fr.sputniknews.africa
afr en UTC                 en.sputniknews.africa
el  el Europe/Athens       sputniknews.gr
pl  pl Europe/Warsaw       pl.sputniknews.com
cz  cs Europe/Prague       cz.sputniknews.com 42tcen.com
tr  tr Europe/Istanbul     tr.sputniknews.com sputniknews.com.tr anlatilaninotesi.com.tr
ar  ar UTC                 arabic.sputniknews.com sputnikarabic.ae sarabic.ae
pt  pt America/Sao_Paulo   br.sputniknews.com sputniknewsbr.com.br noticiabrasil.net.br
fa  fa Asia/Tehran         ir.sputniknews.com spnfa.ir
prs fa Asia/Kabul          af.sputniknews.com sputnik.af
vn  vi Asia/Ho_Chi_Minh    vn.sputniknews.com sputniknews.vn
jp  ja Asia/Tokyo          jp.sputniknews.com sputniknews.jp
cn  zh Asia/Shanghai       sputniknews.cn big5.sputniknews.cn
in  en Asia/Kolkata        sputniknews.in
hi  hi Asia/Kolkata        hindi.sputniknews.in
sr  sr Europe/Belgrade     rs.sputniknews.com sputnikportal.rs
kk  kk Asia/Almaty         sputnik.kz
kz  ru Asia/Almaty         ru.sputnik.kz
ky  ky Asia/Bishkek        sputnik.kg
kg  ru Asia/Bishkek        ru.sputnik.kg
uz  uz Asia/Tashkent       sputniknews-uz.com oz.sputniknews.uz
tj  ru Asia/Dushanbe       sputnik-tj.com sputnik.tj
az  az Asia/Baku           sputnik.az
am  ru Asia/Yerevan        am.sputniknews.ru armeniasputnik.am
ge  ka Asia/Tbilisi        sputnik-georgia.com
geo ru Asia/Tbilisi        sputnik-georgia.ru
ab  ab Europe/Moscow       sputnik-abkhazia.info
abk ru Europe/Moscow       sputnik-abkhazia.ru
os  os Europe/Moscow       sputnik-ossetia.com
oss ru Europe/Moscow       sputnik-ossetia.ru
md  ro Europe/Chisinau     md.sputniknews.com sputnik.md
by  ru Europe/Minsk        sputnik.by
bel be Europe/Minsk        bel.sputnik.by
lt  lt Europe/Vilnius      lt.sputniknews.com sputniknews.lt
ltr ru Europe/Vilnius      lt.sputniknews.ru
lv  lv Europe/Riga         sputniknewslv.com
lvr ru Europe/Riga         lv.sputniknews.ru
ee  et Europe/Tallinn      sputnik-news.ee
ria ru Europe/Moscow       ria.ru
"""


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition but the Italian one."""
    rows = (line.split() for line in _TABLE.strip().splitlines())
    return tuple(Edition(name, language, ZoneInfo(zone), tuple(hosts)) for name, language, zone, *hosts in rows)


@cache
def _by_host() -> dict[str, Edition]:
    return {host: edition for edition in editions() for host in edition.hosts}


def edition_on(host: str) -> Edition | None:
    """The edition that answers (or answered) on this host, `www.` and the mobile `m.` aside."""
    return _by_host().get(host.lower().removeprefix("www.").removeprefix("m."))
