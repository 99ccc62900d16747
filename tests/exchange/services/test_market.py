"""The money of a market on which anything is tried, some of it going wrong on purpose."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from exchange.errors import ExchangeError
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.simulation.auditors.journal import Auditor
from exchange.trading import TradeState
from ledger.audit import audit
from tests.exchange.by_hand import forge
from tests.exchange.floor import PRICE, open_hall
from tests.exchange.market import MOVES, WEIGHTS, Market
from tests.exchange.market_run import DAY, run

# The auditor.


def test_an_honest_market_has_no_faults(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        following = Auditor(hall.database)
        assert following.faults() == []
        hall.trade_all()
        assert following.faults() == Auditor(hall.database).faults() == []


FEE = PRICE.minor // 40
# What is done to a store behind everybody's back, statement by statement.
FORGERIES = [
    (["UPDATE posting SET minor = minor + 1 WHERE id = 1"], "not to zero"),
    (["DELETE FROM posting WHERE id = 2"], "not to zero"),
    (["UPDATE posting SET account = 'somewhere/else'"], "an account of no known sort"),
    (["UPDATE balance SET minor = minor + 1 WHERE account LIKE 'house/%'"], "postings come to"),
    (["UPDATE balance SET minor = minor - 1 WHERE minor > 0"], "postings come to"),
    (["UPDATE balance SET minor = -1 WHERE account LIKE 'house/%'"], "below its limit"),
    (["UPDATE balance SET pending = 1 WHERE minor > 0"], "transfers or the chain"),
    (["UPDATE balance SET credit = 1 WHERE minor > 0"], "the chain says otherwise"),
    (["UPDATE trade SET escrow = 'held', released = 0"], "100000 are due"),
    (["UPDATE journal SET entry = (SELECT min(entry) FROM journal)"], "the same entry"),
    (
        [  # the fee goes to the supplier, in journals and balances alike
            (
                "UPDATE posting SET account = (SELECT 'participant/' || supplier FROM trade) "
                "WHERE account LIKE 'house/%'"
            ),
            f"UPDATE balance SET minor = minor - {FEE} WHERE account LIKE 'house/%'",  # noqa: S608
            (
                f"UPDATE balance SET minor = minor + {FEE} WHERE account = "  # noqa: S608
                "(SELECT 'participant/' || supplier FROM trade)"
            ),
        ],
        "other balances",
    ),
    (
        [  # the escrow is paid out once more, and the books come to what the journals say
            (
                "INSERT INTO journal (what, entry) SELECT 'again', leaf FROM ledger_entry "
                "WHERE kind = 'price.estimated'"
            ),
            (
                "INSERT INTO posting (journal, account, minor, currency) "
                "SELECT (SELECT max(id) FROM journal), 'escrow/' || id, -minor, 'CNY' FROM trade"
            ),
            (
                "INSERT INTO posting (journal, account, minor, currency) "
                "SELECT (SELECT max(id) FROM journal), 'participant/' || supplier, minor, 'CNY' "
                "FROM trade"
            ),
        ],
        "it was settled twice",
    ),
]


@pytest.mark.parametrize(("statements", "words"), FORGERIES)
def test_the_auditor_says_what_is_wrong(tmp_path: Path, statements: list[str], words: str) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        hall.trade_all()
        forge(hall, *statements)
        assert any(words in fault for fault in Auditor(hall.database).faults())


# Faults.


@pytest.mark.parametrize("move", ["accept", "settle", "deposit", "withdraw"])
def test_a_fault_before_any_statement_changes_nothing(tmp_path: Path, move: str) -> None:
    """Statement after statement fails, until there is none left to fail."""
    stage = {"accept": "ordered", "settle": "delivered"}.get(move, "listed")
    with open_hall(tmp_path / "exchange", stage) as hall:
        if move == "settle":
            hall.receive()
        market = Market(hall)
        market.trades.append(hall.made)
        failed, words = 0, "a fault was injected"
        while words:
            size, money = hall.size, [hall.balance(each) for each in ("buyer", "supplier")]
            market.chance.seed(1)
            market.fault.left = failed
            try:
                MOVES[move](market)
            except ExchangeError as error:
                words, failed = str(error), failed + 1
            else:
                words = ""
                continue
            assert "a fault was injected" in words
            assert (hall.size, market.auditor.faults()) == (size, [])
            assert [hall.balance(each) for each in ("buyer", "supplier")] == money
        market.fault.left = None
        # Over PostgreSQL what fails last is the placing: what was committed waits for the next.
        hall.venue.published.place_waiting()
        assert failed > 10
        assert hall.size > size
        assert market.auditor.faults() == []


# A machine over every move.


class Trading(RuleBasedStateMachine):
    """Whatever is tried in whatever order, and wherever it breaks, the money comes out."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-trading-"))
        self.opened = open_hall(self.folder / "exchange", "listed")
        self.market = Market(self.opened.__enter__())

    @rule(
        move=st.sampled_from([move for move, weight in WEIGHTS.items() for _ in range(weight)]),
        seed=st.integers(0, 2**16),
    )
    def play(self, move: str, seed: int) -> None:
        self.market.play(move, seed)

    @invariant()
    def the_money_comes_out(self) -> None:
        assert self.market.auditor.faults() == []

    def teardown(self) -> None:
        try:
            hall = self.market.hall
            assert reconcile(floor=hall.floor).faults == ()
            export_bundle(self.folder / "bundle", floor=hall.floor)
            assert audit(self.folder / "bundle", key=hall.floor.log_key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestTrading = Trading.TestCase
TestTrading.settings = settings(
    max_examples=5,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_market_can_play_a_whole_trade(tmp_path: Path) -> None:
    """A named example: every move that a trade takes is one of the market's."""
    with open_hall(tmp_path / "exchange", "listed") as hall:
        hall.deposit("rival")
        market = Market(hall)
        for move in ("quote", "order", "accept", "deliver", "receive", "settle"):
            seed = next(seed for seed in range(200) if market.play(move, seed) == "done")
            assert market.auditor.faults() == [], (move, seed)
        assert hall.trade(market.trades[0]).state is TradeState.EXECUTED


# Long runs.


@pytest.mark.slow
@pytest.mark.parametrize("day", range(10))
def test_twenty_thousand_seeded_steps_come_out(day: int) -> None:
    assert run(11, DAY, first=day).startswith(f"{DAY:,} steps of seed 11: ")


@pytest.mark.long
def test_in_as_many_steps_every_move_is_done() -> None:
    assert "never done: none" in run(11, 10 * DAY)
