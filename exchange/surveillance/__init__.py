"""Market surveillance: what trades and offered prices show that somebody should look at.

    tape            what is read: trades, offers and payments, as columns
    wash            rings and circles: trades in which nothing changes hands (对敲)
    discrimination  loyal buyers are offered more for the same (杀熟)
    exclusivity     buyers that stop buying from all of a supplier's rivals (二选一)
    concentration   how few hands a kind of product lies in
    alerts, wording what is found, and how it is said

Alerts are findings and never decisions: nothing is refused, suspended or fined by one.  Every
detector says what it assumes, what fools it and what its figures mean; docs/surveillance.md holds
them against markets with planted truth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from exchange.surveillance.alerts import Alert, Pattern
from exchange.surveillance.concentration import concentrated
from exchange.surveillance.discrimination import price_discrimination
from exchange.surveillance.exclusivity import forced_exclusivity
from exchange.surveillance.tape import Tape
from exchange.surveillance.wash import wash_trades

__all__ = ["Alert", "Pattern", "Tape", "watch"]


_DETECTORS: Final[Mapping[Pattern, Callable[[Tape], Iterable[Alert]]]] = MappingProxyType(
    {
        Pattern.WASH: wash_trades,
        Pattern.DISCRIMINATION: price_discrimination,
        Pattern.EXCLUSIVITY: forced_exclusivity,
        Pattern.CONCENTRATION: concentrated,
    }
)


def watch(tape: Tape, patterns: Collection[Pattern] = tuple(Pattern)) -> tuple[Alert, ...]:
    """Return everything found in a stretch of trade, by pattern and the strongest first.

    Whoever asks for some of the patterns alone gets the same alerts of those.
    """
    found = [alert for pattern in patterns for alert in _DETECTORS[pattern](tape)]
    order = list(Pattern)
    return tuple(sorted(found, key=lambda alert: (order.index(alert.pattern), -alert.score)))
