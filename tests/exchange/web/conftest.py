from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.web.town import Town


@pytest.fixture(scope="session")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("founded")
    town = Town.found(folder / "exchange")
    town.venue.close()
    return town


@pytest.fixture(scope="session")
def _listed(_founded: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("listed")
    town = _founded.copied(folder / "exchange").listed(folder)
    town.venue.close()
    return town


@pytest.fixture
def town(_founded: Town, tmp_path: Path) -> Iterator[Town]:
    """An exchange with everybody admitted and nothing registered."""
    copy = _founded.copied(tmp_path / "exchange")
    yield copy
    copy.venue.close()


@pytest.fixture
def market(_listed: Town, tmp_path: Path) -> Iterator[Town]:
    """The same with a product on the board and an order on it."""
    copy = _listed.copied(tmp_path / "exchange")
    yield copy
    copy.venue.close()
