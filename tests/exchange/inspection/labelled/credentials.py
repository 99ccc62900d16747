"""Keys and passwords, and other long strings that open nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

KEY = certain("credential")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _random(d: Draw, length: int) -> str:
    return "".join(d.of(_BASE64) for _ in range(length))


def _pem(d: Draw, kind: str, line: str = "\\n") -> str:
    body = line.join(_random(d, 64) for _ in range(4))
    return f"-----BEGIN {kind}-----{line}{body}{line}-----END {kind}-----"


def _segment(record: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(record).encode()).rstrip(b"=").decode()


def _jwt(d: Draw) -> str:
    head = _segment({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{_segment({'sub': d.digits(8), 'exp': 1_900_000_000})}.{_random(d, 43)}"


def _aws(d: Draw) -> str:
    return "AKIA" + "".join(d.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))


def _password(d: Draw) -> str:
    return f"{d.of(['Qd', 'Sea', 'wave'])}{d.of('!@#$%')}{_random(d, 8)}"


_SECRETS: dict[str, Callable[[Draw], str]] = {
    "a private key of RSA": lambda d: _pem(d, "RSA PRIVATE KEY"),
    "a private key of PKCS 8": lambda d: _pem(d, "PRIVATE KEY"),
    "a private key of an elliptic curve": lambda d: _pem(d, "EC PRIVATE KEY"),
    "a private key of OpenSSH": lambda d: _pem(d, "OPENSSH PRIVATE KEY"),
    "a private key over several lines": lambda d: _pem(d, "PRIVATE KEY", "\n"),
    "an encrypted private key": lambda d: _pem(d, "ENCRYPTED PRIVATE KEY"),
    "a key of a cloud": lambda d: f"aws_access_key_id={_aws(d)}",
    "a key of a Chinese cloud": lambda d: f"AccessKeyId: LTAI5t{_random(d, 18)}",
    "a web token": lambda d: f"Authorization: Bearer {_jwt(d)}",
    "a token of a code forge": lambda d: f"token ghp_{_random(d, 36)}",
    "a password in an address": lambda d: f"postgresql://buoy:{_random(d, 12)}@10.0.0.4/sea",
}


def _clean(name: str, header: str, why: str, make: Callable[[Draw], str]) -> Case:
    return Case(
        name, f"F-07: {why}", PASS, lambda d: {header: d.each(lambda: make(d)), "n": d.count()}
    )


CASES = (
    *(
        Case(
            f"{what} in one cell of a configuration",
            "F-07: a key in one cell opens the same door as in a thousand",
            BLOCK,
            lambda d, make=make: {
                "n": d.count(),
                "config": d.mixed(lambda: make(d), 1e-9, d.remark),
            },  # type: ignore[misc]
            {"config": KEY},
        )
        for what, make in _SECRETS.items()
    ),
    Case(
        "web tokens in a column of sessions",
        "F-07: every cell is a web token",
        BLOCK,
        lambda d: {"session": d.each(lambda: _jwt(d)), "n": d.count()},
        {"session": KEY},
    ),
    Case(
        "keys of a cloud in Parquet",
        "F-07: a key in another format",
        BLOCK,
        lambda d: Made({"access_key": d.each(lambda: _aws(d)), "n": d.count()}, suffix=".parquet"),
        {"access_key": KEY},
    ),
    Case(
        "passwords under their header",
        "F-07: header and values agree on passwords",
        BLOCK,
        lambda d: {"user": d.count(), "password": d.each(lambda: _password(d))},
        {"password": KEY},
    ),
    Case(
        "passwords under a Chinese header",
        "F-07: 登录密码 over values of letters, digits and signs",
        BLOCK,
        lambda d: {"账号": d.count(), "登录密码": d.each(lambda: _password(d))},
        {"登录密码": KEY},
    ),
    Case(
        "hexadecimal strings under api_key",
        "F-07: only the header and the shape speak, so somebody must look",
        ATTEST,
        lambda d: {"n": d.count(), "api_key": d.each(lambda: d.hexadecimal(32))},
        {"api_key": reported("credential")},
    ),
    _clean(
        "public keys", "pubkey", "a public key is for everybody", lambda d: _pem(d, "PUBLIC KEY")
    ),
    _clean(
        "certificates", "cert", "a certificate is for everybody", lambda d: _pem(d, "CERTIFICATE")
    ),
    _clean("digests of files", "sha256", "a digest opens nothing", lambda d: d.hexadecimal(64)),
    _clean(
        "MD5 digests of files", "file_md5", "a digest opens nothing", lambda d: d.hexadecimal(32)
    ),
    _clean(
        "UUIDs",
        "uuid",
        "a UUID is a name",
        lambda d: (
            f"{d.hexadecimal(8)}-{d.hexadecimal(4)}-4{d.hexadecimal(3)}-8{d.hexadecimal(3)}-{d.hexadecimal(12)}"
        ),
    ),
    _clean("commits", "commit", "a commit is a name", lambda d: d.hexadecimal(40)),
    _clean(
        "codes of places that begin like keys",
        "place",
        "AKIAK is a village in Alaska",
        lambda d: "AKIAK" + d.digits(2),
    ),
    _clean(
        "strengths of passwords",
        "password_strength",
        "a word about a password is none",
        lambda d: d.of(["weak", "fair", "strong"]),
    ),
    _clean(
        "yes or no about a password",
        "has_password",
        "whether there is one opens nothing",
        lambda d: d.of(["true", "false"]),
    ),
    _clean(
        "short codes of coupons", "token", "six digits are over in a minute", lambda d: d.digits(6)
    ),
    _clean(
        "keys of a dictionary",
        "key",
        "key is a word of tables, too",
        lambda d: d.of(["sst", "chl", "sal", "uo", "vo"]),
    ),
    _clean(
        "geohashes",
        "geohash",
        "a geohash is a place",
        lambda d: "wwk" + "".join(d.of("0123456789bcdefghjkmnpqrstuvwxyz") for _ in range(5)),
    ),
    _clean(
        "addresses of services without passwords",
        "endpoint",
        "no password stands in it",
        lambda d: f"https://api.sea.cn:8443/v{d.whole(1, 3)}/{d.hexadecimal(6)}",
    ),
)
