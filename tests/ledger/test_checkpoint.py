from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import NOTE_MAX, Checkpoint, VerifierKey, parse_body, sign, verify
from ledger.errors import BadNote
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, pair

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(ORIGIN, 7, ROOT)
NOTE = sign(CHECKPOINT, ORIGIN, LOG_KEY)
WITNESS = VerifierKey("witness.example/w1", pair("witness").public_key)


def signature_line(key: VerifierKey, signature: bytes) -> bytes:
    return f"— {key.name} {base64.b64encode(key.key_hash + signature).decode()}\n".encode()


def signed(body: bytes) -> bytes:
    return body + b"\n" + signature_line(VKEY, LOG_KEY.sign(body))


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_note_is_read_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert verify(sign(checkpoint, ORIGIN, LOG_KEY), VKEY) == checkpoint


def test_the_note_is_that_of_c2sp() -> None:
    origin, size, root, blank, line, end = NOTE.decode().split("\n")
    assert (origin, size, blank, end) == (ORIGIN, "7", "", "")
    assert base64.b64decode(root) == ROOT
    assert line.startswith(f"— {ORIGIN} ")


def test_another_key_has_not_signed() -> None:
    with pytest.raises(BadNote, match="has not signed"):
        verify(NOTE, VerifierKey(ORIGIN, pair("thief").public_key))
    with pytest.raises(BadNote, match="has not signed"):
        verify(NOTE, VerifierKey("other.example", LOG_KEY.public_key))


def test_lines_of_unknown_keys_are_ignored() -> None:
    witnessed = NOTE + signature_line(WITNESS, pair("witness").sign(CHECKPOINT.body()))
    assert verify(witnessed, VKEY) == CHECKPOINT
    nonsense = NOTE + signature_line(WITNESS, bytes(64)) + signature_line(WITNESS, b"x")
    assert verify(nonsense, VKEY) == CHECKPOINT


def test_a_known_key_that_fails_anywhere_fails_the_note() -> None:
    with pytest.raises(BadNote, match="does not cover"):
        verify(NOTE + signature_line(VKEY, bytes(64)), VKEY)
    with pytest.raises(BadNote, match="does not cover"):
        verify(NOTE + signature_line(VKEY, bytes(63)), VKEY)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"- name QUJDREU=\n",
        "— name\n".encode(),
        "— name QUJDREU= more\n".encode(),
        "—  QUJDREU=\n".encode(),
        "— na+me QUJDREU=\n".encode(),
        "— na\u00a0me QUJDREU=\n".encode(),
        "— na\x07me QUJDREU=\n".encode(),
        "— name QUJDREU\n".encode(),
        "— name QUJDREV=\n".encode(),  # bits beyond the last byte
        "— name QUJDRA==\n".encode(),  # a key hash and nothing
        "— name QUJDREU=\r\n".encode(),
        "— name QUJD*EU=\n".encode(),
        b"\xff\n",
        "— name QUJDREU=".encode(),
    ],
)
def test_a_malformed_line_fails_the_note(line: bytes) -> None:
    with pytest.raises(BadNote):
        verify(NOTE + line, VKEY)


@pytest.mark.parametrize(
    "body",
    [
        f"{ORIGIN}\n01\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n-1\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n+7\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n７\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n7 \n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n{'9' * 5_000}\n{base64.b64encode(ROOT).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}\nextension\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT[1:]).decode()}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()[:-1]}\n",
        f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()[:-2]}9=\n",
        f"{ORIGIN}\n7\n!{base64.b64encode(ROOT).decode()[1:]}\n",
        f"{ORIGIN}\n7\n",
        f"\n7\n{base64.b64encode(ROOT).decode()}\n",
        f"two words\n7\n{base64.b64encode(ROOT).decode()}\n",
        f"\x1b[2J\n7\n{base64.b64encode(ROOT).decode()}\n",
        "",
    ],
)
def test_a_body_of_any_other_form_is_refused_though_signed(body: str) -> None:
    with pytest.raises(BadNote):
        verify(signed(body.encode()), VKEY)


def test_a_body_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(BadNote):
        parse_body(b"\xff\n7\n" + base64.b64encode(ROOT) + b"\n")


@pytest.mark.parametrize(
    "note", [b"", b"\n", b"\n\n", NOTE[:-1], CHECKPOINT.body(), CHECKPOINT.body() + b"\n"]
)
def test_a_note_without_signatures_is_refused(note: bytes) -> None:
    with pytest.raises(BadNote, match=r"no signature block|has not signed|malformed"):
        verify(note, VKEY)


def test_a_note_beyond_all_measure_is_refused() -> None:
    with pytest.raises(BadNote, match="is over"):
        verify(NOTE + b"x" * NOTE_MAX, VKEY)


@pytest.mark.parametrize(
    ("checkpoint", "name"),
    [
        (Checkpoint("two\nlines", 7, ROOT), ORIGIN),
        (Checkpoint(ORIGIN, -1, ROOT), ORIGIN),
        (Checkpoint(ORIGIN, 7, ROOT[1:]), ORIGIN),
        (Checkpoint("", 7, ROOT), ORIGIN),
        (CHECKPOINT, "two words"),
        (CHECKPOINT, "a+b"),
        (CHECKPOINT, ""),
    ],
)
def test_nothing_is_signed_that_could_not_be_read_back(checkpoint: Checkpoint, name: str) -> None:
    with pytest.raises(BadNote):
        sign(checkpoint, name, LOG_KEY)


def test_a_verifier_key_is_read_back() -> None:
    assert VerifierKey.parse(str(VKEY)) == VKEY
    assert VerifierKey.parse(f"  {VKEY}\n") == VKEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        f"{ORIGIN}x{str(VKEY)[len(ORIGIN) :]}",
        str(VKEY)[:-1],
        str(VKEY) + "AAAA",
        str(VKEY).replace("+", "-", 1),
        f"{ORIGIN}+{VKEY.key_hash.hex().upper()}+{str(VKEY).rpartition('+')[2]}x",
        str(VerifierKey("two words", LOG_KEY.public_key)),
        str(VerifierKey("", LOG_KEY.public_key)),
        str(VerifierKey(ORIGIN, bytes(32))),
        str(VerifierKey(ORIGIN, b"\x01" + bytes(31))),
        f"{ORIGIN}+00000000+AsQJ",
        "name+00000000+é",
    ],
)
def test_a_malformed_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote, match="verifier key"):
        VerifierKey.parse(text)


@given(st.integers(0, len(NOTE) * 8 - 1))
def test_any_bit_of_a_note_matters(place: int) -> None:
    flipped = bytearray(NOTE)
    flipped[place // 8] ^= 1 << place % 8
    with pytest.raises(BadNote):
        verify(bytes(flipped), VKEY)
