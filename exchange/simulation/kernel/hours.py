"""The hours of a simulated day, in seconds from its midnight: trading, then auctions."""

from __future__ import annotations

from typing import Final

DAY: Final = 86_400
OPENS: Final = 9 * 3_600
CLOSES: Final = 18 * 3_600
TRADING: Final = CLOSES - OPENS
