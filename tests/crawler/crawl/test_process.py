"""The process of a crawl."""

import subprocess
import sys

TIMERS = """
from time import monotonic
from scrapy.settings import Settings
from crawler.crawl.process import new_process

settings = Settings()
settings.setmodule("crawler.settings")
new_process(settings)
from twisted.internet import reactor

begun, told = monotonic(), []
due = reactor.callLater(30, told.append, 1)
assert begun + 30 <= due.getTime() <= monotonic() + 30
reactor.callLater(0.01, told.append, 2)
reactor.callLater(0.02, reactor.stop)
reactor.run()
assert told == [2]
"""


def test_timers_do_not_depend_on_the_clock_of_the_wall() -> None:
    """A crawl hung when the clock was set back while a call was due."""
    ended = subprocess.run([sys.executable, "-c", TIMERS], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
