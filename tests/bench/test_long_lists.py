"""A limit ends the reading of lists, however long the site's sitemaps are; the real benchmark, on fewer URLs."""

from pathlib import Path

from bench.long_lists import measure, served

MAPS, URLS, LIMIT = 12, 300, 5


def test_a_limit_ends_the_reading_of_lists(tmp_path: Path) -> None:
    with served(MAPS, URLS) as site:
        words = ("crawl", f"{site.origin}/", "--delay", "0", "--limit", str(LIMIT))
        rehearsed = measure(site, tmp_path / "home", (*words, "--dry-run"))
        assert (rehearsed.status, rehearsed.articles) == (0, 0), rehearsed.said
        assert f"--limit {LIMIT} takes {LIMIT} of them" in rehearsed.said
        surveyed = rehearsed.lists
        first = measure(site, tmp_path / "home", words)
        assert (first.status, first.articles) == (0, LIMIT), first.said
        assert first.lists == surveyed < MAPS
        assert f"--limit {LIMIT} is reached; lists that were not read for that: {MAPS - 1}" in first.said
        again = measure(site, tmp_path / "home", words)
        assert (again.status, again.articles, again.lists) == (0, LIMIT, 2), again.said
        assert len({path for path in site.asked if path.startswith("/2024/")}) == 2 * LIMIT


def test_without_a_limit_every_list_is_read(tmp_path: Path) -> None:
    with served(3, 4) as site:
        whole = measure(site, tmp_path / "home", ("crawl", f"{site.origin}/", "--delay", "0"))
        assert (whole.status, whole.articles) == (0, 12), whole.said
        assert {f"/map-{at}.xml" for at in range(3)} <= set(site.asked)
