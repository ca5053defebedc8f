"""``python -m tests.benchmarks [NAME ...] [--rounds N]``: every budget as a ratio against peers of the same run.

Needs the extra ``bench``; Linux, for pseudo terminals and kernel stamps. It asserts nothing: a busy machine tells
nothing about the code. What is compared takes turns; read the ratios, not the milliseconds.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
import time
from types import MappingProxyType

from .figures import Figure, table

PARTS = MappingProxyType(
    {
        "stamps": "how true the stamps are beside a rendering screen",
        "chunks": "CPU a chunk against four clients",
        "lists": "10,000 models to an index, 50,000 rows under a filter",
        "redaction": "known keys and patterns over a large text",
        "starts": "the console to its full paint, smoke as a process",
        "panes": "four streaming panes, 64 streams at once",
    }
)


def main() -> None:
    """Run the parts that are named, or all; a part's rows are printed as soon as it is done."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        epilog="Parts: " + "; ".join(f"{name}: {words}" for name, words in PARTS.items()),
    )
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="which parts (all)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured, in turns (3)")
    given = parser.parse_args()
    figures: list[Figure] = []
    for part in given.part or PARTS:
        begun = time.monotonic()
        found = importlib.import_module(f".{part}", __package__).measure(given.rounds)
        print(f"{part}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        figures += found
    print(f"Python {platform.python_version()}, {platform.system()}, {given.rounds} rounds")
    print(table(figures))
    missed = sum("missed" in figure.verdict for figure in figures)
    print(f"{sum('met' in figure.verdict for figure in figures)} met, {missed} missed")


if __name__ == "__main__":
    main()
