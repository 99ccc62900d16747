"""Who is on the floor of a simulated market: everybody at a desk, by the kernel's positions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from exchange import desk as desks
from exchange.desk import Desk
from exchange.participants import LICENCES, Participant, Role
from exchange.ports import Floor
from exchange.simulation.full.house import (
    ADMISSIONS,
    OPERATOR,
    SimulatedHouse,
    credit_code,
    instant,
    keys_of,
)
from exchange.simulation.market import Buyers, Market
from pricing.money import Money

STAFF: Final = (
    ("assessor", Role.COMPLIANCE_ASSESSOR),
    ("expert", Role.QUALITY_EXPERT),
    ("reviewer", Role.REVIEWER),
)
VERIFIED: Final = dt.timedelta(days=2 * 365)  # how long identities and licences hold


@dataclass(frozen=True, slots=True)
class Member:
    """One agent on the exchange."""

    handle: str
    role: str
    id: str


@dataclass
class Company:
    """The exchange of a market with everybody that was admitted to it.

    `workplace` is a folder for the files that desks hand over.
    """

    house: SimulatedHouse
    market: Market
    seed: int
    workplace: Path
    members: dict[int, Member] = field(default_factory=dict)
    _desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def floor(self) -> Floor:
        """The floor of the exchange."""
        return self.house.venue.floor

    def at(self, day: int, second: int) -> None:
        """Let time pass up to a second of a day."""
        self.house.clock.set(instant(self.market, day, second))

    def enter(self, label: str) -> None:
        """Draw what follows from the stream of a label."""
        self.house.chance.enter(label)

    @property
    def size(self) -> int:
        """How many entries the log has."""
        with self.floor.read() as work:
            return work.chain.store.edge().size

    # Desks.

    @property
    def operator(self) -> Desk:
        """The desk of the house."""
        return self._desk(OPERATOR)

    def desk(self, position: int) -> Desk:
        """Return the desk of an agent."""
        return self._desk(self.members[position].handle)

    def staff(self, role: str, turn: int) -> Desk:
        """Return the desk of whoever of the staff is next in turn."""
        return self._desk(f"{role}-{turn % self.market.assessors.count}")

    def _desk(self, handle: str) -> Desk:
        if handle not in self._desks:
            with self.floor.read() as work:
                participant = work.participants.get(handle)
            self._desks[handle] = Desk(participant, keys_of(self.seed, handle), self.floor)
        return self._desks[handle]

    def buyers_of(self, position: int) -> Buyers:
        """Return the population that a buyer is of."""
        group = self.members[position].handle.rpartition("-")[0]
        return next(each for each in self.market.buyers if each.name == group)

    def in_role(self, role: str) -> list[int]:
        """Return the positions of everybody in a role, in the order of their admission."""
        return [place for place, member in self.members.items() if member.role == role]

    # Admission.

    def admit_staff(self) -> None:
        """Admit who assesses, scores and reviews."""
        self.at(0, ADMISSIONS)
        for turn in range(self.market.assessors.count):
            for place, (name, role) in enumerate(STAFF):
                handle = f"{name}-{turn}"
                self.enter(f"staff {handle}")
                self._admit(handle, role, 1 + len(STAFF) * turn + place)

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> list[str]:
        """Admit agents and credit what each deposits; return their ids."""
        self.at(day, ADMISSIONS)
        first = 1 + len(STAFF) * self.market.assessors.count
        for position, handle, role, money in agents:
            self.enter(f"admit {position}")
            admitted = self._admit(handle, Role(role), first + position)
            self.members[position] = Member(handle, role, admitted.id)
            if money:
                self.operator.deposit(admitted, Money(money), f"deposit of {handle}")
        return [self.members[position].id for position, *_ in agents]

    def _admit(self, handle: str, role: Role, serial: int) -> Participant:
        floor, operator = self.floor, self.operator
        applicant = desks.apply_to_join(
            keys_of(self.seed, handle),
            handle=handle,
            name=f"模拟数商 {handle}",
            credit_code=credit_code(serial),
            floor=floor,
        )
        until = floor.clock().date() + VERIFIED
        operator.verify(applicant, [b"a business licence\n"], signatory="模拟", until=until)
        if role in LICENCES:
            operator.license(
                applicant,
                LICENCES[role][-1],
                number=f"S-{serial:08d}",
                issuer="模拟主管部门",
                until=until,
                document=b"a licence\n",
            )
        return operator.admit(applicant, (role,))

    # Between two days.

    def to_record(self) -> list[Any]:
        """Return everybody as a record."""
        return [[place, each.handle, each.role, each.id] for place, each in self.members.items()]

    def read(self, record: Sequence[Any]) -> None:
        """Take everybody from a record."""
        self.members = {place: Member(*told) for place, *told in record}
