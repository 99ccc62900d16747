"""Asking the bank while the floor trades: the job of withdrawals and deposits, run in a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from exchange.errors import ExchangeError
from exchange.ports import Floor
from exchange.services.ask_bank import Asked, ask_bank

JOIN_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


class Banking:
    """Runs the job every so many seconds between `start` and `stop`, at once to begin with."""

    def __init__(self, floor: Callable[[], Floor], *, seconds: float) -> None:
        self._floor = floor
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="banking", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the run that is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def run(self) -> Asked:
        """Run the job once; what could not be done is logged and tried again the next time."""
        try:
            found = ask_bank(floor=self._floor())
        except ExchangeError as error:
            _log.warning("the bank could not be asked: %s", error)
            return Asked(faults=(str(error),))
        for words in found.faults:
            _log.warning("the bank: %s", words)
        for notice in found.unclaimed:
            _log.warning("the bank: %s came in for nobody who is known", notice.id)
        return found

    def _run(self) -> None:
        while not self._stopped.is_set():
            self.run()
            self._stopped.wait(self._seconds)
