"""Jobs that recur while the floor trades, each in a thread of its own."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Final

JOIN_SECONDS: Final = 10.0


class Recurring(ABC):
    """Does its round every so many seconds between `start` and `stop`, at once to begin with."""

    def __init__(self, name: str, *, seconds: float) -> None:
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._recur, name=name, daemon=True)

    @abstractmethod
    def round(self) -> None:
        """Do the job once; what it could not do is logged, since a raised error ends the thread."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the round that is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _recur(self) -> None:
        while not self._stopped.is_set():
            self.round()
            self._stopped.wait(self._seconds)
