"""The composition root under several threads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from exchange import venue
from exchange.store.engine import open_engine
from exchange.venue import Venue
from tests.exchange.floor import Hall


def test_threads_that_come_at_once_share_one_engine(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    def slowly(*where: Any, **how: Any) -> Any:
        time.sleep(0.05)  # in which all of them have asked
        made.append(open_engine(*where, **how))
        return made[-1]

    monkeypatch.setattr(venue, "open_engine", slowly)
    with Venue.open(hall.folder) as other:
        made.clear()
        other.close()
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: other._engine(writing=False), range(4)))
        assert found == made * 4
