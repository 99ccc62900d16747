"""The inbox: what waits for whoever asks."""

from __future__ import annotations

from exchange.services.read_inbox import Task, read_inbox
from exchange.web.api.noun import Noun
from exchange.web.api.replies import TaskShape
from exchange.web.gate import caller, floor

inbox = Noun("inbox", path="/inbox")


@inbox.read("")
@inbox.gives(TaskShape(many=True))
def read() -> list[Task]:
    """List what waits for the participant that asks, the most pressing first."""
    with floor().read() as work:
        return [*read_inbox(work.participants.get(caller().id), work=work, floor=floor())]
