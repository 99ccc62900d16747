"""Keys and passwords, and other long strings that open nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


def _hex_of(text: str) -> str:
    return text.encode().hex()


def _basic(d: Draw) -> str:
    return base64.b64encode(f"buoy:{_password(d)}".encode()).decode()


def _seed(d: Draw) -> str:
    return "".join(d.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))


def _der(d: Draw) -> str:
    """Return a private key as PKCS 8 has it, in base64 and without a frame."""
    key = ec.derive_private_key(d.whole(2**200, 2**250), ec.SECP256R1())
    form = serialization.PrivateFormat.PKCS8
    bare = serialization.NoEncryption()
    return base64.b64encode(key.private_bytes(serialization.Encoding.DER, form, bare)).decode()


_TOLD: dict[str, Callable[[Draw], str]] = {
    "an access token in an address": lambda d: (
        f"https://api.sea.cn/v1/tide?station=3702&access_token={_random(d, 39)}7"
    ),
    "a key in an address": lambda d: f"GET /q?api_key={_random(d, 31)}4&n=3 HTTP/1.1",
    "a password in an address": lambda d: (
        f"GET /login?user=u{d.digits(4)}&password=Qd{d.digits(5)}!z"
    ),
    "a signature in an address": lambda d: f"https://a.blob.cn/x?se=2026&sig={_random(d, 42)}9%3D",
    "a password in a string of connection": lambda d: (
        f"Server=db{d.whole(1, 9)};Database=sea;User Id=sa;Password=Tide{d.digits(5)}!;"
    ),
    "a short word for it in a string of connection": lambda d: (
        f"Driver=MySQL;Uid=sea;Pwd=Wave{d.digits(4)};"
    ),
    "basic authorisation": lambda d: f"Authorization: Basic {_basic(d)}",
    "a bearer's token": lambda d: f"authorization: bearer {_random(d, 46)}5x",
    "a secret of a cloud": lambda d: f"aws_secret_access_key = {_random(d, 37)}/7z",
    "a secret of a Chinese cloud": lambda d: f"oss: accessKeySecret={_random(d, 28)}1a",
    "a secret of an app": lambda d: f"appid=wx{d.hexadecimal(16)} secret={d.hexadecimal(32)}",
    "a password told in Chinese": lambda d: f"登录密码：Qd{d.digits(6)}，请勿外传",
    "a password told in a sentence": lambda d: f"系统密码是Sea@{d.digits(5)}。",
    "a password told in English": lambda d: f"the password: Wave{d.digits(4)}, thanks",
    "a password in JSON": lambda d: f'{{"user": "sea", "password": "Tide{d.digits(4)}"}}',
    "a password in XML": lambda d: f"<user>sea</user><password>Tide{d.digits(4)}</password>",
    "a token of a command": lambda d: f"deploy --token {_random(d, 30)}8 --dry-run",
    "a key of a language model": lambda d: f"sk-{_random(d, 46)}9a",
    "a project's key of a language model": lambda d: f"sk-proj-{_random(d, 40)}_{_random(d, 60)}",
    "a seed of passwords for once": lambda d: f"otpauth://totp/sea:u1?secret={_seed(d)}",
    "a private key in DER": _der,
}

_CALM: dict[str, tuple[str, Callable[[Draw], str]]] = {
    "stars for a password": ("a star hides it", lambda _: "Server=db1;Uid=sea;Password=********;"),
    "angle brackets for a password": ("it stands for one", lambda _: "password=<password>"),
    "a variable for a token": ("its value is elsewhere", lambda _: "token=${SEA_TOKEN}"),
    "a template for a key": (
        "its value is elsewhere",
        lambda _: "api_key: {{ secrets.SEA_API_KEY }}",
    ),
    "a text about a key": ("it is to be replaced", lambda _: "api_key=YOUR_API_KEY_HERE_1234"),
    "a word of advice": ("it is to be changed", lambda _: "password: changeme123"),
    "crosses for a token": ("they stand for one", lambda _: "access_token=xxxxxxxxxxxxxxxxxxxx"),
    "rules for passwords": ("a rule is none", lambda d: f"密码：8-{d.whole(12, 20)}位，须含数字"),
    "a call about a password": ("a telephone is none", lambda _: "忘记密码：400-810-1234"),
    "documentation of a field": ("a type is none", lambda _: "password: string, required"),
    "a directory": ("PWD is where one is", lambda d: f"PWD=/srv/sea/run{d.digits(3)}"),
    "pages by a token": ("it turns a page", lambda d: f"/list?page_token={_random(d, 30)}1"),
    "counts of tokens": (
        "a count is none",
        lambda d: f"max_tokens={d.digits(4)} tokens: {d.digits(3)}",
    ),
    "levels of significance": ("a share is none", lambda d: f"sig = 0.0{d.digits(3)}, key: value"),
    "UUIDs of requests": (
        "a UUID is a name",
        lambda d: (
            f"token={d.hexadecimal(8)}-{d.hexadecimal(4)}-4{d.hexadecimal(3)}-8{d.hexadecimal(3)}-{d.hexadecimal(12)}"
        ),
    ),
    "keys of a map": (
        "a name of a thing",
        lambda d: f"key={d.of(['sst', 'chl'])}; primary_key=station",
    ),
    "a basic word": (
        "a word is no login",
        lambda d: f"Basic {d.of(['measurements', 'operation'])} of a CTD",
    ),
    "bearers of loads": ("a bearer is a part", lambda d: f"Bearer SKF{d.digits(5)} replaced"),
    "packages of a language": (
        "a package is none",
        lambda d: f"sk-learn-contrib-{d.digits(2)} installed",
    ),
    "digests beside their names": (
        "a digest opens nothing",
        lambda d: f"sha256={d.hexadecimal(64)}",
    ),
    "hexadecimal text of a sensor": (
        "what it hides names nobody",
        lambda d: _hex_of(f"T={d.digits(2)}.5;S=31.2"),
    ),
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
    *(
        Case(
            f"{what}, told in one cell",
            "F-07: what opens a door opens it wherever it is told",
            BLOCK,
            lambda d, make=make: {
                "n": d.count(),
                "remark": d.mixed(lambda: make(d), 1e-9, d.remark),
            },  # type: ignore[misc]
            {"remark": KEY},
        )
        for what, make in _TOLD.items()
    ),
    Case(
        "secrets of apps under their header",
        "F-07: the header says secret, and a digest is not called so",
        BLOCK,
        lambda d: {
            "appid": d.each(lambda: f"wx{d.hexadecimal(16)}"),
            "appsecret": d.each(lambda: d.hexadecimal(32)),
        },
        {"appsecret": KEY},
    ),
    Case(
        "a password of digits, told in one cell",
        "F-07: digits may be a password or anything, so somebody must look",
        ATTEST,
        lambda d: {"n": d.count(), "note": d.mixed(lambda: f"密码：{d.digits(6)}", 1e-9, d.remark)},
        {"note": reported("credential")},
    ),
    Case(
        "identity numbers in hexadecimal digits",
        "F-07: digits that decode to identity numbers are a payload that hides them",
        BLOCK,
        lambda d: {"n": d.count(), "blob": d.each(lambda: _hex_of(d.resident_id()))},
        {"blob": KEY},
    ),
    Case(
        "names and mobiles in hexadecimal digits within a text",
        "F-07: digits that decode to mobile numbers are a payload that hides them",
        BLOCK,
        lambda d: {
            "n": d.count(),
            "msg": d.each(lambda: f"u={_hex_of(f'{d.name()},{d.mobile()}')};"),
        },
        {"msg": KEY},
    ),
    *(_clean(f"{what}, beside a name", "note", why, make) for what, (why, make) in _CALM.items()),
)
