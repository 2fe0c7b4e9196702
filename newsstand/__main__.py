"""`python -m newsstand`: serve both sites until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from newsstand.newsroom import LARGEST, SMALLEST, Newsroom
from newsstand.scenario import LAST_STEP
from newsstand.server import Proxy, run

EXAMPLES = """\
examples:
  python -m newsstand --articles 1000 --seed 7
  python -m newsstand --port 8899 --ca newsstand-ca.pem
  http_proxy=http://127.0.0.1:8899 https_proxy=http://127.0.0.1:8899 no_proxy= \\
      curl --cacert newsstand-ca.pem https://alanews.it/robots.txt
  curl http://127.0.0.1:8899/control/truth/alanews.jsonl
  curl -d '{"clock": 1}' http://127.0.0.1:8899/control/clock
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m newsstand",
        description="it.sputniknews.com and alanews.it on loopback, behind an HTTP(S) proxy. No internet.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--articles", type=int, default=100, metavar="N", help=f"per site, {SMALLEST} to {LARGEST} (100)")
    made.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other articles (1)")
    made.add_argument("--port", type=int, default=0, metavar="P", help="loopback port; 0: a free one (0)")
    made.add_argument("--clock", type=int, default=0, metavar="T", help=f"step of the scenario, 0 to {LAST_STEP} (0)")
    made.add_argument("--archived", metavar="NAME", help="the only paper that the web archives hold (all)")
    made.add_argument("--ca", type=Path, metavar="FILE", help="write the certificate authority (PEM) here")
    made.add_argument("--while-stdin", action="store_true", help="end when standard input ends")
    return made


def _announce(url: str, ca: Path | None) -> None:
    print(url, flush=True)
    trust = f"curl --cacert {ca}" if ca else "curl --insecure"
    print(
        f"  export http_proxy={url} https_proxy={url} no_proxy=\n"
        f"  {trust} https://it.sputniknews.com/robots.txt\n"
        f"  control: {url}/   Ctrl-C ends",
        file=sys.stderr,
    )


async def _serve(proxy: Proxy, arguments: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    started: asyncio.Future[int] = loop.create_future()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if arguments.while_stdin:
        loop.add_reader(sys.stdin, stop.set)
    started.add_done_callback(lambda done: _announce(f"http://127.0.0.1:{done.result()}", arguments.ca))
    await run(proxy, arguments.port, started, stop)


def main(words: list[str] | None = None) -> int:
    """Serves; returns the exit status: 0 ended, 2 wrong use, 3 could not serve."""
    arguments = parser().parse_args(words)
    try:
        newsroom = Newsroom(
            articles=arguments.articles, seed=arguments.seed, clock=arguments.clock, archived=arguments.archived
        )
    except ValueError as error:
        parser().error(str(error))
    proxy = Proxy(newsroom)
    try:
        if arguments.ca:
            arguments.ca.write_bytes(proxy.authority.certificate)
        asyncio.run(_serve(proxy, arguments))
    except OSError as error:
        print(f"newsstand: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
