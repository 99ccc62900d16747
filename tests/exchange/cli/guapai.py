"""The command ``guapai`` as tests run it: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from exchange.cli import main
from tests.exchange.floor import PASSPHRASE

# What `guapai participant add` wants to have seen.
PAPERS = ("--signatory", "李四", "--document", __file__)


@dataclass
class Guapai:
    """Runs commands on one exchange and keeps what they printed."""

    folder: Path
    passphrase: str | None = PASSPHRASE
    printed: list[str] = field(default_factory=list)

    def __call__(self, *arguments: object, code: int = 0) -> Result:
        """Run a command, which must end with `code`."""
        env = {"GUAPAI_PASSPHRASE": self.passphrase, "GUAPAI_HOUSE_PASSPHRASE": None}
        line = ["-C", str(self.folder), *map(str, arguments)]
        result = CliRunner().invoke(main, line, env=env)
        self.printed += [result.stdout, result.stderr]
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, (line, result.output)
        return result

    def json(self, *arguments: object, code: int = 0) -> Any:
        """Run a command with ``--json`` and return its object; nothing else is on stdout."""
        return json.loads(self(*arguments, "--json", code=code).stdout)

    def error(self, *arguments: object, code: int) -> Any:
        """Return the error object of a command that fails."""
        return self.json(*arguments, code=code)["error"]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with nobody at a terminal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GUAPAI_")}
    return subprocess.run(
        [sys.executable, "-c", "from exchange.cli import main; main()", *map(str, arguments)],
        env=plain | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
