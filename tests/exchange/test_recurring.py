"""Jobs that recur: whatever goes wrong in a round, the next one comes."""

from __future__ import annotations

import threading

import pytest

from exchange.recurring import Recurring
from pricing.errors import UnknownPlugin

PATIENCE = 30  # seconds


class Stumbling(Recurring):
    """Falls over in its first round."""

    def __init__(self) -> None:
        super().__init__("stumbling", seconds=0.001)
        self.rounds = 0
        self.went_on = threading.Event()

    def round(self) -> None:
        self.rounds += 1
        if self.rounds == 1:
            raise UnknownPlugin("no 'gone' in pricing.tariffs")
        self.went_on.set()


def test_a_round_that_falls_over_ends_itself_alone(caplog: pytest.LogCaptureFixture) -> None:
    job = Stumbling()
    job.start()
    assert job.went_on.wait(PATIENCE)
    job.stop()
    (told,) = caplog.records
    assert told.getMessage() == "stumbling: the round was broken off"
    assert told.exc_info
    assert told.exc_info[0] is UnknownPlugin
