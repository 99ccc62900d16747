"""How far a long audit is, on a terminal: entries done, their rate, and the time left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from ledger.findings import Progress

AFTER = 2.0  # seconds that a step takes before anything is shown
EVERY = 0.5  # seconds between two lines


@contextlib.contextmanager
def shown_progress(
    stream: TextIO, clock: Callable[[], float] = time.monotonic, *, unit: str = "entries"
) -> Iterator[Progress]:
    """Show progress in one line of a terminal and wipe it at the end; elsewhere be quiet.

    `unit` is what is counted.
    """
    if not stream.isatty():
        yield lambda _what, _done, _size: None
        return
    shown = _Line(stream, clock, unit)
    try:
        yield shown.show
    finally:
        shown.wipe()


class _Line:
    """One line of a terminal that is written again and again."""

    def __init__(self, stream: TextIO, clock: Callable[[], float], unit: str) -> None:
        self._stream = stream
        self._unit = unit
        self._clock = clock
        self._what = ""
        self._began = self._next = 0.0
        self._shown = False

    def show(self, what: str, done: int, size: int) -> None:
        now = self._clock()
        if what != self._what:
            # Each step has its own rate; how long a later one takes is not known yet.
            self._what, self._began, self._next = what, now, now + AFTER
        if now < self._next or done == 0:
            return
        self._next = now + EVERY
        rate = done / (now - self._began)
        left = (size - done) / rate
        text = (
            f"{what}: {done:,} of {size:,} {self._unit}, {rate:,.0f}/s, {_span(left)} left in this"
        )
        self._stream.write(f"\r\x1b[K{text}")
        self._stream.flush()
        self._shown = True

    def wipe(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"
