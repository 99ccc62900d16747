"""What is told beside its name opens something, or is a word, a rule or a stand-in for it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from exchange.inspection.cells import Cells
from exchange.inspection.detectors import told
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import Inspected

TOKEN = "aB3dE5gH7jK9mN1pQ3sT5vW7"
LOGIN = base64.b64encode(b"sea:Tide2026").decode()


@pytest.mark.parametrize(
    "text",
    [
        f"https://a.cn/q?x=1&token={TOKEN}&n=2",
        f"https://a.cn/q?ACCESS_TOKEN={TOKEN}",
        f"https://a.cn/q?x-amz-signature={TOKEN}",
        f'{{"apiKey": "{TOKEN}"}}',
        f"client-secret: {TOKEN}.",
        f"密钥：{TOKEN}",
        f"clientSecret => '{TOKEN}'",
        f"run --api-key={TOKEN}",
        f"Bearer {TOKEN}",
        f"Basic {LOGIN}",
        f"proxy-authorization: basic {LOGIN}",
        "pwd=Tide2026!",
        "Password = Tide2026;",
        "mysql --password Tide2026",
        "<passwd>Tide2026</passwd>",
        "密码为Tide2026。",
        "口令: Tide2026",
        "otpauth://hotp/sea?issuer=x&secret=JBSWY3DPEHPK3PXP",
        f"token=none token={TOKEN}",
        f"password: 123456, token: {TOKEN}",
    ],
)
def test_what_opens_something_is_found_for_certain(text: str) -> None:
    assert told.worded(Cells.of([text, "-"])).tolist() == [0]
    assert told.secret(text) is True


@pytest.mark.parametrize("value", ["123456", "5f4dcc3b5aa765d61d8327deb882cf99"])
def test_digits_and_a_digest_of_a_password_may_be_one(value: str) -> None:
    assert told.secret(f"password={value}") is False


@pytest.mark.parametrize(
    "text",
    [
        "token=12345",
        "token=1234567890123456",
        "token=abcdefghijklmnopqrst",
        "token=a1a1a1a1a1a1a1a1a1a1",
        "token=550e8400-e29b-41d4-a716-446655440000",
        f"next_page_token={TOKEN}",
        f"nextToken={TOKEN}",
        f"signature: {TOKEN}",
        f"key={TOKEN}",
        "Bearer of bad news and of good ones",
        "Basic measurements",
        f"Basic {base64.b64encode(b'only a few words').decode()}",
        "Basic AAAA////",
        "api_key=YOUR_KEY_1234567890",
        "secret=<secret-of-the-client-1>",
        "password=${SEA_PASSWORD_1}",
        "password=xxxxxx",
        "password: os.environ['P1']",
        "password: string1 or not".replace("1", ""),
        "password=short",
        "password=letters",
        "password=/etc/sea/p1",
        "password=010-6655-8899",
        "密码：8-16位",
        "the password is told elsewhere",
    ],
)
def test_what_opens_nothing_is_nothing(text: str) -> None:
    assert told.secret(text) is None


def test_cells_without_a_joint_or_a_word_are_not_looked_at() -> None:
    for texts in (["tide", "passing by"], ["a: b", "c = d"], [""]):
        assert not told.worded(Cells.of(texts)).size
    assert told.worded(Cells.of(["密码是123", "x", "run --TOKEN y", "api-Key: z"])).tolist() == [
        0,
        2,
        3,
    ]


def keys() -> list[bytes]:
    bare, der = serialization.NoEncryption(), serialization.Encoding.DER
    forms = serialization.PrivateFormat
    one, two = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
    return [
        *(one.private_bytes(der, form, bare) for form in (forms.PKCS8, forms.TraditionalOpenSSL)),
        *(two.private_bytes(der, form, bare) for form in (forms.PKCS8, forms.TraditionalOpenSSL)),
        ed25519.Ed25519PrivateKey.generate().private_bytes(der, forms.PKCS8, bare),
    ]


@pytest.mark.parametrize("which", range(5))
def test_a_private_key_without_its_frame_is_found(inspected: Inspected, which: int) -> None:
    body = base64.b64encode(keys()[which]).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    cells = "".join(f"{n},{line}\n" for n, line in enumerate([*lines, "port=22"]))
    (found,) = inspected(f"n,conf\n{cells}").sensitive
    assert (found.kind, found.certain, found.matched) == (SensitiveKind.CREDENTIAL, True, 1)


def test_a_public_key_opens_nothing(inspected: Inspected) -> None:
    public = rsa.generate_private_key(65537, 2048).public_key()
    body = base64.b64encode(
        public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).decode()
    assert not inspected(f"n,conf\n1,{body}\n2,port=22\n").sensitive


def test_many_secrets_are_counted_by_some_of_them(inspected: Inspected) -> None:
    cells = "".join(f"{n},password=Tide{n:06}\n" for n in range(70_000))
    (found,) = inspected(f"n,conf\n{cells}").sensitive
    assert (found.certain, found.matched) == (True, 70_000)


def test_no_more_payloads_are_opened_than_tell_what_a_column_holds(inspected: Inspected) -> None:
    calm = (f"T={n:05};S=31.2".encode().hex() for n in range(20_100))
    cells = "".join(f"{n},{each}\n" for n, each in enumerate(calm))
    assert not inspected(f"n,blob\n{cells}").sensitive
    (found,) = inspected("n,blob\n" + f"1,{b'tel 13912345678'.hex()}\n2,aa\n").sensitive
    assert (found.kind, found.certain, found.matched) == (SensitiveKind.CREDENTIAL, True, 1)


@pytest.mark.parametrize("text", ["โทร 13912345678", "电话 13912345678", "फ़ोन 13912345678"])
@pytest.mark.parametrize("spelt", [bytes.hex, lambda text: base64.b64encode(text).decode()])
def test_a_payload_may_begin_in_any_script_of_three_bytes_a_letter(
    inspected: Inspected, text: str, spelt: Callable[[bytes], str]
) -> None:
    (found,) = inspected(f"n,blob\n1,{spelt(text.encode())}\n2,aa\n").sensitive
    assert (found.kind, found.certain) == (SensitiveKind.CREDENTIAL, True)
