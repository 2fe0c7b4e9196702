"""Which answers a crawl does not keep, since they reserve what it respects; called by crawler.crawl.session."""

from collections.abc import Collection, Iterable

from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from crawler.extraction.rights import Signals, header_signals, page_signals
from storage.exceptions import DecodingError, InvalidSpiderArgument
from storage.rights import RESERVATIONS, reservations
from storage.warc.http.content_coding import decode
from storage.warc.http.exchange import Exchange
from storage.warc.http.message import parse_response, payload_parts, text


def checked_reservations(names: Iterable[str]) -> frozenset[str]:
    """The setting EMEROTECA_RESPECT. Raises InvalidSpiderArgument for a name that is no reservation."""
    respected = frozenset(name.strip() for name in names if name.strip())
    if unknown := sorted(respected - {*RESERVATIONS}):
        known = ", ".join(RESERVATIONS)
        raise InvalidSpiderArgument(f"--respect {unknown[0]} is no reservation (EMEROTECA_RESPECT): there are {known}")
    return respected


def reserved(exchange: Exchange, respected: Collection[str]) -> str | None:
    """The first of the respected reservations (`storage.rights.RESERVATIONS`) that headers or markup of an answer make;
    None where there is none.
    """
    signals = [signal.as_json() for signal in _signals(exchange)]
    return min(reservations(signals).intersection(respected), default=None)


def _signals(exchange: Exchange) -> Signals:
    head = parse_response(exchange.response)
    if head is None:
        return ()
    headers = [(text(name), text(value)) for name, value in head.fields]
    found = header_signals(headers)
    codings = [value.strip().lower() for name, value in headers if name.lower() == "content-encoding"]
    try:
        body = decode(b"".join(payload_parts(exchange.response, head)), codings)
        return (*found, *page_signals(Page.from_bytes(body, exchange.url, None, head.first(b"content-type"))))
    except (DecodingError, PageRefused):
        return found
