"""A process of its own that trades until it is killed.

    python -m tests.exchange.market_child

reads commands from its input, one JSON object a line, and forks a child for each: importing the
exchange and playing up to a listing takes longer than trading.  A child opens the market in the
folder, or makes it there, and prints how many entries were acknowledged after each of its moves.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

from exchange.settings import FILE
from exchange.venue import Venue
from tests.exchange.floor import Hall, _copy, played
from tests.exchange.market import Market, draw


def opened(folder: Path, store: str) -> Hall:
    """Open the market in a folder, whoever was killed there before."""
    if not (folder / FILE).exists():
        return _copy("listed", folder, store)
    made = played("listed", store)
    venue = Venue.open(folder)
    venue.signer, venue.log_signer = made.venue.signer, made.venue.log_signer
    venue.__dict__ |= {name: made.venue.__dict__[name] for name in ("pack", "deliveries")}
    return Hall(venue, made.keys, made.number)


def trade(folder: Path, store: str, seed: int) -> None:
    """Trade for ever."""
    hall = opened(folder, store)
    market = Market(hall)
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice
    market.serial = chance.randrange(2**40)  # references that nobody before it has used
    while True:
        move, of = draw(chance)
        outcome = market.play(move, of)
        say(f"step {hall.size} {move} {outcome}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a child for every command, and say when it has ended."""
    for line in sys.stdin:
        command = json.loads(line)
        folder, store = Path(command["folder"]), command["store"]
        if not (folder / FILE).exists():
            opened(folder, store).venue.close()  # the template is kept for the children
        pid = os.fork()
        if pid == 0:
            trade(folder, store, command["seed"])
        say(f"pid {pid}")
        say(f"ended {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


if __name__ == "__main__":
    main()
