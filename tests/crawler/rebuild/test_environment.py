"""The fingerprint of an environment tells which versions differ."""

from crawler.rebuild.environment import differences, environment


def test_an_environment_does_not_differ_from_itself() -> None:
    assert differences(environment()) == ""


def test_each_difference_is_named_with_both_versions() -> None:
    here = environment()
    other = here | {"trafilatura": "0.1", "its code": "abc"}
    del other["lxml"]
    assert differences(other) == (
        f"its code {here['its code']} instead of abc, lxml {here['lxml']} instead of missing, "
        f"trafilatura {here['trafilatura']} instead of 0.1"
    )
