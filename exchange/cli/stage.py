"""The folder that the demonstration plays in, and what things are called in it."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import click

from exchange.desk import Desk
from exchange.errors import Conflict
from exchange.formats.sheet_file import FIRST_COLLECTED, MINORS, RETENTION, template
from exchange.venue import Venue

MARK: Final = ".guapai-demonstration"  # stands in folders that a demonstration may replace
MARKED: Final = "Made by `guapai demo`, which replaces this folder when it runs again.\n"
MADE: Final = frozenset(
    {MARK, "samples", "own", "exchange", "passphrase", "bought", "certificates", "bundle"}
    | {"bundle-tampered", "sheets"}
)


def fresh_folder(folder: Path, files: Sequence[Path]) -> Path:
    """Return an empty folder; one that a demonstration made, and nobody else used, is replaced."""
    if any(folder.resolve() in file.resolve().parents for file in files):
        raise Conflict(f"a file of yours lies in {folder}, which would be replaced")
    if folder.exists() and any(folder.iterdir()):
        mark = folder / MARK
        if not mark.is_file() or mark.read_text(encoding="utf-8") != MARKED:
            raise Conflict(f"{folder} is not empty and no demonstration made it: choose --into")
        strange = sorted(path.name for path in folder.iterdir() if path.name not in MADE)
        if strange:
            raise Conflict(f"{folder} holds {strange[0]}, which no demonstration made")
        click.echo(f"replacing the demonstration in {folder}", err=True)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).write_text(MARKED, encoding="utf-8")
    return folder


def programs() -> tuple[str, str]:
    """Return how whoever reads this can call the command and its Python, from this folder."""
    if shutil.which("guapai"):
        return "guapai", "python"
    folder = Path(sys.executable).parent
    here = Path.cwd()
    if folder.is_relative_to(here):
        folder = folder.relative_to(here)
    return str(folder / "guapai"), str(folder / "python")


def suggestions(folder: Path, shop: Path, number: str, key: object) -> list[str]:
    """Return commands to try next on the exchange `shop` of a demonstration in `folder`."""
    program, python = programs()
    run = f"{program} -C {shop} --passphrase-file {folder / 'passphrase'}"
    return [
        f"{run} board",
        f"{run} show {number}",
        f"{run} explain {number}",
        f"{run} completeness {number} --all",
        f"{run} price path {number}",
        f"{run} audit",
        f"{run} serve",
        f"{python} -m ledger verify {folder / 'bundle'} --key '{key}'",
        f"{python} -m ledger verify {folder / 'bundle-tampered'}",
        f"{program} inspect YOUR-FILE --sheet-template YOUR-SHEET.toml",
        f"{program} demo --file YOUR-FILE",
    ]


def short_name(path: Path, taken: Collection[str]) -> str:
    """Name a file of the user's within sixteen characters, so that tables keep their shape."""
    name, number = path.name.partition(".")[0][:16], 1
    while name in taken:
        number += 1
        name = f"{name[:13]}~{number}"
    return name


def file_of(name: str, number: str, desk: Desk) -> str:
    """Name the file that the buyer opens a product into."""
    with desk.floor.read() as work:
        return f"{name}-{work.products.get(number).file}"


def own_sheet(path: Path, folder: Path) -> Path:
    """Write a spec sheet for a file of the user's own into `folder`, its words made up."""
    folder.mkdir(exist_ok=True)
    (folder / "source.txt").write_text(f"{path.name}: given by the user of the demonstration.\n")
    day = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()
    profile = Venue.inspect_file(path)
    text = template(profile, on=day, expected=Venue.suggest_for(path, profile))
    text = text.replace(FIRST_COLLECTED, f"first_collected = {day}")  # for want of a time in it
    for unsaid in (MINORS, RETENTION):  # what nobody says for the user: the gate asks for it
        text = text.replace(unsaid, f"# {unsaid}")
    text = text.replace("TODO ", "").replace('"TODO"', '"own data"')
    target = folder / f"{path.name}.toml"
    target.write_text(text.replace('evidence = ""', 'evidence = "source.txt"', 1))
    return target
