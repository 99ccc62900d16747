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

_CREDIT_ALPHABET: Final = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES: Final = np.full(256, -1, dtype=np.int64)
_CREDIT_VALUES[list(_CREDIT_ALPHABET)] = np.arange(31)
_CREDIT_WEIGHTS: Final = np.array([pow(3, i, 31) for i in range(17)])

# 140 to 144, 146 and 148 are for machines, 174 and 1349 for satellites.
_MOBILE_PREFIXES: Final = np.zeros(200, dtype=bool)
_MOBILE_PREFIXES[
    [
        *(*range(130, 140), 145, 147, 149, *range(150, 154), *range(155, 160)),
        *(162, 165, 166, 167, *range(170, 174), *range(175, 179), *range(180, 194)),
        *range(195, 200),
    ]
] = True
# The service line that every example shows, and its neighbours of one operator.
_SERVICE: Final = np.frombuffer(b"1380013800", np.uint8)

CARD_LENGTHS: Final = (16, 17, 18, 19)
_CARD_PREFIXES: Final = np.zeros(10_000, dtype=bool)  # of sixteen digits, by the first four
_CARD_PREFIXES[4000:5000] = True  # Visa
_CARD_PREFIXES[5100:5600] = _CARD_PREFIXES[2221:2721] = True  # Mastercard
_CARD_PREFIXES[3528:3590] = True  # JCB
_UNION_PAY: Final = np.zeros(10_000, dtype=bool)
_UNION_PAY[6200:6300] = _UNION_PAY[[8100 + i for i in range(72)]] = True
_UNION_PAY[[9558, 4367, 4563, 6013, 6031, 6858, 9400, 9896, 9111]] = True  # before 62 was ours


def _all_digits(body: npt.NDArray[np.int16]) -> Mask:
    mask: Mask = np.all((body >= 0) & (body <= 9), axis=1)
    return mask


def matrix(numbers: list[str] | npt.NDArray[np.object_], length: int) -> Codes:
    """Return texts of one length, all ASCII, as a matrix of codes."""
    packed = np.asarray(numbers, dtype=f"S{length}")
    return packed.view(np.uint8).reshape(-1, length)


def _dated(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> Mask:
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    longest = _DAYS[np.minimum(month, 12)] - ((month == 2) & ~leap)
    return np.asarray((month >= 1) & (month <= 12) & (day >= 1) & (day <= longest))


def _digits_of(codes: Codes, count: int) -> tuple[Mask, npt.NDArray[np.int64]]:
    body = codes[:, :count].astype(np.int64) - 48
    numeric = np.all((body >= 0) & (body <= 9), axis=1)
    return numeric, np.where(numeric[:, None], body, 0)


def resident(codes: Codes) -> tuple[Mask, Mask]:
    """Check 18-character resident identity numbers; born in the years 1900 to 2099."""
    numeric, body = _digits_of(codes, 17)
    year = body[:, 6:10] @ np.array([1000, 100, 10, 1])
    dated = _dated(year, body[:, 10] * 10 + body[:, 11], body[:, 12] * 10 + body[:, 13])
    dated &= (year >= 1900) & (year <= 2099)
    area = _PROVINCES[body[:, 0] * 10 + body[:, 1]]
    area |= (body[:, 0] == 9) & _PROVINCES[body[:, 1] * 10 + body[:, 2]]
    shaped = numeric & area & dated
    check = codes[:, 17] & np.where(codes[:, 17] >= 97, 0xDF, 0xFF).astype(np.uint8)  # x as X
    return shaped, shaped & (check == _CHECKS[(body @ _WEIGHTS) % 11])


def resident_old(codes: Codes) -> Mask:
    """Return which 15 digits have a province and a birthday as GB 11643-1989 wants them."""
    numeric, body = _digits_of(codes, 15)
    year = 1900 + body[:, 6] * 10 + body[:, 7]
    dated = _dated(year, body[:, 8] * 10 + body[:, 9], body[:, 10] * 10 + body[:, 11])
    return np.asarray(numeric & dated & _PROVINCES[body[:, 0] * 10 + body[:, 1]])


def credit_code(codes: Codes) -> tuple[Mask, Mask]:
    """Check 18-character unified social credit codes, in capitals or not."""
    upper = np.where(codes >= 97, codes & 0xDF, codes)
    values = _CREDIT_VALUES[upper]
    known, area = _digits_of(upper[:, 2:8], 6)
    category = np.isin(upper[:, 1], np.frombuffer(b"1239", np.uint8))
    office = np.isin(upper[:, 0], np.frombuffer(b"123456789ANY", np.uint8))
    shaped = np.all(values >= 0, axis=1) & known & category & office
    shaped &= _PROVINCES[area[:, 0] * 10 + area[:, 1]]
    check = (31 - (np.where(values >= 0, values, 0)[:, :17] @ _CREDIT_WEIGHTS) % 31) % 31
    return shaped, shaped & (values[:, 17] == check)


def bank_card(codes: Codes) -> tuple[Mask, Mask]:
    """Check numbers of 16 to 19 digits: UnionPay of any length, else 16 digits."""
    numeric, body = _digits_of(codes, codes.shape[1])
    prefix = body[:, :4] @ np.array([1000, 100, 10, 1])
    known = _UNION_PAY[prefix]
    if codes.shape[1] == 16:
        known |= _CARD_PREFIXES[prefix]
    shaped = numeric & known
    doubled = body[:, ::-1].copy()
    doubled[:, 1::2] *= 2
    doubled -= 9 * (doubled > 9)
    return shaped, shaped & (doubled.sum(axis=1) % 10 == 0)


def mobile(codes: Codes) -> Mask:
    """Return which 11 digits have a mobile prefix that is assigned to persons."""
    numeric, body = _digits_of(codes, 11)
    prefix = body[:, 0] * 100 + body[:, 1] * 10 + body[:, 2]
    assigned = numeric & (prefix < 200) & _MOBILE_PREFIXES[np.minimum(prefix, 199)]
    return np.asarray(assigned & ~np.all(codes[:, :10] == _SERVICE, axis=1))


def keys(codes: Codes) -> npt.NDArray[np.uint64]:
    """Return a number for each row that tells different identifiers of one length apart."""
    found = np.zeros(len(codes), np.uint64)
    for place in range(codes.shape[1]):
        found = found * np.uint64(37) + codes[:, place].astype(np.uint64)
    return found
