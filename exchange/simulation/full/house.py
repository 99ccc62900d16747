"""The house of a simulated market: an exchange whose keys, chance and time come from the seed.

Its keys are no secrets: whoever knows the seed has them, so that a run can be repeated and its
exchange opened afterwards.  No exchange that holds anybody's data may be opened with them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pyrage

from exchange.clock import SimulatedClock
from exchange.delivery import DeliveryMethod
from exchange.errors import Unauthenticated
from exchange.participants import check_character
from exchange.safe import Safe
from exchange.settings import Settings
from exchange.signing import HouseKeys, Keyholder
from exchange.simulation.chance import SeededChance
from exchange.simulation.full.envelope import Envelope, recipient_of
from exchange.simulation.market import Market
from exchange.venue import Venue
from ledger.acts import key_id
from ledger.keys import KeyPair

OPERATOR: Final = "house"
ORIGIN: Final = "guapai.example/simulation"
INCIDENT_PLAN: Final = b"stop the simulation, keep the folder, audit the log\n"
ADMISSIONS: Final = 5 * 3_600  # the second of the day on which merchants are admitted


def passphrase_of(seed: int) -> str:
    """Return the passphrase of the house that a seed opens."""
    return f"simulation of seed {seed}"


def keys_of(seed: int, handle: str) -> HouseKeys:
    """Return the keys of a participant: signing key, recipient and identity."""
    drawn = hashlib.shake_128(f"{seed}/keys/{handle}".encode()).digest(64)
    identity = drawn[32:].hex()
    return HouseKeys(KeyPair.from_seed(drawn[:32]), recipient_of(identity), (identity,))


@dataclass
class SeededKeyholder:
    """The log's key, which follows from the seed; it is no plug-in that a house could name."""

    seed: int
    name: str = "seeded"

    def make(self, folder: Path, purpose: str, passphrase: str) -> KeyPair:  # noqa: ARG002
        """Return the key of a purpose; nothing is kept."""
        drawn = hashlib.shake_128(f"{self.seed}/keys/of the {purpose}".encode()).digest(32)
        return KeyPair.from_seed(drawn)

    def open(self, folder: Path, purpose: str, public_key: bytes, passphrase: str) -> KeyPair:
        """Return the key again, or raise `Unauthenticated` for another."""
        key = self.make(folder, purpose, passphrase)
        if key.public_key != public_key:
            raise Unauthenticated(f"{purpose}: not the key of seed {self.seed}")
        return key

    def discard(self, folder: Path, purpose: str, public_key: bytes) -> None:
        """Do nothing, since nothing is kept."""


@dataclass
class SeededSafe(Safe):
    """A safe whose keys follow from the seed."""

    seed: int

    @cached_property
    def keyholder(self) -> Keyholder:
        """Whoever holds the log's key."""
        return SeededKeyholder(self.seed)

    def first_keys(self, handle: str, passphrase: str) -> HouseKeys:  # noqa: ARG002
        """Return the operator's keys."""
        return keys_of(self.seed, handle)

    def leave(self, handle: str, passphrase: str) -> None:
        """Write the keys of the house as any exchange keeps them, so that it can be unlocked."""
        keys = keys_of(self.seed, handle)
        signing = keys.signing
        log = self.keyholder.make(self.folder, "log", passphrase)
        if not isinstance(signing, KeyPair) or not isinstance(log, KeyPair):
            raise TypeError("a seed makes key pairs")
        pair = self.folder / "keys" / handle / key_id(signing.public_key)
        if pair.exists():
            return
        pair.mkdir(mode=0o700, parents=True)
        signing.save(pair / "signing.pem", passphrase)
        recipient = pyrage.ssh.Recipient.from_str(signing.to_openssh()[1])
        (pair / "identity.age").write_bytes(
            pyrage.encrypt(keys.identities[0].encode(), [recipient])
        )
        log.save(self.folder / f"log-{key_id(log.public_key)}.pem", passphrase)


@dataclass
class MemoryClock:
    """A clock that is set, and never goes back."""

    moment: dt.datetime

    def __call__(self) -> dt.datetime:
        """Return the instant the clock stands at."""
        return self.moment

    def set(self, moment: dt.datetime) -> None:
        """Move on to an instant; an earlier one leaves the clock where it is."""
        self.moment = max(self.moment, moment)


@dataclass
class SimulatedHouse:
    """An open exchange of a simulated market, with its clock and its chance."""

    venue: Venue
    safe: SeededSafe
    clock: MemoryClock
    chance: SeededChance

    @classmethod
    def opened(cls, folder: Path, market: Market, seed: int) -> SimulatedHouse:
        """Open the exchange of a market in a new folder."""
        house = market.house
        settings = Settings(
            origin=ORIGIN,
            name=f"simulated: {market.name}"[:200],
            notice_seconds=house.notice_seconds,
            fee_ppm=house.fee_ppm,
            quote_seconds=house.quote_seconds,
            rule_pack=house.rule_pack,
            clock="simulated",
            incident_plan=hashlib.sha256(INCIDENT_PLAN).hexdigest(),
        )
        clock, chance = MemoryClock(instant(market, 0, ADMISSIONS)), SeededChance(seed)
        safe = SeededSafe(folder, settings, seed)
        venue = Venue.init(
            folder,
            settings,
            handle=OPERATOR,
            operator_name="模拟数据交易所",
            credit_code=credit_code(0),
            passphrase=passphrase_of(seed),
            clock=clock,
            chance=chance,
            safe=safe,
        )
        return cls(venue, safe, clock, chance)

    @classmethod
    def reopened(cls, folder: Path, seed: int, moment: dt.datetime) -> SimulatedHouse:
        """Open the exchange of a seed again at an instant, the house able to act."""
        venue = Venue.open(folder)
        safe = SeededSafe(folder, venue.settings, seed)
        venue.signer = keys_of(seed, OPERATOR).signing
        venue.log_signer = safe.keyholder.make(folder, "log", "")
        venue.chance = chance = SeededChance(seed)
        return cls(venue, safe, MemoryClock(moment), chance)

    def __post_init__(self) -> None:
        venue = self.venue
        venue.clock = self.clock
        venue.close()  # to be opened as what may be played again
        venue.lasting = False
        delivery: DeliveryMethod = Envelope()
        venue.__dict__ |= {"safe": self.safe, "deliveries": {delivery.name: delivery}}
        for name in ("floor", "published", "_vault"):  # made while everything had to last
            venue.__dict__.pop(name, None)

    def leave(self, seed: int) -> None:
        """Leave the exchange as others find one: its keys in their files, its clock written."""
        self.safe.leave(OPERATOR, passphrase_of(seed))
        SimulatedClock(self.venue.folder / "clock").set(self.clock())


def instant(market: Market, day: int, second: int) -> dt.datetime:
    """Return a second of a day of a market."""
    start = dt.datetime.combine(market.start, dt.time(), dt.UTC)
    return start + dt.timedelta(days=day, seconds=second)


def credit_code(serial: int) -> str:
    """Return a unified social credit code with a true check character; it belongs to nobody."""
    body = f"91370200M{serial:08d}"
    return body + check_character(body)
