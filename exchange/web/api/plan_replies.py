"""Shapes of what goes out about periods and use."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import MoneyShape
from exchange.web.api.requests import Strict


def _text(*, allow_none: bool = False) -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=allow_none)


def _number() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True)


class PeriodShape(Strict):
    """One period that was charged, and where its fee is."""

    period = _number()
    since = _text()
    until = _text()
    amount = ma.fields.Nested(MoneyShape)
    paid_out = _text()
    entry = _text()


class SubscriptionShape(Strict):
    """A subscription, under the number of its trade, with the periods that were charged."""

    trade = _text()
    product = _text()
    buyer = _text()
    supplier = _text()
    amount = ma.fields.Nested(MoneyShape)
    terms = _text()
    periods = _number()
    period = _number()
    since = _text()
    until = _text()
    due_at = _text()
    state = _text()
    settled = _number()
    grace = _text(allow_none=True)
    reason = _text(allow_none=True)
    charged = ma.fields.List(ma.fields.Nested(PeriodShape))
    head = _text()


class BatchShape(Strict):
    """A batch of use: its span, its counts, and whether it counts."""

    sequence = _number()
    since = _text()
    until = _text()
    found = _number()
    missed = _number()
    events = _text()
    recorded_at = _text()
    standing = _text()


class BillShape(Strict):
    """A bill: what is due for all use so far, and what it took of escrow."""

    number = _number()
    until = _text()
    through = _number()
    due = _text()
    amount = _text()
    pricing = _text()
    entry = _text()


class UsageShape(Strict):
    """What was used under a trade, what it came to, and what is left of the budget."""

    trade = _text()
    plan = ma.fields.Dict(metadata={"description": "the tariff plan that it is billed under"})
    since = _text()
    until = _text()
    budget = ma.fields.Nested(MoneyShape)
    left = ma.fields.Nested(MoneyShape)
    closed = ma.fields.Boolean(required=True)
    batches = ma.fields.List(ma.fields.Nested(BatchShape))
    bills = ma.fields.List(ma.fields.Nested(BillShape))
