"""Keys of wallets: private keys in base58 with their check (WIF), and the words of BIP 39."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import Final

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_KEY: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:5[HJK][{_ALPHABET}]{{49}}|[KL][{_ALPHABET}]{{51}})(?![A-Za-z0-9])"
)
STARTS: Final = b"5H 5J 5K Kw Kx Ky Kz L1 L2 L3 L4 L5"  # of keys of the main chain
_VERSION: Final = 0x80
_CHECK: Final = 4  # bytes

# Words of three to eight letters, of which a wallet has 12, 15, 18, 21 or 24.
_WORDS: Final = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11}(?:(?: [a-z]{3,8}){3}){0,4}")
_LIST: Final = 2_048  # words there are, told apart by their first four letters
_TOLD_BY: Final = 4


def holds_key(text: str) -> bool:
    """Whether a private key of a wallet stands in a text, by its check."""
    return any(_checks(found[0]) for found in _KEY.finditer(text))


def _checks(key: str) -> bool:
    number = 0
    for each in key:
        number = number * 58 + _ALPHABET.index(each)
    # A version, 32 bytes, a byte for the public key's form where it is the short one, the check.
    size = 1 + 32 + (key[0] != "5") + _CHECK
    if number >> (8 * size):
        return False
    whole = number.to_bytes(size)
    payload, check = whole[:-_CHECK], whole[-_CHECK:]
    digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    return payload[0] == _VERSION and digest[:_CHECK] == check


def is_phrase(text: str) -> bool:
    """Whether a text is as many words as open a wallet, and of no other length."""
    return _WORDS.fullmatch(text) is not None


def of_one_list(phrases: Collection[str]) -> bool:
    """Whether the words of phrases may be of a wallet's list, which are told by four letters."""
    words = {word for phrase in phrases for word in phrase.split(" ")}
    return len({word[:_TOLD_BY] for word in words}) == len(words) <= _LIST
