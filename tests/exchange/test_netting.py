"""Netting in rows and in columns: the same nets, and nothing overflows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.clearing import netting
from exchange.clearing.netting import Position, net_columns, positions
from exchange.errors import BadField
from ledger.waterfall import Owed
from pricing.money import MINOR_MAX, Currency, Money

CNY = "CNY"


def columns(*rows: tuple[int, int, int]) -> list[Any]:
    return [np.array([row[i] for row in rows], dtype=np.int64) for i in range(3)]


def test_obligations_become_one_position_a_party() -> None:
    owed = [Owed("a", "b", CNY, 100), Owed("b", "c", CNY, 70), Owed("a", "c", CNY, 5)]
    assert positions(owed) == [
        Position("a", Money(-105)),
        Position("b", Money(30)),
        Position("c", Money(75)),
    ]
    assert net_columns(*columns((0, 1, 100), (1, 2, 70), (0, 2, 5)), parties=4).tolist() == [
        -105,
        30,
        75,
        0,
    ]


def test_every_currency_of_a_party_is_a_position() -> None:
    owed = [Owed("a", "b", CNY, 1), Owed("b", "a", "JPY", 2)]
    assert positions(owed)[1] == Position("a", Money(2, Currency.JPY))
    assert len(positions(owed)) == 4


@pytest.mark.parametrize("bulk", [1, 100])
def test_many_rows_are_netted_as_columns(bulk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [Owed("a", "b", CNY, 3), Owed("b", "c", "USD", 5), Owed("c", "b", CNY, 1)]
    expected = positions(few)
    monkeypatch.setattr(netting, "BULK", bulk)
    assert positions(few) == expected
    with pytest.raises(BadField, match=r"^minor: .* from 1 to|^minor: from 1 to"):
        positions([*few, Owed("a", "b", CNY, 0)])
    with pytest.raises(BadField, match=r"^payee: "):
        positions([*few, Owed("b", "b", CNY, 1)])


row = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, MINOR_MAX // 50)).filter(
    lambda found: found[0] != found[1]
)


@given(st.lists(row, max_size=40), st.permutations(range(6)))
def test_columns_net_as_rows_do(rows: list[tuple[int, int, int]], names: list[int]) -> None:
    found = net_columns(*columns(*rows), parties=6).tolist()
    plain = positions(Owed(f"p{a}", f"p{b}", CNY, minor) for a, b, minor in rows)
    nets = {position.party: position.net.minor for position in plain}
    assert found == [nets.get(f"p{i}", 0) for i in range(6)]
    renamed = [(names[a], names[b], minor) for a, b, minor in reversed(rows)]
    assert [net_columns(*columns(*renamed), parties=6).tolist()[name] for name in names] == found


def test_the_largest_amounts_do_not_overflow() -> None:
    # Ten thousand of them are more than 64 bits hold; they cancel out but for one.
    most = [(0, 1, MINOR_MAX), (1, 2, MINOR_MAX)] * 5_000 + [(2, 0, MINOR_MAX)] * 4_999
    assert net_columns(*columns(*most), parties=3).tolist() == [-MINOR_MAX, 0, MINOR_MAX]
    plain = positions(Owed(f"p{a}", f"p{b}", CNY, minor) for a, b, minor in most)
    assert [position.net.minor for position in plain] == [-MINOR_MAX, 0, MINOR_MAX]


@pytest.mark.parametrize("extra", [(0, 2, 1), (2, 1, 1)])  # who owes, and who is owed, too much
def test_a_net_beyond_an_entry_is_refused(extra: tuple[int, int, int]) -> None:
    rows = [(0, 1, MINOR_MAX), extra]
    with pytest.raises(BadField, match=r"^minor: the net of a party is more than an entry"):
        positions(Owed(f"p{a}", f"p{b}", CNY, minor) for a, b, minor in rows)
    with pytest.raises(BadField, match=r"^minor: the net of a party is more than an entry"):
        net_columns(*columns(*rows), parties=3)


@pytest.mark.parametrize("minor", [0, -1, MINOR_MAX + 1])
def test_an_amount_out_of_bounds_is_refused(minor: int) -> None:
    with pytest.raises(BadField, match=r"^minor: "):
        positions([Owed("a", "b", CNY, minor)])
    with pytest.raises(BadField, match=r"^minor: from 1 to"):
        net_columns(*columns((0, 1, minor)), parties=2)


def test_nobody_owes_itself() -> None:
    with pytest.raises(BadField, match=r"^payee: a owes itself"):
        positions([Owed("a", "a", CNY, 1)])
    with pytest.raises(BadField, match=r"^payee: "):
        net_columns(*columns((1, 1, 1)), parties=2)


@pytest.mark.parametrize(("payer", "payee", "named"), [(2, 0, "payer"), (0, -1, "payee")])
def test_a_party_without_a_number_is_refused(payer: int, payee: int, named: str) -> None:
    with pytest.raises(BadField, match=f"^{named}: from 0 to 1"):
        net_columns(*columns((payer, payee, 1)), parties=2)


def test_columns_are_of_whole_numbers_and_of_one_length() -> None:
    payers, payees, minors = columns((0, 1, 1), (1, 0, 2))
    with pytest.raises(BadField, match=r"^minor: a column of whole numbers"):
        net_columns(payers, payees, minors.astype(float), parties=2)
    with pytest.raises(BadField, match=r"^payee: a column of whole numbers"):
        net_columns(payers, payees[:1], minors, parties=2)
