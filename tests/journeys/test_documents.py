"""The commands that the documents print are run."""

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
