"""Keys that come and go: of participants, under a model, and of the log."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledger.acts import format_time, key_id, opened_subject
from ledger.errors import BadAct
from ledger.rules import broken_alone, broken_rules
from ledger.signers import keys_of, known_keys, log_keys, possession_message
from tests.ledger.floor import LOG_KEY, ORIGIN, SECOND, Floor, closed_history, digest, pair

DAY = dt.timedelta(days=1)


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def key_of(name: str) -> str:
    return key_id(pair(name).public_key)


def standing(floor: Floor, who: str) -> list[str]:
    return [key.id for key in keys_of(floor.log, floor.ids[who], format_time(floor.now))]


def own(floor: Floor, who: str) -> str:
    return f"participant/{floor.ids[who]}"


# Participants.


def test_a_participant_is_named_by_its_first_key() -> None:
    floor = Floor()
    first, again = floor.draft("participant.key", "buyer"), floor.draft("participant.key", "buyer")
    assert first.digest != again.digest
    assert opened_subject("participant", first) == opened_subject("participant", again)
    other = floor.draft("participant.key", "rival")
    assert opened_subject("participant", first) != opened_subject("participant", other)


def test_an_older_key_signs_through_the_overlap_and_not_after_it() -> None:
    floor = Floor().open()
    floor.rotate("rival", SECOND, old_until=floor.later(days=7))
    assert standing(floor, "rival") == [key_of(SECOND), key_of("rival")]
    floor.hands.pop("rival")
    floor.do("product.registered", "rival")
    floor.now += 7 * DAY
    words = f"key: the key {key_of('rival')} of .* ended at 2026-01-"
    refused(floor, words, "product.registered", "rival", data=digest("more"))
    floor.hands["rival"] = SECOND
    floor.do("product.registered", "rival", data=digest("more"))
    assert standing(floor, "rival") == [key_of(SECOND)]


def test_an_overlap_ends_at_its_last_second() -> None:
    floor = Floor().open()
    until = floor.now + 7 * DAY
    floor.rotate("rival", SECOND, old_until=format_time(until))
    floor.hands.pop("rival")
    floor.now = until
    floor.do("product.registered", "rival")
    floor.now = until + dt.timedelta(seconds=1)
    refused(floor, "ended at", "product.registered", "rival")


def test_a_later_key_never_lengthens_the_life_of_an_older_one() -> None:
    floor = Floor().open()
    floor.rotate("rival", SECOND, old_until=floor.later(days=1))
    floor.rotate("rival", "third", old_until=floor.later(days=80))
    first = known_keys(floor.log, floor.ids["rival"])[2]
    assert (first.id, first.until) == (key_of("rival"), floor.later(days=1, minutes=-4))
    floor.now += 2 * DAY
    assert standing(floor, "rival") == [key_of("third"), key_of(SECOND)]


def test_an_overlap_has_a_bound_and_may_be_none() -> None:
    floor = Floor().ready("key.added")
    refused(floor, "key: older keys may stay", "key.added", old_until=floor.later(days=90, hours=1))
    floor.do("key.added", old_until=floor.later(days=-1))
    refused(floor, "ended at", "product.registered", "rival")


def test_a_key_is_shown_with_its_own_signature_alone() -> None:
    floor = Floor().ready("key.shown")
    mallory = base64.b64encode(
        pair("rival").sign(possession_message(ORIGIN, floor.ids["rival"], pair(SECOND).public_key))
    ).decode()
    of_another = floor.possession("buyer")
    other_log = possession_message("other.example", floor.ids["rival"], pair(SECOND).public_key)
    elsewhere = base64.b64encode(pair(SECOND).sign(other_log)).decode()
    for possession in (mallory, of_another, elsewhere):
        refused(floor, "key: possession", "key.shown", possession=possession)


def test_a_key_belongs_to_one_participant() -> None:
    floor = Floor().ready("key.shown")
    theirs = pair("buyer").public_key
    refused(
        floor,
        "key: participant/.* began with this key",
        "key.shown",
        subject=f"key/{key_id(theirs)}",
        public_key=theirs.hex(),
        possession=floor.possession("rival", "buyer"),
    )
    floor.do("key.shown")
    refused(floor, "once: ", "key.shown", "buyer", possession=floor.possession("buyer"))
    refused(floor, "key.added needs key.shown", "key.added", "buyer", subject=own(floor, "buyer"))
    refused(floor, "key: .* showed this key", "participant.key", SECOND)


def test_a_key_is_shown_in_its_own_subject() -> None:
    floor = Floor().ready("key.shown")
    refused(floor, "is not the subject of the key", "key.shown", subject="key/0000000000000000")


def test_a_key_is_taken_into_use_once_and_never_again() -> None:
    floor = Floor().ready("key.revoked")
    refused(floor, "is a key of .* already", "key.added")
    floor.do("key.revoked")
    refused(floor, "is a key of .* already", "key.added")
    refused(floor, "once: ", "key.shown")


def test_nobody_takes_a_key_into_use_for_another() -> None:
    floor = Floor().ready("key.added")
    refused(floor, "party: participant/.* is not", "key.added", subject=own(floor, "buyer"))


def test_a_revoked_key_is_dead_at_once_and_whatever_the_clock_says() -> None:
    floor = Floor().open()
    floor.rotate("rival", SECOND)
    ready = floor.sign("product.registered", "rival")
    floor.do("key.revoked", subject=own(floor, "rival"), key=key_of(SECOND))
    with pytest.raises(BadAct, match=f"key: the key {key_of(SECOND)} of .* was revoked"):
        floor.put(ready)
    floor.hands.pop("rival")  # within the overlap the older key is the newest that stands
    floor.rotate("rival", "third")
    assert standing(floor, "rival") == [key_of("third"), key_of("rival")]


def test_a_stolen_old_key_takes_nothing_over() -> None:
    floor = Floor().open()
    floor.rotate("rival", SECOND)
    floor.hands.pop("rival")
    subject = own(floor, "rival")
    words = "takes the newest key of"
    refused(floor, words, "key.revoked", "rival", subject=subject, key=key_of(SECOND))
    with pytest.raises(BadAct, match=words):
        floor.rotate("rival", "the thief's")
    floor.hands["rival"] = SECOND
    floor.do("key.revoked", "rival", subject=subject, key=key_of("rival"))
    assert standing(floor, "rival") == [key_of(SECOND)]


def test_a_key_cannot_revoke_itself_but_the_operator_can_revoke_the_last() -> None:
    floor = Floor().open()
    subject = own(floor, "rival")
    words = "key: .* cannot revoke itself"
    refused(floor, words, "key.revoked", "rival", subject=subject, key=key_of("rival"))
    floor.do("key.revoked", subject=subject, key=key_of("rival"))
    assert standing(floor, "rival") == []
    refused(floor, "was revoked", "product.registered", "rival")
    refused(floor, "has no key .* to revoke", "key.revoked", subject=subject, key=key_of("rival"))
    refused(floor, "opens a subject", "participant.key", "rival")


def test_the_operator_needs_its_newest_key_for_its_own_keys() -> None:
    floor = Floor().open()
    floor.rotate("operator", "new", old_until=floor.later(days=7))
    floor.hands.pop("operator")
    subject = own(floor, "operator")
    words = "takes the newest key of"
    refused(floor, words, "key.revoked", subject=subject, key=key_of("new"))
    floor.do("key.revoked", subject=own(floor, "rival"), key=key_of("rival"))


def test_a_key_is_revoked_by_its_owner_or_the_operator() -> None:
    floor = Floor().ready("key.revoked")
    refused(floor, "party: .* is neither .* nor the operator", "key.revoked", "buyer")


def test_a_delivery_is_sealed_to_the_newest_recipient() -> None:
    floor = Floor().ready("delivery.made")
    floor.rotate("buyer", "buyer's new")
    refused(floor, "recipient: ", "delivery.made", recipient="age1buyer")
    floor.do("delivery.made", recipient="age1buyer's new")


def test_an_auditor_of_a_part_checks_the_key_as_the_log_had_it() -> None:
    floor = Floor().open()
    floor.rotate("rival", SECOND, old_until=floor.later(days=-1))
    good = floor.compose(floor.sign("product.registered", "rival"))
    floor.hands.pop("rival")
    ended = floor.compose(floor.sign("product.registered", "rival"))
    floor.hands["rival"] = "stranger"
    strange = floor.compose(floor.sign("product.registered", "rival"))
    for entry, words in ((good, ""), (ended, "ended at"), (strange, "not the key of its actor")):
        for check in (broken_alone, broken_rules):
            said = "; ".join(one.words for one in check(entry, floor.log, ORIGIN))
            assert (words in said) if words else not said


class Keys(RuleBasedStateMachine):
    """One participant adds, loses and uses keys; a model says which acts are accepted."""

    @initialize()
    def arrive(self) -> None:
        self.floor = Floor().open()
        self.names = ["rival"]  # in the order of their use
        self.ends: dict[str, dt.datetime] = {}
        self.dead: set[str] = set()

    def valid(self, name: str) -> bool:
        ended = name in self.ends and self.floor.now > self.ends[name]
        return name not in self.dead and not ended

    def newest(self) -> str | None:
        return next((name for name in reversed(self.names) if self.valid(name)), None)

    def tried(self, kind: str, who: str, *, expected: bool, **changes: Any) -> None:
        if expected:
            self.floor.do(kind, who, **changes)
        else:
            refused(self.floor, "key: |signature: ", kind, who, **changes)

    @rule(days=st.integers(0, 20), overlap=st.integers(-1, 20), by=st.integers(0, 9))
    def add(self, days: int, overlap: int, by: int) -> None:
        self.floor.now += days * DAY
        hand = self.names[by % len(self.names)]
        self.floor.hands["rival"] = hand
        name = f"key {len(self.names)}-{self.floor.drawn}"
        public_key = pair(name).public_key
        shown = {"public_key": public_key.hex(), "recipient": f"age1{name}"}
        shown["possession"] = self.floor.possession("rival", name)
        subject = f"key/{key_id(public_key)}"
        self.tried("key.shown", "rival", expected=self.valid(hand), subject=subject, **shown)
        if not self.valid(hand):
            return
        until = self.floor.now + overlap * DAY
        expected = hand == self.newest()
        facts = {"key": key_id(public_key), "old_until": format_time(until)}
        subject = own(self.floor, "rival")
        self.tried("key.added", "rival", expected=expected, subject=subject, **facts)
        if expected:
            for older in self.names:
                self.ends[older] = min(self.ends.get(older, until), until)
            self.names.append(name)

    @rule(which=st.integers(0, 9), by=st.integers(-1, 9))
    def revoke(self, which: int, by: int) -> None:
        """By the operator, where `by` is negative."""
        key = self.names[which % len(self.names)]
        hand = self.names[by % len(self.names)]
        who = "operator" if by < 0 else "rival"
        expected = key not in self.dead
        if by >= 0:
            self.floor.hands["rival"] = hand
            expected = expected and hand == self.newest() and hand != key
        facts = {"key": key_of(key), "subject": own(self.floor, "rival")}
        self.tried("key.revoked", who, expected=expected, **facts)
        if expected:
            self.dead.add(key)

    @rule(which=st.integers(0, 9), days=st.integers(0, 10))
    def act(self, which: int, days: int) -> None:
        self.floor.now += days * DAY
        hand = self.names[which % len(self.names)]
        self.floor.hands["rival"] = hand
        data = digest(f"data {self.floor.drawn}")
        self.tried("product.registered", "rival", expected=self.valid(hand), data=data)

    @invariant()
    def the_fold_is_the_model(self) -> None:
        expected = [key_of(name) for name in reversed(self.names) if self.valid(name)]
        assert standing(self.floor, "rival") == expected


Keys.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
test_acts_are_accepted_under_the_keys_of_the_model = Keys.TestCase


# The log.


def test_the_newest_key_of_the_log_signs_and_in_an_overlap_the_one_before() -> None:
    floor = Floor().ready("log.key_added")
    declared = floor.do("log.key_added", overlap=3).index
    for _ in range(4):
        floor.do("account.deposited")
    new, old = pair("second log").public_key, LOG_KEY.public_key

    def signing(size: int) -> list[bytes]:
        found = log_keys(floor.log, ORIGIN, size)
        return [key.public_key for key in found if key.signs(size)]

    assert [len(log_keys(floor.log, ORIGIN, size)) for size in (declared, declared + 1)] == [1, 2]
    assert signing(1) == []
    assert signing(2) == signing(declared) == [old]
    assert signing(declared + 1) == signing(declared + 3) == [new, old]
    assert signing(declared + 4) == [new]
    superseded = log_keys(floor.log, ORIGIN, declared + 5)[1]
    assert (superseded.public_key, superseded.until) == (old, declared + 3)


def test_an_older_key_of_the_log_ends_no_later_than_the_one_after_it() -> None:
    floor = Floor().ready("log.key_added")
    floor.do("log.key_added", overlap=1_000)
    third = pair("third log").public_key.hex()
    last = floor.do("log.key_added", overlap=1, log_key=third).index
    floor.do("account.deposited")
    found = log_keys(floor.log, ORIGIN, last + 2)
    assert [key.until for key in found] == [None, last + 1, last + 1]
    assert [key.signs(last + 2) for key in found] == [True, False, False]


def test_the_log_takes_a_new_key_with_an_overlap_and_by_the_operator() -> None:
    floor = Floor().ready("log.key_added")
    refused(floor, "key: without an overlap", "log.key_added", overlap=0)
    old = LOG_KEY.public_key.hex()
    refused(floor, "key: the log had this key", "log.key_added", log_key=old)
    floor.do("log.key_added")
    refused(floor, "key: the log had this key", "log.key_added")


def test_nothing_follows_the_end_of_a_log() -> None:
    floor = closed_history()
    last = floor.log.edge().size - 1
    for kind, who in (("account.deposited", None), ("product.registered", "supplier")):
        refused(floor, f"closed: the log ended with entry {last}", kind, who)
    refused(floor, "closed: ", "participant.key", "late")


@pytest.mark.parametrize("successor", [["a.example", "b.example"], [ORIGIN]])
def test_a_log_is_continued_by_one_other_at_most(successor: list[str]) -> None:
    floor = Floor().ready("log.closed")
    refused(floor, "successor: ", "log.closed", successor=successor)
    floor.do("log.closed", successor=[])


def test_an_exchange_opens_on_one_log_before_it_at_most() -> None:
    before = {"origin": "old.example", "size": 7, "root": digest("root")}
    floor = Floor().ready("exchange.opened")
    for wrong in ([before, before], [before | {"origin": ORIGIN}], [before | {"size": 0}]):
        refused(floor, "continues: ", "exchange.opened", continues=wrong)
    assert floor.do("exchange.opened", continues=[before]).facts["continues"] == [before]
