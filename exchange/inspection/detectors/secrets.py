"""Marks of secrecy, and keys, tokens and passwords.

- secrecy marks (保守国家秘密法 and its 实施条例): 绝密★, 机密★, 秘密★ with or without a term, a
  mark behind 密级 or alone in a cell, levels under a header that says so.  内部 is at most a
  work secret and is reported
- credentials: private keys in PEM, keys of clouds and forges by their prefixes, JSON web tokens
  (RFC 7519), passwords in addresses (RFC 3986 userinfo) or under their header
- opaque payloads: base64 (RFC 4648) that decodes to a text with an identifier of a person
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from exchange.inspection.cells import Bytes, Cells, Mask, Places, different, normal, unbroken
from exchange.inspection.detector import Watch
from exchange.inspection.detectors.mailboxes import MailboxWatch
from exchange.inspection.detectors.numbers import NumberWatch
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

CREDENTIAL, SECRECY = SensitiveKind.CREDENTIAL, SensitiveKind.SECRECY_MARK

_MARK: Final = re.compile(
    r"[【\[(（]?\s*(绝\s?密|机\s?密|秘\s?密)\s*[】\])）]?\s*[★☆*]"
    r"|(?:密\s*级|保密等级|保密级别)\s*[:：]\s*[【\[(（]?\s*(绝密|机密|秘密)"
)
_MARK_ALONE: Final = re.compile(r"[【\[(（]?\s*(绝密|机密|秘密)(级|件|文件|资料)?\s*[】\])）]?")
_INTERNAL: Final = re.compile(
    r"内部(资料|文件|材料|使用|掌握|发行)[\s,，:：;；。!！]*(注意保存|不得外传|不得公开|严禁|请勿|$)"
    r"|[【\[(（]内部[】\])）]|(?:密\s*级|保密等级)\s*[:：]\s*内部"
)
_LEVELS: Final = re.compile(r"[【\[(（]?\s*(绝密|机密|秘密)")
_INTERNAL_LEVEL: Final = re.compile(r"[【\[(（]?\s*(内部|工作秘密|敏感)")
_SECRET_WORDS: Final = ("密".encode(), "内部".encode())
_URL: Final = b"://"
_PEM: Final = b"PRIVATE KEY"

_KEY: Final = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|AGPA|AROA|ANPA)[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,26}"
    r"|AKID[0-9A-Za-z]{28,40}|gh[pousr]_[0-9A-Za-z]{30,255}|github_pat_[0-9A-Za-z_]{40,255}"
    r"|glpat-[0-9A-Za-z_-]{20,40}|xox[abprs]-[0-9A-Za-z-]{10,80}|AIza[0-9A-Za-z_-]{35}"
    r"|sk_live_[0-9A-Za-z]{16,64}|npm_[0-9A-Za-z]{36})(?![A-Za-z0-9])"
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:[^\s/@]{1,128}@[^\s/@]{2,}"
)
# How the words begin that a key or a token does, and how long the shortest of them are.
_KEY_STARTS: Final = np.zeros((256, 256), bool)
for _start in b"AK AS AG AR AN LT gh gi gl xo AI sk np ey".split():
    _KEY_STARTS[_start[0], _start[1]] = True
_KEY_INITIALS: Final = np.asarray(_KEY_STARTS.any(axis=1))
_KEY_LEAST: Final = 11  # the head of a web token; of keys, fifteen characters
_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{8,}")
_PASSWORD: Final = re.compile(r"(?=.*[A-Za-z0-9])[\x21-\x7e]{6,128}")
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{16,}")
_UNLIKELY: Final = re.compile(
    r"(yes|no|true|false|weak|medium|strong|none|null|n/a|\*+|<[^>]*>|redacted|hidden)",
    re.IGNORECASE,
)

_PAYLOAD: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_SHORTEST: Final = 11  # a scheme, a user and a password before a host of two letters
_PAYLOADS_MAX: Final = 20_000  # that are looked into; a column with more is one of payloads
_SIXTY_FOUR: Final = np.full(256, 255, np.uint8)
for _i, _each in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):
    _SIXTY_FOUR[_each] = _i
_SIXTY_FOUR[ord("-")], _SIXTY_FOUR[ord("_")] = 62, 63
# By two characters of base64: whether the byte they begin with is one of ASCII that prints, a tab
# or a line break, or begins a character of three bytes.
_BYTES: Final = _SIXTY_FOUR[:, None] << 2 | _SIXTY_FOUR >> 4
_TEXT_BEGINS: Final = (
    ((_BYTES >= 32) & (_BYTES < 127)) | (_BYTES == 9) | (_BYTES == 10) | (_BYTES >> 4 == 14)
)
_TEXT_MAY_BEGIN: Final = np.asarray(_TEXT_BEGINS.any(axis=1))


class SecrecyDetector:
    """Finds marks of secrecy."""

    name = "secrecy"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts."""
        return SecrecyWatch(column) if column.type is ColumnType.TEXT else None


class SecrecyWatch:
    """Counts cells with a mark, and those with a word that may be one."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.levels = header_suggests(column.name, SECRECY)
        self.marked = 0
        self.internal = 0

    def take(self, cells: Cells) -> None:
        """Look at the cells with 密 or 内部 in them."""
        if cells.ascii:
            return
        for i in different(*(cells.containing(word) for word in _SECRET_WORDS)).tolist():
            text = normal(cells.text(i)).strip()
            level = self.levels and _LEVELS.match(text)
            if level or _MARK.search(text) or _MARK_ALONE.fullmatch(text):
                self.marked += cells.stand_for(i)
            elif _INTERNAL.search(text) or (self.levels and _INTERNAL_LEVEL.match(text)):
                self.internal += cells.stand_for(i)

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Report marks for certain, work secrets for an assessor."""
        if self.marked or self.internal:
            yield SensitiveFinding(
                self.column.name,
                SECRECY,
                self.marked or self.internal,
                tested,
                certain=self.marked > 0,
                evidence="a mark of secrecy" if self.marked else "a mark for internal use",
            )


class CredentialDetector:
    """Finds keys, tokens, passwords and payloads that hide identifiers."""

    name = "credentials"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts."""
        return CredentialWatch(column) if column.type is ColumnType.TEXT else None


class CredentialWatch:
    """Counts cells with something that opens a door, or hides what stands in it."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.named = header_suggests(column.name, CREDENTIAL)
        self.keys = 0
        self.passwords = 0
        self.hexadecimal = 0
        self.filled = 0
        self.different: set[int] = set()
        self.payloads = 0
        self.opened = 0

    def take(self, cells: Cells) -> None:
        """Look at cells with the start of a key, at passwords under their header, at payloads."""
        if self.named:
            self._take_passwords(cells)
        if cells.longest < _SHORTEST or not cells.letters.any():
            return
        for i in _holding_keys(cells).tolist():
            text = cells.text(i)
            if _KEY.search(text) or any(_is_token(each[0]) for each in _TOKEN.finditer(text)):
                self.keys += cells.stand_for(i)
        self._take_payloads(cells)

    def _take_passwords(self, cells: Cells) -> None:
        for i in np.flatnonzero(cells.lengths).tolist():
            text = cells.text(i).strip()
            alike = cells.stand_for(i)
            self.filled += alike
            if _PASSWORD.fullmatch(text) and not _UNLIKELY.fullmatch(text):
                self.passwords += alike
                self.hexadecimal += alike * (_HEXADECIMAL.fullmatch(text) is not None)
                if len(self.different) < _PAYLOADS_MAX:
                    self.different.add(hash(text))

    def _take_payloads(self, cells: Cells) -> None:
        starts = _printable_payloads(cells)
        holders = cells.holders(starts)
        for start, holder in zip(starts.tolist(), holders.tolist(), strict=True):
            if self.opened >= _PAYLOADS_MAX:
                return
            match = _PAYLOAD.match(cells.raw, start, int(cells.offsets[holder + 1]))
            if match is not None:
                self.opened += 1
                if _hides_identifier(match[0]):
                    self.payloads += cells.stand_for(holder)

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Report keys and payloads for certain; of passwords, what could be a digest less so."""
        if self.keys or self.payloads:
            evidence = "the form of a key or token" if self.keys else "base64 hides identifiers"
            yield SensitiveFinding(
                self.column.name,
                CREDENTIAL,
                self.keys or self.payloads,
                tested,
                certain=True,
                evidence=evidence,
            )
        elif self.named and self.passwords > self.filled / 2 and self._differ():
            yield SensitiveFinding(
                self.column.name,
                CREDENTIAL,
                self.passwords,
                tested,
                certain=self.hexadecimal < self.passwords / 2,
                evidence="values of letters, digits and signs under a header for secrets",
            )

    def _differ(self) -> bool:
        return len(self.different) >= min(self.passwords, _PAYLOADS_MAX) / 2


def _is_token(text: str) -> bool:
    """Whether a text is a JSON web token: its first part is JSON that names an algorithm."""
    head = text.partition(".")[0]
    try:
        value = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(value, dict) and "alg" in value


def _holding_keys(cells: Cells) -> Places:
    """Return the cells with a word that begins as a key does, or a password in an address."""
    data, holding = cells.data, []
    # Every key and token has a capital, an underscore or a dash.
    capitals = bool(((data - np.uint8(ord("A"))) < 26).any())
    if capitals or bool(((data == ord("_")) | (data == ord("-"))).any()):
        holding.append(cells.holders(_key_starts(cells)))
    if b"@" in cells.raw:
        addresses = cells.containing(_URL)
        holding.append(addresses[cells.some(addresses).containing(b"@")])
    if capitals and cells.longest > len(_PEM):
        holding.append(cells.containing(_PEM))
    return different(*holding) if holding else np.zeros(0, np.int64)


def _key_starts(cells: Cells) -> Places:
    """Return where words begin as keys do: behind no letter or digit, and long enough."""
    data, first = cells.data, cells.first[1:-1]
    begins = cells.alnum.copy()
    begins[1:] &= ~cells.alnum[:-1] | first
    goes_on = (cells.alnum | (data == ord("-")) | (data == ord("_")))[1:] & ~first
    long = unbroken(goes_on, _KEY_LEAST - 1)
    places = np.flatnonzero(begins[: len(long)] & long)
    places = places[_KEY_INITIALS[data[places]]]  # which leaves few to be looked up in pairs
    return np.asarray(places[_KEY_STARTS[data[places], data[places + 1]]])


def _printable_payloads(cells: Cells) -> Places:
    """Return where runs begin whose first nine bytes, decoded from base64, are all text.

    Of noise, one run in some thousand is; digests and names are letters that decode to noise.
    """
    data = cells.data
    # In base64, one digit of three becomes M, N or O, and an @ has a Q, B or A, wherever it stands.
    if not any(mark in cells.raw for mark in (b"M", b"N", b"O", b"Q", b"B", b"A")):
        return np.zeros(0, np.int64)
    inside = cells.alnum | (data == ord("+")) | (data == ord("/"))
    inside |= (data == ord("-")) | (data == ord("_"))
    starts, _ = cells.runs(inside, 16)
    # Two characters say the first byte, and so whether a text can begin so; one, whether it may.
    starts = starts[_TEXT_MAY_BEGIN[data[starts]]]
    starts = starts[_TEXT_BEGINS[data[starts], data[starts + 1]]]
    # Three bytes decide about most; the whole is decoded where they are text.
    starts = starts[_are_text(_decoded(cells, starts, 4))]
    return np.asarray(starts[_are_text(_decoded(cells, starts, 12))])


def _decoded(cells: Cells, starts: Places, length: int) -> Bytes:
    """Decode the first characters behind each start, four of them to three bytes."""
    codes = _SIXTY_FOUR[cells.matrix(starts, length)]
    codes = codes.reshape(len(starts), length // 4, 4)
    first = codes[:, :, 0] << 2 | codes[:, :, 1] >> 4
    second = (codes[:, :, 1] & 15) << 4 | codes[:, :, 2] >> 2
    third = (codes[:, :, 2] & 3) << 6 | codes[:, :, 3]
    return np.stack((first, second, third), axis=2).reshape(len(starts), length // 4 * 3)


def _are_text(decoded: Bytes) -> Mask:
    """Tell ASCII that prints, and Chinese in UTF-8, from other bytes."""
    ascii_text = ((decoded >= 32) & (decoded < 127)) | (decoded == 10) | (decoded == 9)
    lead, further = decoded >= 0xE2, (decoded >= 0x80) & (decoded < 0xC0)
    lead &= decoded <= 0xEF
    # Three bytes a character, as Chinese is in UTF-8; what follows the ninth byte is not seen.
    follows = np.zeros_like(lead)
    follows[:, 1:] = lead[:, :-1]
    follows[:, 2:] |= lead[:, :-2]
    whole = np.all(ascii_text | lead | (further & follows), axis=1)
    whole &= ~np.any(lead[:, :-1] & ~further[:, 1:], axis=1)
    return np.asarray(whole)


def _hides_identifier(payload: bytes) -> bool:
    plain = payload.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        decoded = base64.b64decode(plain + b"=" * (-len(plain) % 4))
        text = decoded.decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    column = Column("payload", ColumnType.TEXT)
    for watch in (NumberWatch(column), MailboxWatch(column)):
        watch.take(Cells.of([text]))
        found = [each for each in watch.findings(1) if each.kind is not SensitiveKind.CREDIT_CODE]
        if found:
            return True
    return False
