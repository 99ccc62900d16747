"""An auditor installs `cryptography` and copies one folder: nothing else may be needed."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ledger

HOME = Path(ledger.__file__).parent


@pytest.mark.parametrize("path", sorted(HOME.glob("*.py")), ids=lambda path: path.name)
def test_the_ledger_imports_the_standard_library_and_cryptography_alone(path: Path) -> None:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(node.module or "")
    tops = {module.partition(".")[0] for module in modules}
    assert tops <= sys.stdlib_module_names | {"cryptography", "ledger"}


def test_the_ledger_works_where_there_is_nothing_else_of_ours(tmp_path: Path) -> None:
    shutil.copytree(HOME, tmp_path / "ledger", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import sys, ledger.__main__, ledger.chain\n"
        "ours = {'exchange', 'pricing'} & {name.partition('.')[0] for name in sys.modules}\n"
        "sys.exit(bool(ours))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
