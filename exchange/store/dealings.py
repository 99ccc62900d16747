"""What is open for one participant, found by the columns that name it; nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from exchange.bids import HELD, Bid
from exchange.clearing import Obligation, ObligationState
from exchange.disputes import DisputeState
from exchange.negotiation import OPEN, Negotiation
from exchange.store.auctions import BidRow
from exchange.store.bargains import NegotiationRow
from exchange.store.cycles import ObligationRow
from exchange.store.rows import EntryRow, JournalRow, PostingRow, TradeRow
from exchange.store.subscriptions import SubscriptionRow
from exchange.subscriptions import Subscription, SubscriptionState
from exchange.trading import Trade, TradeState

_RUNNING = (str(TradeState.ORDERED), str(TradeState.CONTRACTED))


def _mine(party: str) -> ColumnElement[bool]:
    return or_(col(TradeRow.buyer) == party, col(TradeRow.supplier) == party)


class SqlDealings:
    """What is open for one participant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _found(self, query: Any) -> list[Any]:  # noqa: ANN401 - a query of one table
        return [row.to_domain() for row in self._session.exec(query).all()]

    def trades(self, party: str, now: str, /) -> Sequence[Trade]:
        """Return its orders and contracts, use rights that run, disputes and unpaid awards."""
        in_use = and_(
            col(TradeRow.state) == str(TradeState.EXECUTED), col(TradeRow.grant_until) >= now
        )
        still = or_(
            col(TradeRow.state).in_(_RUNNING),
            in_use,
            col(TradeRow.reversal) > 0,
            col(TradeRow.dispute) == str(DisputeState.OPEN),
        )
        query = select(TradeRow).where(_mine(party), still)
        return self._found(query.order_by(TradeRow.ordered_at, TradeRow.id))

    def negotiations(self, party: str, now: str, /) -> Sequence[Negotiation]:
        """Return its negotiations that came to no price yet and may still."""
        mine = or_(col(NegotiationRow.buyer) == party, col(NegotiationRow.supplier) == party)
        still = col(NegotiationRow.state).in_([str(state) for state in sorted(OPEN)])
        query = select(NegotiationRow).where(mine, still, col(NegotiationRow.until) >= now)
        return self._found(query.order_by(NegotiationRow.opened_at, NegotiationRow.id))

    def subscriptions(self, party: str, /) -> Sequence[Subscription]:
        """Return its subscriptions that go on, or whose periods are not all settled."""
        going = or_(
            col(SubscriptionRow.state) != str(SubscriptionState.ENDED),
            col(SubscriptionRow.settled) < col(SubscriptionRow.period),
        )
        query = select(SubscriptionRow).join(TradeRow, col(TradeRow.id) == SubscriptionRow.trade)
        return self._found(query.where(_mine(party), going).order_by(SubscriptionRow.trade))

    def bids(self, party: str, /) -> Sequence[Bid]:
        """Return its bids whose deposits are set aside."""
        held = col(BidRow.state).in_([str(state) for state in HELD])
        query = select(BidRow).where(BidRow.bidder == party, held)
        return self._found(query.order_by(BidRow.placed_at, BidRow.leaf))

    def obligations(self, party: str, /) -> Sequence[Obligation]:
        """Return what it owes and is owed and no cycle has netted yet."""
        mine = or_(col(ObligationRow.payer) == party, col(ObligationRow.payee) == party)
        still = ObligationRow.state == str(ObligationState.OPEN)
        query = select(ObligationRow).where(mine, still)
        return self._found(query.order_by(ObligationRow.due, ObligationRow.source))

    def causes(self, account: str, kind: str, count: int, /) -> Sequence[str]:
        """Return the leaf hashes of entries of a kind that moved an account, the newest first."""
        query = (
            select(EntryRow.leaf)
            .join(JournalRow, col(JournalRow.entry) == EntryRow.leaf)
            .join(PostingRow, col(PostingRow.journal) == JournalRow.id)
            .where(PostingRow.account == account, EntryRow.kind == kind)
            .order_by(col(PostingRow.id).desc())
            .limit(count)
        )
        return self._session.exec(query).all()
