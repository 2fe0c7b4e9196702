from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from crawler.discovery.day_archive import DayArchiveRoute
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window

ROUTE = DayArchiveRoute(
    url="https://news.example/{day}/", links='//a[@class="list__title"]/@href', timezone=ZoneInfo("Europe/Rome")
)


def test_each_day_of_the_window_is_asked_for() -> None:
    urls = list(ROUTE.start(Window(date(2022, 2, 27), date(2022, 3, 1))))
    assert [url.split("/")[3] for url in urls] == ["20220227", "20220228", "20220301"]


def test_no_day_after_today_and_none_without_a_first_one() -> None:
    assert list(ROUTE.start(Window(date(9990, 1, 1)))) == []
    assert list(ROUTE.start(Window(until=date(2022, 3, 1)))) == []


def test_links_of_the_list_come_absolute_and_once() -> None:
    body = b'<a class="list__title" href="/20220227/x-1234.html">x</a><a href="/n/">n</a>' * 2
    page = ListPage(url="https://news.example/20220227/", body=body)
    assert list(ROUTE.read(page, Window())) == [
        DiscoveredUrl(url="https://news.example/20220227/x-1234.html", route="day-archive", via=page.url)
    ]


def test_the_button_for_more_is_followed() -> None:
    route = replace(ROUTE, more='//*[@class="list-more"]/@data-url')
    page = ListPage(url="https://news.example/20220227/", body=b'<div class="list-more" data-url="/more?id=7">7</div>')
    assert list(route.read(page, Window())) == [Follow("https://news.example/more?id=7")]


def test_year_month_and_date_may_stand_apart() -> None:
    route = DayArchiveRoute("https://g.example/{year}/{month}/{date}/", "//a/@href", ZoneInfo("Europe/Rome"))
    window = Window(date(2021, 2, 28), date(2021, 3, 1))
    assert list(route.start(window)) == ["https://g.example/2021/02/28/", "https://g.example/2021/03/01/"]
