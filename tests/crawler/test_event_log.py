"""What a server says is shown in logs and messages, and commands neither the terminal nor the reader of the log."""

import subprocess
import sys

HOSTILE = "\\x1b[2Jrosso\\u202e\\n2026-01-01 INFO crawler: tutto bene"
SCRIPT = f"""
import logging
from crawler.event_log import display_records, report
display_records()
logging.basicConfig(format="%(levelname)s %(message)s")
logging.getLogger("scrapy").warning("the server says %s", "{HOSTILE}")
report("message", "it says {HOSTILE}")
"""


def test_messages_of_servers_are_displayed() -> None:
    told = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True).stderr.decode()
    sign = "\N{REPLACEMENT CHARACTER}"
    assert told.splitlines() == [
        f"WARNING the server says {sign}[2Jrosso{sign}",
        "  2026-01-01 INFO crawler: tutto bene",
        f"it says {sign}[2Jrosso{sign}",
        "2026-01-01 INFO crawler: tutto bene",
    ]
