"""Arguments of spiders, which are text: `scrapy crawl -a since=2022-02-14`."""

from datetime import date

from storage.exceptions import InvalidSpiderArgument


def day_argument(name: str, text: str | None) -> date | None:
    """The day of an argument `--name`, an ISO date; None where it is not given. Raises InvalidSpiderArgument."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidSpiderArgument(f"--{name} {text} is no day: write it like 2022-02-14") from None


def limit_argument(text: str | None) -> int | None:
    """The number of `--limit`; None where it is not given. Raises InvalidSpiderArgument."""
    if not text:
        return None
    if not text.isdigit() or int(text) == 0:
        raise InvalidSpiderArgument(f"--limit {text} is no whole number above 0")
    return int(text)
