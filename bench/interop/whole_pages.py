"""Replays pages that were crawled with --requisites, and compares screenshots with the newsstand's own pages."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.interop.replay import BROWSER_FLAGS, browser, wayback
from bench.interop.sample_collection import SITES
from bench.interop.tools import output_of
from crawler.operations.pywb import free_port, replaying
from newsstand.stand import Newsstand
from storage.collection import Collection

#: Share of equal pixels that a whole page has at least, and that one without its requisites has at most.
WHOLE, BARE = 0.999, 0.9
#: Difference of a colour channel, of 255, up to which a pixel is equal.
TOLERANCE = 8


def whole_pages(folder: Path, articles: int = 20, seed: int = 5) -> str:
    """Articles of each template of both sites, replayed with requisites and without, against the site itself."""
    with Newsstand(articles=articles, seed=seed) as stand:
        pages = [(site, row["url"]) for site in SITES for row in _chosen(stand.truth(site))]
        whole, bare = Collection(folder / "whole"), Collection(folder / "bare")
        for site in SITES:
            urls = [word for name, url in pages if name == site for word in ("--url", url)]
            _crawl(stand, whole, site, *urls, "--requisites")
            _crawl(stand, bare, site, *urls)
        with _screenshots(f"--proxy-server={stand.url}", "--ignore-certificate-errors") as shoot:
            own = [shoot(url, folder / f"page-{at}-own.png") for at, (_, url) in enumerate(pages)]
    alike = _shares(whole, pages, own, folder, "whole")
    unlike = _shares(bare, pages, own, folder, "bare")
    assert min(alike) >= WHOLE, f"of a page only {min(alike):.2%} of the pixels are as the site shows it: {folder}"
    assert max(unlike) <= BARE, f"without requisites {max(unlike):.2%} of the pixels are the same: nothing is tested"
    return (
        f"{len(pages)} pages crawled with --requisites: at least {min(alike):.2%} of the pixels of each replayed page "
        f"are as the site shows it; without, at most {max(unlike):.2%}"
    )


def _chosen(truth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first, the middle and the last without a frame of another site, which neither side can show."""
    plain = [row for row in truth if not any(block["type"] == "embed" for block in row["blocks"])]
    return [plain[0], plain[len(plain) // 2], plain[-1]]


def _crawl(stand: Newsstand, collection: Collection, *words: str) -> None:
    environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "interop@emeroteca.example"}
    command = [sys.executable, "-m", "crawler.cli", "--home", str(collection.home), "crawl", *words, "--delay", "0"]
    subprocess.run(command, env=environment, check=True, timeout=600)


def _shares(
    collection: Collection, pages: list[tuple[str, str]], own: list[Path], folder: Path, name: str
) -> list[float]:
    """Of each page, the share of pixels that the replay shows as the site does."""
    with replaying(collection, wayback(), free_port(), framed=False) as (url, _), _screenshots() as shoot:
        replayed = [shoot(f"{url}{page}", folder / f"page-{at}-{name}.png") for at, (_, page) in enumerate(pages)]
    return [equal_pixels(*pair) for pair in zip(own, replayed, strict=True)]


@contextmanager
def _screenshots(*flags: str) -> Iterator[Any]:
    """A function that has Chromium show a URL and store the picture."""
    with tempfile.TemporaryDirectory(prefix="emeroteca-browser-") as profile:
        of_replay = [flag for flag in BROWSER_FLAGS if not (flags and flag.startswith("--host-resolver-rules"))]
        look = [browser(), *of_replay, *flags, f"--user-data-dir={profile}"]

        def shoot(url: str, picture: Path) -> Path:
            output_of(*look, f"--screenshot={picture}", url)
            return picture

        yield shoot


def equal_pixels(one: Path, other: Path) -> float:
    """The share of pixels, 0 to 1, that two pictures of the same size have in common."""
    from PIL import Image, ImageChops

    with Image.open(one) as left, Image.open(other) as right:
        assert left.size == right.size, f"{one} and {other} differ in size"
        difference = ImageChops.difference(left.convert("RGB"), right.convert("RGB"))
        channels = [band.point(lambda value: 255 if value > TOLERANCE else 0) for band in difference.split()]
        differing = ImageChops.lighter(ImageChops.lighter(*channels[:2]), channels[2])
        return differing.histogram()[0] / (left.width * left.height)
