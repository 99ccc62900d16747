"""Fast depth against full depth: the same wishes leave the same exchange behind."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, cast

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exchange.fingerprint import Fingerprint
from exchange.gauge import Gauge
from exchange.ports import Floor
from exchange.profile import Profile
from exchange.simulation.depth import Closing, Ending, Offering, Outcome, Wish
from exchange.simulation.fast import FastDepth, examiners
from exchange.simulation.fast.examiners import Brought, Examined, Examiners, _Ahead
from exchange.simulation.fast.pen import Use
from exchange.simulation.fast.runs import packed, unpacked
from exchange.simulation.full import FullDepth
from exchange.simulation.market import Buyers, Market, PlugIn, Way
from exchange.store.batches import SqlBatches
from exchange.tape import Tape
from exchange.venue import DATABASE
from tests.exchange.simulation.bazaar import PRICE, fixed, kind, market

SEED: Final = 11
SHARED, PLAIN, COSTLY, TALKED, DEALT, SOLD, WORDED = range(7)  # the numbers of the offerings
# The positions of the buyers; nobody sells what the odd one wants.
RICH, POOR, ODD, MARKED = range(2, 6)
LIMIT: Final = 2 * PRICE
MARKET: Final[Market] = market(
    kinds=(
        kind("shared", contributors=2),
        kind("plain"),
        kind("costly"),
        kind("talked", Way.NEGOTIATED),
        kind("dealt", Way.DEAL),
        kind("sold", Way.AUCTION, mechanism=PlugIn("second-price", {"reserve": PRICE // 2})),
        kind("marked", purposes=("research", "~quote~")),
    ),
    buyers=(
        Buyers("buyer", 2, {"plain": 1.0}, fixed(PRICE), fixed(PRICE)),
        Buyers("odd", 1, {"plain": 1.0}, fixed(PRICE), fixed(PRICE), purpose="astrology"),
        Buyers("marked", 1, {"marked": 1.0}, fixed(PRICE), fixed(PRICE), purpose="~quote~"),
    ),
)
WAYS: Final = {
    SHARED: Way.POSTED,
    PLAIN: Way.POSTED,
    COSTLY: Way.POSTED,
    TALKED: Way.NEGOTIATED,
    DEALT: Way.DEAL,
    SOLD: Way.AUCTION,
    WORDED: Way.POSTED,
}


def wish(number: int, buyer: int, product: int, limit: int = LIMIT, **more: Any) -> Wish:
    told = {"offer": PRICE} | more
    return Wish(number, 0, 40_000 + 10 * number, buyer, product, WAYS[product], limit, **told)


@dataclass(frozen=True)
class Made:
    """A market before its first wish, for copies to be made of it."""

    folder: Path
    names: count[int]

    def copy(self, kind: type[FullDepth], **options: Any) -> FullDepth:
        folder = self.folder.with_name(f"copy-{next(self.names)}")
        shutil.copytree(self.folder / "exchange", folder / "exchange")
        depth = kind(folder, **options)
        depth.resume(MARKET, SEED, self.folder / "kept")
        return depth


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("fast") / "made"
    (folder / "kept").mkdir(parents=True)
    depth = FullDepth(folder)
    open_market(depth)
    depth.save(folder / "kept")
    depth._company.house.venue.close()
    return Made(folder, count())


def open_market(depth: FullDepth) -> None:
    """Let everybody in, and put all products on the board."""
    depth.open(MARKET, SEED)
    suppliers = [(n, f"supplier-{n}", "supplier", 0) for n in range(2)]
    buyers = [
        (RICH, "buyer-0", "buyer", 20 * PRICE),
        (POOR, "buyer-1", "buyer", 2 * PRICE + PRICE // 2),
        (ODD, "odd-0", "buyer", 20 * PRICE),
        (MARKED, "marked-0", "buyer", 20 * PRICE),
    ]
    depth.admit(0, [*suppliers, *buyers])
    offerings = [
        Offering(n, n % 2, name.name, PRICE, 0.9, 5 * PRICE if n == COSTLY else 0, day=0)
        for n, name in enumerate(MARKET.kinds)
    ]
    depth.place(offerings)
    assert [each.refused_by for each in depth.list_due(0)] == [()] * len(offerings)


@dataclass(frozen=True)
class Left:
    """What a run left behind."""

    outcomes: Sequence[Outcome]
    closing: Closing
    tables: dict[str, list[Any]]


def played(depth: FullDepth, wishes: Sequence[Wish], cut: int = 0) -> Left:
    """Play wishes, in two rounds where there is a cut, and look at every row."""
    outcomes = [*depth.carry_out(wishes[:cut]), *depth.carry_out(wishes[cut:])]
    depth.end_day(0)
    closing = depth.close()
    depth._company.house.venue.close()
    return Left(outcomes, closing, tables_of(depth.exchange))


def tables_of(exchange: Path) -> dict[str, list[Any]]:
    """Return every row of an exchange that is closed."""
    with sqlite3.connect(exchange / DATABASE) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {
            name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
            for (name,) in names
        }
    database.close()
    return tables


def test_a_market_opened_in_batches_is_the_one_opened_act_by_act(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examiners, "WORTH", 1)
    monkeypatch.setattr("exchange.simulation.fast.processors", lambda: 1)
    asked: list[str] = []
    there = Gauge.examine

    def here(gauge: Gauge, path: Path, name: str) -> tuple[Profile, Fingerprint]:
        asked.append(name)
        return there(gauge, path, name)

    monkeypatch.setattr(Gauge, "examine", here)
    depth = FastDepth(tmp_path, clerks=1)
    open_market(depth)
    depth._company.house.venue.close()
    assert tables_of(depth.exchange) == tables_of(made.folder / "exchange")
    assert asked == []  # all was examined ahead


def test_where_the_examiners_are_killed_the_gate_inspects_for_itself() -> None:
    brought = [
        Brought(Offering(n, 0, "plain", PRICE, 0.9, 0, day=0), MARKET.kind("plain"), SEED, ())
        for n in range(3)
    ]
    known: dict[tuple[str, str], Examined] = {}
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        killed = pool.submit(os._exit, 9)
        ahead = _Ahead(known, deque(brought[1:]), pool, 1, deque([(0, cast("Any", killed))]))
        for n in range(3):
            ahead.reach(n)
        assert isinstance(killed.exception(), BrokenProcessPool)
        # Those that were yet to be handed out are not handed to a pool that is broken.
        later = _Ahead(known, deque(brought), pool, 1)
        later.reach(0)
    assert (ahead._pool, later._pool, known) == (None, None, {})


def test_a_file_that_nobody_foresaw_is_examined_when_the_gate_asks(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"station,reading\nS1,1.5\nS2,2.5\n")
    gauge, ours = Gauge(), Examiners(0)
    floor = ours.floor(cast("Floor", SimpleFloor(gauge.examine, gauge.show)))
    assert floor.examine(path, path.name, ()) == gauge.examine(path, path.name)
    profile, fingerprint = gauge.examine(path, path.name)
    sample = gauge.show(path, path.name, [0, 1], {"station"})
    ours._known[profile.data, path.name] = Examined(
        profile.data, path.name, profile, fingerprint, frozenset({"station"}), sample
    )
    assert floor.show(path, path.name, (0, 1), {"station"}) is sample
    assert floor.show(path, path.name, (1,), {"station"}).places == (1,)
    assert floor.show(path, path.name, (0, 1), set()).masked != sample.masked


@dataclass(frozen=True)
class SimpleFloor:
    """What of a floor measures files."""

    examine: Any
    show: Any


POSTED: Final = (
    wish(0, RICH, PLAIN),
    wish(1, POOR, SHARED),
    wish(2, RICH, SHARED, PRICE // 2),  # too dear
    wish(3, ODD, PLAIN),  # a rule says no
    wish(4, POOR, PLAIN, fails="delivery"),
    wish(5, RICH, SHARED, fails="payment"),
    wish(6, POOR, PLAIN),
    wish(7, POOR, SHARED),  # the money is gone
    wish(8, RICH, PLAIN),
)


def test_posted_wishes_leave_what_the_services_leave(made: Made) -> None:
    fast = made.copy(FastDepth, tape=2)
    left = played(fast, POSTED)
    assert left == played(made.copy(FullDepth), POSTED)
    assert [each.ending for each in left.outcomes] == [
        *(Ending.EXECUTED, Ending.EXECUTED, Ending.DECLINED, Ending.REFUSED, Ending.CANCELLED),
        *(Ending.LAPSED, Ending.EXECUTED, Ending.SHORT, Ending.EXECUTED),
    ]
    assert isinstance(fast, FastDepth)
    assert fast.by_services == 1  # the one that a rule refused


def test_a_wish_in_whose_words_a_mark_stands_goes_through_the_services(made: Made) -> None:
    """What fills a form up would fill the buyer's own words as well."""
    asked = [wish(0, MARKED, WORDED), wish(1, RICH, PLAIN)]
    fast = made.copy(FastDepth)
    left = played(fast, asked)
    assert left == played(made.copy(FullDepth), asked)
    assert [each.ending for each in left.outcomes] == [Ending.EXECUTED] * 2
    assert isinstance(fast, FastDepth)
    assert fast.by_services == 1


@pytest.mark.parametrize(("fails", "ends"), [(2, "end_day"), (3, "close")])
def test_a_tape_that_cannot_be_stored_leaves_nothing_of_the_day(
    made: Made, fails: int, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, begun = SqlBatches.write, list[Tape]()

    def write(batches: SqlBatches, tape: Tape) -> None:
        begun.append(tape)
        there(batches, tape)
        if len(begun) == fails:
            raise OSError("the disk is full")

    depth = made.copy(FastDepth, tape=1)
    before = tables_of(depth.exchange)
    monkeypatch.setattr(SqlBatches, "write", write)
    depth.carry_out([wish(n, RICH, PLAIN) for n in range(3)])  # the last is on its way
    with pytest.raises(OSError, match="the disk is full"):
        depth.end_day(0) if ends == "end_day" else depth.close()
    assert len(begun) == fails  # what came after the failure was not written
    depth.leave()
    assert tables_of(depth.exchange) == before


def test_what_was_written_up_passes_the_audit(made: Made) -> None:
    depth = made.copy(FastDepth)
    depth.carry_out(POSTED)
    depth.close()
    assert depth.audit() == []
    depth._company.house.venue.close()


def test_how_many_clerks_there_are_changes_nothing(made: Made) -> None:
    alone = played(made.copy(FastDepth), POSTED)
    for clerks in (1, 2):
        assert alone == played(made.copy(FastDepth, clerks=clerks, tape=3), POSTED)


wishes = st.lists(
    st.tuples(
        st.sampled_from([RICH, RICH, POOR, ODD]),
        st.sampled_from([SHARED, SHARED, PLAIN, PLAIN, COSTLY, TALKED, DEALT, SOLD]),
        st.sampled_from([LIMIT, LIMIT, PRICE - 1]),
        st.sampled_from(["", "", "", "payment", "delivery"]),
    ),
    min_size=4,
    max_size=9,
)


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(drawn=wishes, cut=st.integers(0, 9), tape=st.integers(1, 4))
def test_whatever_is_wished_fast_is_full(
    made: Made, drawn: Sequence[tuple[int, int, int, str]], cut: int, tape: int
) -> None:
    asked = [
        wish(n, buyer, product, limit, fails=fails)
        for n, (buyer, product, limit, fails) in enumerate(drawn)
    ]
    fast = played(made.copy(FastDepth, tape=tape), asked, cut)
    assert fast == played(made.copy(FullDepth), asked, cut)


def test_a_running_scenario_is_packed_and_unpacked() -> None:
    use = Use("SC-ABCD-EFGH-JKMN", "ab" * 32, "cd" * 32, "A" * 43 + "=")
    assert unpacked(packed(use)) == use
