from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import VerifierKey, verify
from ledger.errors import BadNote
from ledger.keys import KeyPair
from ledger.receipt import LEAVES_MAX, Receipt, open_receipt
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, full_history

LEAVES = [entry.leaf for entry in full_history().log.entries()]
RECEIPT = Receipt(ORIGIN, "2026-01-05T09:00:00Z", tuple(LEAVES[3:5]))
NOTE = RECEIPT.signed(LOG_KEY)


def test_a_receipt_is_what_the_log_signed() -> None:
    assert open_receipt(NOTE, VKEY) == RECEIPT
    first, origin, time = NOTE.decode().split("\n")[:3]
    assert (first, origin, time) == ("guapai/receipt/v1", ORIGIN, RECEIPT.time)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=LEAVES_MAX))
def test_any_receipt_is_read_back(leaves: list[bytes]) -> None:
    receipt = replace(RECEIPT, leaves=tuple(leaves))
    assert open_receipt(receipt.signed(LOG_KEY), VKEY) == receipt


def test_what_the_log_has_is_not_missing() -> None:
    assert RECEIPT.missing(LEAVES) == ()
    assert RECEIPT.missing(LEAVES[:4]) == (LEAVES[4],)
    assert RECEIPT.missing(()) == RECEIPT.leaves


def test_a_receipt_is_no_checkpoint() -> None:
    with pytest.raises(BadNote):
        verify(NOTE, VKEY)


def test_a_checkpoint_is_no_receipt() -> None:
    with pytest.raises(BadNote, match="not a receipt"):
        open_receipt(full_history().note(), VKEY)


@pytest.mark.parametrize("at", range(0, len(NOTE), 7))
def test_no_changed_receipt_is_accepted(at: int) -> None:
    changed = NOTE[:at] + bytes([NOTE[at] ^ 1]) + NOTE[at + 1 :]
    with pytest.raises(BadNote):
        open_receipt(changed, VKEY)


@pytest.mark.parametrize(
    ("receipt", "signer"),
    [(RECEIPT, KeyPair.generate()), (replace(RECEIPT, origin="other.example/ledger"), LOG_KEY)],
    ids=["another key", "another log"],
)
def test_a_receipt_of_another_is_refused(receipt: Receipt, signer: KeyPair) -> None:
    with pytest.raises(BadNote, match="has not signed this receipt"):
        open_receipt(receipt.signed(signer), VKEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"leaves": ()},
        {"leaves": (b"short",)},
        {"leaves": tuple([bytes(32)] * (LEAVES_MAX + 1))},
        {"time": "yesterday"},
        {"origin": "a\nb"},
    ],
    ids=str,
)
def test_what_could_not_be_read_back_is_not_signed(changes: dict[str, object]) -> None:
    with pytest.raises(BadNote):
        replace(RECEIPT, **changes).signed(LOG_KEY)  # type: ignore[arg-type]


def test_a_key_with_another_name_opens_nothing() -> None:
    with pytest.raises(BadNote):
        open_receipt(NOTE, VerifierKey("other.example/ledger", LOG_KEY.public_key))
