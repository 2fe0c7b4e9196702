"""Requests beyond this machine need a contact."""

import pytest

from crawler.fetching.contact import contact_problem, leaves_machine


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("host", "leaves"),
    [("alanews.it", True), ("localhost", False), ("a.localhost", False), ("127.8.0.1", False), ("[::1]", False)],
)
def test_loopback_hosts_stay_on_this_machine(host: str, leaves: bool) -> None:
    assert leaves_machine(host) is leaves


def test_the_proxy_decides_for_the_hosts_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "127.0.0.1:8080")
    assert not leaves_machine("alanews.it")
    monkeypatch.setenv("https_proxy", "http://proxy.example:8080")
    assert leaves_machine("alanews.it")


@pytest.mark.parametrize(
    "contact",
    [
        "https://library.example/crawler?about=1",
        "http://www.library.example:8080",
        "https://social.example/@crawler",
        "you@library.example",
        "news.crawler+it@dept.library.example",
        "mailto:you@library.example",
        " you@library.example ",
    ],
)
def test_urls_and_e_mail_addresses_are_contacts(contact: str) -> None:
    assert contact_problem(contact, ["alanews.it"]) is None


@pytest.mark.parametrize(
    "contact",
    ["foo", "foo@", "@library.example", "you@localhost", "https://", "https://intranet/", "ftp://library.example/",
     "library.example", "you at library.example", "you@library.example)", "you@library.example\nX: y", "http://10.0.0.1/",
     "https://you:pw@library.example/"],
)  # fmt: skip
def test_other_words_are_no_contact(contact: str) -> None:
    problem = contact_problem(contact, ["localhost"])
    assert problem is not None and "neither a URL nor an e-mail address" in problem and "EMEROTECA_CONTACT" in problem


def test_a_contact_or_loopback_is_no_problem() -> None:
    assert contact_problem("https://library.example", ["alanews.it"]) is None
    assert contact_problem(None, ["localhost"]) is None
    problem = contact_problem("  ", ["localhost", "alanews.it"])
    assert problem is not None and "alanews.it" in problem and "EMEROTECA_CONTACT" in problem
