"""Check digits of identifiers, over whole columns at once.

Each function takes a matrix of ASCII codes, one identifier a row, and returns two masks:
`shaped`, where everything but the check digit is as the standard wants it, and `valid`, where
the check digit is right too.  How often chance passes stands beside each.

- resident identity number: GB 11643-1999 (province, date of birth, ISO 7064 MOD 11-2); the
  same form is borne by residents of Hong Kong, Macau and Taiwan (areas 81 to 83) and, with a 9
  before the province and a country for a county, by foreigners since 2023
- bank card: ISO/IEC 7812 (issuer prefixes common in China; Luhn)
- unified social credit code: GB 32100-2015 (weights 3^i modulo 31)
- mobile number: the Ministry of Industry's numbering plan, which has no check digit
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

RESIDENT_BY_CHANCE: Final = 1.6e-5  # of random 18-digit numbers, province, date and check digit
CHECK_BY_CHANCE: Final = 1 / 11  # of numbers with a province and a date
OLD_BY_CHANCE: Final = 1.5e-2  # of random 15-digit numbers, province, month and day
CARD_BY_CHANCE: Final = 2.1e-3  # of random numbers of 17 to 19 digits, issuer and Luhn
SHORT_CARD_BY_CHANCE: Final = 2.5e-2  # of random 16-digit numbers, which more issuers use
LUHN_BY_CHANCE: Final = 1 / 10
CREDIT_BY_CHANCE: Final = 1 / 31  # of codes with a known office and province
MOBILE_BY_CHANCE: Final = 0.5  # of eleven digits that begin with 1: a generous half

_WORD: Final = 8  # bytes
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)

_PROVINCES: Final = np.zeros(100, dtype=bool)
_PROVINCES[
    [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91),
    ]
] = True
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.uint8)

_CREDIT_ALPHABET: Final = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
# Bytes are looked up in bytes twice as quickly as arrays in arrays.
_CREDIT_VALUES: Final = bytes(
    _CREDIT_ALPHABET.find(bytes([code]).upper()) % 256 for code in range(256)
)
_CREDIT_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_OFFICES: Final = np.zeros(256, bool)
_OFFICES[list(b"123456789ANYany")] = True
_CATEGORIES: Final = np.zeros(256, bool)
_CATEGORIES[list(b"1239")] = True

# 140 to 144, 146 and 148 are for machines; whoever calls by satellite (174, 1349) is a person.
_MOBILE_PREFIXES: Final = np.zeros(200, dtype=bool)
_MOBILE_PREFIXES[
    [
        *(*range(130, 140), 145, 147, 149, *range(150, 154), *range(155, 160)),
        *(162, 165, 166, 167, *range(170, 179), *range(180, 194)),
        *range(195, 200),
    ]
] = True
# The service line that every example shows, and its neighbours of one operator.
_SERVICE_PREFIX: Final = 138
_SERVICE: Final = np.frombuffer(b"1380013800", np.uint8)

CARD_LENGTHS: Final = (16, 17, 18, 19)
SHORT_CARD: Final = 16
_CARD_PREFIXES: Final = np.zeros(10_000, dtype=bool)  # of sixteen digits, by the first four
_CARD_PREFIXES[4000:5000] = True  # Visa
_CARD_PREFIXES[5100:5600] = _CARD_PREFIXES[2221:2721] = True  # Mastercard
_CARD_PREFIXES[3528:3590] = True  # JCB
_UNION_PAY: Final = np.zeros(10_000, dtype=bool)
_UNION_PAY[6200:6300] = _UNION_PAY[[8100 + i for i in range(72)]] = True
_UNION_PAY[[9558, 4367, 4563, 6013, 6031, 6858, 9400, 9896, 9111]] = True  # before 62 was ours


def matrix(numbers: list[str] | npt.NDArray[np.object_], length: int) -> Codes:
    """Return texts of one length, all ASCII, as a matrix of codes."""
    packed = np.asarray(numbers, dtype=f"S{length}")
    return packed.view(np.uint8).reshape(-1, length)


def _columns(codes: Codes, count: int) -> tuple[Codes, Mask]:
    """Return the first `count` characters as digits, a row each, and which rows have no others."""
    digits = np.ascontiguousarray(codes[:, :count].T) - np.uint8(48)  # letters wrap far beyond 9
    numeric = digits[0] <= 9
    for each in digits[1:]:
        numeric &= each <= 9
    return digits, numeric


def _weighed(digits: Codes, weights: Sequence[int]) -> npt.NDArray[np.uint16]:
    """Return the sum of digits by their weights, where all are digits; it has room to spare."""
    total = np.zeros(digits.shape[1], np.uint16)
    for each, weight in zip(digits, weights, strict=True):
        total += each * np.uint8(weight)
    return total


def _within(
    codes: Codes, some: Mask, check: Callable[[Codes], tuple[Mask, Mask]]
) -> tuple[Mask, Mask]:
    """Run a check on the rows that are worth it; the others are neither shaped nor valid."""
    if some.all():
        return check(codes)
    shaped, valid = np.zeros(len(codes), bool), np.zeros(len(codes), bool)
    places = np.flatnonzero(some)  # by which rows are taken in half the time
    if places.size:
        shaped[places], valid[places] = check(codes[places])
    return shaped, valid


def _pair(codes: Codes, place: int) -> Codes:
    """Return the two digits at a place as a number, 0 where they are none."""
    tens, ones = codes[:, place] - np.uint8(48), codes[:, place + 1] - np.uint8(48)
    numeric = (tens <= 9) & (ones <= 9)
    found: Codes = (tens * np.uint8(10) + ones) * numeric
    return found


def _dated(year: npt.NDArray[np.uint16], month: Codes, day: Codes) -> Mask:
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = _DAYS[np.minimum(month, 12)] - ((month == 2) & ~leap)
    return np.asarray((month >= 1) & (month <= 12) & (day >= 1) & (day <= longest))


def _two(digits: Codes, place: int) -> Codes:
    found: Codes = digits[place] * np.uint8(10) + digits[place + 1]
    return np.minimum(found, np.uint8(99))


def resident(codes: Codes) -> tuple[Mask, Mask]:
    """Check 18-character resident identity numbers; born in the years 1900 to 2099."""
    century, month = _pair(codes, 6), _pair(codes, 10)
    likely = ((century == 19) | (century == 20)) & (month >= 1) & (month <= 12)
    return _within(codes, likely, _resident)


def _resident(codes: Codes) -> tuple[Mask, Mask]:
    digits, numeric = _columns(codes, 17)
    year = _two(digits, 6) * np.uint16(100) + _two(digits, 8)
    dated = _dated(year, _two(digits, 10), _two(digits, 12))
    area = _PROVINCES[_two(digits, 0)] | ((digits[0] == 9) & _PROVINCES[_two(digits, 1)])
    shaped = numeric & area & dated
    check = codes[:, 17] & np.where(codes[:, 17] >= 97, 0xDF, 0xFF).astype(np.uint8)  # x as X
    return shaped, shaped & (check == _CHECKS[_weighed(digits, _WEIGHTS) % 11])


def resident_old(codes: Codes) -> Mask:
    """Return which 15 digits have a province and a birthday as GB 11643-1989 wants them."""
    digits, numeric = _columns(codes, 15)
    year = np.uint16(1900) + _two(digits, 6)
    dated = _dated(year, _two(digits, 8), _two(digits, 10))
    return np.asarray(numeric & dated & _PROVINCES[_two(digits, 0)])


def credit_code(codes: Codes) -> tuple[Mask, Mask]:
    """Check 18-character unified social credit codes, in capitals or not."""
    likely = _PROVINCES[_pair(codes, 2)] & _CATEGORIES[codes[:, 1]]
    return _within(codes, likely, _credit_code)


def _credit_code(codes: Codes) -> tuple[Mask, Mask]:
    values = np.frombuffer(codes.T.tobytes().translate(_CREDIT_VALUES), np.uint8)
    values = values.reshape(codes.shape[::-1])
    shaped = _OFFICES[codes[:, 0]]
    for place in range(2, 8):
        shaped &= values[place] <= 9  # the district
    for place in range(8, 18):
        shaped &= values[place] < 31
    total = np.zeros(len(codes), np.uint16)
    for each, weight in zip(values, _CREDIT_WEIGHTS, strict=False):
        total += each * np.uint16(weight)
    return shaped, shaped & (values[17] == (31 - total % 31) % 31)


def bank_card(codes: Codes) -> tuple[Mask, Mask]:
    """Check numbers of 16 to 19 digits: UnionPay of any length, else 16 digits."""
    prefix = _pair(codes, 0) * np.uint16(100) + _pair(codes, 2)
    known = _UNION_PAY[prefix]
    if codes.shape[1] == SHORT_CARD:
        known = known | _CARD_PREFIXES[prefix]
    return _within(codes, known, luhn)


def luhn(codes: Codes) -> tuple[Mask, Mask]:
    """Check numbers of one length by the formula of ISO/IEC 7812, whatever they number."""
    digits, numeric = _columns(codes, codes.shape[1])
    total = np.zeros(len(codes), np.uint8)  # of nineteen digits, at most 171
    for place, each in enumerate(digits[::-1]):
        # Twice the digit, and the sum of its digits where that has two.
        total += each * np.uint8(2) - (each > 4) * np.uint8(9) if place % 2 else each
    return numeric, numeric & (total % 10 == 0)


def mobile(codes: Codes) -> Mask:
    """Return which 11 digits have a mobile prefix that is assigned to persons."""
    digits, numeric = _columns(codes, 11)
    prefix = digits[0] * np.uint16(100) + _two(digits, 1)
    assigned = numeric & (prefix < 200)
    assigned &= _MOBILE_PREFIXES[np.minimum(prefix, 199)]
    service = np.flatnonzero(assigned & (prefix == _SERVICE_PREFIX))
    assigned[service] &= ~np.all(codes[service, :10] == _SERVICE, axis=1)
    return np.asarray(assigned)


def keys(codes: Codes) -> npt.NDArray[np.uint64]:
    """Return a number for each row that tells different identifiers of one length apart."""
    length = codes.shape[1]
    if length < _WORD:
        codes = np.concatenate((codes, np.zeros((len(codes), _WORD - length), np.uint8)), axis=1)
        length = _WORD
    codes = np.ascontiguousarray(codes)
    found = np.zeros(len(codes), np.uint64)
    if not len(codes):
        return found
    # Eight bytes at a time, the last ones perhaps a second time.
    for place in (*range(0, length - _WORD, _WORD), length - _WORD):
        words = np.ndarray((len(codes),), np.uint64, codes, place, (length,))
        found = (found ^ words) * _MIXER
        found ^= found >> np.uint64(29)
    return found
