"""The board's lines as they are searched: what was derived from sheets, and is kept beside them.

No word is looked for by a pattern, so that none of its characters means anything but itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    update,
)
from sqlmodel import Field, Session, SQLModel, select

from exchange.board import ROUND, BoardLine, Box, Found, Search, Sort, name_key
from exchange.grading import Grade
from exchange.specsheet import Frequency, PriceMode, ProductType
from exchange.store.book import connection_of
from exchange.store.statements import Statement
from pricing.money import Currency, Money

# Of a text within another; SQLite and PostgreSQL call the same by other names.
_PLACE_IN: Final = {"sqlite": func.instr, "postgresql": func.strpos}
_LINES_AT_ONCE: Final = 1_000  # lines read at a time, where all of them are


class BoardRow(SQLModel, table=True):
    """A product on the board; no entry stands behind it but those of its product.

    The words come last, since a count without words need not read them.
    """

    __tablename__: ClassVar[str] = "board"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        Index("board_newest", "listed_at", "number"),
        Index("board_best", "quality", "listed_at", "number"),
        Index("board_by_name", "name_key", "listed_at", "number"),
        Index("board_by_english_name", "name_en_key", "listed_at", "number"),
        # What a search may ask beside words, so that counting reads this alone.
        Index(
            "board_asked",
            "sector",
            "format",
            "type",
            "grade",
            "price_mode",
            "frequency",
            "quality",
            "until",
        ),
    )

    number: str = Field(primary_key=True, foreign_key="product.number", max_length=40)
    supplier: str = Field(foreign_key="participant.id", max_length=40)
    sector: str = Field(max_length=200)
    type: str = Field(max_length=20)
    grade: str = Field(max_length=20)
    frequency: str = Field(max_length=20)
    format: str = Field(max_length=100)
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    price_mode: str = Field(max_length=20)
    minor: int | None = Field(default=None, sa_column=Column(BigInteger))
    currency: str | None = Field(default=None, max_length=3)
    quality: int
    listed_at: str = Field(max_length=20)
    until: str = Field(max_length=10)
    name: str = Field(max_length=200)
    name_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    name_en: str = Field(sa_column=Column(Text, nullable=False))
    name_en_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    covers_from: str | None = Field(default=None, max_length=10)
    covers_to: str | None = Field(default=None, max_length=10)
    west: int | None = Field(default=None, sa_column=Column(BigInteger))
    south: int | None = Field(default=None, sa_column=Column(BigInteger))
    east: int | None = Field(default=None, sa_column=Column(BigInteger))
    north: int | None = Field(default=None, sa_column=Column(BigInteger))

    @classmethod
    def of(cls, line: BoardLine) -> dict[str, Any]:
        """Return the columns of a domain object."""
        columns = {name: getattr(line, name) for name in _PLAIN}
        box = line.box or (None,) * len(_BOX)
        return columns | {
            **dict(zip(_BOX, box, strict=True)),
            "type": str(line.type),
            "grade": str(line.grade),
            "frequency": str(line.frequency),
            "price_mode": str(line.price_mode),
            "minor": line.price.minor if line.price else None,
            "currency": str(line.price.currency) if line.price else None,
            "name_key": name_key(line.name),
            "name_en_key": name_key(line.name_en or line.name),
        }


_PLAIN: Final = (
    "number",
    "supplier",
    "sector",
    "format",
    "rows",
    "quality",
    "listed_at",
    "until",
    "name",
    "name_en",
    "words",
    "covers_from",
    "covers_to",
)
_BOX: Final = ("west", "south", "east", "north")
_BOARD: Any = SQLModel.metadata.tables[str(BoardRow.__tablename__)]
_ADD: Final = Statement(insert(_BOARD))
_DISCARD: Final = Statement(delete(_BOARD).where(_BOARD.c.number == bindparam("asked")))
_PROLONG: Final = Statement(
    update(_BOARD).where(_BOARD.c.number == bindparam("asked")).values(until=bindparam("day"))
)
_ORDERS: Final[dict[Sort, tuple[Any, ...]]] = {
    Sort.NEWEST: (),
    Sort.QUALITY: (_BOARD.c.quality.desc(),),
    Sort.NAME: (_BOARD.c.name_key,),
    Sort.NAME_EN: (_BOARD.c.name_en_key,),
}


class SqlBoard:
    """The table of what is on the board."""

    def __init__(self, session: Session) -> None:
        self._connection = connection_of(session)

    def put(self, line: BoardLine, /) -> None:
        """Put a line on the board, in place of the one that its product had."""
        self.discard(line.number)
        _ADD.change(self._connection, BoardRow.of(line))

    def discard(self, number: str, /) -> None:
        """Take the line of a product off the board, if it has one."""
        _DISCARD.change(self._connection, {"asked": number})

    def prolong(self, number: str, until: str, /) -> None:
        """Have the line of a product, if it has one, stand until another day."""
        _PROLONG.change(self._connection, {"asked": number, "day": until})

    def search(self, asked: Search, today: dt.date, /) -> Found:
        """Return the page that a search asks for, of what stands on the board on a day."""
        which = list(self._conditions(asked, today))
        looking = self._by_words if asked.terms else self._by_order
        lines, whole = looking(asked, which)
        if whole is None:
            count = select(func.count()).select_from(_BOARD).where(*which)
            whole = self._connection.execute(count).scalar_one()
        return Found(lines, whole, asked.page, asked.size)

    def _by_order(
        self, asked: Search, which: Sequence[ColumnElement[bool]]
    ) -> tuple[list[BoardLine], int | None]:
        """Return lines in their order, which an index has; how many there are, if that was seen."""
        lines = [
            _line(row) for row in self._connection.execute(_page(select(_BOARD), asked, which))
        ]
        # A page that is not full is the last one, unless it is beyond it.
        last = 0 < len(lines) < asked.size or (not lines and asked.page == 1)
        return lines, (asked.page - 1) * asked.size + len(lines) if last else None

    def _by_words(
        self, asked: Search, which: Sequence[ColumnElement[bool]]
    ) -> tuple[list[BoardLine], int | None]:
        """Return lines, and how many there are, in one walk over the words of all.

        In the order of an index, that of a rare word would jump from row to row.
        """
        counted = select(_BOARD.c.number, func.count().over())
        found = self._connection.execute(_page(counted, asked, which)).all()
        numbers = [number for number, _ in found]
        rows = self._connection.execute(select(_BOARD).where(_BOARD.c.number.in_(numbers)))
        lines = {row.number: _line(row) for row in rows}
        # Over PostgreSQL one may have left the board since.
        there = [lines[number] for number in numbers if number in lines]
        none = 0 if asked.page == 1 else None
        return there, found[0][1] if found else none

    def counts(self, column: str, today: dt.date, /) -> Sequence[tuple[str, int]]:
        """Return each value of a column on the board and how many have it, the most first."""
        of = _BOARD.c[column]
        query = (
            select(of, func.count())
            .where(_BOARD.c.until >= today.isoformat())
            .group_by(of)
            .order_by(func.count().desc(), of)
        )
        return [(value, count) for value, count in self._connection.execute(query)]

    def all(self) -> Iterator[BoardLine]:
        """Yield every line by number, those whose last day is over too."""
        query = select(_BOARD).order_by(_BOARD.c.number)
        streamed = query.execution_options(yield_per=_LINES_AT_ONCE)
        with self._connection.execute(streamed) as rows:
            for row in rows:
                yield _line(row)

    def _conditions(self, asked: Search, today: dt.date) -> Iterator[ColumnElement[bool]]:
        board = _BOARD.c
        yield board.until >= today.isoformat()
        same = {
            board.sector: asked.sector,
            board.format: asked.format,
            board.type: asked.type,
            board.grade: asked.grade,
            board.price_mode: asked.price,
            board.frequency: asked.frequency,
        }
        for column, value in same.items():
            if value:
                yield column == str(value)
        if asked.least:
            yield board.quality >= asked.least
        if asked.covers_from:
            yield board.covers_to >= asked.covers_from.isoformat()
        if asked.covers_to:
            yield board.covers_from <= asked.covers_to.isoformat()
        if asked.corners:
            yield from _within(asked.corners)
        place = _PLACE_IN[self._connection.dialect.name]
        for term in asked.terms:
            yield place(board.words, term) > 0


def _within(box: Box) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of lines whose box has a place in common with another."""
    west, south, east, north = box
    yield _BOARD.c.south <= north
    yield _BOARD.c.north >= south
    # A longitude may be told from -180 on or from 0 on, and a box go on beyond the round.
    start = (west + ROUND // 2) % ROUND - ROUND // 2
    yield or_(
        *(
            and_(_BOARD.c.west <= start + east - west + turn, _BOARD.c.east >= start + turn)
            for turn in (-ROUND, 0, ROUND, 2 * ROUND)
        )
    )


def _page(query: Any, asked: Search, which: Sequence[ColumnElement[bool]]) -> Any:  # noqa: ANN401
    """Return a query of lines in the order that is asked for, of the one page."""
    newest = (_BOARD.c.listed_at.desc(), _BOARD.c.number.desc())
    ordered = query.where(*which).order_by(*_ORDERS[asked.sort], *newest)
    return ordered.limit(asked.size).offset((asked.page - 1) * asked.size)


def _line(row: Any) -> BoardLine:  # noqa: ANN401 - a row of the table
    amount = None if row.minor is None else Money(row.minor, Currency(row.currency))
    return BoardLine(
        **{name: getattr(row, name) for name in _PLAIN},
        type=ProductType(row.type),
        grade=Grade(row.grade),
        frequency=Frequency(row.frequency),
        price_mode=PriceMode(row.price_mode),
        price=amount,
        box=None if row.west is None else (row.west, row.south, row.east, row.north),
    )
