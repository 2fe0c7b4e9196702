"""A plugin of pytest: writes the seconds of CPU of each test, with its set-up, to the file of $MUTANTS_DURATIONS.

A test that fails without a mutant is not in it. Property tests have few examples, always the same, here and with
mutants.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

#: Those of pytest's plugins that the tests need: it takes long to look for others.
PLUGINS = ("_hypothesis_pytestplugin", "time_machine")
hypothesis.settings.register_profile("mutants", max_examples=25, deadline=None, derandomize=True, database=None)

_SECONDS: dict[str, float] = {}
_BEGIN = pytest.StashKey[float]()


def _spent() -> float:
    return sum(os.times()[:4])


def pytest_configure() -> None:
    hypothesis.settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGIN] = _spent()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Puts the seconds where pytest-xdist takes them to the process that writes them."""
    if call.when == "call":
        item.user_properties.append(("cpu", _spent() - item.stash[_BEGIN]))
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _SECONDS[report.nodeid] = dict(report.user_properties)["cpu"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        Path(os.environ["MUTANTS_DURATIONS"]).write_text(json.dumps(_SECONDS), encoding="utf-8")
