"""What holds for every kind alike: facts, roles, openings, needs, once, order, signatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.acts import key_id
from ledger.chain import MemoryLog
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.kinds import KINDS, Fact, Need, Opening
from ledger.meaning import MEANING
from ledger.rules import broken_rules, find_needed
from tests.ledger.floor import (
    OF_THE_LOG,
    ORIGIN,
    Floor,
    closed_history,
    digest,
    full_history,
    pair,
    resigned,
)

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
WRONG: dict[Fact, list[Any]] = {
    Fact.TEXT: ["", "x" * 201, 7, None, ["text"]],
    Fact.TEXTS: ["text", [""], [7], None, {"0": "text"}],
    Fact.DIGEST: ["", "0" * 63, "A" * 64, "０" * 64, 7, f"{'0' * 64}\n"],
    Fact.DIGESTS: ["0" * 64, [""], [None]],
    Fact.INTEGER: [-1, True, "7", None],
    Fact.TIME: ["2026-01-05", "2026-01-05T09:00:00+00:00", "2026-13-05T09:00:00Z", 7, None],
    Fact.DATE: ["2026-1-5", "20260105", "2026-02-30", "2026-W02-1", 7, None],
    Fact.MONEY: [
        7,
        {"minor": 7},
        {"minor": -7, "currency": "CNY"},
        {"minor": True, "currency": "CNY"},
        {"minor": "7", "currency": "CNY"},
        {"minor": 7, "currency": "cny"},
        {"minor": 7, "currency": 156},
        {"minor": 7, "currency": "CNY", "more": 1},
    ],
    Fact.AMOUNTS: [
        {"minor": 7, "currency": "CNY"},
        [7],
        [{"minor": -7, "currency": "CNY"}],
        [{"minor": 7, "currency": "CNY"}, {"minor": 8, "currency": "CNY"}],
    ],
    Fact.LINES: [
        [],
        [7],
        {"account": "a"},
        [{"account": "a", "what": "w"}],
        [{"account": "", "what": "w", "amount": {"minor": 7, "currency": "CNY"}}],
        [{"account": "a", "what": 7, "amount": {"minor": 7, "currency": "CNY"}}],
        [{"account": "a", "what": "w", "amount": {"minor": -7, "currency": "CNY"}}],
    ],
    Fact.PARTS: [
        [],
        [7],
        [{"amount": {"minor": 7, "currency": "CNY"}, "data": "0" * 64}],
        [{"amount": 7, "data": "0" * 64, "due": "2026-01-05T09:00:00Z"}],
    ],
    # The last three are points of small order, and one that is no canonical encoding.
    Fact.PUBLIC_KEY: ["", "G" * 64, "00" * 32, f"01{'00' * 31}", "ff" * 32],
    Fact.KEY_ID: ["", "0" * 15, "A" * 16, "0" * 64, 7, None],
    Fact.SIGNATURE: ["", "0" * 88, f"{'A' * 85}B==", f"{'A' * 43}=", 7, None],
    Fact.FLAG: [0, 1, "true", None],
    Fact.COMMITMENT: ["", "0" * 64, f"{'A' * 42}B=", f"{'A' * 43}", f"{'A' * 86}==", 7, None],
    Fact.COMMITMENTS: ["", [""], [7], [f"{'A' * 42}B="], None],
    Fact.SEALED: ["", "0" * 64, f"{'A' * 42}B=", 7, None],
    Fact.SALT: ["", "0" * 64, f"{'A' * 42}B=", 7, None],
    Fact.CHECKPOINTS: [
        7,
        [7],
        [{"origin": "a", "size": 1}],
        [{"origin": "", "size": 1, "root": "0" * 64}],
        [{"origin": "a", "size": -1, "root": "0" * 64}],
        [{"origin": "a", "size": 1, "root": "0" * 63}],
        [{"origin": "a", "size": 1, "root": "0" * 64, "more": 1}],
    ],
}


def rules_broken(entry: Entry, log: MemoryLog) -> set[str]:
    return {broken.rule for broken in broken_rules(entry, log, ORIGIN)}


def needs() -> Iterator[tuple[str, int, Need]]:
    """Yield the needs that the history has; of lists it names nothing, see test_rights."""
    lists = {Fact.TEXTS, Fact.DIGESTS}
    for kind in KINDS.values():
        for place, need in enumerate(kind.needs):
            if lists.isdisjoint(kind.facts[name] for name in (need.by, need.leaf) if name):
                yield kind.name, place, need


def test_the_histories_hold_every_kind() -> None:
    assert {entry.kind for entry in closed_history().log.entries()} == set(KINDS)
    assert {entry.kind for entry in full_history().log.entries()} == set(KINDS) - set(OF_THE_LOG)


def test_the_history_is_valid_entry_by_entry_for_an_auditor() -> None:
    played, log = closed_history().log, MemoryLog()
    for entry in played.entries():
        assert not list(broken_rules(entry, log, ORIGIN))
        log.add(entry)
    assert log.edge() == played.edge()


def test_every_rule_of_meaning_belongs_to_a_kind() -> None:
    assert set(MEANING) <= set(KINDS)


@EVERY_KIND
def test_facts_that_came_later_stand_beside_the_others_and_open_nothing(kind: str) -> None:
    later = KINDS[kind].later
    assert set(later).isdisjoint(KINDS[kind].facts)
    assert {Fact.COMMITMENT, Fact.COMMITMENTS}.isdisjoint(later.values())


@EVERY_KIND
def test_needs_name_kinds_facts_and_subjects_that_exist(kind: str) -> None:
    for need in KINDS[kind].needs:
        needed = KINDS[need.kind]
        assert set(need.same) <= set(KINDS[kind].facts) & set(needed.facts)
        assert set(need.facts) <= set(needed.facts)
        assert {name for name in (need.by, need.leaf) if name} <= set(KINDS[kind].facts)
        assert need.by or needed.subject == KINDS[kind].subject
        assert {KINDS[other].subject for other in need.alternatives} <= {needed.subject}
        assert {KINDS[ended].subject for ended in need.unless} <= {needed.subject}
        assert need.actor in {"", "same", "other"}
    assert {KINDS[ended].subject for ended in KINDS[kind].not_after} <= {KINDS[kind].subject}


@EVERY_KIND
def test_the_act_of_the_history_is_accepted(kind: str) -> None:
    floor = Floor().ready(kind)
    entry = floor.do(kind)
    assert (entry.kind, entry.index + 1) == (kind, floor.log.edge().size)


@EVERY_KIND
def test_a_missing_fact_and_an_unknown_fact_are_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    act = floor.draft(kind)
    who = _signer_of(floor, act.key)
    for name in KINDS[kind].facts:
        less = {known: value for known, value in act.facts.items() if known != name}
        with pytest.raises(BadAct, match=rf"facts: {kind}\.{name}: missing"):
            floor.put(resigned(act.signed(pair(who)), who, facts=less))
    with pytest.raises(BadAct, match=rf"facts: {kind}\.surprise: unknown"):
        floor.do(kind, surprise="x")


@EVERY_KIND
def test_a_fact_of_another_type_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    for name, fact in KINDS[kind].facts.items():
        for value in WRONG[fact]:
            with pytest.raises(BadAct, match=rf"facts: {kind}\.{name}: must be "):
                floor.do(kind, **{name: value})


@EVERY_KIND
def test_an_act_for_another_log_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    who = _signer_of(floor, signed.act.key)
    with pytest.raises(BadAct, match="log: the entry belongs to the log 'other"):
        floor.put(resigned(signed, who, log="other.example/ledger"))


@EVERY_KIND
def test_a_signature_by_another_key_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    act = floor.draft(kind)
    with pytest.raises(BadAct, match="is not the key of its actor"):
        floor.put(
            resigned(
                act.signed(pair(_signer_of(floor, act.key))),
                "thief",
                key=key_id(pair("thief").public_key),
            )
        )


@EVERY_KIND
def test_a_signature_over_other_facts_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    signed, other = floor.sign(kind), floor.sign(kind)
    entry = floor.compose(type(signed)(signed.act, other.signature))
    assert "signature" in rules_broken(entry, floor.log)


@EVERY_KIND
def test_the_same_act_again_returns_its_entry_and_is_no_second_one(kind: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    first = floor.put(signed)
    size = floor.log.edge().size
    assert floor.put(signed) is first
    assert floor.log.edge().size == size
    again = floor.compose(signed)
    assert "replay" in rules_broken(again, floor.log)


@EVERY_KIND
def test_the_same_act_under_another_signature_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    floor.put(signed)
    with pytest.raises(BadAct, match="replay"):
        floor.put(type(signed)(signed.act, bytes(64)))


@EVERY_KIND
def test_an_act_cannot_be_moved_to_another_subject(kind: str) -> None:
    floor = Floor().ready(kind)
    entry = floor.compose(floor.sign(kind), subject=f"{KINDS[kind].subject}/GP-AAAA-AAAA-AAAA")
    assert "act" in rules_broken(entry, floor.log)


@EVERY_KIND
def test_a_subject_of_another_sort_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    for subject in ("nonsense/X", KINDS[kind].subject, f"{KINDS[kind].subject}/"):
        with pytest.raises(BadAct, match="act: "):
            floor.do(kind, subject=subject)


@EVERY_KIND
def test_another_actor_than_the_acts_own_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    entry = floor.compose(signed)
    forged = entry.data.replace(
        f'"actor":"{entry.actor}","kind"'.encode(), b'"actor":"PT-AAAA-AAAA-AAAA","kind"'
    )
    assert forged != entry.data
    assert "act" in rules_broken(Entry.parse(forged, entry.index), floor.log)


@EVERY_KIND
def test_a_broken_place_in_the_subjects_chain_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    entry = floor.compose(floor.sign(kind))
    gap = entry.data.replace(
        f'"version":{entry.version}}}'.encode(), f'"version":{entry.version + 1}}}'.encode()
    )
    before = f'"prev":"{entry.prev}"' if entry.prev else '"prev":null'
    cut = entry.data.replace(before.encode(), f'"prev":"{digest("nothing")}"'.encode())
    for data in (gap, cut):
        assert data != entry.data
        assert "chain" in rules_broken(Entry.parse(data, entry.index), floor.log)


@EVERY_KIND
def test_an_act_dated_far_from_its_recording_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    who = _signer_of(floor, signed.act.key)
    for span in ({"minutes": 11}, {"minutes": -11}):
        with pytest.raises(BadAct, match="time: recorded at"):
            floor.put(resigned(signed, who, time=floor.later(**span)))
    floor.put(resigned(floor.sign(kind), who, time=floor.later(minutes=-10)))


@EVERY_KIND
def test_an_entry_cannot_be_dated_before_what_it_follows(kind: str) -> None:
    floor = Floor().ready(kind)
    if not floor.log.edge().size:
        return  # the first entry follows nothing
    signed = floor.sign(kind)
    entry = floor.compose(signed)
    refs = find_needed(entry, floor.log)
    if not refs and entry.version == 1:
        return  # nor does what opens a story of its own
    back = floor.compose(signed, refs=refs, time="2026-01-05T08:59:00Z")
    assert "time" in rules_broken(back, floor.log)


@pytest.mark.parametrize("kind", [k.name for k in KINDS.values() if k.roles])
def test_a_signer_without_the_role_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    wrong = next(
        who
        for who in ("expert", "buyer")
        if KINDS[kind].roles.isdisjoint({"quality-expert" if who == "expert" else "buyer"})
    )
    with pytest.raises(BadAct, match=f"role: {floor.ids[wrong]} may not sign {kind}"):
        floor.do(kind, wrong)


@pytest.mark.parametrize(
    "kind", [k.name for k in KINDS.values() if k.name not in {"participant.key", "exchange.opened"}]
)
def test_an_applicant_that_nobody_admitted_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    subject = floor.draft(kind).subject
    floor.ids["applicant"] = floor.do("participant.key", "applicant").actor
    with pytest.raises(BadAct, match="role: "):
        floor.do(kind, "applicant", subject=subject)


@pytest.mark.parametrize(
    "kind",
    [k.name for k in KINDS.values() if k.name not in {"participant.key", "exchange.opened"}],
)
def test_a_suspended_participant_is_refused(kind: str) -> None:
    floor = Floor().ready(kind)
    who = _signer_of(floor, floor.draft(kind).key)
    if who == "operator":
        return  # the operator's role comes with opening the exchange
    floor.do("participant.suspended", subject=f"participant/{floor.ids[who]}")
    with pytest.raises(BadAct, match=f"role: {floor.ids[who]} may not sign"):
        floor.do(kind)


@pytest.mark.parametrize("kind", [k.name for k in KINDS.values() if k.opening is Opening.NO])
def test_an_act_that_opens_nothing_cannot_come_first(kind: str) -> None:
    floor = Floor().ready(kind)
    subject = f"{KINDS[kind].subject}/XX-AAAA-AAAA-AAAA"
    with pytest.raises(BadAct, match="cannot be the first entry"):
        floor.do(kind, subject=subject)


@pytest.mark.parametrize("kind", [k.name for k in KINDS.values() if k.opening is Opening.DERIVED])
def test_an_act_that_opens_a_subject_cannot_name_it(kind: str) -> None:
    floor = Floor().ready(kind)
    with pytest.raises(BadAct, match="is not named by the act that opens it"):
        floor.do(kind, subject=f"{KINDS[kind].subject}/XX-AAAA-AAAA-AAAA")


@pytest.mark.parametrize(
    "kind", [k.name for k in KINDS.values() if k.once and k.name != "exchange.opened"]
)
def test_what_happens_once_happens_once(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.do(kind)
    with pytest.raises(BadAct, match=f"once: {kind} stands already"):
        floor.do(kind)


@pytest.mark.parametrize(
    ("kind", "ended"), [(k.name, ended) for k in KINDS.values() for ended in k.not_after]
)
def test_what_ends_a_story_ends_it(kind: str, ended: str) -> None:
    floor = Floor().ready(kind)
    floor.force(floor.compose(floor.sign(ended)))
    with pytest.raises(BadAct, match=f"order: {kind} cannot follow {ended}"):
        floor.do(kind)


@pytest.mark.parametrize(("kind", "place", "need"), list(needs()))
def test_each_need_is_needed(kind: str, place: int, need: Need) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    refs = find_needed(floor.compose(signed), floor.log)
    whole = floor.compose(signed, refs=refs)
    assert not rules_broken(whole, floor.log)
    found = [(leaf, floor.log.by_leaf(leaf)) for _, leaf in refs]
    without = tuple(
        (entry.subject, leaf) for leaf, entry in found if entry and entry.kind != need.kind
    )
    assert len(without) < len(refs), place
    broken = list(broken_rules(floor.compose(signed, refs=without), floor.log, ORIGIN))
    assert any(one.rule == "needs" and need.kind in one.words for one in broken)


@pytest.mark.parametrize(("kind", "need"), [(kind, need) for kind, _, need in needs() if need.same])
def test_a_needed_entry_must_be_about_the_same(kind: str, need: Need) -> None:
    floor = Floor().ready(kind)
    for name in need.same:
        other: Any = digest("another")
        if KINDS[kind].facts[name] is Fact.MONEY:
            other = {"minor": 1, "currency": "CNY"}
        if KINDS[kind].facts[name] is Fact.TEXTS:
            other = [other]
        if KINDS[kind].facts[name] is Fact.INTEGER:
            other = 9
        with pytest.raises(BadAct, match=f"{kind} needs {need.kind}"):
            floor.do(kind, **{name: other})


@pytest.mark.parametrize(
    ("kind", "need", "ended"),
    [
        (kind, need, ended)
        for kind, _, need in needs()
        for ended in (*need.unless, *([need.kind] if need.latest else []))
    ],
)
def test_a_needed_entry_is_the_latest_and_not_ended(kind: str, need: Need, ended: str) -> None:
    floor = Floor().ready(kind)
    signed = floor.sign(kind)
    refs = find_needed(floor.compose(signed), floor.log)
    assert not rules_broken(floor.compose(signed, refs=refs), floor.log)
    floor.force(floor.compose(floor.sign(ended)))
    entry = floor.compose(signed, refs=refs)
    broken = [one.words for one in broken_rules(entry, floor.log, ORIGIN) if one.rule == "needs"]
    assert any(f"needs {need.kind} in" in words for words in broken)


def test_a_reference_to_nothing_or_to_another_subject_is_refused() -> None:
    floor = Floor().ready("inspection.recorded")
    signed = floor.sign("inspection.recorded")
    refs = find_needed(floor.compose(signed), floor.log)
    nowhere = (floor.subject("inspection.recorded"), digest("nothing"))
    elsewhere = ("product/GP-AAAA-AAAA-AAAA", refs[0][1])
    for wrong in (nowhere, elsewhere):
        entry = floor.compose(signed, refs=(*refs, wrong))
        assert "refs" in rules_broken(entry, floor.log)


def test_an_unknown_kind_is_refused() -> None:
    floor = Floor().ready("account.deposited")
    signed = resigned(floor.sign("account.deposited"), "operator", kind="account.gifted")
    with pytest.raises(BadAct, match=r"'account\.gifted' is not a kind of act"):
        floor.put(signed)
    entry = floor.compose(signed)
    assert rules_broken(entry, floor.log) == {"kind"}


def test_an_act_of_another_kind_inside_an_entry_is_refused() -> None:
    floor = Floor().ready("account.withdrawn")
    entry = floor.compose(floor.sign("account.withdrawn"))
    forged = entry.data.replace(
        b'"kind":"account.withdrawn","log":"exchange.example/ledger","prev"',
        b'"kind":"account.deposited","log":"exchange.example/ledger","prev"',
    )
    assert forged != entry.data
    assert "act" in rules_broken(Entry.parse(forged, entry.index), floor.log)


def test_an_actor_without_a_key_is_refused() -> None:
    floor = Floor().ready("account.deposited")
    signed = resigned(floor.sign("account.deposited"), "operator", actor="PT-AAAA-AAAA-AAAA")
    with pytest.raises(BadAct, match="key: PT-AAAA-AAAA-AAAA has no key in this log"):
        floor.put(signed)


def _signer_of(floor: Floor, key: str) -> str:
    names = ["operator", "newcomer", *floor.ids]
    return next(name for name in names if key_id(pair(name).public_key) == key)
