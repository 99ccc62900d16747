"""Asking the bank while the floor trades: the job of withdrawals and deposits, run in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from exchange.errors import ExchangeError
from exchange.ports import Floor
from exchange.recurring import Recurring
from exchange.services.ask_bank import Asked, ask_bank

_log = logging.getLogger(__name__)


class Banking(Recurring):
    """The job, done every so many seconds between `start` and `stop`."""

    def __init__(self, floor: Callable[[], Floor], *, seconds: float) -> None:
        super().__init__("banking", seconds=seconds)
        self._floor = floor

    def round(self) -> None:
        """Do the job once."""
        self.run()

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
