"""Jobs that recur while the floor trades, each in a thread of its own, and outlive any error."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from exchange.errors import ExchangeError

JOIN_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


def in_words(error: Exception) -> str:
    """Say what went wrong; an error that is none of the exchange's is logged with its traceback."""
    if isinstance(error, ExchangeError):
        return str(error)
    _log.error("an error that was not expected", exc_info=error)
    return f"{type(error).__name__}: {error}"


@contextmanager
def going_on(tell: Callable[[str], object]) -> Iterator[None]:
    """Tell in words of any error within, and go on: what comes after it is done all the same."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, it stops nothing else
        tell(in_words(error))


class Recurring(ABC):
    """Does its round every so many seconds between `start` and `stop`, at once to begin with."""

    def __init__(self, name: str, *, seconds: float) -> None:
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._recur, name=name, daemon=True)

    @abstractmethod
    def round(self) -> None:
        """Do the job once; an error that is raised is logged, and ends this round alone."""

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
            try:
                self.round()
            except Exception:  # noqa: BLE001 - the next round is another
                _log.exception("%s: the round was broken off", self._thread.name)
            self._stopped.wait(self._seconds)
