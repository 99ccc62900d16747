"""A market played on the real services: every way of trading, every ending, every refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from exchange.simulation.depth import Closing, Ending, Offering, Outcome, Placed, Wish
from exchange.simulation.full import FullDepth
from exchange.simulation.full.goods import REFUSED_BY
from exchange.simulation.full.house import OPERATOR, passphrase_of
from exchange.simulation.market import Blow, Way
from exchange.venue import Venue
from tests.exchange.simulation.bazaar import PRICE, market

POSTED, TALKED, SOLD = range(3)  # the numbers of the sound offerings
BUYERS = (2, 3, 4)
DEAR, CHEAP = 2 * PRICE, PRICE // 2


def _offerings() -> list[Offering]:
    kinds = ("posted", "negotiated", "auction")
    sound = [
        Offering(n, n % 2, kind, PRICE, 0.9, 5 * PRICE if kind == "posted" else 0, day=0)
        for n, kind in enumerate(kinds)
    ]
    # The copies are of a supplier that is not the one who made the original.
    flawed = [
        Offering(3 + n, 1, "posted", PRICE, 0.9, 0, 0, defect)
        for n, defect in enumerate(REFUSED_BY)
    ]
    return [*sound, *flawed]


def _wish(number: int, buyer: int, product: int, way: Way, limit: int, **more: object) -> Wish:
    return Wish(number, 0, 40_000 + 10 * number, buyer, product, way, limit, **more)  # type: ignore[arg-type]


WISHES = (
    _wish(0, 2, POSTED, Way.POSTED, DEAR),
    _wish(1, 3, POSTED, Way.POSTED, CHEAP),
    _wish(2, 2, POSTED, Way.POSTED, DEAR),
    _wish(3, 3, POSTED, Way.POSTED, DEAR, fails="payment"),
    _wish(4, 3, POSTED, Way.POSTED, DEAR, fails="delivery"),
    _wish(5, 4, POSTED, Way.POSTED, DEAR),
    _wish(6, 2, TALKED, Way.NEGOTIATED, DEAR, offer=110_000),
    _wish(7, 3, TALKED, Way.NEGOTIATED, PRICE, offer=110_000),
    _wish(8, 3, POSTED, Way.DEAL, DEAR, offer=90_000),
    _wish(9, 2, SOLD, Way.AUCTION, 90_000),
    _wish(10, 3, SOLD, Way.AUCTION, 80_000),
)


@dataclass
class Played:
    depth: FullDepth
    offerings: Sequence[Offering]
    placed: Sequence[Placed]
    listed: Sequence[Placed]
    outcomes: Sequence[Outcome]
    closing: Closing


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    depth = FullDepth(tmp_path_factory.mktemp("run"))
    depth.open(market(), 7)
    suppliers = [(n, f"supplier-{n}", "supplier", 0) for n in range(2)]
    money = {2: 10 * PRICE, 3: 10 * PRICE, 4: PRICE // 2}
    buyers = [(n, f"buyer-{n - 2}", "buyer", money[n]) for n in BUYERS]
    depth.admit(0, [*suppliers, *buyers])
    offerings = _offerings()
    placed, listed = depth.place(offerings), depth.list_due(0)
    outcomes = depth.carry_out(WISHES)
    depth.strike(0, Blow.FEE, (), 10_000)
    depth.strike(1, Blow.FEE, (), 20_000)
    depth.end_day(0)
    yield Played(depth, offerings, placed, listed, outcomes, depth.close())
    depth.leave()


def test_every_sound_product_is_listed(played: Played) -> None:
    sound = [each for each in played.listed if not played.offerings[each.number].defect]
    assert [each.refused_by for each in sound] == [()] * 3
    assert all(each.product.startswith("GP-") for each in sound)


@pytest.mark.parametrize(("defect", "rule"), REFUSED_BY.items())
def test_each_planted_defect_is_refused_by_its_rule(played: Played, defect: str, rule: str) -> None:
    refused = {played.offerings[each.number].defect: each.refused_by for each in played.listed}
    assert rule in refused[defect]


def test_sound_products_are_like_no_other(played: Played) -> None:
    with played.depth._company.floor.read() as work:
        found = [e for e in work.chain.store.entries() if e.kind == "similarity.found"]
    copy = next(each for each in played.offerings if each.defect == "duplicate")
    assert {entry.subject for entry in found} == {f"product/{played.placed[copy.number].product}"}


@pytest.mark.parametrize(
    ("number", "ending", "offered", "amount"),
    [
        (0, Ending.EXECUTED, PRICE, PRICE),
        (1, Ending.DECLINED, PRICE, 0),
        (2, Ending.EXECUTED, PRICE, PRICE),
        (3, Ending.LAPSED, PRICE, 0),
        (4, Ending.CANCELLED, PRICE, 0),
        (5, Ending.SHORT, PRICE, 0),
        (6, Ending.EXECUTED, 110_000, 110_000),
        (7, Ending.DECLINED, 110_000, 0),
        (8, Ending.FILED, 90_000, 90_000),
        (9, Ending.EXECUTED, 80_000, 80_000),  # the second price
        (10, Ending.DECLINED, 0, 0),
    ],
)
def test_every_wish_ends_as_it_must(
    played: Played, number: int, ending: Ending, offered: int, amount: int
) -> None:
    outcome = played.outcomes[number]
    assert (outcome.ending, outcome.offered, outcome.amount) == (ending, offered, amount)


def test_what_was_paid_is_divided_to_the_last_fen(played: Played) -> None:
    first, talked = played.outcomes[0], played.outcomes[6]
    assert (first.fee, first.to_supplier, first.to_contributors) == (2_500, 48_750, 48_750)
    assert (talked.fee, talked.to_supplier, talked.to_contributors) == (2_750, 107_250, 0)


def test_a_second_wish_goes_on_with_the_scenario_of_the_first(played: Played) -> None:
    first, second = played.outcomes[0], played.outcomes[2]
    filed = 2  # scenario.filed and scenario.reviewed
    assert first.last_entry - first.first_entry == second.last_entry - second.first_entry + filed


def test_nothing_is_left_open_by_a_wish_that_failed(played: Played) -> None:
    with played.depth._company.floor.read() as work:
        states = {trade.id: trade.state for trade in work.trades.all()}
    assert states[played.outcomes[3].trade] == "lapsed"
    assert states[played.outcomes[4].trade] == "cancelled"
    assert states[played.outcomes[5].trade] == "lapsed"  # the money was not there


def test_fees_are_published_a_week_ahead_and_one_after_the_other(played: Played) -> None:
    with played.depth._company.floor.read() as work:
        told = [e for e in work.chain.store.entries() if e.kind == "fees.published"]
    assert [entry.facts["most_ppm"] for entry in told] == [10_000, 20_000]
    # The last wish was cleared and performed at 11:08:13 of the first day.
    assert [entry.facts["since"] for entry in told] == [
        "2026-01-12T11:08:13Z",
        "2026-01-12T11:08:14Z",
    ]


def test_the_log_passes_its_audit_and_the_money_is_all_there(played: Played) -> None:
    assert played.depth.audit() == []
    executed = [each for each in played.outcomes if each.ending is Ending.EXECUTED]
    assert played.closing.fees == sum(each.fee for each in executed)
    assert sum(played.closing.balances.values()) + played.closing.fees == 20 * PRICE + PRICE // 2


def test_the_exchange_can_be_opened_afterwards_by_its_passphrase(played: Played) -> None:
    played.depth._company.house.leave(7)
    with Venue.open(played.depth.exchange) as venue:
        venue.unlock(passphrase_of(7))
        keys = venue.keys_of(OPERATOR, passphrase_of(7))
        assert keys.signing.public_key == played.depth._company.house.venue.signer.public_key  # type: ignore[union-attr]
