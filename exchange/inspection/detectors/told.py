"""Secrets beside their names: in addresses, strings of connection, headers, settings and texts.

`password=…`, `"api_key": "…"`, `Authorization: Basic …`, `--token …`, `<pwd>…</pwd>`, 密码：….  A
name is followed by a joint and a value; the value has to look like one that opens something: a
placeholder, a word, a path or a rule for passwords does not, nor does a UUID or a number of pages.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from exchange.inspection.cells import Bytes, Cells, Places, different

# How names end that a secret stands beside, in lower case; whoever has one of them is looked at.
_NAMES: Final = (
    *(b"password", b"passwd", b"pwd", b"passphrase", b"passcode", b"secret", b"token"),
    *(b"?sig", b"&sig", b"signature"),
    *(
        lead + joint + b"key"
        for lead in (b"api", b"access", b"private", b"account", b"shared")
        for joint in (b"", b"_", b"-")
    ),
    *(
        lead + joint + b"key"
        for lead in (b"master", b"signing", b"encryption", b"app", b"secret")
        for joint in (b"", b"_", b"-")
    ),
    *("密码".encode(), "口令".encode(), "密钥".encode()),
)
_LASTS: Final = np.zeros(256, bool)  # how any of them ends, in small letters or capitals
for _name in _NAMES:
    _LASTS[[_name[-1], _name[-1:].upper()[0]]] = True
_SECRET_SIGN: Final = "密".encode()
_LEAST: Final = 10  # characters of "pwd=" and a password
_LOGIN_LEAST: Final = 12  # characters of "Basic " and a login
_OPTIONS: Final = np.frombuffer(b"pats", np.uint8)  # how --password, --api-key and others begin
_SAID: Final = ("密码是".encode(), "密码为".encode())
_WIDE: Final = "：".encode()
_AROUND: Final = np.zeros(256, bool)  # what may stand between a name and its joint
_AROUND[list(b" \"'\t")] = True
_MAY_END: Final = _LASTS | _AROUND

_VALUE: Final = r"[\"'“]?([\x21\x23-\x26\x28-\x2b\x2d-\x3a\x3d\x3f-\x7e]{6,512})"  # no " ' , ; < >
_JOINT: Final = r"[\"'”]?\s{0,3}(?:=>|:=|[=:：]|>(?=[^<]{6,128}</))\s{0,3}"
_PASSWORD: Final = re.compile(
    r"(?:pass(?:word|wd|phrase|code)|(?<![a-z])pwd|密码|口令)"
    rf"(?:{_JOINT}|(?<=密码)[是为]\s?|(?<=口令)[是为]\s?){_VALUE}"
    rf"|--pass(?:word|wd|phrase)?[ =]{_VALUE}",
    re.IGNORECASE,
)
_SECRET: Final = re.compile(
    r"(?:secret(?:[_-]?(?:access)?[_-]?key)?|(?:api|access|private|account|shared|master|signing"
    r"|encryption|app)[_-]?key(?:[_-]?secret)?|密钥|(?<=[?&])(?:x-amz-)?sig(?:nature)?"
    rf"|(?<!page[_-])(?<!next[_-])(?<!continuation[_-])(?<![a-z]page)(?<!next)token){_JOINT}{_VALUE}"
    rf"|--(?:token|api-?key|secret)[ =]{_VALUE}",
    re.IGNORECASE,
)
_BASIC: Final = re.compile(r"\bbasic\s+([A-Za-z0-9+/]{8,512}={0,2})", re.IGNORECASE)
_BEARER: Final = re.compile(r"\bbearer\s+([A-Za-z0-9._~+/-]{20,2048})", re.IGNORECASE)
_SEED: Final = re.compile(r"otpauth://[^\s]{0,256}[?&]secret=[A-Z2-7]{16,}", re.IGNORECASE)

_PLACEHOLDER: Final = re.compile(
    r"(?:yes|no|true|false|weak|medium|strong|none|null|n/a|string|required|optional|redacted"
    r"|hidden|undefined)$"
    r"|x+$|[<\[{$%*#(]|\\[nt]|(?:your|my|the|some|enter|insert|new|old)[_-]|.*(?:x{5}|\*{3}|\.{3}|•{3})"
    r"|.*(?:change_?me|placeholder|example|dummy|redacted|getenv|environ|process\.env|secrets\.)",
    re.IGNORECASE,
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/%=-]{16,}")
_NUMBERS: Final = re.compile(r"[0-9./:~-]+")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32,}")
_DIFFERENT_MIN: Final = 8  # of them
_PRINTABLE: Final = re.compile(r"[^:\x00-\x1f]{1,64}:[^\x00-\x1f]{3,}")


def worded(cells: Cells) -> Places:
    """Return the cells in which a joint stands behind a name, or a word before a login."""
    if cells.longest < _LEAST or cells.shape is not None:  # letters and digits have no joints
        return np.zeros(0, np.int64)
    if cells.ascii and not cells.letters.any():
        return np.zeros(0, np.int64)
    places = [*_named(cells), *_led(cells), _options(cells)]
    holding = [cells.holders(different(*places))]
    if not cells.ascii and cells.containing(_SECRET_SIGN).size:
        holding += [cells.containing(each) for each in _SAID]
    return different(*holding)


def _named(cells: Cells) -> Iterator[Places]:
    """Yield where a joint stands behind one of the names."""
    data, raw = cells.data, cells.raw
    joints = [np.flatnonzero(data == each) for each in b"=:" if each in raw]
    if b"<" in raw and b"</" in raw:
        joints.append(np.flatnonzero(data == ord(">")))
    if _WIDE[:1] in raw and _WIDE[2:] in raw:
        wide = (data[:-2] == _WIDE[0]) & (data[2:] == _WIDE[2])
        joints.append(np.flatnonzero(wide))
    at = np.concatenate(joints) if joints else np.zeros(0, np.int64)
    at = at[_MAY_END[data[np.maximum(at - 1, 0)]]]  # which leaves few, of addresses none
    if not at.size:
        return
    ends = at.copy()
    for _ in range(3):
        ends -= _AROUND[data[np.maximum(ends - 1, 0)]] & (ends > 0)
    some = (ends > 0) & _LASTS[data[np.maximum(ends - 1, 0)]]
    at, ends = at[some], ends[some]
    for name in _NAMES:
        yield _behind(data, at, ends, name)


def _behind(data: Bytes, at: Places, ends: Places, name: bytes) -> Places:
    """Return the places of those of which a name stands right before an end."""
    fold = 32 if name.isascii() else 0
    for back, each in enumerate(reversed(name), start=1):
        # Before the first byte stands nothing.
        same = (data[ends - back] | fold) == (each | fold)
        same &= ends >= back
        at, ends = at[same], ends[same]
        if not at.size:
            break
    return at


def _led(cells: Cells) -> Iterator[Places]:
    """Yield where cells and values begin with the word for a login or for a bearer."""
    if b" " not in cells.raw:
        return
    data, size = cells.data, len(cells.data)
    starts = cells.offsets[:-1][cells.lengths > _LOGIN_LEAST]
    if b":" in cells.raw:
        joints = np.flatnonzero(data[: size - 2] == ord(":")) + 1
        starts = np.concatenate((starts, joints + (data[joints] == ord(" "))))
    for word in (b"bearer ", b"basic "):
        places = starts[starts + len(word) < size]
        for ahead, each in enumerate(word):
            places = places[(data[places + ahead] | 32) == (each | 32)]
        yield places


def _options(cells: Cells) -> Places:
    """Return where a command is given an option that may be a secret."""
    data = cells.data
    if b"-" not in cells.raw or len(data) < _LOGIN_LEAST:
        return np.zeros(0, np.int64)
    places = np.flatnonzero((data[:-2] == ord("-")) & (data[1:-1] == ord("-")))
    return places[np.isin(data[places + 2] | 32, _OPTIONS)]


def secret(text: str) -> bool | None:
    """Whether a secret stands in a text for certain, or may; None where there is none."""
    if _SEED.search(text) or any(map(_is_login, _BASIC.findall(text))):
        return True
    found = [_opens(each) for each in _BEARER.findall(text)]
    found += [_opens(_chosen(each)) for each in _SECRET.findall(text)]
    found += [_is_password(_chosen(each)) for each in _PASSWORD.findall(text)]
    said = [each for each in found if each is not None]
    return any(said) if said else None


def is_placeholder(value: str) -> bool:
    """Whether a value stands for another, or is a word about one."""
    return _PLACEHOLDER.match(value) is not None


def _chosen(groups: tuple[str, ...]) -> str:
    """Return the value without the end of the sentence or of the address it stands in."""
    value = next(filter(None, groups))
    return value.partition("&")[0].rstrip(".)]}|")


def _opens(value: str) -> bool | None:
    """Whether a value is a key or a token, which is certain where it is."""
    token = _TOKEN.match(value)
    if token is None or is_placeholder(value) or _UUID.fullmatch(value):
        return None
    varied = len(set(token[0])) >= _DIFFERENT_MIN and _mixed(token[0])
    return True if varied else None


def _is_password(value: str) -> bool | None:
    """Whether a value is a password for certain; digits may be anything, or a digest of one."""
    if len(value) < 6 or is_placeholder(value) or value.startswith(("/", "http", "\\")):
        return None
    if value.isdigit() or _DIGEST.fullmatch(value):
        return False
    return None if _NUMBERS.fullmatch(value) or not _mixed(value) else True


def _mixed(value: str) -> bool:
    """Whether letters and digits stand in a value."""
    return any(map(str.isalpha, value)) and any(map(str.isdigit, value))


def _is_login(payload: str) -> bool:
    try:
        text = base64.b64decode(payload + "=" * (-len(payload) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    return _PRINTABLE.fullmatch(text) is not None
