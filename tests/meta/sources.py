"""The files of the project that the guards look at."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("exchange", "ledger", "pricing")
_FOLDERS = (*PACKAGES, "tests", "samples", "benchmarks", "docs", ".github")


def modules(*folders: str) -> list[Path]:
    """Return the Python modules of the packages, samples and benchmarks, or of `folders`."""
    return sorted(
        path
        for folder in folders or (*PACKAGES, "samples", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    )


def texts() -> list[Path]:
    """Return every text file of the project: those at the top, and those in its folders.

    A worktree has a file `.git` that says where the repository lies; it is no file of the project.
    """
    top = (path for path in ROOT.iterdir() if path.name != ".git")
    found = [path for path in top if path.is_file() and not path.is_symlink()]
    for folder in _FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(path for path in found if "__pycache__" not in path.parts and _is_text(path))


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" not in file.read(4_096)
