"""Keys of participants over the real services: rotation, revocation, deliveries in between."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    NotFound,
    Refused,
    Unauthenticated,
)
from exchange.keyring import Keys
from exchange.participants import Standing
from exchange.services.audit_provenance import export_bundle
from exchange.services.rotate_keys import added_facts, key_records, rotate_key, shown_facts
from ledger.acts import SignedAct, key_id
from ledger.audit import audit
from ledger.bundle import stored_entries
from ledger.checkpoint import verify
from ledger.evidence import audit_party, write_party_bundle
from ledger.tiles import TileTree, folder_tiles
from pricing.money import Money
from tests.exchange.floor import Hall, open_hall, signed_otherwise
from tests.exchange.web.town import new_keys

WEEK = dt.timedelta(days=7)


def rotated(hall: Hall, handle: str, overlap: dt.timedelta = WEEK) -> Keys:
    """Give a participant new keys, with which its desk acts from here on."""
    old, new = hall.keys[handle], new_keys()
    hall.desk(handle).rotate_key(new, overlap)
    hall.keys = {**hall.keys, handle: replace(new, older=old.identities)}
    return new


def with_keys(hall: Hall, handle: str, keys: Keys) -> Hall:
    return replace(hall, keys={**hall.keys, handle: keys})


def acts(hall: Hall, handle: str, new: Keys, **changes: Any) -> tuple[SignedAct, SignedAct]:
    """Return the two acts of a rotation, with facts of them changed."""
    participant = hall.participant(handle)
    shown = shown_facts(participant, new.signing, new.recipient, floor=hall.floor)
    added = added_facts(new.signing.public_key, WEEK, floor=hall.floor)
    shown |= {name: value for name, value in changes.items() if name in shown}
    added |= {name: value for name, value in changes.items() if name in added}
    return (
        hall.act(handle, "key.shown", f"key/{new.id}", shown),
        hall.act(handle, "key.added", f"participant/{participant.id}", added),
    )


def test_a_new_key_acts_and_the_old_one_until_it_ends(hall: Hall) -> None:
    old = hall.keys["supplier"]
    before = hall.participant("supplier")
    new = rotated(hall, "supplier")
    after = hall.participant("supplier")
    assert (after.id, after.handle) == (before.id, before.handle)
    assert (after.public_key, after.recipient) == (new.signing.public_key.hex(), new.recipient)
    assert hall.kinds(f"key/{new.id}") == ["key.shown"]
    assert hall.kinds(f"participant/{after.id}")[-1] == "key.added"
    hall.register()
    older = with_keys(hall, "supplier", old)
    older.register("other.csv", "who,count\na,1\n")
    hall.advance(days=7)
    older.register("third.csv", "who,count\nb,1\n")  # the last instant is within
    hall.advance(seconds=1)
    with pytest.raises(Unauthenticated, match=r"ended at .*; sign with its newest key"):
        older.register("fourth.csv", "who,count\nc,1\n")
    hall.register("fifth.csv", "who,count\nd,1\n")


def test_a_revoked_key_is_dead_at_once_and_one_that_was_used_repeats(hall: Hall) -> None:
    old = hall.keys["buyer"]
    signed = hall.act("buyer", "scenario.filed", None, {})
    rotated(hall, "buyer")
    hall.buyer.revoke_key(old.id, "lost with a laptop")
    thief = with_keys(hall, "buyer", old)
    with pytest.raises(Unauthenticated, match=f"the key {old.id} of buyer was revoked"):
        thief.buyer.rotate_key(new_keys(), WEEK)
    with pytest.raises(Unauthenticated, match="was revoked"):
        thief.buyer.revoke_key(hall.keys["buyer"].id, "mine now")
    assert signed.act.key == old.id


def test_an_act_that_stands_is_answered_again_under_a_dead_key(hall: Hall) -> None:
    old, new = hall.keys["buyer"], new_keys()
    shown, added = acts(hall, "buyer", new)
    participant = rotate_key(shown, added, floor=hall.floor)
    hall.house.revoke_key_of(participant, old.id, "stolen")
    size = hall.size
    assert rotate_key(shown, added, floor=hall.floor).public_key == participant.public_key
    assert hall.size == size


def test_the_operator_revokes_the_last_key_and_the_participant_applies_again(hall: Hall) -> None:
    lost = hall.keys["rival"]
    hall.house.revoke_key_of(hall.participant("rival"), lost.id, "the passphrase is forgotten")
    with pytest.raises(
        Unauthenticated, match="no other key that stands: apply again, under another handle"
    ):
        hall.rival.rotate_key(new_keys(), WEEK)
    assert [key["stands"] for key in key_records(hall.participant("rival"), floor=hall.floor)] == [
        False
    ]


def test_a_key_falls_back_to_the_one_before_while_that_stands(hall: Hall) -> None:
    old = hall.keys["buyer"]
    new = rotated(hall, "buyer")
    hall.house.revoke_key_of(hall.participant("buyer"), new.id, "stolen")
    participant = hall.participant("buyer")
    assert (participant.public_key, participant.recipient) == (
        old.signing.public_key.hex(),
        old.recipient,
    )
    assert participant.standing is Standing.ADMITTED


def test_a_delivery_is_sealed_to_the_newest_and_opened_with_what_there_is(tmp_path: Path) -> None:
    with open_hall(tmp_path / "one" / "exchange", "delivered") as hall:
        rotated(hall, "buyer")  # the delivery was sealed to the key before
        assert hall.receive().sealed
    with open_hall(tmp_path / "two" / "exchange", "contracted") as hall:
        old = hall.keys["buyer"]
        new = rotated(hall, "buyer")
        trade = hall.deliver()
        with hall.floor.read() as work:
            made = next(work.chain.store.of_kind(f"trade/{trade.id}", "delivery.made"))
        assert made.facts["recipient"] == new.recipient
        thief = with_keys(hall, "buyer", old)
        with pytest.raises(ExchangeError, match="not sealed to this participant"):
            thief.buyer.receive(trade.id, tmp_path / "stolen.csv")
        assert not (tmp_path / "stolen.csv").exists()
        hall.receive()


def test_the_operator_rotates_its_own_key_and_the_house_goes_on(hall: Hall, tmp_path: Path) -> None:
    new = rotated(hall, "house", dt.timedelta(0))
    hall.venue.signer = new.signing
    hall.venue.__dict__.pop("floor")
    hall.advance(seconds=1)
    assert hall.deposit("buyer", Money(1)) == Money(1)
    hall.register()  # the house records its inspection with the new key
    export_bundle(tmp_path / "bundle", floor=hall.floor)
    assert audit(tmp_path / "bundle", key=hall.floor.log_key).findings == []


def test_a_party_bundle_holds_the_keys_that_followed(hall: Hall, tmp_path: Path) -> None:
    rotated(hall, "supplier")
    rotated(hall, "house")
    hall.register()
    hall.house.deposit(hall.participant("supplier"), Money(5), "a transfer")
    bundle, key = tmp_path / "bundle", hall.floor.log_key
    export_bundle(bundle, floor=hall.floor)
    note = (bundle / "checkpoint").read_bytes()
    checkpoint = verify(note, key)
    tree = TileTree(folder_tiles(bundle), checkpoint)
    for handle in ("supplier", "buyer"):
        folder = tmp_path / handle
        write_party_bundle(
            folder,
            hall.participant(handle).id,
            stored_entries(bundle, checkpoint.size),
            note=note,
            key=key,
            prove=tree.inclusion_proof,
        )
        assert audit_party(folder, key=key).findings == []
    held = [p.name for p in (tmp_path / "buyer" / "entries").iterdir()]
    assert len(held) < checkpoint.size


# Refusals.

Attempt = Callable[[Hall], object]


def _too_long(hall: Hall) -> object:
    return hall.buyer.rotate_key(new_keys(), dt.timedelta(days=90, seconds=1))


def _into_the_past(hall: Hall) -> object:
    return hall.buyer.rotate_key(new_keys(), dt.timedelta(seconds=-1))


def _too_long_by_hand(hall: Hall) -> object:
    return rotate_key(
        *acts(hall, "buyer", new_keys(), old_until="2027-01-01T00:00:00Z"), floor=hall.floor
    )


def _key_of_another(hall: Hall) -> object:
    return hall.buyer.rotate_key(hall.keys["rival"], WEEK)


def _key_of_its_own(hall: Hall) -> object:
    return hall.buyer.rotate_key(hall.keys["buyer"], WEEK)


def _shown_by_another(hall: Hall) -> object:
    return hall.buyer.rotate_key(rotated(hall, "rival"), WEEK)


def _not_held(hall: Hall) -> object:
    wrong = acts(hall, "buyer", new_keys())[0].act.facts["possession"]
    return rotate_key(*acts(hall, "buyer", new_keys(), possession=wrong), floor=hall.floor)


def _no_recipient(hall: Hall) -> object:
    return rotate_key(*acts(hall, "buyer", new_keys(), recipient="age1x"), floor=hall.floor)


def _two_keys(hall: Hall) -> object:
    shown, _ = acts(hall, "buyer", new_keys())
    _, added = acts(hall, "buyer", new_keys())
    return rotate_key(shown, added, floor=hall.floor)


def _for_another(hall: Hall) -> object:
    new = new_keys()
    shown, _ = acts(hall, "buyer", new)
    subject = f"participant/{hall.participant('rival').id}"
    facts = added_facts(new.signing.public_key, WEEK, floor=hall.floor)
    return rotate_key(shown, hall.act("buyer", "key.added", subject, facts), floor=hall.floor)


def _by_two(hall: Hall) -> object:
    new = new_keys()
    return rotate_key(acts(hall, "buyer", new)[0], acts(hall, "rival", new)[1], floor=hall.floor)


def _by_an_older_key(hall: Hall) -> object:
    old = hall.keys["buyer"]
    rotated(hall, "buyer")
    return with_keys(hall, "buyer", old).buyer.rotate_key(new_keys(), WEEK)


def _while_suspended(hall: Hall) -> object:
    hall.house.suspend(hall.participant("buyer"), "a complaint")
    return hall.buyer.rotate_key(new_keys(), WEEK)


def _other_signature(hall: Hall) -> object:
    shown, added = acts(hall, "buyer", new_keys())
    rotate_key(shown, added, floor=hall.floor)
    return rotate_key(shown, signed_otherwise(added, hall.keys["buyer"]), floor=hall.floor)


def _revoke_unknown(hall: Hall) -> object:
    return hall.house.revoke_key_of(hall.participant("buyer"), "0" * 16, "?")


def _revoke_twice(hall: Hall) -> object:
    key, buyer = hall.keys["buyer"].id, hall.participant("buyer")
    hall.house.revoke_key_of(buyer, key, "stolen")
    return hall.house.revoke_key_of(buyer, key, "stolen")


def _revoke_itself(hall: Hall) -> object:
    return hall.buyer.revoke_key(hall.keys["buyer"].id, "on a whim")


def _revoke_anothers(hall: Hall) -> object:
    return hall.rival.revoke_key_of(hall.participant("buyer"), hall.keys["buyer"].id, "a rival")


def _revoke_by_an_older_key(hall: Hall) -> object:
    old = hall.keys["buyer"]
    new = rotated(hall, "buyer")
    return with_keys(hall, "buyer", old).buyer.revoke_key(new.id, "I was first")


def _apply_with_a_key_that_was_shown(hall: Hall) -> object:
    from exchange.desk import apply_to_join  # noqa: PLC0415

    keys = rotated(hall, "buyer")
    code = hall.participant("buyer").credit_code
    return apply_to_join(keys, handle="new", name="新人", credit_code=code, floor=hall.floor)


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (_too_long, BadField, "overlap: 0 to 90 days"),
        (_into_the_past, BadField, "overlap: 0 to 90 days"),
        (_too_long_by_hand, Refused, "older keys may stay for 90 days"),
        (_key_of_another, Refused, "began with this key"),
        (_key_of_its_own, Refused, "began with this key"),
        (_shown_by_another, Conflict, "the key was shown before"),
        (_not_held, Refused, "possession: the key has not signed"),
        (_no_recipient, BadField, "recipient: not an age X25519 recipient"),
        (_two_keys, BadField, "the two acts are about different keys"),
        (_for_another, Forbidden, "keys of its own"),
        (_by_two, Forbidden, "keys of its own"),
        (_by_an_older_key, Refused, "takes the newest key"),
        (_while_suspended, Forbidden, "is suspended and may not act"),
        (_other_signature, Conflict, "under another signature"),
        (_revoke_unknown, NotFound, "buyer has no key 0000000000000000"),
        (_revoke_twice, Conflict, "was revoked before"),
        (_revoke_itself, Refused, "cannot revoke itself"),
        (_revoke_anothers, Forbidden, "rival is neither buyer nor the operator"),
        (_revoke_by_an_older_key, Refused, "takes the newest key"),
        (_apply_with_a_key_that_was_shown, Conflict, "belongs to a participant already"),
    ],
)
def test_what_is_refused_records_nothing(
    hall: Hall, attempt: Attempt, error: type[ExchangeError], words: str
) -> None:
    sizes: list[int] = []
    participants: list[object] = []
    real = hall.floor.write

    def write() -> Any:
        sizes.append(hall.size)
        participants.append(hall.participant("buyer"))
        return real()

    hall.venue.__dict__["floor"] = replace(hall.floor, write=write)
    with pytest.raises(error, match=words) as caught:
        attempt(hall)
    assert type(caught.value) is error
    assert hall.size == (sizes[-1] if sizes else hall.size)
    assert not participants or hall.participant("buyer") == participants[-1]


# The machine.


class KeyFloor(RuleBasedStateMachine):
    """A buyer and the operator change the buyer's keys; trade goes on under those that stand."""

    store = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-keys-"))
        self.opened = open_hall(self.folder / "exchange", "contracted", self.store)
        self.hall: Hall = self.opened.__enter__()
        self.pairs = [self.hall.keys["buyer"]]  # in the order of their use
        self.ends: list[dt.datetime | None] = [None]
        self.dead: set[int] = set()
        self.sealed_to: int | None = None
        self.received = False

    def teardown(self) -> None:
        try:
            export_bundle(self.folder / "bundle", floor=self.hall.floor)
            assert audit(self.folder / "bundle", key=self.hall.floor.log_key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)

    @property
    def now(self) -> dt.datetime:
        return self.hall.floor.clock()

    def stands(self, at: int) -> bool:
        end = self.ends[at]
        return at not in self.dead and (end is None or self.now <= end)

    def newest(self) -> int | None:
        return next((at for at in reversed(range(len(self.pairs))) if self.stands(at)), None)

    def using(self, which: int) -> tuple[int, Hall]:
        at = which % len(self.pairs)
        return at, with_keys(self.hall, "buyer", self.pairs[at])

    def tried(self, attempt: Callable[[], object], *, fine: bool) -> None:
        if fine:
            attempt()
            return
        size = self.hall.size
        fetched = self.fetched
        with pytest.raises(ExchangeError):
            attempt()
        # A sealed file that was fetched and did not open was fetched all the same.
        assert self.hall.size - size == self.fetched - fetched <= 1

    @property
    def fetched(self) -> int:
        with self.hall.floor.read() as work:
            return sum(e.kind == "access.granted" for e in work.chain.store.entries())

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.hall.advance(days=days)

    @rule(which=st.integers(0, 5), days=st.integers(0, 20))
    def rotate(self, which: int, days: int) -> None:
        at, hall = self.using(which)
        new, overlap = new_keys(), dt.timedelta(days=days)
        fine = at == self.newest()
        self.tried(lambda: hall.buyer.rotate_key(new, overlap), fine=fine)
        if fine:
            end = self.now + overlap
            self.ends = [min(old, end) if old else end for old in self.ends]
            self.pairs.append(new)
            self.ends.append(None)

    @rule(which=st.integers(0, 5), by=st.integers(0, 5))
    def revoke(self, which: int, by: int) -> None:
        at, hall = self.using(by)
        key = which % len(self.pairs)
        fine = at == self.newest() and key != at and key not in self.dead
        self.tried(lambda: hall.buyer.revoke_key(self.pairs[key].id, "lost"), fine=fine)
        if fine:
            self.dead.add(key)

    @rule(which=st.integers(0, 5))
    def revoke_as_operator(self, which: int) -> None:
        key = which % len(self.pairs)
        if len(self.pairs) - len(self.dead) < 2:
            return  # the last one would end the game
        buyer = self.hall.participant("buyer")
        self.tried(
            lambda: self.hall.house.revoke_key_of(buyer, self.pairs[key].id, "stolen"),
            fine=key not in self.dead,
        )
        self.dead.add(key)

    @rule(which=st.integers(0, 5))
    def act(self, which: int) -> None:
        at, hall = self.using(which)
        filing = hall.filing(description=f"a forecast on {self.now:%Y-%m-%d}")
        self.tried(lambda: hall.buyer.file_scenario(filing), fine=self.stands(at))

    @rule()
    def deliver(self) -> None:
        newest = self.newest()
        fine = newest is not None and not self.received
        trade = self.hall.made
        folder = self.folder
        self.tried(lambda: self.hall.supplier.deliver(trade, folder), fine=fine)
        if fine:
            self.sealed_to = newest

    @rule(which=st.integers(0, 5), older=st.booleans())
    def receive(self, which: int, *, older: bool) -> None:
        at = which % len(self.pairs)
        keys = self.pairs[at]
        others = [pair.identity for pair in self.pairs] if older else []
        hall = with_keys(self.hall, "buyer", replace(keys, older=tuple(others)))
        opens = self.sealed_to is not None and (older or self.sealed_to == at)
        fine = opens and self.stands(at) and not self.received
        target = self.folder / "bought.csv"
        target.unlink(missing_ok=True)
        self.tried(lambda: hall.buyer.receive(hall.made, target), fine=fine)
        self.received = self.received or fine

    @invariant()
    def the_books_agree_with_the_model(self) -> None:
        buyer = self.hall.participant("buyer")
        found = key_records(buyer, floor=self.hall.floor)
        assert [key["key"] for key in found] == [pair.id for pair in reversed(self.pairs)]
        stand = [key["key"] for key in found if key["stands"]]
        expected = [p.id for at, p in reversed(list(enumerate(self.pairs))) if self.stands(at)]
        assert stand == expected
        newest = self.newest()
        if newest is not None:
            pair = self.pairs[newest]
            assert buyer.public_key == pair.signing.public_key.hex()
            assert buyer.recipient == pair.recipient
            assert key_id(bytes.fromhex(buyer.public_key)) == pair.id


_SETTINGS = settings(
    max_examples=8,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


KeyFloor.TestCase.settings = _SETTINGS
test_keys_over_sqlite = KeyFloor.TestCase


class PostgresqlKeyFloor(KeyFloor):
    store = "postgresql"


PostgresqlKeyFloor.TestCase.settings = settings(_SETTINGS, max_examples=3)
test_keys_over_postgresql = pytest.mark.slow(PostgresqlKeyFloor.TestCase)
