"""SQL implementations of books in `exchange.ports`."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, update
from sqlmodel import Session, SQLModel, col, or_, select

from exchange.board import last_day
from exchange.clearing import EscrowState
from exchange.engagements import Engagement
from exchange.errors import BadField, NotFound
from exchange.listing import ListingState
from exchange.negative import Barred
from exchange.participants import Participant, Standing
from exchange.registration import CONTESTED, ENDED, UNSEEN, Product
from exchange.scenarios import APPROVING, Scenario, ScenarioState
from exchange.store.board import SqlBoard
from exchange.store.book import Book, add_unless_there, connection_of, insert_unless_there
from exchange.store.rows import (
    BarredRow,
    EngagementRow,
    EntryRow,
    ParentRow,
    ParticipantRow,
    ProductRow,
    QuoteRow,
    RecordRow,
    ScenarioRow,
    TradeRow,
)
from exchange.store.statements import Statement
from exchange.trading import Quote, Trade, TradeState

_PARTICIPANT: Any = SQLModel.metadata.tables[ParticipantRow.__tablename__]
_BAR: Any = SQLModel.metadata.tables[BarredRow.__tablename__]
_RECORD: Any = SQLModel.metadata.tables[RecordRow.__tablename__]
_QUOTE: Any = SQLModel.metadata.tables[QuoteRow.__tablename__]
_PRODUCT: Any = SQLModel.metadata.tables[ProductRow.__tablename__]
# The first schema knew fewer states, and holds the others as those they are nearest to.
_REGISTRATION: Any = func.coalesce(_PRODUCT.c.registration_state, _PRODUCT.c.registration)
_PARENT: Any = SQLModel.metadata.tables[ParentRow.__tablename__]
_TRADE: Any = SQLModel.metadata.tables[TradeRow.__tablename__]
_NAMED = Statement(
    select(_PARTICIPANT).where(
        or_(_PARTICIPANT.c.id == bindparam("name"), _PARTICIPANT.c.handle == bindparam("name"))
    )
)
_LISTED = Statement(
    select(_PRODUCT)
    .where(_PRODUCT.c.listing == str(ListingState.LISTED))
    .order_by(_PRODUCT.c.registered_at)
)
_DERIVATIVES = Statement(select(_PARENT.c.product).distinct())
_CHILDREN: Any = (
    select(_PARENT.c.product)
    .where(_PARENT.c.parent == bindparam("number"))
    .cte("came_of_it", recursive=True)
)
_CAME_OF_IT: Any = _CHILDREN.union(
    select(_PARENT.c.product).join(_CHILDREN, _PARENT.c.parent == _CHILDREN.c.product)
)
_DERIVED = Statement(
    select(_PRODUCT)
    .where(_PRODUCT.c.number.in_(select(_CAME_OF_IT.c.product)))
    .order_by(_PRODUCT.c.registered_at, _PRODUCT.c.number)
)
_OPERATORS = Statement(
    select(_PARTICIPANT)
    .where(
        or_(
            _PARTICIPANT.c.standing == str(Standing.APPLIED),
            and_(
                _PARTICIPANT.c.standing == str(Standing.ADMITTED),
                or_(
                    _PARTICIPANT.c.verified_until < bindparam("day"),
                    _PARTICIPANT.c.licences_until.is_(None),
                    and_(
                        _PARTICIPANT.c.licences_until < bindparam("day"),
                        _PARTICIPANT.c.licences_until != "",
                    ),
                ),
            ),
        )
    )
    .order_by(_PARTICIPANT.c.handle)
)
_BARRED = Statement(
    select(_BAR).where(_BAR.c.credit_code == bindparam("code")).order_by(_BAR.c.since)
)
_OWING = Statement(
    select(_TRADE)
    .where(_TRADE.c.supplier == bindparam("supplier"), _TRADE.c.reversal > 0)
    .order_by(_TRADE.c.ordered_at)
)
_UNSETTLED = Statement(
    select(_TRADE).where(_TRADE.c.escrow == str(EscrowState.HELD)).order_by(_TRADE.c.ordered_at)
)
_ORDERED = Statement(
    select(_TRADE).where(_TRADE.c.product == bindparam("product")).order_by(_TRADE.c.ordered_at)
)
_OF_FILE = Statement(
    select(_TRADE)
    .where(or_(_TRADE.c.sealed == bindparam("sealed"), _TRADE.c.part > 0))
    .order_by(_TRADE.c.ordered_at)
)
_OF_PARTY = Statement(
    select(_TRADE)
    .where(or_(_TRADE.c.buyer == bindparam("party"), _TRADE.c.supplier == bindparam("party")))
    .order_by(_TRADE.c.ordered_at)
)
_CONTRACTED = Statement(
    select(_TRADE)
    .where(_TRADE.c.product == bindparam("product"), _TRADE.c.grant_until.is_not(None))
    .order_by(_TRADE.c.ordered_at)
)
_EXECUTED = Statement(
    select(_TRADE)
    .where(
        _TRADE.c.ordered_at >= bindparam("since"),
        or_(
            _TRADE.c.state == str(TradeState.EXECUTED),
            and_(
                or_(
                    _TRADE.c.state == str(TradeState.ENDED),
                    _TRADE.c.state == str(TradeState.RETIRED),
                ),
                _TRADE.c.released > 0,
            ),
        ),
    )
    .order_by(_TRADE.c.ordered_at.desc(), _TRADE.c.id.desc())
    .limit(bindparam("count", type_=Integer))
)
_OPEN_UNTIL = Statement(
    select(_QUOTE)
    .where(_QUOTE.c.until >= bindparam("since"))
    .order_by(_QUOTE.c.until.desc(), _QUOTE.c.id.desc())
    .limit(bindparam("count", type_=Integer))
)
_DATA = Statement(select(_RECORD.c.data).where(_RECORD.c.digest == bindparam("asked")))
_PUBLISH = Statement(
    update(_RECORD)
    .where(_RECORD.c.digest == bindparam("asked"), _RECORD.c.public.is_(False))
    .values(public=True)
)
_SHORT: Final = 65_536  # bytes of a record that is kept till the transaction ends
_KEPT: Final = 64  # records that are
_AT_ONCE: Final = 64  # records read at a time, where all of them are
RECORD_MAX = 4 << 20  # bytes of one stored document; a file of a bundle holds four times that


class SqlParticipants(Book[Participant]):
    """The register of participants."""

    row, word, order = ParticipantRow, "participant", "handle"

    def get(self, participant: str, /) -> Participant:
        """Return by id or by handle, or raise `NotFound`."""
        found = self.find(participant)
        if found is None:
            raise NotFound(f"there is no participant {participant}")
        return found

    def find(self, participant: str, /) -> Participant | None:
        """Return by id or by handle, or None."""
        if participant in self._known:
            return self._known[participant][0]
        return next(iter(self._all(_NAMED, name=participant)), None)

    def waiting(self, by: dt.date, /) -> Sequence[Participant]:
        """Return those that the operator may have something to do with, by handle.

        A row of before `licences_until` was kept is among them.
        """
        return self._all(_OPERATORS, day=by.isoformat())


class SqlNegativeList(Book[Barred]):
    """The negative list."""

    row, word, order = BarredRow, "organisation on the negative list", "since"

    def of_code(self, credit_code: str, /) -> Sequence[Barred]:
        """Return every listing of an organisation, cleared and ended ones too."""
        return self._all(_BARRED, code=credit_code)


class SqlEngagements(Book[Engagement]):
    """Engagements of merchants by one another."""

    row, word, order = EngagementRow, "engagement", "proposed_at"


class SqlProducts(Book[Product]):
    """Registered products."""

    row, word, order = ProductRow, "product", "registered_at"

    def put(self, value: Product, /) -> None:
        """Add or replace; what leaves the board has no line on it, what stays stands as long."""
        before = self._one(value.number)
        super().put(value)
        if before is None or before.listing is not ListingState.LISTED:
            return
        board = SqlBoard(self._session)
        if value.listing is not ListingState.LISTED:
            board.discard(value.number)
        elif last_day(value) != last_day(before):
            board.prolong(value.number, last_day(value))

    def listed(self) -> Sequence[Product]:
        """Return those that no entry has taken off the board, lapsed or not, oldest first."""
        return self._all(_LISTED)

    def contested(self) -> Sequence[Product]:
        """Return those whose claim is objected to or disputed, oldest first."""
        return self._those(_REGISTRATION.in_([str(state) for state in CONTESTED]))

    def waiting(
        self, by: dt.date, *, stands: Callable[[str], bool], supplier: str | None = None
    ) -> Sequence[Product]:
        """Return those that anybody may have something to do with, oldest first.

        A row of before `verifiers` were kept is among them.
        """
        product, day = _PRODUCT.c, by.isoformat()
        listed = product.listing == str(ListingState.LISTED)
        told = select(product.verifiers).where(listed, product.verifiers.is_not(None)).distinct()
        doubted = [
            verifiers
            for (verifiers,) in self._connection.execute(told)
            if not all(each != UNSEEN and stands(each) for each in verifiers.split())
        ]
        open_still = [
            product.listing != str(ListingState.DELISTED),
            _REGISTRATION.not_in([str(state) for state in ENDED]),
        ]
        to_do = or_(
            ~listed,
            product.sheet.is_(None),
            _REGISTRATION.in_([str(state) for state in CONTESTED]),
            product.valid_until.is_(None),
            product.valid_until < day,
            and_(product.registered_until < day, product.registered_until != ""),
            product.verifiers.is_(None),
            product.verifiers.in_(doubted),
        )
        of_one = [] if supplier is None else [product.supplier == supplier]
        return self._those(*of_one, *open_still, to_do)

    def add_parents(self, number: str, parents: Iterable[str], /) -> None:
        """Keep what a product is registered as derived from; the same once more changes nothing."""
        for parent in parents:
            add_unless_there(self._session, ParentRow(product=number, parent=parent))

    def derived(self, number: str, /) -> Sequence[Product]:
        """Return those ever registered as derived from one, through any others, oldest first."""
        return self._all(_DERIVED, number=number)

    def derivatives(self) -> Collection[str]:
        """Return the numbers of all that were ever registered as derived from another."""
        return {number for (number,) in _DERIVATIVES.rows(self._connection)}

    def _those(self, *which: ColumnElement[bool]) -> Sequence[Product]:
        query = select(_PRODUCT).where(*which).order_by(_PRODUCT.c.registered_at)
        return [self._read(tuple(row)) for row in self._connection.execute(query)]


class SqlScenarios(Book[Scenario]):
    """Filed scenarios."""

    row, word = ScenarioRow, "scenario"

    def in_state(self, *states: ScenarioState) -> Sequence[Scenario]:
        """Return those in one of the states, oldest first."""
        return self._those(col(ScenarioRow.state).in_([str(state) for state in states]))

    def over(self, day: dt.date, /) -> Sequence[Scenario]:
        """Return those whose approval stands and whose last day was before a day, oldest first."""
        approved = col(ScenarioRow.state).in_([str(state) for state in APPROVING])
        return self._those(and_(approved, col(ScenarioRow.expires_on) < day.isoformat()))

    def of_product(self, number: str, /) -> Sequence[Scenario]:
        """Return those for one product, oldest first."""
        return self._those(col(ScenarioRow.product) == number)

    def _those(self, which: ColumnElement[bool]) -> Sequence[Scenario]:
        query = select(ScenarioRow).where(which)
        query = query.join(EntryRow, col(EntryRow.leaf) == col(ScenarioRow.head))
        rows = self._session.exec(query.order_by(col(EntryRow.id))).all()
        return [self._found(row) for row in rows]


class SqlQuotes(Book[Quote]):
    """Quoted prices."""

    row, word = QuoteRow, "quote"

    def open_until(self, since: str, count: int, /) -> list[Quote]:
        """Return the newest quotes that were open at a time or later, at most so many."""
        return self._all(_OPEN_UNTIL, since=since, count=count)[::-1]


class SqlTrades(Book[Trade]):
    """Trades."""

    row, word, order = TradeRow, "trade", "ordered_at"

    def owing(self, supplier: str) -> Sequence[Trade]:
        """Return the trades of a supplier with an award that is not paid yet, oldest first."""
        return self._all(_OWING, supplier=supplier)

    def unsettled(self) -> Sequence[Trade]:
        """Return the contracts whose escrow holds something, oldest first."""
        return self._all(_UNSETTLED)

    def ordered(self, product: str, /) -> Sequence[Trade]:
        """Return the trades of a product, orders among them, oldest first."""
        return self._all(_ORDERED, product=product)

    def of_product(self, product: str, /) -> Sequence[Trade]:
        """Return the trades of a product that came to a contract, oldest first."""
        return self._all(_CONTRACTED, product=product)

    def of_file(self, digest: str, /) -> Sequence[Trade]:
        """Return the trades that may have delivered a sealed file, oldest first."""
        return self._all(_OF_FILE, sealed=digest)

    def of_party(self, party: str, /) -> Sequence[Trade]:
        """Return the trades in which somebody buys or supplies, oldest first."""
        return self._all(_OF_PARTY, party=party)

    def executed(self, since: str, count: int, /) -> list[Trade]:
        """Return the newest trades ordered at a time or later and executed, at most so many."""
        return self._all(_EXECUTED, since=since, count=count)[::-1]


class SqlRecords:
    """Stored documents under their digests; one is read once in a transaction unless it is long."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = connection_of(session)
        self._known: dict[str, bytes] = {}

    def put(self, data: bytes, *, public: bool) -> str:
        """Store bytes and return their SHA-256; what is public stays public.

        Raises `BadField` for more than `RECORD_MAX` bytes, which no bundle could carry.
        """
        if len(data) > RECORD_MAX:
            raise BadField("document", f"over {RECORD_MAX} bytes")
        digest = hashlib.sha256(data).hexdigest()
        row = {"digest": digest, "public": public, "data": data}
        adding = insert_unless_there(RecordRow.__tablename__, self._connection.dialect.name)
        if adding.change(self._connection, row) == 0 and public:
            _PUBLISH.change(self._connection, {"asked": digest})
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes, or raise `NotFound`."""
        if digest in self._known:
            return self._known[digest]
        data: bytes | None = _DATA.value(self._connection, {"asked": digest})
        if data is None:
            raise NotFound(f"there is no record {digest}")
        if len(data) <= _SHORT and len(self._known) < _KEPT:
            self._known[digest] = data
        return data

    def public(self) -> Generator[tuple[str, bytes], None, None]:
        """Yield every public record."""
        yield from self._public(_RECORD.c.digest, _RECORD.c.data)

    def public_names(self) -> Iterator[str]:
        """Yield the digest of every public record."""
        for (digest,) in self._public(_RECORD.c.digest):
            yield digest

    def _public(self, *columns: Any) -> Iterator[Any]:  # noqa: ANN401 - columns and their rows
        # In the order of the table: in that of the digests each row is somewhere else.
        query = select(*columns).where(_RECORD.c.public).execution_options(yield_per=_AT_ONCE)
        with self._connection.execute(query) as rows:
            yield from rows
