"""Clocks: the system's own, and a simulated one that stands still until it is moved."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from exchange.errors import BadField, Unreadable


def system_clock() -> dt.datetime:
    """Return the present instant, UTC, in whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


class SimulatedClock:
    """An instant kept in a file; it moves forward alone, and only when told to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> dt.datetime:
        """Return the instant the clock stands at."""
        try:
            moment = dt.datetime.fromisoformat(self._path.read_text().strip())
        except (OSError, ValueError) as error:
            raise Unreadable(f"{self._path}: not the time of a simulated clock") from error
        if moment.tzinfo is None:
            raise Unreadable(f"{self._path}: the time has no zone")
        return moment.astimezone(dt.UTC)

    def set(self, moment: dt.datetime) -> None:
        """Start the clock at an instant."""
        partial = self._path.with_name(f"{self._path.name}.partial")
        partial.write_text(f"{moment.astimezone(dt.UTC).isoformat(timespec='seconds')}\n")
        partial.replace(self._path)

    def advance(self, by: dt.timedelta) -> dt.datetime:
        """Move the clock forward and return where it then stands."""
        if by <= dt.timedelta(0):
            raise BadField("advance", "a clock moves forward")
        try:
            moment = self() + by
        except OverflowError as error:
            raise BadField("advance", "beyond the end of the calendar") from error
        self.set(moment)
        return moment
