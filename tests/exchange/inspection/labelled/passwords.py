"""Passwords that repeat, hashes of passwords, and what opens something under its own words.

Labelled from F-07 before the detectors were mended: lists of passwords as people choose them, the
forms in which systems keep passwords, headers for tokens and keys, wallets, cards and licences,
and beside each what is called alike and opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Final

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Columns,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

KEY: Final = certain("credential")
MAYBE: Final = reported("credential")

_ALNUM: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_GROUPS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Some of the words of BIP 39, each of three to eight letters.
_WALLET_WORDS: Final = (
    "abandon ability able about above absent absorb abstract absurd abuse access accident ocean"
    " obvious occur october odor off offer office often oil pelican people pepper perfect permit"
    " person phone photo ridge rifle right rigid ring riot ripple risk river zebra zero zone zoo"
)
WALLET_WORDS: Final = tuple(_WALLET_WORDS.split())
_GIVEN: Final = ("wei", "fang", "lei", "jing", "tao", "yan", "hao", "min")


def text(d: Draw, length: int, alphabet: str = _ALNUM) -> str:
    """Draw so many characters."""
    return "".join(d.of(alphabet) for _ in range(length))


def base64_of(d: Draw, size: int) -> str:
    """Draw so many bytes in base64, without what fills it up."""
    return base64.b64encode(d.chance.randbytes(size)).decode().rstrip("=")


def chosen(d: Draw) -> str:
    """Draw a password as people choose it."""
    word = d.of(["Qwe", "Hello", "sea", "Wave", "liu", "abc", "Admin"])
    return f"{word}{d.of(['', '@', '!'])}{d.digits(d.whole(3, 6), '0123456789')}"


def of_letters(d: Draw) -> str:
    """Draw a password of letters alone."""
    return d.of(_GIVEN) + d.of(["love", "qwert", "hello", "dragon"]) + d.of(_GIVEN)


def repeated(d: Draw, value: Callable[[Draw], str], count: int) -> list[str]:
    """Draw so many different values and spread them over the rows."""
    return d.distinct(lambda: value(d), count)


def md5(d: Draw) -> str:
    """Draw the unsalted digest of a password."""
    return hashlib.md5(chosen(d).encode(), usedforsecurity=False).hexdigest()


def with_checksum(payload: bytes) -> str:
    """Write bytes in base58 with the first four bytes of their digest's digest."""
    whole = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, written = int.from_bytes(whole), ""
    while number:
        number, rest = divmod(number, 58)
        written = _BASE58[rest] + written
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + written


def wif(d: Draw) -> str:
    """Draw a private key as wallets of Bitcoin write it, of a public key in either form."""
    return with_checksum(b"\x80" + d.chance.randbytes(32) + d.of([b"", b"\1"]))


def wallet_phrase(d: Draw, words: int = 12) -> str:
    """Draw the words of a wallet."""
    return " ".join(d.of(WALLET_WORDS) for _ in range(words))


def telegram(d: Draw) -> str:
    """Draw the token of a robot of Telegram."""
    return f"{d.digits(10)}:AA{text(d, 33, _ALNUM + '-_')}"


HASHES: Final[dict[str, Callable[[Draw], str]]] = {
    "bcrypt": lambda d: f"$2{d.of('aby')}${d.whole(8, 12):02}${text(d, 53, _ALNUM + './')}",
    "Argon2": lambda d: f"$argon2id$v=19$m=65536,t=3,p=4${base64_of(d, 16)}${base64_of(d, 32)}",
    "SHA-512 crypt": lambda d: f"$6${text(d, 8)}${text(d, 86, _ALNUM + './')}",
    "SHA-256 crypt": lambda d: f"$5$rounds=5000${text(d, 16)}${text(d, 43, _ALNUM + './')}",
    "MD5 crypt": lambda d: f"$1${text(d, 8)}${text(d, 22, _ALNUM + './')}",
    "yescrypt": lambda d: f"$y$j9T${text(d, 22, _ALNUM + './')}${text(d, 43, _ALNUM + './')}",
    "phpass": lambda d: f"$P$B{text(d, 30, _ALNUM + './')}",
    "salted SHA of a directory": lambda d: (
        f"{{SSHA}}{base64.b64encode(d.chance.randbytes(24)).decode()}"
    ),
    "MySQL": lambda d: f"*{d.hexadecimal(40).upper()}",
    "PBKDF2": lambda d: f"pbkdf2_sha256$600000${text(d, 22)}${base64_of(d, 32)}=",
}


def _one(header: str, value: Callable[[Draw], Cell]) -> Callable[[Draw], Columns]:
    return lambda d: {"n": d.count(), header: d.each(lambda: value(d))}


def _many(header: str, value: Callable[[Draw], str], count: int) -> Callable[[Draw], Columns]:
    return lambda d: {"n": d.count(), header: repeated(d, value, count)}


_REPEATED: Final = tuple(
    Case(
        f"{count} different {what} under {header}",
        "F-07: people choose the same passwords as others do, and a list of them repeats",
        BLOCK if sure else ATTEST,
        _many(header, value, count),
        {header: KEY if sure else MAYBE},
    )
    for header, what, value, count, sure in (
        ("password", "passwords", chosen, 100, True),
        ("密码", "passwords as people choose them", chosen, 30, True),
        ("登录密码", "passwords of six digits", lambda d: d.digits(6, "0123456789"), 100, True),
        ("pwd", "passwords of letters", of_letters, 60, True),
        ("passwd", "digests of passwords", md5, 100, False),
        ("用户密码", "digests of common passwords", md5, 20, False),
        ("口令", "watchwords", chosen, 12, True),
    )
)
_HASHED: Final = (
    *(
        Case(
            f"hashes of passwords by {form} under {header}",
            "F-07: a salted hash is what a password is guessed at; somebody must look",
            ATTEST,
            _one(header, value),
            {header: MAYBE},
        )
        for form, value in HASHES.items()
        for header in ("v2", "密码")
    ),
    Case(
        "lines of a shadow file",
        "F-07: each line holds an account and the salted hash of its password",
        ATTEST,
        lambda d: {
            "line": d.each(
                lambda: (
                    f"{d.of(_GIVEN)}{d.digits(2)}:{HASHES['SHA-512 crypt'](d)}:19{d.digits(3)}:0:"
                )
            )
        },
        {"line": MAYBE},
    ),
    Case(
        "a hash of a password in one note",
        "F-07: one hash in a note is guessed at as in a column",
        ATTEST,
        lambda d: {
            "n": d.count(),
            "note": d.mixed(lambda: f"reset to {HASHES['bcrypt'](d)} today", 1e-9, d.remark),
        },
        {"note": MAYBE},
    ),
    Case(
        "hashes of passwords under encrypted_password",
        "F-07: a salted hash under a header that says so",
        ATTEST,
        _one("encrypted_password", HASHES["bcrypt"]),
        {"encrypted_password": MAYBE},
    ),
)
_HEADED: Final = (
    *(
        Case(
            f"random characters under {header}",
            "F-07: the header says what they open",
            BLOCK,
            _one(header, lambda d: text(d, 40)),
            {header: KEY},
        )
        for header in (
            "api_token",
            "bot_token",
            "session_token",
            "访问令牌",
            "私钥",
            "sign_key",
            "mima",
            "passcode",
            "signing_key",
            "privkey",
        )
    ),
    *(
        Case(
            f"random characters under {header}, which may be another's word",
            "F-07: token and pass are words of other things too, and such values hardly are",
            ATTEST,
            _one(header, lambda d: text(d, 40)),
            {header: MAYBE},
        )
        for header in ("token", "令牌", "pw", "pass", "user_pass")
    ),
    Case(
        "passwords as people choose them under pw",
        "F-07: letters, digits and signs in many forms, under a short word for passwords",
        ATTEST,
        _one("pw", chosen),
        {"pw": MAYBE},
    ),
    Case(
        "digests of passwords under mm",
        "F-07: pinyin's initials of a password, over digests",
        ATTEST,
        _one("mm", md5),
        {"mm": MAYBE},
    ),
    Case(
        "passwords that are numbers",
        "F-07: six digits and more under a header for passwords, so somebody must look",
        ATTEST,
        lambda d: {"n": d.count(), "密码": d.each(lambda: d.whole(100_000, 999_999))},
        {"密码": MAYBE},
    ),
    *(
        Case(
            f"tokens of robots under {header}",
            "F-07: the number of a robot, and its token",
            BLOCK,
            _one(header, telegram),
            {header: KEY},
        )
        for header in ("token", "v")
    ),
)
_WALLETS: Final = (
    *(
        Case(
            f"private keys of wallets under {header}",
            "F-07: base58 with the check of a private key",
            BLOCK,
            _one(header, wif),
            {header: KEY},
        )
        for header in ("wif", "v3")
    ),
    Case(
        "a private key of a wallet in one note",
        "F-07: one key opens one wallet",
        BLOCK,
        lambda d: {
            "n": d.count(),
            "note": d.mixed(lambda: f"paper wallet {wif(d)} kept", 1e-9, d.remark),
        },
        {"note": KEY},
    ),
    *(
        Case(
            f"words of wallets under {header}",
            "F-07: twelve words open a wallet, and the header says so",
            BLOCK,
            _one(header, wallet_phrase),
            {header: KEY},
        )
        for header in ("mnemonic", "助记词", "seed_phrase", "recovery phrase")
    ),
    *(
        Case(
            f"{count} words in every cell",
            "F-07: as many words of three to eight letters as a wallet has, so somebody must look",
            ATTEST,
            _one("phrase", lambda d, count=count: wallet_phrase(d, count)),  # type: ignore[misc]
            {"phrase": MAYBE},
        )
        for count in (12, 24)
    ),
    Case(
        "checks and numbers of cards",
        "F-07: what a card is paid and drawn with may not be kept (PCI DSS 3.3)",
        ATTEST,
        lambda d: {
            "card_tail": d.each(lambda: d.digits(4, "0123456789")),
            "CVV2": d.each(lambda: d.digits(3, "0123456789")),
            "PIN": d.each(lambda: d.digits(4, "0123456789")),
            "exp": d.each(lambda: f"{d.whole(1, 12):02}/{d.whole(26, 31)}"),
        },
        {"CVV2": MAYBE, "PIN": MAYBE},
    ),
    Case(
        "sessions that have not ended",
        "F-07: who has the number of a session has the session, until it expires",
        ATTEST,
        lambda d: {
            "session_id": d.each(lambda: d.hexadecimal(32)),
            "uid": d.each(lambda: d.whole(1, 9_999)),
            "expires": d.hours(),
        },
        {"session_id": MAYBE},
    ),
    Case(
        "sessions of a server's pages",
        "F-07: the name of the cookie that holds a session",
        ATTEST,
        _one("PHPSESSID", lambda d: d.hexadecimal(32)),
        {"PHPSESSID": MAYBE},
    ),
    *(
        Case(
            f"keys of licences under {header}",
            "F-07: whoever has such a key has what was sold",
            ATTEST,
            lambda d, header=header: {  # type: ignore[misc]
                "product": d.each(lambda: d.of(["Pro", "Home"])),
                header: d.each(lambda: "-".join(text(d, 5, _GROUPS) for _ in range(5))),
            },
            {header: MAYBE},
        )
        for header in ("license_key", "激活码", "product key")
    ),
)


def _calm(name: str, why: str, header: str, value: Callable[[Draw], Cell]) -> Case:
    return Case(name, f"F-07: {why}", PASS, _one(header, value))


_COUNTED: Final = (
    "encrypted_password",
    "secret_access_key",
    "aws_secret_access_key",
    "secret_key_rotated",
    "private_key_bits",
    "refresh_token_lifetime",
    "api_token_count",
    "密码重置量",
    "session_tokens",
)
_CALM: Final = (
    *(
        _calm(
            f"whole numbers under {header}",
            "a count opens nothing",
            header,
            lambda d: d.whole(1, 400),
        )
        for header in _COUNTED
    ),
    _calm(
        "words about passwords under password",
        "five words are no passwords",
        "password",
        lambda d: d.of(["expired", "initial", "changed", "locked out", "missing"]),
    ),
    _calm(
        "algorithms of ciphers",
        "an algorithm is public",
        "密码算法",
        lambda d: d.of(
            [
                "SM2",
                "SM3",
                "SM4-CBC",
                "SM9",
                "AES-256",
                "RSA2048",
                "ZUC-128",
                "ECDSA-P256",
                "ChaCha20",
                "HMAC-SM3",
                "SM4-GCM",
                "TDEA-168",
            ]
        ),
    ),
    _calm(
        "products of cryptography",
        "a product has a name",
        "密码产品型号",
        lambda d: f"SJJ{d.digits(4)}-{d.of('GHJ')}",
    ),
    _calm(
        "names of secrets",
        "a name opens nothing",
        "secret_name",
        lambda d: f"prod/{d.of(['db', 'api', 'mq'])}/{d.of(['tide', 'wave'])}-{d.digits(2)}",
    ),
    _calm("prices in dollars", "a price", "price", lambda d: f"${d.number(1, 900)}"),
    _calm(
        "variables of a program",
        "a name",
        "line",
        lambda d: f"$2a = ${d.of(['x', 'y'])}{d.digits(3)};",
    ),
    _calm(
        "digests of files after a star",
        "a file's digest, as md5sum marks it",
        "sum",
        lambda d: f"{d.hexadecimal(32)} *sea{d.digits(3)}.nc",
    ),
    _calm(
        "words that were cut out of texts",
        "a word of a text",
        "token",
        lambda d: d.of(["measurement", "oceanography", "temperature", "instrumentation"]),
    ),
    _calm(
        "contracts of tokens of a chain",
        "an address is public",
        "token",
        lambda d: f"0x{d.hexadecimal(40)}",
    ),
    _calm(
        "tokens as UUIDs",
        "a UUID is a name",
        "token",
        lambda d: (
            f"{d.hexadecimal(8)}-{d.hexadecimal(4)}-4{d.hexadecimal(3)}-a{d.hexadecimal(3)}-{d.hexadecimal(12)}"
        ),
    ),
    _calm(
        "passes of a satellite",
        "a pass over a station",
        "pass",
        lambda d: f"S{d.of('12')}{d.of('AB')}-{d.digits(5)}",
    ),
    _calm("how a test ended", "a word", "pass", lambda d: d.of(["passed", "failed", "skipped"])),
    _calm("wells of a field", "a well has a name", "pw", lambda d: f"PW-{d.digits(d.whole(4, 6))}"),
    _calm("millimetres with their unit", "a length", "mm", lambda d: f"{d.number(10, 99)}mm"),
    _calm(
        "addresses of a wallet",
        "an address is public",
        "addr",
        lambda d: with_checksum(b"\0" + d.chance.randbytes(20)),
    ),
    _calm(
        "sentences of as many words",
        "words of two letters are in no wallet",
        "phrase",
        lambda d: "the buoy was lost at sea in the storm of " + d.of(["last may", "this june"]),
    ),
    _calm(
        "bags of words",
        "as many as there are",
        "words",
        lambda d: " ".join(d.of(WALLET_WORDS) for _ in range(d.whole(5, 14))),
    ),
    _calm("pins of a connector", "a pin of a plug", "pin", lambda d: d.whole(1, 96)),
    _calm("postal codes of India", "six digits of a place", "pincode", lambda d: d.digits(6)),
    _calm(
        "sessions of a voyage",
        "a session of work",
        "session_id",
        lambda d: f"leg{d.digits(2)}-{d.digits(4)}",
    ),
    Case(
        "sessions of visitors long ago",
        "F-07: a session that is over opens nothing",
        PASS,
        lambda d: {
            "session_id": d.each(lambda: d.hexadecimal(32)),
            "page": d.each(lambda: d.of(["/tide", "/wave", "/ice"])),
            "seconds": d.each(lambda: d.whole(1, 900)),
        },
    ),
    _calm(
        "licences of programs",
        "a licence is public",
        "license_key",
        lambda d: d.of(["mit", "apache-2.0", "gpl-3.0", "bsd-3-clause", "mpl-2.0"]),
    ),
    _calm(
        "codes of products",
        "a product has a code",
        "product_code",
        lambda d: f"{d.letters(3)}{d.digits(2)}-{d.letters(4)}-{d.digits(4)}",
    ),
    _calm(
        "serials of devices",
        "a device has a serial",
        "serial_code",
        lambda d: f"{d.letters(4)}{d.digits(8)}{d.letters(2)}",
    ),
    _calm(
        "tokens that turn a page",
        "it turns a page",
        "next_page_token",
        lambda d: text(d, 40),
    ),
    _calm("coefficients of variation", "a share", "cvv", lambda d: d.number(0, 1, 3)),
    _calm(
        "numbers under CVV that are counts", "a count of votes", "cvv", lambda d: d.whole(1, 20_000)
    ),
)
CASES = (*_REPEATED, *_HASHED, *_HEADED, *_WALLETS, *_CALM)
