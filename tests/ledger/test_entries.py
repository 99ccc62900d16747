from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import encode
from ledger.chain import Chain, MemoryLog
from ledger.entries import ENTRY_MAX, Entry
from ledger.errors import BadAct, LedgerError, NotCanonical, NotSequenced
from ledger.merkle import leaf_hash
from ledger.rules import broken_rules
from tests.ledger.floor import ORIGIN, Floor, full_history

FLOOR = Floor().ready("compliance.attested")
ENTRY = FLOOR.do("compliance.attested")
RECORD: dict[str, Any] = json.loads(ENTRY.data)


def test_an_entry_is_what_its_bytes_say() -> None:
    assert Entry.parse(ENTRY.data, ENTRY.index) == ENTRY
    assert encode(RECORD) == ENTRY.data
    assert ENTRY.leaf == leaf_hash(ENTRY.data)
    assert ENTRY.facts["outcome"] == "passed"
    assert (RECORD["v"], RECORD["version"]) == (1, ENTRY.version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("v", True),
        ("v", "1"),
        ("v", None),
        ("version", 0),
        ("version", -1),
        ("version", True),
        ("version", "5"),
        ("prev", 7),
        ("act", []),
        ("act", None),
        ("act", {}),
        ("sig", ""),
        ("sig", None),
        ("actor", None),
        ("kind", 7),
        ("log", []),
        ("subject", None),
        ("time", "yesterday"),
        ("time", 7),
        ("refs", None),
        ("refs", {}),
        ("refs", [["product/x"]]),
        ("refs", [["product/x", "a", "b"]]),
        ("refs", [["product/x", 7]]),
        ("refs", ["ab"]),
    ],
)
def test_a_field_of_another_type_is_refused(field: str, value: Any) -> None:
    with pytest.raises((NotCanonical, BadAct)):
        Entry.parse(encode(RECORD | {field: value}), 0)


@pytest.mark.parametrize("field", sorted(RECORD))
def test_a_field_missing_or_unknown_is_named(field: str) -> None:
    less = {name: value for name, value in RECORD.items() if name != field}
    with pytest.raises(NotCanonical, match=f"fields missing or unknown: {field}$"):
        Entry.parse(encode(less), 0)
    with pytest.raises(NotCanonical, match="fields missing or unknown: zz"):
        Entry.parse(encode(RECORD | {"zz": 1}), 0)


def test_an_entry_has_a_largest_size() -> None:
    with pytest.raises(NotCanonical, match=f"is over {ENTRY_MAX}"):
        Entry.parse(b" " * (ENTRY_MAX + 1), 0)
    floor = Floor().ready("product.registered")
    many = ["x" * 200] * 90
    with pytest.raises(NotCanonical, match=f"is over {ENTRY_MAX}"):
        floor.do("product.registered", sources=many)
    floor.do("product.registered", sources=many[:70])


@given(st.integers(0, len(ENTRY.data) - 1), st.integers(0, 7))
def test_any_bit_of_an_entry_matters(place: int, bit: int) -> None:
    data = bytearray(ENTRY.data)
    data[place] ^= 1 << bit
    log = MemoryLog()
    for entry in FLOOR.log.entries():
        if entry.index < ENTRY.index:
            log.add(entry)
    try:
        flipped = Entry.parse(bytes(data), ENTRY.index)
    except LedgerError:
        return
    # What the signature does not cover is the operator's: its clock, within the signer's.
    assert list(broken_rules(flipped, log, ORIGIN)) or _but_for("time", flipped) == _but_for("time")


def _but_for(field: str, entry: Entry = ENTRY) -> dict[str, Any]:
    return {name: value for name, value in json.loads(entry.data).items() if name != field}


@given(st.binary(max_size=200))
def test_reading_nonsense_raises_ledger_errors_alone(data: bytes) -> None:
    with pytest.raises(LedgerError):
        Entry.parse(data, 0)


def test_a_log_in_memory_answers_what_rules_ask() -> None:
    log = full_history().log
    entries = list(log.entries())
    assert [entry.index for entry in entries] == list(range(len(entries)))
    assert list(log.entries(40)) == entries[40:]
    assert not list(log.entries(4_000))
    published = [entry for entry in entries if entry.kind == "listing.published"]
    assert list(log.of_kind(published[0].subject, "listing.published")) == published[::-1]
    assert log.last("product/none") is None
    assert log.by_leaf("00") is None
    assert log.by_leaf(published[0].leaf.hex()) is published[0]
    assert log.act_entry(published[0].signed.act.digest) is published[0]
    assert not list(log.of_kind("product/none", "listing.published"))


def test_each_subject_is_a_chain_of_its_own() -> None:
    heads: dict[str, Entry] = {}
    for entry in full_history().log.entries():
        before = heads.get(entry.subject)
        assert entry.version == (before.version + 1 if before else 1)
        assert entry.prev == (before.leaf.hex() if before else None)
        heads[entry.subject] = entry


def test_a_store_takes_the_next_entry_alone() -> None:
    log = Floor().open().log
    entries = list(log.entries())
    fresh = MemoryLog()
    with pytest.raises(BadAct, match="does not follow a log of 0"):
        fresh.add(entries[1])


def test_an_entry_that_waits_to_be_sequenced_has_no_place_yet() -> None:
    first = next(Floor().open().log.entries())
    waiting = Entry.parse(first.data, None)
    assert waiting.leaf == first.leaf
    assert (first.named, waiting.named) == ("entry 0", f"entry {first.leaf.hex()[:16]}…")
    with pytest.raises(NotSequenced, match=r"participant.key of participant/PT-.* waits"):
        _ = waiting.index
    with pytest.raises(NotSequenced):
        MemoryLog().add(waiting)


def test_a_refused_act_leaves_nothing_behind() -> None:
    floor = Floor().ready("listing.published")
    before = floor.log.edge()
    with pytest.raises(BadAct):
        floor.do("listing.published", "supplier")
    assert floor.log.edge() == before
    assert len(list(floor.log.entries())) == before.size


def test_a_refusal_names_every_broken_rule() -> None:
    floor = Floor().ready("listing.published")
    with pytest.raises(BadAct) as caught:
        floor.do("listing.published", "supplier", sheet="0" * 64)
    assert "role: " in str(caught.value)
    assert "needs: listing.published needs compliance.verdict" in str(caught.value)


def test_a_chain_knows_what_it_recorded() -> None:
    floor = Floor().ready("product.registered")
    signed = floor.sign("product.registered")
    chain = Chain(floor.log, ORIGIN)
    assert chain.recorded(signed) is None
    entry = floor.put(signed)
    assert chain.recorded(signed) is entry


def test_the_digest_of_the_act_is_cut_from_the_bytes() -> None:
    for entry in full_history().log.entries():
        assert entry.act_digest == entry.signed.act.digest


# Text that looks like the key after the act, in it and after it.
LOOKS_LIKE_A_KEY = st.text(st.sampled_from('",:{}\\actor')) | st.just(',"actor":')


@given(fact=LOOKS_LIKE_A_KEY, name=st.sampled_from(["actor", "act", "x"]), after=LOOKS_LIKE_A_KEY)
def test_no_text_moves_the_end_of_the_act(fact: str, name: str, after: str) -> None:
    act = replace(ENTRY.signed.act, facts={name: fact, "more": [{"actor": fact}]})
    entry = Entry.compose(
        replace(ENTRY.signed, act=act),
        index=0,
        actor=after,
        subject=after,
        prev=None,
        refs=((after, after),),
        time=ENTRY.time,
    )
    assert entry.act_digest == act.digest
    assert Entry.parse(entry.data, 0) == entry
