"""Market surveillance: what trades and quotes show, for the operator and whom it lets in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from exchange.participants import Role
from exchange.services.watch_market import watch_market
from exchange.surveillance.wording import LANGUAGES, title_of, words_of
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Strict
from exchange.web.gate import caller, floor
from ledger.acts import format_time

surveillance = Noun("surveillance", path="/surveillance")


def _text() -> ma.fields.String:
    return ma.fields.String(required=True)


def _count() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True)


def _texts() -> ma.fields.List[str]:
    return ma.fields.List(ma.fields.String(), required=True)


class Since(Strict):
    """From which day on."""

    since = ma.fields.Date(load_default=None)


class WordsShape(Strict):
    """An alert in one language."""

    title = _text()
    words = _text()


class AlertShape(Strict):
    """One finding; `first` and `last` are times, `count` how many trades there are to `trades`."""

    pattern = _text()
    way = _text()
    suppliers = _texts()
    buyers = _texts()
    kinds = _texts()
    first = _text()
    last = _text()
    score = ma.fields.Float(required=True)
    trades = _texts()
    count = _count()
    facts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Float(), required=True)
    zh = ma.fields.Nested(WordsShape, required=True)
    en = ma.fields.Nested(WordsShape, required=True)


class WatchedShape(Strict):
    """What was looked at, and what was found; `since` is empty where everything was."""

    since = _text()
    until = _text()
    trades = _count()
    offers = _count()
    cut = ma.fields.Boolean(required=True)
    alerts = ma.fields.List(ma.fields.Nested(AlertShape), required=True)


@surveillance.read("")
@surveillance.takes(Since, "query")
@surveillance.gives(WatchedShape)
def alerts(query: dict[str, Any]) -> dict[str, Any]:
    """Return what surveillance finds; findings, and never decisions."""
    caller().require(Role.OPERATOR)
    found = watch_market(query["since"], floor=floor())
    told = []
    for alert in found.alerts:
        record = alert.to_record()
        for name in ("first", "last"):
            record[name] = format_time(dt.datetime.fromtimestamp(record[name], dt.UTC))
        for language in LANGUAGES:
            words = {"title": title_of(alert, language), "words": words_of(alert, language)}
            record[language] = words
        told.append(record)
    return {
        "since": found.since,
        "until": found.until,
        "trades": found.trades,
        "offers": found.offers,
        "cut": found.cut,
        "alerts": told,
    }
