"""The inbox: what waits for whoever asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exchange.formats.inbox_words import reasons
from exchange.services.read_inbox import Task, read_inbox
from exchange.web.api.noun import Noun
from exchange.web.api.replies import TaskShape
from exchange.web.api.requests import Spoken
from exchange.web.gate import caller, floor

inbox = Noun("inbox", path="/inbox")


@inbox.read("")
@inbox.takes(Spoken, location="query")
@inbox.gives(TaskShape(many=True))
def read(query: dict[str, Any]) -> list[Task]:
    """List what waits for the participant that asks, the most pressing first."""
    lang, more = query["lang"], floor().pack.chinese
    with floor().read() as work:
        found = read_inbox(work.participants.get(caller().id), work=work, floor=floor())
    return [
        replace(task, why=reasons(task.why, lang, more), items=reasons(task.items, lang, more))
        for task in found
    ]
