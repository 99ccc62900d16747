"""Clerks: processes that write wishes up, each with a pen of its own.

Orders are cut into sheets that go to the clerks in turn and come back in their order, so what is
written is the same whatever their number; with none, this process writes.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final

from exchange.simulation.pen import Order, Pen, Written
from exchange.simulation.stock import Stock

SHEET: Final = 256  # orders that go to a clerk at once
_WAITING: Final = 3  # sheets a clerk has at most, so that none piles up what nobody has stored

_PENS: dict[str, Pen] = {}  # of this process, where it is a clerk's


def _sit_down(seed: int, house: str, quote_seconds: int) -> None:
    _PENS["own"] = Pen(seed, house, quote_seconds)


def _write(orders: Sequence[Order], stocks: Mapping[int, Stock]) -> Written:
    pen = _PENS["own"]
    pen.stocks |= stocks
    return pen.write(orders)


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

    def write(self, orders: Sequence[Order], stocks: Mapping[int, Stock]) -> Iterator[Written]:
        """Yield what was written of the orders, sheet by sheet in their order."""
        sheets = [orders[start : start + SHEET] for start in range(0, len(orders), SHEET)]
        if not self._tables:
            self._own.stocks |= stocks
            yield from map(self._own.write, sheets)
            return
        waiting: deque[Future[Written]] = deque()
        for nth, sheet in enumerate(sheets):
            table = nth % len(self._tables)
            if len(waiting) >= _WAITING * len(self._tables):
                yield waiting.popleft().result()
            wanted = {order.stock for order in sheet} - self._known[table]
            self._known[table] |= wanted
            told = {number: stocks[number] for number in sorted(wanted)}
            waiting.append(self._tables[table].submit(_write, sheet, told))
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """Send everybody home."""
        for table in self._tables:
            table.shutdown()
