"""Check digits of identifiers, over whole columns at once.

Each function takes a matrix of ASCII codes, one identifier a row, and returns two masks:
`shaped`, where everything but the check digit is as the standard wants it, and `valid`, where
the check digit is right too.  How often chance passes stands beside each.

- resident identity number: GB 11643-1999 (province, date of birth, ISO 7064 MOD 11-2)
- bank card: ISO/IEC 7812 (issuer prefixes common in China; Luhn)
- mobile number: the Ministry of Industry's numbering plan, which has no check digit
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

RESIDENT_BY_CHANCE: Final = 1.4e-5  # of random 18-digit numbers, province, date and check digit
CHECK_BY_CHANCE: Final = 1 / 11  # of numbers with a province and a date
LUHN_BY_CHANCE: Final = 1 / 10

_PROVINCES: Final = np.zeros(100, dtype=bool)
_PROVINCES[
    [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91),
    ]
] = True
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

_MOBILE_PREFIXES: Final = np.zeros(200, dtype=bool)
_MOBILE_PREFIXES[
    [
        *(*range(130, 140), *range(145, 154), *range(155, 160), 162, 165, 166, 167),
        *(*range(170, 179), *range(180, 190), *range(190, 194), *range(195, 200)),
    ]
] = True


def _all_digits(body: npt.NDArray[np.int16]) -> Mask:
    mask: Mask = np.all((body >= 0) & (body <= 9), axis=1)
    return mask


def matrix(numbers: list[str] | npt.NDArray[np.object_], length: int) -> Codes:
    """Return texts of one length, all ASCII, as a matrix of codes."""
    packed = np.asarray(numbers, dtype=f"S{length}")
    return packed.view(np.uint8).reshape(-1, length)


def digits(numbers: npt.NDArray[np.int64], length: int) -> Codes:
    """Return whole numbers of `length` digits as a matrix of codes."""
    out = np.empty((numbers.size, length), dtype=np.uint8)
    rest = numbers.copy()
    for place in range(length - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, place] = digit + 48
    return out


def resident(codes: Codes) -> tuple[Mask, Mask]:
    """Check 18-character resident identity numbers; born in the years 1900 to 2099."""
    body = codes[:, :17].astype(np.int16) - 48
    numeric = _all_digits(body)
    body = np.where(numeric[:, None], body, 0)
    year = body[:, 6] * 1000 + body[:, 7] * 100 + body[:, 8] * 10 + body[:, 9]
    month = body[:, 10] * 10 + body[:, 11]
    day = body[:, 12] * 10 + body[:, 13]
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = _DAYS[np.minimum(month, 12)] - ((month == 2) & ~leap)
    dated = (year >= 1900) & (year <= 2099) & (month >= 1) & (month <= 12)
    dated &= (day >= 1) & (day <= longest)
    shaped = numeric & _PROVINCES[body[:, 0] * 10 + body[:, 1]] & dated
    check = codes[:, 17] & np.where(codes[:, 17] >= 97, 0xDF, 0xFF).astype(np.uint8)  # x as X
    return shaped, shaped & (check == _CHECKS[(body @ _WEIGHTS) % 11])


def numeric(codes: Codes) -> int:
    """Return how many rows are digits but for their last character."""
    return int(np.count_nonzero(_all_digits(codes[:, :-1].astype(np.int16) - 48)))


def shaped_as_credit_code(codes: Codes) -> Mask:
    """Return which 18-character texts have the category and province of GB 32100-2015."""
    area = codes[:, 2:8].astype(np.int16) - 48
    known = _all_digits(area)
    area = np.where(known[:, None], area, 0)
    category = np.isin(codes[:, 1], np.frombuffer(b"1239", np.uint8))
    return np.asarray(known & category & _PROVINCES[area[:, 0] * 10 + area[:, 1]])


def bank_card(codes: Codes) -> tuple[Mask, Mask]:
    """Check numbers of 16 to 19 digits: UnionPay 62 of any length, else 16 digits."""
    body = codes.astype(np.int16) - 48
    numeric = _all_digits(body)
    body = np.where(numeric[:, None], body, 0)
    prefix = body[:, 0] * 10 + body[:, 1]
    known = prefix == 62
    if codes.shape[1] == 16:
        known |= (body[:, 0] == 4) | ((prefix >= 51) & (prefix <= 55)) | (prefix == 35)
    shaped = numeric & known
    doubled = body[:, ::-1].copy()
    doubled[:, 1::2] *= 2
    doubled -= 9 * (doubled > 9)
    return shaped, shaped & (doubled.sum(axis=1) % 10 == 0)


def mobile(codes: Codes) -> Mask:
    """Return which 11-character texts have a mobile prefix that is assigned (5.6 % by chance)."""
    body = codes.astype(np.int16) - 48
    numeric = _all_digits(body)
    body = np.where(numeric[:, None], body, 0)
    prefix = body[:, 0] * 100 + body[:, 1] * 10 + body[:, 2]
    return np.asarray(numeric & (prefix < 200) & _MOBILE_PREFIXES[np.minimum(prefix, 199)])
