"""Canonical JSON on a restricted profile of RFC 8785.

The profile is strings, integers below 2**53, booleans, null, lists and objects with ASCII
keys.  On it the standard library's encoder is byte-identical to RFC 8785; outside it encoders
differ (floats, key order beyond ASCII, 2**53), so anything outside raises `NotCanonical`.
Bytes are stored and hashed as they came: nothing is encoded again to be verified.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from ledger.errors import NotCanonical

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 32
_ENCODER = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    default=dict,  # a mapping of another type, such as a read-only view
)


def encode(value: Any) -> bytes:  # noqa: ANN401 - any JSON value of the profile
    """Return the one encoding of `value`; raises `NotCanonical` outside the profile."""
    _check(value, "", 0)
    return _ENCODER.encode(value).encode()


def decode(data: bytes) -> dict[str, Any]:
    """Read an object, or raise `NotCanonical` unless `data` is its one encoding."""
    value = _decode_plain(data)
    if value is not None:
        return value
    try:
        value = json.loads(data, object_pairs_hook=_no_duplicates, parse_float=_no_float)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON of the profile: {error}") from error
    if not isinstance(value, dict):
        raise NotCanonical("not an object")
    if encode(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def _decode_plain(data: bytes) -> dict[str, Any] | None:
    """Read an object of ASCII without escapes, which needs no look at each text; else None.

    Such are nearly all entries.  What is None here may be canonical still.  A key that stands
    twice is read once, so the encoding is not `data`.
    """
    plain = (
        data.isascii() and b"\\" not in data and data.count(b"{") + data.count(b"[") <= DEPTH_MAX
    )
    if not plain:
        return None
    text = data.decode("ascii")
    try:
        value, _ = _DECODER.raw_decode(text)
    except (ValueError, NotCanonical):
        return None
    return value if isinstance(value, dict) and _ENCODER.encode(value) == text else None


def printable(text: str) -> str:
    """Escape what a terminal or a page obeys: a line of a hostile file must not look like ours."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def _check(value: Any, where: str, depth: int) -> None:  # noqa: ANN401, C901, PLR0912 - one a JSON type
    if depth > DEPTH_MAX:
        raise NotCanonical(f"{where or 'value'}: nested more than {DEPTH_MAX} deep")
    match value:
        case str():
            _check_text(value, where)
        case None | bool():
            return
        case int():
            if abs(value) > INTEGER_MAX:
                raise NotCanonical(f"{where or 'value'}: {value} is beyond 2^53 - 1")
        case list() | tuple():
            for position, item in enumerate(value):
                if type(item) is str and item.isascii():  # as nearly all are: nothing to check
                    continue
                _check(item, f"{where}[{position}]", depth + 1)
        case dict() | Mapping():
            for key, item in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise NotCanonical(f"{where or 'value'}: key {key!r} is not ASCII text")
                if type(item) is str and item.isascii():
                    continue
                if type(item) is int and -INTEGER_MAX <= item <= INTEGER_MAX:
                    continue
                _check(item, f"{where}.{key}" if where else key, depth + 1)
        case _:
            raise NotCanonical(f"{where or 'value'}: {type(value).__name__} is outside the profile")


def _check_text(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"{where or 'value'}: lone surrogate") from error
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise NotCanonical(f"{where or 'value'}: text is not in Unicode form NFC")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotCanonical("duplicate key")
    return result


def _no_float(text: str) -> float:
    raise NotCanonical(f"{text} is not an integer")


def _short_integer(text: str) -> int:
    if len(text) > 15:
        raise NotCanonical(f"{text} may be beyond 2^53 - 1")
    return int(text)


_DECODER = json.JSONDecoder(
    parse_int=_short_integer, parse_float=_no_float, parse_constant=_no_float
)
