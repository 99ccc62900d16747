"""Fault simulation: a market whose exchange dies between any two statements, and goes on.

Where the process dies is drawn from a seed.  What was not committed is gone, everything in memory
is gone, and the exchange is opened again from its folder; whoever was in the middle of something
does it again from its beginning, signing the very same acts, which the exchange knows if it has
them.  After each step an auditor that knows nothing but the tables looks at the money and the
rights.  At the end the log has the entries of the same market without a crash, hash for hash:
nothing was lost, nothing was done twice, and nothing came out in another way.  One kind of entry
alone may be there more often: who dies with the data in its hands fetches it again, and each time
that data is handed out counts.

Late payments, failing deliveries and jumps of the clock are part of the wishes and so befall both.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar

from exchange.errors import Broken
from exchange.simulation.auditors.journal import Auditor
from exchange.simulation.depth import Closing, Ending, Offering, Outcome, Placed, Wish
from exchange.simulation.full import FullDepth
from exchange.simulation.kernel.population import lay_out
from exchange.simulation.market import Market, Way
from exchange.simulation.streams import key_of, uniform
from exchange.venue import DATABASE

Done = TypeVar("Done")

REACH: Final = 400  # statements among which a crash is drawn: about a whole trade of them
HANDED_OUT: Final = "access.granted"
CRASHES_MAX: Final = 3  # in one step, so that every step ends


class Crash(BaseException):
    """The process dies here: no service may catch this, as none could catch its own death."""


class Unsound(Broken):
    """Money or rights are not as they must be after a step, or a crash has changed the log."""

    code = "unsound"


@dataclass
class Fuse:
    """Burns down statement by statement, and ends the process when it has burnt down."""

    left: int = -1  # statements until the crash; negative while nothing burns

    def __call__(self) -> None:
        """Count one statement or commit that is about to be made."""
        if self.left == 0:
            self.left = -1
            raise Crash
        self.left -= self.left > 0


@dataclass
class PerilousDepth:
    """A depth in full whose process may die in any step; `rate` is how often it does.

    Suppliers at the gate are spared: what an assessor signs depends on what it finds, so that
    doing it again is another act, and the root another one.
    """

    depth: FullDepth
    seed: int
    rate: float
    crashes: int = 0
    _steps: int = 0
    _fuse: Fuse = field(default_factory=Fuse)

    @property
    def folder(self) -> Path:
        """The folder that holds the exchange."""
        return self.depth.folder

    def open(self, market: Market, seed: int) -> None:
        """Open the exchange with its house and assessors."""
        self.depth.open(market, seed)
        self._begin(market, seed)

    def resume(self, market: Market, seed: int, folder: Path) -> None:
        """Go on from a state that was kept."""
        self.depth.resume(market, seed, folder)
        self._begin(market, seed)

    def _begin(self, market: Market, seed: int) -> None:
        self._reopen = partial(self.depth.reopen, market, seed)
        self._auditor = Auditor(self.depth.exchange / DATABASE)
        self.depth.watch_writing(self._fuse)

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants, each in a step of its own."""
        return [self._step(partial(self.depth.admit, day, [agent]))[0] for agent in agents]

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Register products and have them assessed."""
        return self.depth.place(offerings)

    def list_due(self, day: int) -> Sequence[Placed]:
        """Ask for the listing of whatever's notice has run."""
        return self.depth.list_due(day)

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes in their order, each in a step of its own; so is an auction."""
        outcomes: list[Outcome] = []
        for _, together in groupby(wishes, key=_one_step):
            first = self.depth.size
            done = self._step(partial(self.depth.carry_out, list(together)))
            last = self.depth.size - 1
            # Done again it has but the places of what was still to be done.
            outcomes += [
                replace(outcome, first_entry=first, last_entry=last) if last >= first else outcome
                for outcome in done
            ]
        return outcomes

    def end_day(self, day: int) -> None:
        """Let the day pass."""
        self._step(partial(self.depth.end_day, day))

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Carry out a shock."""
        self._step(partial(self.depth.strike, day, blow, target, amount))

    def close(self) -> Closing:
        """Sign the last checkpoint and say what is left."""
        return self.depth.close()

    def save(self, folder: Path) -> None:
        """Keep the state between two days in an empty folder."""
        self.depth.save(folder)

    def audit(self) -> Sequence[str]:
        """Audit the log offline and count the money; return what is wrong, in words."""
        return self.depth.audit()

    def leave(self) -> None:
        """Leave the exchange closed, as others find one that they can open."""
        self.depth.leave()

    def leaves(self, *, besides: str) -> Sequence[str]:
        """Return the leaf hashes of the log, besides those of one kind of entry."""
        return self.depth.leaves(besides=besides)

    def _step(self, act: Callable[[], Done]) -> Done:
        """Do one step, however often the process dies in it, and have it audited."""
        state, self._steps = self.depth.remembered(), self._steps + 1
        for attempt in range(CRASHES_MAX + 1):
            self._fuse.left = self._drawn(attempt)
            try:
                done = act()
            except Crash:
                self.crashes += 1
                self._recover(state)
                continue
            finally:
                self._fuse.left = -1
            break
        if found := self._auditor.faults():
            raise Unsound(f"step {self._steps}: {'; '.join(found)}")
        return done

    def _drawn(self, attempt: int) -> int:
        """Return after how many statements the process dies in an attempt at this step, or -1."""
        key = key_of(self.seed, "crash", self._steps)
        if attempt == CRASHES_MAX or uniform(key, 2 * attempt) >= self.rate:
            return -1
        return int(uniform(key, 2 * attempt + 1) * REACH)

    def _recover(self, state: dict[str, Any]) -> None:
        self.depth.die()
        if found := self._auditor.faults():
            raise Unsound(f"step {self._steps}, where it died: {'; '.join(found)}")
        self._reopen(state)
        self.depth.watch_writing(self._fuse)


def _one_step(wish: Wish) -> tuple[int, int]:
    """Return what the wishes of one step have in common: bids for one product, else nothing."""
    return (wish.product, -1) if wish.way is Way.AUCTION else (-1, wish.number)


# Trials: many seeds, each a few wishes from one and the same opening.


@dataclass(frozen=True, slots=True)
class Trial:
    """What one seed came to, with its crashes as without them."""

    seed: int
    crashes: int
    endings: Sequence[Ending]


@dataclass(frozen=True)
class Stage:
    """A market opened and listed once, kept in a folder, from which every trial begins."""

    market: Market
    folder: Path
    buyers: Sequence[int]
    offerings: Sequence[Offering]

    def trial(self, seed: int, wishes: int = 4, rate: float = 0.6) -> Trial:
        """Play drawn wishes twice, with crashes and without; raises `Unsound` naming the seed."""
        drawn = [self._wish(seed, number) for number in range(wishes)]
        try:
            with tempfile.TemporaryDirectory(dir=self.folder) as name:
                plain = self._depth(Path(name))
                plain.resume(self.market, self.market.seed, self.folder / "kept")
                without = _played(plain, drawn)
            with tempfile.TemporaryDirectory(dir=self.folder) as name:
                perilous = PerilousDepth(self._depth(Path(name)), seed, rate)
                perilous.resume(self.market, self.market.seed, self.folder / "kept")
                with_crashes = _played(perilous, drawn)
                if found := perilous.audit():
                    raise Unsound(f"the audit after {perilous.crashes} crashes: {'; '.join(found)}")
        except Unsound as error:
            raise Unsound(f"seed {seed}: {error}") from error
        if with_crashes != without:
            raise Unsound(
                f"seed {seed}: {perilous.crashes} crashes changed the log or an ending: "
                f"{len(with_crashes.leaves)} entries and {list(with_crashes.endings)}, without "
                f"them {len(without.leaves)} and {list(without.endings)}"
            )
        return Trial(seed, perilous.crashes, without.endings)

    def _depth(self, folder: Path) -> FullDepth:
        shutil.copytree(self.folder / "exchange", folder / "exchange")
        return FullDepth(folder)

    def _wish(self, seed: int, number: int) -> Wish:
        """Draw a wish: any buyer, any product, any limit; payments, deliveries and clocks fail."""
        key = key_of(seed, "wish", number)
        u = [uniform(key, n) for n in range(7)]
        offering = self.offerings[int(u[0] * len(self.offerings))]
        way = self.market.kind(offering.kind).way
        faults = self.market.faults
        fails = "delivery" if u[3] < faults.delivery_fails else ""
        if not fails and u[4] < faults.payment_late:
            fails = "payment"
        jump = int(u[5] * 80_000) if u[6] < faults.clock_jump else 0
        return Wish(
            number=number,
            day=1 + number // 4,
            second=36_000 + 60 * number + jump % 40_000,
            buyer=self.buyers[int(u[1] * len(self.buyers))],
            product=offering.number,
            way=way,
            limit=int(offering.price * (0.7 + u[2])),
            offer=offering.price if way in {Way.NEGOTIATED, Way.DEAL} else 0,
            fails=fails,
            due_days=1 if way is Way.DEAL else 0,
        )


@dataclass(frozen=True, slots=True)
class _Ended:
    endings: Sequence[Ending]
    leaves: Sequence[str]  # of all entries but those of data handed out


def _played(depth: FullDepth | PerilousDepth, wishes: Sequence[Wish]) -> _Ended:
    outcomes: list[Outcome] = []
    for day, of_day in groupby(wishes, key=lambda wish: wish.day):
        for wish in sorted(of_day, key=lambda wish: wish.second):
            outcomes += depth.carry_out([wish])
        depth.end_day(day)
    depth.close()
    return _Ended([outcome.ending for outcome in outcomes], depth.leaves(besides=HANDED_OUT))


def stage(market: Market, folder: Path) -> Stage:
    """Open a market in a folder, admit everybody, list everything that is sound, and keep it."""
    depth = FullDepth(folder)
    depth.open(market, market.seed)
    laid = lay_out(market, market.seed)
    told = [(place, each.handle, each.role, each.deposit) for place, each in enumerate(laid.agents)]
    depth.admit(0, told)
    offerings = [laid.offering(number, 0) for number in range(len(laid.goods))]
    depth.place(offerings)
    listed = {placed.number for placed in depth.list_due(1) if not placed.refused_by}
    depth.end_day(0)
    kept = folder / "kept"
    kept.mkdir()
    depth.save(kept)
    depth.die()
    return Stage(market, folder, laid.buyers, [each for each in offerings if each.number in listed])
