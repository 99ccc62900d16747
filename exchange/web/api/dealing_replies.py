"""The JSON of a party's own dealings."""

from __future__ import annotations

import marshmallow as ma

from exchange.dealings import Matter, Party, Step
from exchange.web.api.replies import MoneyShape
from exchange.web.api.requests import Strict


def _one_of(names: type[Matter | Party | Step]) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"enum": [str(each) for each in names]})


def _text(description: str) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"description": description})


class DealingShape(Strict):
    """One thing that is open for the caller: what it is, what comes next, by whom and when."""

    matter = _one_of(Matter)
    subject = _text("the trade, auction or deal; of a fee, what was paid for")
    side = _one_of(Party)
    state = _text("where it stands; of a fee, the service")
    amount = ma.fields.Nested(MoneyShape, required=True)
    until = _text("when the use right, period or bill ends; empty where nothing does")
    step = _one_of(Step)
    by = _one_of(Party)
    due = _text("by or from when the step is to be taken; empty where there is no such time")
    number = ma.fields.Integer(
        required=True, metadata={"description": "of a period or a bill, else 0"}
    )
    quote = _text("what a winner orders, else empty")
    held = _text("what keeps the step from being taken: why its product left the board; or empty")
    waits_for_me = ma.fields.Boolean(required=True)
