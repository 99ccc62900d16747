"""Tapes written by hand: trades and offers one a row."""

from __future__ import annotations

from collections.abc import Sequence

from exchange.surveillance.tape import DAY, Tape, whole

Trade = tuple[int, str, str, int]  # day, buyer, product, amount
Offer = tuple[int, str, str, int]  # day, buyer, product, price


def tape_of_rows(
    goods: dict[str, tuple[str, str]],
    trades: Sequence[Trade],
    offers: Sequence[Offer] = (),
    *,
    payments: Sequence[tuple[int, str, str, int]] = (),
    term_days: int = 365,
    listed: dict[str, int] | None = None,
) -> Tape:
    """Return the tape of products, each of a supplier and a kind, and what was traded of them."""
    people = sorted(
        {supplier for supplier, _ in goods.values()}
        | {row[1] for row in (*trades, *offers)}
        | {name for row in payments for name in row[1:3]}
    )
    person = {name: place for place, name in enumerate(people)}
    good = {name: place for place, name in enumerate(goods)}
    kinds = sorted({kind for _, kind in goods.values()})
    return Tape(
        participants=people,
        products=list(goods),
        kinds=kinds,
        product_supplier=whole([person[supplier] for supplier, _ in goods.values()]),
        product_kind=whole([kinds.index(kind) for _, kind in goods.values()]),
        trade_id=[f"T-{place}" for place in range(len(trades))],
        trade_at=whole([row[0] * DAY + place for place, row in enumerate(trades)]),
        trade_buyer=whole([person[row[1]] for row in trades]),
        trade_product=whole([good[row[2]] for row in trades]),
        trade_amount=whole([row[3] for row in trades]),
        trade_until=whole([(row[0] + term_days) * DAY - 1 for row in trades]),
        offer_at=whole([row[0] * DAY + place for place, row in enumerate(offers)]),
        offer_buyer=whole([person[row[1]] for row in offers]),
        offer_product=whole([good[row[2]] for row in offers]),
        offer_price=whole([row[3] for row in offers]),
        offer_list=whole([(listed or {}).get(row[2], 0) for row in offers]),
        offer_terms=whole([0 for _ in offers]),
        payment_at=whole([row[0] * DAY for row in payments]),
        payment_payer=whole([person[row[1]] for row in payments]),
        payment_payee=whole([person[row[2]] for row in payments]),
        payment_amount=whole([row[3] for row in payments]),
    )
