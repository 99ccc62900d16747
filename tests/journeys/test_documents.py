"""The commands that the documents print are run; the output that the README prints is real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
EXPECTED_EXIT = re.compile(r" +# exit (\d)$")


def commands(document: str) -> list[tuple[str, int]]:
    """Return each command of a document's console blocks with the exit code it is to have."""
    found = []
    for block in BLOCK.findall((ROOT / document).read_text(encoding="utf-8")):
        for command in re.split(r"(?m)^\$ ", block)[1:]:
            text = command.rstrip("\n")
            match = EXPECTED_EXIT.search(text)
            found.append((text, int(match[1]) if match else 0))
    return found


@pytest.mark.slow
def test_the_tutorial_runs_as_printed(tmp_path: Path) -> None:
    steps = commands("docs/tutorial.md")
    check = "\ncode=$?; [ $code -eq {} ] || {{ echo step {}: exit $code >&2; exit 99; }}\n"
    script = "".join(text + check.format(code, n) for n, (text, code) in enumerate(steps))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GUAPAI")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    assert len(steps) > 25
    assert done.stdout.rstrip().endswith("certificate.json")


# What differs from run to run: ids and hashes, which come from fresh keys.
RANDOM = re.compile(
    r"\b(?:GP|PT|SC|QT|TR)(?:-[0-9A-Z]{4}){3}\b|\b[0-9a-f]{8,64}…?|\+[0-9a-f]{8}\+[\w+/=]{40,}|"
    r"\bByte [\d,]+|\b\d[\d,]* bytes\b|\bentry \d+",
    re.ASCII,
)


def lines(output: str) -> set[str]:
    return {re.sub(r"[\s─]+", " ", RANDOM.sub("*", line)).strip() for line in output.splitlines()}


@pytest.mark.slow
def test_the_readme_shows_what_the_demonstration_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- output of guapai demo -->\s*```text\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    done = subprocess.run(
        [sys.executable, "-m", "exchange.cli", "demo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    missing = lines(shown[1]) - lines(done.stdout) - {"", "…"}
    assert not missing
