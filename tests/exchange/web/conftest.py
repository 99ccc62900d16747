from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.web.town import Town, founded, listed


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An exchange with everybody admitted and nothing registered."""
    copy = founded().copied(tmp_path / "exchange")
    yield copy
    copy.venue.close()


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Town]:
    """The same with a product on the board and an order on it."""
    copy = listed().copied(tmp_path / "exchange")
    yield copy
    copy.venue.close()
