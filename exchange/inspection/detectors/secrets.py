"""Marks of secrecy, and keys, tokens and passwords.

- secrecy marks (保守国家秘密法 and its 实施条例): 绝密★, 机密★, 秘密★ with or without a term, a
  mark behind 密级 or alone in a cell, levels under a header that says so.  内部 is at most a
  work secret and is reported
- credentials: private keys in PEM, or their DER in base64 without its frame, and of wallets
  (`wallets`); keys of clouds, forges and robots by their form, JSON web tokens (RFC 7519),
  passwords in addresses (RFC 3986 userinfo), under their header or told beside their name (`told`);
  hashes of passwords (`salted`).  What only neighbours or a whole column tell is `access`'s part
- opaque payloads: base64 (RFC 4648) or hexadecimal digits that decode to a text with an identifier
  of a person
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
from exchange.inspection.chances import Looks
from exchange.inspection.detector import Watch
from exchange.inspection.detectors import salted, told, wallets
from exchange.inspection.detectors.mailboxes import MailboxWatch
from exchange.inspection.detectors.numbers import NumberWatch
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

CREDENTIAL, SECRECY = SensitiveKind.CREDENTIAL, SensitiveKind.SECRECY_MARK

# A business's secrets are none of the state's.
_LEVEL: Final = r"(?:[绝絕]\s?密|[机機]\s?密|(?<!商业)(?<!商業)[秘祕]\s?密)"
_TERM: Final = r"(?:[0-9]{1,2}\s*(?:年|个月|個月)|长期|長期|[^\s，。；]{0,6}前)"
_MARK: Final = re.compile(
    rf"[【\[(（]?\s*{_LEVEL}\s*[】\])）]?\s*[★☆*]"
    rf"|{_LEVEL}(?:级|級)?\s*[】\])）]?\s*[·•・∙⋅▲△●◆]\s*{_TERM}"
    rf"|(?:密\s*[级級]|保密等[级級]|保密[级級]别)\s*[:：]\s*[【\[(（]?\s*{_LEVEL}"
    rf"|[本此该該](?:件|文|文件|文档|资料|材料|数据|资讯|报告|图|图纸|表|卷|册|内容)[^，。；,;不非否]{{0,6}}"
    rf"[为為是属屬系](?:于|於)?{_LEVEL}(?:级|級|件|文件|资料|$|[，。；,;\s])"
    rf"|(?<!不)(?<!非)(?<!否)[为為是属屬](?:于|於)?{_LEVEL}?[级級]?国家秘密(?!法|保护|的)"
    rf"|{_LEVEL}[级級]国家秘密(?!法|保护|的|载体|信息系统)"
)
_MARK_ALONE: Final = re.compile(
    rf"[【\[(（]?\s*{_LEVEL}(级|級|件|文件|资料)?\s*{_TERM}?\s*[】\])）]?"
)
_INTERNAL: Final = re.compile(
    r"[内內]部(资料|資料|文件|材料|使用|掌握|发行|参考|传阅)[\s,，、:：;；。!！(（【\[]*"
    r"(注意保[存密]|妥善保[管存]|不得外[传泄]|不得公开|禁止外[传泄]|严禁|请勿|切勿)"
    r"|[内內]部(资料|資料|文件|材料|使用|掌握|发行|传阅)[\s。!！]*$|^[（(【\[\s]*[内內]部参考[）)】\]\s。]*$"
    r"|^[（(【\[\s]*(注意保密|注意保密，不得外传)[）)】\]\s。!！]*$"
    r"|[【\[(（][内內]部[】\])）]|(?:密\s*[级級]|保密等[级級])\s*[:：]\s*[内內]部"
)
_LEVELS: Final = re.compile(rf"[【\[(（]?\s*{_LEVEL}")
_INTERNAL_LEVEL: Final = re.compile(r"[【\[(（]?\s*([内內]部|工作秘密|敏感)")
_SECRET_WORDS: Final = ("密".encode(), "内部".encode(), "內部".encode())
_URL: Final = b"://"
_PEM: Final = b"PRIVATE KEY"

_KEY: Final = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|AGPA|AROA|ANPA)[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,26}"
    r"|AKID[0-9A-Za-z]{28,40}|gh[pousr]_[0-9A-Za-z]{30,255}|github_pat_[0-9A-Za-z_]{40,255}"
    r"|glpat-[0-9A-Za-z_-]{20,40}|xox[abprs]-[0-9A-Za-z-]{10,80}|AIza[0-9A-Za-z_-]{35}"
    r"|[rs]k_live_[0-9A-Za-z]{16,64}|npm_[0-9A-Za-z]{36}|hf_[0-9A-Za-z]{34}"
    r"|sk-(?:proj|svcacct|ant-[a-z0-9]{3,8}|or-v1)-[0-9A-Za-z_-]{32,200}"
    r"|sk-(?=[0-9A-Za-z]*[0-9])(?=[0-9A-Za-z]*[A-Za-z])[0-9A-Za-z]{32,64}"
    r"|(?<=[0-9]{8}:)AA[0-9A-Za-z_-]{33}|xprv[1-9A-HJ-NP-Za-km-z]{107,108})(?![A-Za-z0-9])"
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:[^\s/@]{1,128}@[^\s/@]{2,}"
)
# How the words begin that a key or a token does, and how long the shortest of them are.
_KEY_STARTS: Final = np.zeros((256, 256), bool)
for _start in (b"AK AS AG AR AN LT gh gi gl xo AI sk rk hf np ey AA xp " + wallets.STARTS).split():
    _KEY_STARTS[_start[0], _start[1]] = True
_KEY_INITIALS: Final = np.asarray(_KEY_STARTS.any(axis=1))
_KEY_LEAST: Final = 11  # the head of a web token; of keys, fifteen characters
_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{8,}")
_PASSWORD: Final = re.compile(r"(?=.*[A-Za-z0-9])[\x21-\x7e]{6,128}")
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{16,}")
# Headers under which sixteen bytes and more in hexadecimal digits can be nothing but the secret.
_SECRET: Final = re.compile(
    r"app_?secret|client_?secret|secret_?(access_?)?key|key_?secret|priv(ate)?_?key|私钥"
)
# Private keys in DER and base64: a sequence that begins with its version (PKCS 1 and 8, SEC 1),
# and what OpenSSH writes; a certificate and a public key begin with another sequence.
_DER: Final = re.compile(
    r"(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{2}[AQgw]IBA[A-P]|MI[GH][A-Za-z0-9+/]AgEAM|MHcCAQEEI"
    r"|MC4CAQAwBQYDK2V|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{32}"
)
_DER_WORDS: Final = (b"IBA", b"AgEAM", b"MHcCAQEEI", b"MC4CAQAwBQYDK2V", b"b3BlbnNzaC1rZXktdjE")
_DER_LEAST: Final = 44  # characters
_TOLD_ENOUGH: Final = 200  # with which there is no doubt that others are
# Lists of passwords repeat themselves; of words about passwords there are fewer.
_DIFFERENT_ENOUGH: Final = 10

_PAYLOAD: Final = re.compile(rb"[A-Za-z0-9+/_-]{15,}={0,2}")  # a telephone number has fifteen
_PAYLOAD_LEAST: Final = 15
_SHORTEST: Final = 11  # a scheme, a user and a password before a host of two letters
_HEX_LEAST: Final = 22  # digits of eleven bytes, as many as a telephone number has
# By a hexadecimal digit: whether a character of ASCII that prints begins so, or one of Chinese.
_HEX_BEGINS: Final = np.zeros(256, bool)
_HEX_BEGINS[list(b"234567eE89abAB")] = True
_HEX_FIRST: Final = np.zeros(256, bool)  # the same of a whole character
_HEX_FIRST[list(b"234567eE")] = True
_HEX: Final = np.zeros(256, bool)
_HEX[list(b"0123456789abcdefABCDEF")] = True
_HEX_PAYLOAD: Final = re.compile(rb"(?:[0-9a-fA-F]{2})+")
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
        self.hashes = 0  # among them, or what may be one by its digits
        self.salted = 0  # anywhere
        self.filled = 0
        self.different: set[int] = set()
        self.payloads = 0
        self.opened = 0
        self.told = 0
        self.hinted = 0  # at what may be a password, by its name
        self.looks = Looks()

    def take(self, cells: Cells) -> None:
        """Look at cells with the start of a key, at passwords under their header, at payloads."""
        if self.named:
            self._take_passwords(cells)
        self._take_told(cells)
        self._take_salted(cells)
        self._take_hexadecimal(cells)
        if cells.longest < _SHORTEST or not cells.letters.any():
            return
        for i in _holding_keys(cells).tolist():
            text = cells.text(i)
            found = _KEY.search(text) or _DER.search(text)
            if (
                found
                or wallets.holds_key(text)
                or any(_is_token(each[0]) for each in _TOKEN.finditer(text))
            ):
                self.keys += cells.stand_for(i)
        self._take_payloads(cells)

    def _take_told(self, cells: Cells) -> None:
        for i in self.looks.choose(cells, told.worded(cells), lambda: self.told >= _TOLD_ENOUGH):
            sure = told.secret(normal(cells.text(i)))
            if sure is not None:
                self.told += cells.stand_for(i) * sure
                self.hinted += cells.stand_for(i) * (not sure)

    def _take_salted(self, cells: Cells) -> None:
        for i in salted.holding(cells).tolist():
            if salted.FORM.search(cells.text(i)):
                self.salted += cells.stand_for(i)

    def _take_passwords(self, cells: Cells) -> None:
        for i in np.flatnonzero(cells.lengths).tolist():
            text = cells.text(i).strip()
            alike = cells.stand_for(i)
            self.filled += alike
            hashed = _HEXADECIMAL.fullmatch(text) or salted.FORM.fullmatch(text)
            # A header repeated in its own column, or looked at as a text, is none.
            plain = _PASSWORD.fullmatch(text) and text != self.column.name
            if hashed or (plain and not told.is_placeholder(text)):
                self.passwords += alike
                self.hashes += alike * (hashed is not None)
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
                if _hides_identifier(_from_base64(match[0])):
                    self.payloads += cells.stand_for(holder)

    def _take_hexadecimal(self, cells: Cells) -> None:
        for start, end in _hexadecimal_payloads(cells):
            if self.opened >= _PAYLOADS_MAX:
                return
            self.opened += 1
            if _hides_identifier(binascii.unhexlify(cells.raw[start:end])):
                self.payloads += cells.stand_for(int(cells.holders(np.array([start]))[0]))

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Report keys and payloads for certain; of passwords, what could be a digest less so."""
        told_of = self.looks.stand_for(self.told)
        sure = {
            "the form of a key or token": self.keys,
            "base64 or hexadecimal digits hide identifiers": self.payloads,
            "a password, key or token beside its name": told_of,
        }
        for evidence, count in sure.items():
            if count:
                yield self._finding(count, tested, evidence, certain=True)
                return
        if self.named and self.passwords > self.filled / 2 and self._differ():
            evidence = "values of letters, digits and signs under a header for secrets"
            certain = self.hashes < self.passwords / 2 or self._of_secrets()
            yield self._finding(self.passwords, tested, evidence, certain=certain)
        elif self.salted:
            evidence = "the form of a salted hash of a password"
            yield self._finding(self.salted, tested, evidence, certain=False)
        elif self.hinted:
            count = self.looks.stand_for(self.hinted)
            yield self._finding(count, tested, "what may be a password, by its name", certain=False)

    def _finding(
        self, count: int, tested: int, evidence: str, *, certain: bool
    ) -> SensitiveFinding:
        return SensitiveFinding(self.column.name, CREDENTIAL, count, tested, certain, evidence)

    def _of_secrets(self) -> bool:
        return _SECRET.search(plain_header(self.column.name)) is not None

    def _differ(self) -> bool:
        half = min(self.passwords, _PAYLOADS_MAX) / 2
        return len(self.different) >= min(half, _DIFFERENT_ENOUGH)


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
        if addresses.size:
            holding.append(addresses[cells.some(addresses).containing(b"@")])
    if capitals and cells.longest > len(_PEM):
        holding.append(cells.containing(_PEM))
    if capitals and cells.longest >= _DER_LEAST:
        holding += [cells.containing(each) for each in _DER_WORDS if each in cells.raw]
    return different(*holding) if holding else np.zeros(0, np.int64)


def _key_starts(cells: Cells) -> Places:
    """Return where words begin as keys do: behind no letter or digit, and long enough."""
    data = cells.data
    if cells.shape is not None:  # each cell is a word
        places = cells.offsets[: len(cells) * (cells.shape >= _KEY_LEAST)]
    else:
        first, begins = cells.first[1:-1], cells.alnum.copy()
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
    inside = cells.alnum
    if cells.shape is None:
        inside = inside | (data == ord("+")) | (data == ord("/"))
        inside |= (data == ord("-")) | (data == ord("_"))
    starts, _ = cells.runs(inside, _PAYLOAD_LEAST)
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
    lead, further = decoded >= 0xE0, (decoded >= 0x80) & (decoded < 0xC0)
    lead &= decoded <= 0xEF
    # Three bytes a character, as Chinese is in UTF-8; what follows the ninth byte is not seen.
    follows = np.zeros_like(lead)
    follows[:, 1:] = lead[:, :-1]
    follows[:, 2:] |= lead[:, :-2]
    whole = np.all(ascii_text | lead | (further & follows), axis=1)
    whole &= ~np.any(lead[:, :-1] & ~further[:, 1:], axis=1)
    return np.asarray(whole)


def _hexadecimal_payloads(cells: Cells) -> Iterator[tuple[int, int]]:
    """Yield where runs of hexadecimal digits begin and end of which the first bytes may be text.

    Of digests, one in sixty looks so.
    """
    # Digits of a text begin with a 3 each.
    if cells.longest < _HEX_LEAST or b"3" not in cells.raw:
        return
    starts, ends = cells.words
    lengths = ends - starts
    at = np.flatnonzero((lengths >= _HEX_LEAST) & (lengths % 2 == 0))
    at = at[_HEX_FIRST[cells.data[starts[at]]]]
    for ahead in range(2, _HEX_LEAST, 2):  # one in three is left out each time
        at = at[_HEX_BEGINS[cells.data[starts[at] + ahead]]]
    # Of hexadecimal digits, the last four bits say the digit, and letters have nine more.
    codes = cells.matrix(starts[at], _HEX_LEAST)
    halves = (codes & np.uint8(15)) + (codes >= ord("A")) * np.uint8(9)
    text = _HEX[codes].all(axis=1)
    text &= _are_text(halves[:, ::2] << np.uint8(4) | halves[:, 1::2])
    for start, end in zip(starts[at[text]].tolist(), ends[at[text]].tolist(), strict=True):
        if _HEX_PAYLOAD.fullmatch(cells.raw, start, end):
            yield start, end


def _from_base64(payload: bytes) -> bytes:
    """Return what base64 decodes to, in either of its alphabets; nothing where it is none."""
    plain = payload.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _hides_identifier(decoded: bytes) -> bool:
    try:
        text = decoded.decode("utf-8")
    except ValueError:
        return False
    column = Column("payload", ColumnType.TEXT)
    for watch in (NumberWatch(column), MailboxWatch(column)):
        watch.take(Cells.of([text]))
        found = [each for each in watch.findings(1) if each.kind is not SensitiveKind.CREDIT_CODE]
        if found:
            return True
    return False
