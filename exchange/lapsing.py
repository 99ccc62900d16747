"""Lapsing while the floor trades: the job of the gate, run from time to time in a thread.

What has ended by time is off the board without it, for every reader at once.  The thread writes
the entries that say so, and finds what time alone does not tell: a rule that came into force.
It does for contracts what time has made due as well, and removes uploads that have ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from exchange.ports import Floor
from exchange.recurring import Recurring, going_on
from exchange.services.end_scenario import expire_scenarios
from exchange.services.lapse_listings import Lapsed, lapse_listings
from exchange.services.post_demand import expire_demands
from exchange.services.release_due import Due, release_due

_log = logging.getLogger(__name__)


class Lapsing(Recurring):
    """The job, done every so many seconds between `start` and `stop`."""

    def __init__(self, floor: Callable[[], Floor], *, seconds: float) -> None:
        super().__init__("lapsing", seconds=seconds)
        self._floor = floor

    def round(self) -> None:
        """Do the job once."""
        self.run()
        self.release()
        self._floor().uploads.sweep()

    def run(self) -> Lapsed:
        """Run the job once; what it could not do is logged and tried again the next time."""
        found = Lapsed()
        with going_on(
            partial(_log.warning, "the listings and scenarios could not be asked again: %s")
        ):
            lapsed = lapse_listings(floor=self._floor())
            for scenario in expire_scenarios(floor=self._floor()):
                _log.info("scenario %s is expired", scenario.id)
            for demand in expire_demands(floor=self._floor()):
                _log.info("demand %s is expired", demand.id)
            found = lapsed
        for product in found.suspended:
            _log.info("%s is suspended", product.number)
        for product in (*found.renewed, *found.shortened):
            _log.info("%s stands until %s", product.number, product.valid_until)
        for words in found.failed:
            _log.error("a listing could not be asked again: %s", words)
        return found

    def release(self) -> Due:
        """Accept, settle and refund once what time has made due; what failed is logged."""
        due = Due()
        with going_on(partial(_log.warning, "what is due could not be looked for: %s")):
            due = release_due(floor=self._floor())
        for trade in due.settled:
            _log.info("%s is settled", trade.id)
        for words in due.failed:
            _log.warning("not done: %s", words)
        return due
