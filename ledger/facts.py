"""Whether a value is of the type that a kind declares for a fact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from ledger.acts import parse_time
from ledger.canonical import INTEGER_MAX
from ledger.errors import BadAct
from ledger.keys import is_sound
from ledger.note import from_base64
from ledger.vocabulary import Fact

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
TEXT_MAX = 200  # characters of one text fact; longer text belongs in a record


def check_of(fact: Fact) -> Callable[[Any], bool]:
    """Return what tells whether a value is of a fact's type."""
    return _CHECKS[fact]


def _text(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and 1 <= len(value) <= TEXT_MAX


def _integer(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= INTEGER_MAX


def _digest(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _public_key(value: Any) -> bool:  # noqa: ANN401
    return _digest(value) and is_sound(bytes.fromhex(value))


def _key_id(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and _KEY_ID.fullmatch(value) is not None


def _signature(value: Any) -> bool:  # noqa: ANN401
    return _base64(value, 64)


def _commitment(value: Any) -> bool:  # noqa: ANN401
    return _base64(value, 32)


def _flag(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, bool)


def _base64(value: Any, length: int) -> bool:  # noqa: ANN401
    try:
        return isinstance(value, str) and len(from_base64(value)) == length
    except ValueError:
        return False


def _checkpoints(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(
        isinstance(item, Mapping)
        and set(item) == {"origin", "size", "root"}
        and _text(item["origin"])
        and _integer(item["size"])
        and _digest(item["root"])
        for item in value
    )


def _time(value: Any) -> bool:  # noqa: ANN401
    try:
        parse_time(value, "")
    except BadAct:
        return False
    return True


def _date(value: Any) -> bool:  # noqa: ANN401
    try:
        return bool(dt.date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _money(value: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(value, Mapping)
        and set(value) == {"minor", "currency"}
        and _integer(value["minor"])
        and isinstance(value["currency"], str)
        and _CURRENCY.fullmatch(value["currency"]) is not None
    )


def _amounts(value: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(value, list)
        and all(_money(item) for item in value)
        and len({item["currency"] for item in value}) == len(value)
    )


def _lines(value: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(
            isinstance(line, Mapping)
            and set(line) == {"account", "amount", "what"}
            and _text(line["account"])
            and _text(line["what"])
            and _money(line["amount"])
            for line in value
        )
    )


def _parts(value: Any) -> bool:  # noqa: ANN401
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(
            isinstance(part, Mapping)
            and set(part) == {"amount", "data", "due"}
            and _money(part["amount"])
            and _digest(part["data"])
            and _time(part["due"])
            for part in value
        )
    )


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


_CHECKS: Mapping[Fact, Callable[[Any], bool]] = {
    Fact.TEXT: _text,
    Fact.TEXTS: _list_of(_text),
    Fact.DIGEST: _digest,
    Fact.DIGESTS: _list_of(_digest),
    Fact.INTEGER: _integer,
    Fact.TIME: _time,
    Fact.DATE: _date,
    Fact.MONEY: _money,
    Fact.AMOUNTS: _amounts,
    Fact.LINES: _lines,
    Fact.PARTS: _parts,
    Fact.PUBLIC_KEY: _public_key,
    Fact.KEY_ID: _key_id,
    Fact.SIGNATURE: _signature,
    Fact.FLAG: _flag,
    Fact.COMMITMENT: _commitment,
    Fact.COMMITMENTS: _list_of(_commitment),
    Fact.SEALED: _commitment,
    Fact.SALT: _commitment,
    Fact.CHECKPOINTS: _checkpoints,
}
