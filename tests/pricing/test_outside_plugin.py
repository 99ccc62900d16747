"""The page that leads a stranger to a plug-in: its files are the sample's, its commands are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pricing import conformance
from pricing.registry import names

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "plugin-scarcity-appraiser"
PAGE = (ROOT / "docs" / "writing-a-pricing-plugin.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_the_page_shows_the_files_of_the_sample() -> None:
    shown = dict(re.findall(r"^`([\w.]+)`\n\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    files = [path for path in SAMPLE.iterdir() if path.is_file()]
    assert shown == {path.name: path.read_text(encoding="utf-8") for path in files}


def test_the_page_names_every_kit() -> None:
    for name in conformance.__all__:
        assert f"`{name}`" in PAGE


@pytest.mark.slow
def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    """In a folder of its own, without the network: the environment stays as it was."""
    folder = tmp_path / "scarcity"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PIP_NO_INDEX": "1"}
    said = []
    for command in COMMANDS:
        done = subprocess.run(
            ["sh", "-c", command],  # noqa: S607 - the shell of whoever reads the page
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    installed, tested, listed, appraised, replayed, without = said
    assert installed == ""
    assert "9 passed" in tested
    assert re.search(r"appraisers +scarcity +scarcity-appraiser +1\.0 ", listed)
    assert "scarcity: 375.00 CNY to 675.00 CNY, middle 525.00 CNY" in appraised
    assert "bit for bit" in replayed
    assert "no 'scarcity' in pricing.appraisers" in without
    assert "scarcity" not in names("appraisers"), "the environment has it"
