"""Commands of a witness: whoever watches somebody else's log, with no exchange of its own."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import click

from exchange.cli import main
from exchange.cli.shell import Shell, command
from exchange.watchtower import Watched, Watchtower
from ledger.acts import format_time


@main.group("witness")
def witness_group() -> None:
    """Witness the logs of others: cosign a checkpoint only while it continues the one before."""


@command(witness_group, "init")
@click.argument("folder")
@click.option("--name", required=True, help="The witness's name: a domain of yours and a path.")
@click.option("--ml-dsa", is_flag=True, help="Make an ML-DSA-44 key too, where it is available.")
def witness_init(shell: Shell, folder: str, name: str, ml_dsa: bool) -> None:
    """Make a new witness in FOLDER, with an encrypted key."""
    passphrase = shell.passphrase("", name, new=True)
    tower = Watchtower.build(Path(folder), name, passphrase, ml_dsa=ml_dsa)
    shell.result(
        {"folder": folder, "name": name, "vkeys": tower.vkeys},
        f"{name} is a witness in {folder}",
        *(f"witness key  {vkey}" for vkey in tower.vkeys),
        "Publish the key: who relies on this witness puts it into a policy.",
        then=f"guapai witness add-log {folder} VKEY",
    )


@command(witness_group, "add-log")
@click.argument("folder")
@click.argument("vkey")
def witness_add_log(shell: Shell, folder: str, vkey: str) -> None:
    """Know a log by VKEY, its verifier key, from a source you trust; a running witness sees it."""
    tower = Watchtower.open(Path(folder))
    key = tower.add_log(vkey)
    short = tower.name.rpartition("/")[2]
    lines = [f"witness {short} {each} URL" for each in tower.vkeys]
    shell.result(
        {"log": key.name, "policy": lines},
        f"{key.name} is known to {tower.name}",
        "The log's operator puts this into the file policy of its exchange, with your address:",
        *lines,
        f"and, where this witness alone is enough:  quorum {short}",
        then=f"guapai witness serve {folder}",
    )


@command(witness_group, "serve")
@click.argument("folder")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16))
def witness_serve(shell: Shell, folder: str, host: str, port: int, workers: int) -> None:
    """Serve the witness of FOLDER: add-checkpoint, and what monitors read."""
    from exchange.web.witness import (  # noqa: PLC0415 - no other command needs Flask
        create_witness_app,
        serve_witness,
    )

    tower = Watchtower.open(Path(folder))
    tower = tower.unlocked(shell.passphrase("", tower.name))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    click.echo(f"http://{host}:{port}  (for the policy of a log; stop with Ctrl-C)", err=True)
    serve_witness(create_witness_app(tower.witness, tower.keep), host, port, workers)


@command(witness_group, "show")
@click.argument("folder")
def witness_show(shell: Shell, folder: str) -> None:
    """Show the witness of FOLDER: its keys, its logs and what it cosigned of them last."""
    tower = Watchtower.open(Path(folder))
    watched, evidence = list(tower.watched()), tower.evidence()
    record = {
        "name": tower.name,
        "vkeys": tower.vkeys,
        "logs": [
            {
                "origin": each.origin,
                "keys": [str(key) for key in each.keys],
                "size": each.checkpoint and each.checkpoint.size,
                "root": each.checkpoint and each.checkpoint.root.hex(),
                "time": _when(each) or None,
            }
            for each in watched
        ],
        "evidence": evidence,
    }
    if shell.as_json:
        shell.result(record)
        return
    for vkey in tower.vkeys:
        shell.say(f"witness key  {vkey}")
    rows = [(e.origin, e.checkpoint.size if e.checkpoint else "", _when(e)) for e in watched]
    shell.table("Logs", ["origin", ">cosigned size", "at"], rows)
    for path in evidence:
        shell.say(f"split view: two notes of one log are kept in {path}")


def _when(watched: Watched) -> str:
    if watched.time is None:
        return ""
    return format_time(dt.datetime.fromtimestamp(watched.time, dt.UTC))
