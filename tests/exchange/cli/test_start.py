"""What every command pays for: the modules that are read before one is chosen."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    *("numpy", "scipy", "matplotlib", "duckdb", "flask", "joblib", "distributed", "ray"),
    *("typst", "rdflib"),
)


def test_no_command_waits_for_what_few_need() -> None:
    """A third of a second of processor time each, before a word is printed."""
    code = f"import sys, exchange.cli; print(*({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == []
