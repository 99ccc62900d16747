"""Charging while the floor trades: periods, metered use and bids, each when it is due.

It is run from time to time in a thread, and does what `guapai subscription renew`,
`guapai usage bill`, `guapai auction clear` and `guapai auction close` do.  Each is done whatever
becomes of the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from exchange.ports import Floor
from exchange.recurring import Recurring, going_on
from exchange.services.bill_usage import Round, bill_due
from exchange.services.clear_auction import Cleared, Closed, clear_due, close_due
from exchange.services.renew_subscription import Sweep, renew_due

_log = logging.getLogger(__name__)


class Charging(Recurring):
    """The job, done every so many seconds between `start` and `stop`."""

    def __init__(self, floor: Callable[[], Floor], *, seconds: float) -> None:
        super().__init__("charging", seconds=seconds)
        self._floor = floor

    def round(self) -> None:
        """Do the job once."""
        self.renew()
        self.bill()
        self.clear()
        self.close()

    def renew(self) -> Sweep:
        """Renew and settle the periods that are due; what was refused is logged."""
        found = Sweep()
        with going_on(partial(_log.warning, "the subscriptions could not be looked for: %s")):
            found = renew_due(floor=self._floor())
        for each in found.changed:
            _log.info("subscription %s is %s, period %s", each.trade, each.state, each.period)
        for trade, why in found.refused:
            _log.warning("subscription %s: %s", trade, why)
        return found

    def bill(self) -> Round:
        """Bill and close the metered use that is due; what was refused is logged."""
        found = Round()
        with going_on(partial(_log.warning, "metered use could not be looked for: %s")):
            found = bill_due(floor=self._floor())
        for each in found.billed:
            _log.info("the use of %s is billed", each.trade.id)
        for trade, why in found.refused:
            _log.warning("the use of %s: %s", trade, why)
        return found

    def clear(self) -> Cleared:
        """Clear the auctions whose openings have closed; what was refused is logged."""
        found = Cleared()
        with going_on(partial(_log.warning, "auctions could not be looked for: %s")):
            found = clear_due(floor=self._floor())
        for auction in found.cleared:
            _log.info("auction %s is cleared", auction.id)
        for auction_id, why in found.refused:
            _log.warning("auction %s: %s", auction_id, why)
        return found

    def close(self) -> Closed:
        """Deal with the deposits of winners that have not ordered; what was refused is logged."""
        found = Closed()
        with going_on(partial(_log.warning, "deposits could not be looked for: %s")):
            found = close_due(floor=self._floor())
        for bid in found.bids:
            _log.info("bid %s is %s", bid.leaf, bid.state)
        for auction_id, why in found.refused:
            _log.warning("auction %s: %s", auction_id, why)
        return found
