"""emeroteca serve: the reading room, to look at the collection in a browser."""

import re
import secrets
import sys

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.extras import needing
from storage.exceptions import CommandError


@collection_command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=8070, show_default=True, help="0: any free port.")
@click.option(
    "--token",
    metavar="SECRET",
    help="What a visitor must know; needed for any address but loopback. Browsers ask for it as the password. "
    "new: a random one, which is shown.",
)
@click.option(
    "--replay",
    metavar="URL",
    envvar="EMEROTECA_REPLAY_URL",
    show_envvar=True,
    help="Where pywb replays the collection: captures lead there.",
)
def command(settings: Settings, host: str, port: int, token: str | None, replay: str | None) -> None:
    """Serve the reading room until Ctrl-C: search with counts, articles with their revisions and records, crawls.

    It reads the corpus and changes nothing. Only this machine reaches it unless --host says otherwise; then a token is
    needed, and something in front of it that speaks TLS is advised.

    \b
    emeroteca serve
    emeroteca --home demo serve --port 8080
    emeroteca serve --host 0.0.0.0 --token new
    emeroteca serve --replay http://127.0.0.1:8080/emeroteca/    # beside emeroteca replay
    """
    if replay is not None and not re.fullmatch(r"https?://[^\s/]\S*", replay):
        raise click.BadParameter(f"{replay!r} is no http or https URL", param_hint="--replay")
    with needing("serve", "reading-room"):
        from reading_room.server import serve
    if not settings.has_database():
        raise CommandError(f"there is no corpus in {settings.home}: crawl a site first (emeroteca crawl alanews)")
    if token == "new":
        token = secrets.token_urlsafe(18)
        print(f"The token is {token}", file=sys.stderr)
    with settings.database():  # an older schema is brought up to date, and embargoes that are over end
        pass
    serve(
        settings.collection,
        host,
        port,
        token or None,
        lambda url: print(f"The reading room is on {url}; Ctrl-C ends it.", file=sys.stderr, flush=True),
        replay=replay and f"{replay.rstrip('/')}/",
    )
