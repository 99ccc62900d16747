from __future__ import annotations

from tests.exchange.floor import hall, listed

__all__ = ["hall", "listed"]
