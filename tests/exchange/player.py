"""A process of its own that plays the whole journey, step by step, wherever it was cut off.

    python -m tests.exchange.player

reads commands from its input, one JSON object a line, and forks a child for each: importing the
exchange takes longer than playing.  A child prints a line before each step.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exchange import desk as desks
from exchange.clearing import available
from exchange.delivery import DeliveryState
from exchange.listing import ListingState
from exchange.participants import Participant, Standing
from exchange.registration import Product
from exchange.settings import FILE
from exchange.trading import Trade, TradeState
from exchange.vault import sha256_of
from exchange.venue import Venue
from ledger.acts import parse_time
from tests.exchange.floor import (
    CAST,
    DEPOSIT,
    EVIDENCE,
    NOTICE,
    OPERATOR,
    PASSPHRASE,
    START,
    Hall,
    rules,
    sheet,
    welcome,
)

Say = Callable[[str], None]


@contextmanager
def opened(folder: Path, database: str = "sqlite") -> Iterator[Hall]:
    """Open an exchange, or found it where a run was cut off before it was one."""
    if not (folder / FILE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        venue = Venue.init(
            folder,
            rules(database),
            handle=OPERATOR[0],
            operator_name=OPERATOR[1],
            credit_code=OPERATOR[2],
            passphrase=PASSPHRASE,
            clock=lambda: START,
        )
    else:
        venue = Venue.open(folder)
        venue.unlock(PASSPHRASE)
    keys = {handle: venue.keys_of(handle, PASSPHRASE) for handle in venue.keyring.handles()}
    with venue:
        yield Hall(venue, keys)


def play(folder: Path, say: Say, database: str = "sqlite") -> None:
    """Go on with the journey from wherever it stands, to its end."""
    say("open")
    with opened(folder, database) as hall:
        for handle, name, code, roles in CAST[:7]:
            if _known(hall, handle) is None:
                say(f"{handle} applies")
                keys = dict(hall.keys)
                keys[handle] = keys.get(handle) or hall.venue.keyring.create(handle, PASSPHRASE)
                hall.keys = keys
                desks.apply_to_join(
                    keys[handle], handle=handle, name=name, credit_code=code, floor=hall.floor
                )
            if hall.participant(handle).standing is Standing.APPLIED:
                say(f"{handle} is admitted")
                welcome(hall.house, hall.participant(handle), roles)
        product = _listed(hall, say)
        hall.number = product.number
        _traded(hall, say)
        say("done")


def _known(hall: Hall, handle: str) -> Participant | None:
    with hall.floor.read() as work:
        return work.participants.find(handle)


def _listed(hall: Hall, say: Say) -> Product:
    source = hall.file()
    with hall.floor.read() as work:
        holder = work.versions.holder(sha256_of(source))
        product = work.products.get(holder) if holder else None
    if product is None:
        say("register")
        product = hall.supplier.register(source, sheet(), [EVIDENCE])
    number = product.number
    kinds = hall.kinds(f"product/{number}")
    if product.sheet is None:
        say("sheet")
        hall.supplier.submit_sheet(number, sheet())
    if "compliance.attested" not in kinds:
        say("attest")
        hall.attest(number)
    if "quality.reviewed" not in kinds:
        say("review")
        hall.expert.review(number, "0.95", b"a sound series")
    if "listing.vetted" not in kinds:
        say("vet")
        hall.vet(number)
    if hall.floor.clock() < parse_time(product.notice_until, "notice"):
        hall.advance(seconds=NOTICE)
    if product.listing is not ListingState.LISTED:
        say("list")
        product = hall.supplier.list(number)[0]
    return product


def _traded(hall: Hall, say: Say) -> None:
    with hall.floor.read() as work:
        journals = work.accounts.journals(available(work.participants.get("buyer").id))
        trade: Trade | None = next(iter(work.trades.all()), None)
    if not journals:
        say("deposit")
        hall.deposit(amount=DEPOSIT)
    if trade is None:
        say("scenario, quote, order")
        trade = hall.order()
    if trade.state is TradeState.ORDERED:
        say("accept")
        trade = hall.supplier.accept(trade.id)
    if trade.delivery is DeliveryState.DUE:
        say("deliver")
        trade = hall.supplier.deliver(trade.id, hall.folder.parent)
    if trade.delivery is DeliveryState.MADE:
        say("receive")
        target = hall.folder.parent / "bought.csv"
        target.unlink(missing_ok=True)  # opened before the receipt was signed
        trade = hall.buyer.receive(trade.id, target)
    say("settle")
    hall.house.settle(trade.id)


def register_many(folder: Path, handle: str, count: int) -> None:
    """Register small files, one after the other."""
    with opened(folder) as hall:
        for serial in range(count):
            path = hall.file(f"{handle}-{serial}.csv", f"who,count\n{handle},{serial}\n")
            hall.desk(handle).register(path)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _children(command: dict[str, Any]) -> Iterator[Callable[[], None]]:
    folder = Path(command["folder"])
    if "handles" not in command:
        yield lambda: play(folder, _say, command.get("database", "sqlite"))
        return
    for handle in command["handles"]:
        yield lambda handle=handle: register_many(  # type: ignore[misc]
            folder, handle, command["count"]
        )


def main() -> None:
    """Fork the children of every command and say how they ended."""
    for line in sys.stdin:
        pids = []
        for child in _children(json.loads(line)):
            pid = os.fork()
            if pid == 0:
                child()
                sys.stdout.flush()
                os._exit(0)
            pids.append(pid)
        _say(f"pids {' '.join(map(str, pids))}")
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        _say(f"ended {' '.join(map(str, codes))}")


if __name__ == "__main__":
    main()
