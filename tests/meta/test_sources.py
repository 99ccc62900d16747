from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

from tests.meta.sources import PACKAGES, ROOT, modules, texts

LINES_MAX = 500  # a screenful of purpose, several times over

# Put together here, so that this file does not contain what it looks for.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "proxy.golang" + ".org",
    "anaconda" + ".org",
    "docker" + ".io",
    "ghcr" + ".io",
    "quay" + ".io",
]
MACHINE_PATH = re.compile(r"(?<![\w.*])/(?:work|root|home|Users)/\w")


@pytest.fixture(scope="module")
def contents() -> dict[Path, str]:
    return {
        path.relative_to(ROOT): path.read_text(encoding="utf-8", errors="replace")
        for path in texts()
    }


def faults(contents: dict[Path, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in contents.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_there_is_something_to_look_at(contents: dict[Path, str]) -> None:
    assert Path("exchange/errors.py") in contents
    assert Path("tests/meta/test_sources.py") in contents


def test_no_file_names_the_host_of_a_registry(contents: dict[Path, str]) -> None:
    assert (
        faults(contents, re.compile("|".join(re.escape(host) for host in HOSTS), re.IGNORECASE))
        == []
    )


def test_no_file_names_a_path_of_one_machine(contents: dict[Path, str]) -> None:
    assert faults(contents, MACHINE_PATH) == []


def test_a_lock_has_hashes_and_no_address(contents: dict[Path, str]) -> None:
    locks = {path: text for path, text in contents.items() if path.suffix == ".lock"}
    assert locks
    assert faults(locks, re.compile(r"://")) == []
    for path, text in locks.items():
        pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert pinned, path
        assert text.count("--hash=sha256:") >= len(pinned), path
    assert not {Path("uv.lock"), Path("pylock.toml"), Path("poetry.lock")} & set(contents)


def reason(text: str) -> str:
    """Return the reason a module gives for its length, before its first import."""
    head = re.split(r"^(?:from|import) ", text, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.search(r"^# long because: (.{10,})$", head, re.MULTILINE)
    return found[1] if found else ""


def test_a_long_module_says_why() -> None:
    long = {
        str(path.relative_to(ROOT)): len(text.splitlines())
        for path in modules()
        for text in [path.read_text(encoding="utf-8")]
        if len(text.splitlines()) > LINES_MAX and not reason(text)
    }
    assert long == {}


def test_a_reason_must_be_given_before_the_first_import() -> None:
    assert reason('"""Doc."""\n\n# long because: one table of kinds, read together\n\nimport re')
    assert not reason('"""Doc."""\n\nimport re\n\n# long because: one table of kinds\n')
    assert not reason("# long because: x\nimport re\n")


def test_no_module_is_called_by_what_it_is_not() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}
    found = [
        path.relative_to(ROOT)
        for path in modules(*PACKAGES, "tests", "samples", "benchmarks")
        if empty & {path.stem, path.parent.name}
    ]
    assert found == []


# One writes templates that ask a supplier to fill in their TODO, one fills it in, one refuses it.
TEMPLATES = {
    Path("exchange/formats/sheet_file.py"),
    Path("exchange/cli/stage.py"),
    Path("exchange/legible.py"),
}


def test_nothing_is_left_to_be_done_later(contents: dict[Path, str]) -> None:
    code = {
        path: text
        for path, text in contents.items()
        if path.parts[0] in PACKAGES and path.suffix == ".py"
    }
    others = {path: text for path, text in code.items() if path not in TEMPLATES}
    words = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    assert faults(others, words) == []
    for path in TEMPLATES & set(code):
        assert [each for each in outside_strings(code[path]) if words.search(each)] == [], path


def outside_strings(text: str) -> list[str]:
    """Return the names and the comments of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type in {tokenize.NAME, tokenize.COMMENT}]


def test_an_ignored_type_says_which(contents: dict[Path, str]) -> None:
    code = {path: text for path, text in contents.items() if path.suffix == ".py"}
    assert faults(code, re.compile(r"#\s*type:\s*ignore(?!\[)")) == []
    assert faults(code, re.compile(r"#\s*noqa(?!:)")) == []


def test_the_speller_leaves_alone_what_git_ignores(tmp_path: Path) -> None:
    wrong, speller = "rec" + "ieve\n", Path(sys.executable).with_name("codespell")
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for folder in (line.strip("/") for line in ignored if line.endswith("/")):
        (tmp_path / folder.replace("*", "guapai")).mkdir()
        (tmp_path / folder.replace("*", "guapai") / "notes.txt").write_text(wrong, "utf-8")
    (tmp_path / "notes.txt").write_text(wrong, "utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    told = subprocess.run([speller], cwd=tmp_path, capture_output=True, text=True, check=False)
    found = {line.partition(":")[0] for line in told.stdout.splitlines() if "==>" in line}
    assert found == {"./notes.txt"}
