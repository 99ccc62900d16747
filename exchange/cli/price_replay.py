"""``guapai price replay``: a recorded price computed again, wherever its record lies."""

from __future__ import annotations

import json
from pathlib import Path

import click

from exchange.cli.prices import price_group
from exchange.cli.shell import Shell, command
from exchange.errors import NotFound, Unreadable
from exchange.services.replay_prices import (
    Recomputed,
    read_pricing_record,
    recomputed,
    replay_bundle,
    replay_prices,
)


@command(price_group, "replay")
@click.argument("what", metavar="ID_OR_FILE", required=False)
@click.option("--bundle", metavar="FOLDER", help="Look in an exported bundle, offline.")
@click.pass_context
def replay_command(
    context: click.Context, shell: Shell, what: str | None, bundle: str | None
) -> None:
    """Compute a price again: a record file, a quote (QT-…), a trade (TR-…) or a digest.

    With --bundle and nothing else, every price of the bundle.  Exit code 1 where one comes out
    differently, or not at all.
    """
    found = _found(shell, what, bundle)
    same = all(each.outcome for each in found)
    if shell.as_json:
        shell.result(
            {
                "replayed": same,
                "records": [
                    {
                        "where": each.where,
                        "kind": each.record.kind,
                        "plugin": each.record.plugin,
                        "version": each.record.version,
                        "outcome": str(each.outcome or "not replayed"),
                        "differs": each.differs,
                    }
                    for each in found
                ],
            }
        )
    else:
        shell.table(
            f"{len(found)} price{'s' if len(found) > 1 else ''} computed again",
            ["record", "=by", "=version", "=came out"],
            [
                (
                    each.where,
                    f"{each.record.kind} {each.record.plugin}",
                    each.record.version,
                    each.outcome or "differently",
                )
                for each in found
            ],
        )
        for each in found:
            if each.differs:
                shell.say(f"{each.where}: {each.differs}")
    if not same:
        context.exit(1)


def _found(shell: Shell, what: str | None, bundle: str | None) -> list[Recomputed]:
    if bundle is not None:
        if not Path(bundle).is_dir():
            raise NotFound(f"{bundle}: no such folder")
        return replay_bundle(Path(bundle), what)
    if what is None:
        raise NotFound("a record file, a quote, a trade or a digest is needed, or --bundle")
    if Path(what).exists():
        return _of_file(Path(what))
    return replay_prices(what, floor=shell.floor)


def _of_file(path: Path) -> list[Recomputed]:
    data = path.read_bytes()
    try:
        held = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path.name}: not JSON: {error}") from error
    if not isinstance(held, list):
        return [recomputed(path.name, read_pricing_record(data, path.name))]
    parts = [(f"{path.name}[{i}]", json.dumps(each).encode()) for i, each in enumerate(held)]
    return [recomputed(where, read_pricing_record(each, where)) for where, each in parts]
