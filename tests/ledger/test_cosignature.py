"""Cosignatures against C2SP tlog-cosignature, written out here a second time."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import cosignature
from ledger.checkpoint import Checkpoint, VerifierKey, verify
from ledger.cosignature import Cosigner, verify_line, verify_lines
from ledger.errors import BadNote, KeyLocked
from ledger.keys import KeyPair
from ledger.mldsa import AVAILABLE, MlDsaKeyPair, ml_dsa_verifies
from ledger.note import COSIGNATURE, ED25519, ML_DSA_44, Note, SignatureLine
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, Floor, pair

CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
WITNESS = Cosigner("witness.example/w1", pair("witness"))
TIME = 1_767_603_600
LINE = WITNESS.cosign(CHECKPOINT, TIME)
needs_ml_dsa = pytest.mark.skipif(not AVAILABLE, reason="this cryptography has no ML-DSA-44")


def witnessed(*lines: SignatureLine) -> bytes:
    note = Floor().note()
    return note + "".join(f"{line}\n" for line in lines).encode()


def test_a_cosignature_is_that_of_c2sp() -> None:
    dash, name, encoded = str(LINE).split(" ")
    raw = base64.b64decode(encoded)
    assert (dash, name, len(raw)) == ("—", "witness.example/w1", 4 + 8 + 64)
    assert struct.unpack(">Q", raw[4:12]) == (TIME,)
    message = f"cosignature/v1\ntime {TIME}\n".encode() + CHECKPOINT.body()
    Ed25519PublicKey.from_public_bytes(pair("witness").public_key).verify(raw[12:], message)


def test_a_cosigners_key_is_of_its_own_type() -> None:
    key = WITNESS.key
    assert base64.b64decode(str(key).split("+", 2)[2])[:1] == COSIGNATURE
    assert VerifierKey.parse(str(key), (COSIGNATURE,)) == key
    assert key.key_hash != VerifierKey(key.name, key.public_key).key_hash
    with pytest.raises(BadNote, match="is not one of Ed25519"):
        VerifierKey.parse(str(key))
    with pytest.raises(BadNote, match="is not one of cosignature/v1 or ML-DSA-44"):
        VerifierKey.parse(str(VKEY), (COSIGNATURE, ML_DSA_44))


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_cosignature_is_read_back_with_its_time(size: int, time: int) -> None:
    checkpoint = Checkpoint(ORIGIN, size, bytes(32))
    line = SignatureLine.parse(str(WITNESS.cosign(checkpoint, time)).encode())
    assert verify_line(line, WITNESS.key, checkpoint) == time


@given(st.integers(0, 72 * 8 - 1))
def test_any_bit_of_time_or_signature_matters(place: int) -> None:
    flipped = bytearray(LINE.signature)
    flipped[place // 8] ^= 1 << place % 8
    line = SignatureLine(LINE.name, LINE.key_hash, bytes(flipped))
    with pytest.raises(BadNote, match="does not cover"):
        verify_line(line, WITNESS.key, CHECKPOINT)


@pytest.mark.parametrize(
    "other",
    [
        Checkpoint("other.example/ledger", 7, CHECKPOINT.root),
        Checkpoint(ORIGIN, 8, CHECKPOINT.root),
        Checkpoint(ORIGIN, 7, bytes(32)),
    ],
)
def test_origin_size_and_root_are_covered(other: Checkpoint) -> None:
    with pytest.raises(BadNote, match="does not cover"):
        verify_line(LINE, WITNESS.key, other)


@pytest.mark.parametrize("length", [0, 1, 8, 9, 64, 71])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    line = SignatureLine(LINE.name, LINE.key_hash, LINE.signature[:length])
    with pytest.raises(BadNote, match="does not cover"):
        verify_line(line, WITNESS.key, CHECKPOINT)


@pytest.mark.parametrize("time", [-1, 2**63])
def test_no_time_is_signed_that_could_not_be_read_back(time: int) -> None:
    with pytest.raises(BadNote, match="is not a time"):
        WITNESS.cosign(CHECKPOINT, time)


def test_a_time_beyond_what_others_hold_is_refused_though_signed() -> None:
    time = 2**63
    message = f"cosignature/v1\ntime {time}\n".encode() + CHECKPOINT.body()
    signature = struct.pack(">Q", time) + pair("witness").sign(message)
    with pytest.raises(BadNote, match="does not cover"):
        verify_line(SignatureLine(LINE.name, LINE.key_hash, signature), WITNESS.key, CHECKPOINT)


@pytest.mark.parametrize(
    "cosigner",
    [
        Cosigner("two words", pair("witness")),
        Cosigner("a+b", pair("witness")),
        Cosigner("witness.example/w1", pair("witness"), ED25519),
        Cosigner("witness.example/w1", pair("witness"), ML_DSA_44),
    ],
)
def test_nobody_cosigns_whose_key_could_not_be_read_back(cosigner: Cosigner) -> None:
    with pytest.raises(BadNote, match="verifier key"):
        cosigner.cosign(CHECKPOINT, TIME)


def test_a_cosigned_note_still_verifies_and_says_who_signed_when() -> None:
    empty = verify(Floor().note(), VKEY)
    other = Cosigner("witness.example/w2", pair("second witness"))
    times = (TIME, TIME + 9, TIME + 3)
    note = witnessed(*(WITNESS.cosign(empty, time) for time in times), other.cosign(empty, TIME))
    assert verify(note, VKEY) == empty
    signed, ignored = verify_lines(Note.parse(note), empty, [VKEY, WITNESS.key])
    assert signed == {VKEY: None, WITNESS.key: TIME + 9}
    assert [line.name for line in ignored] == ["witness.example/w2"]


def test_one_line_of_a_known_key_that_fails_fails_the_note() -> None:
    empty = verify(Floor().note(), VKEY)
    note = Note.parse(witnessed(WITNESS.cosign(empty, TIME), LINE))
    with pytest.raises(BadNote, match=r"the cosignature/v1 signature of witness.example/w1"):
        verify_lines(note, empty, [VKEY, WITNESS.key])


# ML-DSA-44.


@needs_ml_dsa
def test_an_ml_dsa_cosignature_covers_the_message_of_c2sp() -> None:
    keys = MlDsaKeyPair.from_seed(bytes(range(32)))
    cosigner = Cosigner("witness.example/pq", keys, ML_DSA_44)
    line = cosigner.cosign(CHECKPOINT, TIME)
    assert len(line.signature) == 8 + 2_420
    assert verify_line(line, cosigner.key, CHECKPOINT) == TIME
    assert VerifierKey.parse(str(cosigner.key), (ML_DSA_44,)) == cosigner.key
    name, origin = b"witness.example/pq", ORIGIN.encode()
    message = b"".join(
        [
            b"subtree/v1\n\0",
            bytes([len(name)]) + name,
            TIME.to_bytes(8),
            bytes([len(origin)]) + origin,
            (0).to_bytes(8),
            (7).to_bytes(8),
            CHECKPOINT.root,
        ]
    )
    assert ml_dsa_verifies(keys.public_key, line.signature[8:], message)
    for part in (name, origin, TIME.to_bytes(8)):
        changed = message.replace(part, part[:-1] + bytes([part[-1] ^ 1]))
        assert not ml_dsa_verifies(keys.public_key, line.signature[8:], changed)


@needs_ml_dsa
def test_an_ml_dsa_cosignature_binds_time_checkpoint_and_length() -> None:
    cosigner = Cosigner("witness.example/pq", MlDsaKeyPair.generate(), ML_DSA_44)
    line = cosigner.cosign(CHECKPOINT, TIME)
    for place in (7, 8, 2_427):
        flipped = bytearray(line.signature)
        flipped[place] ^= 1
        for signature in (bytes(flipped), line.signature[:place]):
            with pytest.raises(BadNote, match="the ML-DSA-44 signature"):
                verify_line(
                    SignatureLine(line.name, line.key_hash, signature), cosigner.key, CHECKPOINT
                )
    with pytest.raises(BadNote, match="the ML-DSA-44 signature"):
        verify_line(line, cosigner.key, Checkpoint(ORIGIN, 8, CHECKPOINT.root))


@needs_ml_dsa
def test_names_beyond_a_byte_of_length_are_refused() -> None:
    keys = MlDsaKeyPair.from_seed(bytes(32))
    for name, origin in (("w" * 256, ORIGIN), ("w", "o" * 256)):
        with pytest.raises(BadNote, match="too long a name"):
            Cosigner(name, keys, ML_DSA_44).cosign(Checkpoint(origin, 0, bytes(32)), TIME)


def test_without_the_algorithm_its_signatures_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = VerifierKey("witness.example/pq", bytes(1_312), ML_DSA_44)
    monkeypatch.setattr(cosignature, "AVAILABLE", False)
    with pytest.raises(BadNote, match="cannot be verified here"):
        verify_line(SignatureLine(key.name, key.key_hash, bytes(100)), key, CHECKPOINT)


@needs_ml_dsa
def test_an_ml_dsa_key_is_kept_encrypted(tmp_path: Path) -> None:
    keys, phrase = MlDsaKeyPair.generate(), "correct horse battery"
    keys.save(tmp_path / "key", phrase)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in (tmp_path / "key").read_bytes()
    assert MlDsaKeyPair.load(tmp_path / "key", phrase).public_key == keys.public_key
    assert repr(keys) == "MlDsaKeyPair(…)"
    with pytest.raises(KeyLocked, match="does not open"):
        MlDsaKeyPair.load(tmp_path / "key", "another phrase")
    with pytest.raises(KeyLocked, match="not an Ed25519 key"):
        KeyPair.load(tmp_path / "key", phrase)
    LOG_KEY.save(tmp_path / "log", phrase)
    with pytest.raises(KeyLocked, match="not an ML-DSA-44 key"):
        MlDsaKeyPair.load(tmp_path / "log", phrase)
