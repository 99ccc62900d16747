"""The JSON of money: withdrawals, statements, fees, and the requests for them."""

from __future__ import annotations

import marshmallow as ma

from exchange.web.api.replies import MoneyShape
from exchange.web.api.requests import Signed, Strict
from pricing.money import Currency


class WithdrawalShape(Strict):
    """A withdrawal; to whom it is paid is confidential."""

    id = ma.fields.String()
    owner = ma.fields.String()
    amount = ma.fields.Nested(MoneyShape)
    asked_at = ma.fields.String()
    asked = ma.fields.String(metadata={"description": "leaf hash of the request"})
    head = ma.fields.String(metadata={"description": "leaf hash of its newest entry"})
    state = ma.fields.String(metadata={"enum": ["requested", "paid", "failed"]})
    reason = ma.fields.String(allow_none=True)


class SpendableShape(Strict):
    """What an account may spend: its balance, less what is pending, and its credit."""

    account = ma.fields.String()
    spendable = ma.fields.Nested(MoneyShape)


class StatementQuery(Strict):
    """Which days of which currency."""

    first = ma.fields.Date(required=True, data_key="from", metadata={"description": "UTC"})
    last = ma.fields.Date(
        required=True, data_key="until", metadata={"description": "UTC, included"}
    )
    currency = ma.fields.Enum(Currency, by_value=True, load_default=Currency.CNY)


class WrittenStatementQuery(StatementQuery):
    """The same, and in which language it is written."""

    lang = ma.fields.String(load_default="zh", validate=ma.validate.OneOf(["zh", "en"]))


class StatementLineShape(Strict):
    """One movement, with its entry of the chain."""

    time = ma.fields.String()
    what = ma.fields.String()
    kind = ma.fields.String()
    counterpart = ma.fields.String()
    place = ma.fields.Integer(allow_none=True)
    leaf = ma.fields.String()
    amount = ma.fields.Nested(MoneyShape)
    balance = ma.fields.Nested(MoneyShape)


class StatementShape(Strict):
    """A statement of account, reconciled with the chain."""

    party = ma.fields.String()
    name = ma.fields.String()
    account = ma.fields.String()
    log = ma.fields.String()
    opening = ma.fields.Nested(MoneyShape)
    lines = ma.fields.List(ma.fields.Nested(StatementLineShape))
    closing = ma.fields.Nested(MoneyShape)
    pending = ma.fields.Nested(MoneyShape)
    size = ma.fields.Integer(metadata={"description": "entries that it rests on"})
    head = ma.fields.String(metadata={"description": "leaf hash of the newest of the period"})


class FeesBody(Signed):
    """An act that publishes fees, and the schedule that it names by digest."""

    schedule = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(allow_none=True), required=True
    )


class ScheduleShape(Strict):
    """A schedule of fees; docs/fees.md says what its fields mean."""

    leaf = ma.fields.String(metadata={"description": "leaf hash of the entry that published it"})
    digest = ma.fields.String()
    schedule = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw())


class FeesShape(Strict):
    """The fee of the house without a schedule, and every schedule, the last to begin first."""

    fee_ppm = ma.fields.Integer()
    schedules = ma.fields.List(ma.fields.Nested(ScheduleShape))
