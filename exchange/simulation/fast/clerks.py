"""Clerks: processes that write wishes up, each with a pen of its own.

Orders are cut into sheets that go to the clerks in turn and come back in their order, so what is
written is the same whatever their number; with none, this process writes.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final

from exchange.simulation.fast.pen import Order, Pen, Written
from exchange.simulation.fast.stock import Stock
from ledger.ahead import begin_helping

SHEET: Final = 256  # orders that go to a clerk at once
_WAITING: Final = 12  # sheets a clerk has at most: enough for it to write while others are stored
# How often circles are looked for among objects: what is written up is in none, and all of it lives
# until it is stored.  As often as by default that is a tenth of the work.
_UNHURRIED: Final = (50_000, 20, 50)

_PENS: dict[str, Pen] = {}  # of this process, where it is a clerk's


def _sit_down(seed: int, house: str, quote_seconds: int) -> None:
    begin_helping()
    gc.set_threshold(*_UNHURRIED)
    _PENS["own"] = Pen(seed, house, quote_seconds)


def _write(orders: Sequence[Order], stocks: Mapping[int, Stock]) -> Written:
    pen = _PENS["own"]
    pen.stocks |= stocks
    return pen.write(orders)


@contextmanager
def unhurried() -> Iterator[None]:
    """Look for circles among objects seldom, as clerks do: once at a time in a process."""
    often = gc.get_threshold()
    gc.set_threshold(*_UNHURRIED)
    try:
        yield
    finally:
        gc.set_threshold(*often)


class Clerks:
    """The clerks of one run; leave them with `close`."""

    def __init__(self, count: int, *, seed: int, house: str, quote_seconds: int) -> None:
        self._own = Pen(seed, house, quote_seconds)
        # One at a table each: what each knows is known here.
        spawning = multiprocessing.get_context("spawn")
        self._tables = [
            ProcessPoolExecutor(1, spawning, _sit_down, (seed, house, quote_seconds))
            for _ in range(count)
        ]
        self._known: list[set[int]] = [set() for _ in range(count)]
        self._waiting: deque[Future[Written]] = deque()
        self._turn = 0

    @property
    def busy(self) -> bool:
        """Whether there is as much to be taken as may wait; with nobody here, whatever there is."""
        return len(self._waiting) >= max(1, _WAITING * len(self._tables))

    def hand(self, orders: Sequence[Order], stocks: Mapping[int, Stock]) -> None:
        """Hand out a sheet of orders, to whoever's turn it is."""
        wanted = {order.stock for order in orders}
        if not self._tables:
            self._own.stocks |= {number: stocks[number] for number in wanted}
            done: Future[Written] = Future()
            done.set_result(self._own.write(orders))
            self._waiting.append(done)
            return
        table = self._turn % len(self._tables)
        self._turn += 1
        told = {number: stocks[number] for number in sorted(wanted - self._known[table])}
        self._known[table] |= wanted
        self._waiting.append(self._tables[table].submit(_write, orders, told))

    def take(self) -> Written | None:
        """Take what was written of the oldest sheet that nobody took; None where none is left."""
        return self._waiting.popleft().result() if self._waiting else None

    def close(self) -> None:
        """Send everybody home."""
        for table in self._tables:
            table.shutdown(cancel_futures=True)
