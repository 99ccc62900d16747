"""The negative list (负面清单): organisations that may not be admitted nor traded with.

Admission to a data market follows a list of violators that a regulator keeps or the exchange
itself (rule P-04; PIPL 42).  On the chain an organisation stands as a commitment, since a sole
trader's code names a person and a listing may turn out to be wrong; the list itself is shown
while it holds (docs/decisions/0023).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody with authority says of an organisation, from a day to a day."""

    credit_code: str
    name: str
    reason: str
    source: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Barred:
    """One organisation on the list, for one reason; `head` is the leaf hash of its newest entry.

    `since` is the day of the violation or of the decision on it, `until` the last day that the
    source gives it, `cleared` the day the exchange took it off.
    """

    id: str
    credit_code: str
    name: str
    reason: str
    source: str
    since: dt.date
    until: dt.date
    head: str
    cleared: dt.date | None = None

    def last_day(self, lookback_days: int) -> dt.date:
        """Return the last day that it counts: as long as it is listed, and in the look-back."""
        return max(self.until, self.since + dt.timedelta(days=lookback_days))

    def bars(self, day: dt.date, lookback_days: int) -> bool:
        """Whether the organisation may not be admitted nor traded with on a day."""
        if self.cleared is not None:
            return False
        return self.since <= day <= self.last_day(lookback_days)

    def cleared_on(self, day: dt.date, head: str) -> Barred:
        """Return the listing as taken off."""
        return replace(self, cleared=day, head=head)
