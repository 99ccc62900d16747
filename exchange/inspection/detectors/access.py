"""What opens something and is told by a short header, by its neighbours, or by a whole column.

- tokens under `token` and 令牌, passwords under `pw` and `pass`: words of other things too, so the
  values have to be long and mixed, or built in as many ways as people build passwords
- passwords that are numbers; the check and the number of a card (PCI DSS 3.3: not to be kept)
- sessions under the names of their cookies, or beside when they expire
- keys of licences and codes that are redeemed; the words of a wallet

Judged by a sample.  Only the words of a wallet under their header are certain.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.inspection.chances import worth_a_look
from exchange.inspection.detector import Examined
from exchange.inspection.detectors import told, wallets
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

CREDENTIAL: Final = SensitiveKind.CREDENTIAL

_SAMPLE: Final = 2_000
_MOST: Final = 0.5
_NEARLY_ALL: Final = 0.9
_MOST_OF_ALL: Final = 0.8  # of whole numbers, which have lost the zeros in front
_APART: Final = 10  # on an average; what counts up stands closer together
_DIFFERENT_MIN: Final = 10
_WAYS_MIN: Final = 3  # in which people build their passwords; codes are built in one or two

# Some turn a page, and one guards a form for as long as it is shown.
_TOKEN: Final = re.compile(r"(?:^|(?<!page)(?<!next)(?<!continuation)(?<!csrf)_)token$|令牌$")
_PASSWORD: Final = re.compile(r"(^|_)(pw|pass)$")
_INITIALS: Final = re.compile(r"(^|_)mm$")
_NUMBERED: Final = re.compile(r"密码|口令|passw(or)?d|(^|_)(pwd|passcode|mima)(_|$)")
_CHECK_OF_CARD: Final = re.compile(r"(^|_)(cvv|cvc|cvn)_?2?(_?(code|no))?$|安全码$")
_PIN: Final = re.compile(r"(^|_)pin(_?(code|no|num|number))?$")
_CARD: Final = re.compile(r"卡|账[户号]|(^|_)(card|cvv|cvc|cvn|account|acct|atm|pan|iban)_?2?(_|$)")
_COOKIE: Final = re.compile(r"(php|j)sess(ion)?_?id|asp_net_session_?id|sessionid_ss|connect_sid")
_SESSION: Final = re.compile(r"(^|_)(session(_?(id|key))?|sess_?id|sid)$|会话(id|标识|编号)?$")
_EXPIRES: Final = re.compile(
    r"过期|失效|有效期|到期|(^|_)(expir\w*|ttl|max_age|valid_(until|to|thru))(_|$)"
)
_LICENCE: Final = re.compile(
    r"激活码|注册码|卡密|兑换码|授权码|(^|_)(licen[cs]e|product|serial|registration|cd)_?keys?$"
    r"|(^|_)(activation|unlock|redeem|redemption|gift)_?(key|code)s?$"
)
_PHRASE: Final = re.compile(
    r"助记词|(^|_)mnemonics?(_|$)|(seed|recovery|backup|wallet|secret)_?(phrase|words)"
)

# No address of a chain, whose capitals may be a check.
_LONG: Final = re.compile(
    r"(?!0x[0-9a-fA-F]+$)(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9._~+/=-]{20,512}"
)
_OF_SESSION: Final = re.compile(r"(?=.*[0-9])[A-Za-z0-9_%:.~+/=-]{20,256}")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_CHOSEN: Final = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[\x21-\x7e]{6,128}")
_IN_GROUPS: Final = re.compile(
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])"
    r"(?:[A-Za-z0-9]{3,8}(?:-[A-Za-z0-9]{3,8}){2,9}|[A-Z0-9]{12,40})"
)
_SIX: Final = re.compile(r"[0-9]{6,20}")
_RUN: Final = re.compile(r"([A-Z]+)|([a-z]+)|([0-9]+)|([^A-Za-z0-9]+)")
_DAY: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_SINCE_1970: Final = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")


class AccessDetector:
    """Finds what opens something where more than one cell tells so."""

    name = "access"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns of texts and whole numbers in which nothing that opens was found."""
        taken = {each.column for each in examined.found if each.kind is CREDENTIAL}
        names = [plain_header(column.name) for _, column, _ in examined.held()]
        for i, column, tested in examined.held():
            if column.name in taken or column.type not in (ColumnType.TEXT, ColumnType.INTEGER):
                continue
            found = _judged(column, names, functools.partial(_stripped, examined, i))
            if found is not None:
                share, evidence, certain = found
                matched = max(1, round(share * tested))
                yield SensitiveFinding(column.name, CREDENTIAL, matched, tested, certain, evidence)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A header, perhaps beside another one, and the values under it that open something."""

    header: re.Pattern[str]
    value: re.Pattern[str]
    evidence: str
    beside: re.Pattern[str] | None = None
    varied: bool = False

    def of(self, name: str, names: Sequence[str]) -> bool:
        """Whether it is about a column of that name, beside others of those names."""
        if self.header.search(name) is None:
            return False
        return self.beside is None or any(map(self.beside.search, (x for x in names if x != name)))

    def share(self, cells: Sequence[str]) -> float:
        """Return the share of the values that open something, 0 where they say that none does."""
        right = [cell for cell in cells if self.value.fullmatch(cell)]
        different = {cell for cell in right if not told.is_placeholder(cell)}
        if len(different) < min(_DIFFERENT_MIN, len(cells) / 2):
            return 0.0
        if self.varied and len({_built(cell) for cell in different}) < _WAYS_MIN:
            return 0.0
        return len(right) / max(1, len(cells))


_SIGNS: Final = (
    _Sign(_TOKEN, _LONG, "long and mixed values under a word for tokens"),
    _Sign(_PASSWORD, _CHOSEN, "values as passwords are built, under a word for them", varied=True),
    _Sign(_INITIALS, _DIGEST, "digests under the initials of a word for passwords"),
    _Sign(_INITIALS, _LONG, "long and mixed values under the initials of a word for passwords"),
    _Sign(_CHECK_OF_CARD, re.compile("[0-9]{3,4}"), "checks of cards, under their header"),
    _Sign(_PIN, re.compile("[0-9]{4,6}"), "numbers to draw with, beside a card", _CARD),
    _Sign(_COOKIE, _OF_SESSION, "sessions, under the name of their cookie"),
    _Sign(_SESSION, _OF_SESSION, "sessions, beside when they expire", _EXPIRES),
    _Sign(_LICENCE, _IN_GROUPS, "letters and digits under a header for keys of licences"),
)


def _judged(
    column: Column, names: Sequence[str], cells: Callable[[], list[str]]
) -> tuple[float, str, bool] | None:
    """Return the share of values that open something, why, and whether that is certain."""
    name = plain_header(column.name)
    for sign in _SIGNS:
        if sign.of(name, names):
            share = sign.share(cells())
            if share >= _MOST_OF_ALL:
                return share, sign.evidence, False
    if column.type is ColumnType.INTEGER:
        numbered = _NUMBERED.search(name) and header_suggests(column.name, CREDENTIAL)
        return _numbers(cells()) if numbered else None
    return _phrases(name, cells())


def _stripped(examined: Examined, i: int) -> list[str]:
    return [text.strip() for text in examined.texts(i, _SAMPLE)]


def _built(password: str) -> str:
    """Return of what a password is built: capitals, small letters, digits and signs in turn."""
    return _RUN.sub(lambda found: "Aa9-"[(found.lastindex or 1) - 1], password)


def _numbers(cells: Sequence[str]) -> tuple[float, str, bool] | None:
    """Judge whole numbers under a header for passwords: no counts, days or instants."""
    long = [cell for cell in cells if _SIX.fullmatch(cell)]
    when = sum(_DAY.fullmatch(x) is not None or _SINCE_1970.fullmatch(x) is not None for x in long)
    numbers = {int(cell) for cell in long}
    if len(long) < _NEARLY_ALL * len(cells) or when > _MOST * len(long):
        return None
    if len(numbers) < _DIFFERENT_MIN or max(numbers) - min(numbers) < _APART * len(numbers):
        return None
    return len(long) / len(cells), "six digits and more under a header for passwords", False


def _phrases(name: str, cells: list[str]) -> tuple[float, str, bool] | None:
    """Judge the words of wallets, certain under their header."""
    if not worth_a_look(cells, wallets.is_phrase, _MOST):
        return None
    phrases = [cell for cell in cells if wallets.is_phrase(cell)]
    if not phrases:
        return None
    share = len(phrases) / len(cells)
    if _PHRASE.search(name):
        return share, "the words of a wallet, under their header", True
    if share < _NEARLY_ALL or len(set(phrases)) < min(_DIFFERENT_MIN, len(cells) / 2):
        return None
    if not wallets.of_one_list(phrases):
        return None
    return share, "as many words of three to eight letters as open a wallet", False
