"""Commands for the register (统一登记): what a product is like, and what becomes of its claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command
from exchange.services.find_similar import Match, find_similar, similar_now


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:.1f} %"


def _columns(match: Match) -> str:
    return ", ".join(
        ours if ours == theirs else f"{ours} is {theirs}" for ours, theirs in match.likeness.columns
    )


@command(main, "similar")
@click.argument("what", metavar="NUMBER|FILE")
def similar_command(shell: Shell, what: str) -> None:
    """Search the register for data that product NUMBER, or FILE, is like."""
    path = Path(what)
    if path.is_file():
        profile, fingerprint = shell.floor.examine(path, path.name)
        with shell.floor.read() as work:
            found = find_similar(fingerprint, profile, work=work)
    else:
        with shell.floor.read() as work:
            found = similar_now(what, work)
    record: dict[str, Any] = {"similar": [match.to_record() for match in found]}
    if shell.as_json or not found:
        shell.result(record, f"nothing registered is like {what}")
        return
    shell.table(
        f"Registered and like {what}",
        ["=product", ">of this", ">of that", ">compared", "=how", "columns that correspond"],
        [
            (
                match.product.number,
                _percent(match.likeness.this_ppm),
                _percent(match.likeness.other_ppm),
                match.likeness.compared,
                match.how,
                _columns(match),
            )
            for match in found
        ],
    )
