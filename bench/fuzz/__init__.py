"""Three fuzzers of what comes from outside: pages, archives, and texts with their dates, URLs and lists.

Each input is a function of its fuzzer and its number. `bounds` runs them in worker processes, within bounds of time and
memory; `python -m bench.fuzz` is the command.
"""
