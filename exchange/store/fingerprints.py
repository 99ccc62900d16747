"""Fingerprints of registered data, found by the hashes they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Select,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
)
from sqlmodel import Field, Session, SQLModel, select

from exchange.fingerprint import Fingerprint
from exchange.store.book import connection_of
from exchange.store.statements import Statement

# A key that counts up; SQLite counts 64 bits in the one type alone.
_KEY = BigInteger().with_variant(Integer, "sqlite")


class FingerprintRow(SQLModel, table=True):
    """The fingerprint of the data of a product; as confidential as the data."""

    __tablename__: ClassVar[str] = "fingerprint"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("product", "data", name="one_fingerprint_of_data"),
    )

    id: int | None = Field(default=None, sa_column=Column(_KEY, primary_key=True))
    product: str = Field(foreign_key="product.number", max_length=40)
    data: str = Field(max_length=64)
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class FingerprintKeyRow(SQLModel, table=True):
    """A key under which a fingerprint is found; keys of strangers may meet."""

    __tablename__: ClassVar[str] = "fingerprint_key"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    fingerprint: int = Field(
        sa_column=Column(
            _KEY, ForeignKey("fingerprint.id"), primary_key=True, autoincrement=False, index=True
        )
    )


_KEYS: Any = SQLModel.metadata.tables[str(FingerprintKeyRow.__tablename__)]
_TAKEN: Any = SQLModel.metadata.tables[str(FingerprintRow.__tablename__)]
_OF: Final = Statement(
    select(_TAKEN.c.fingerprint).where(
        _TAKEN.c.product == bindparam("product"), _TAKEN.c.data == bindparam("data")
    )
)
_ONE: Final = Statement(
    select(_TAKEN.c.product, _TAKEN.c.data, _TAKEN.c.fingerprint).where(
        _TAKEN.c.id == bindparam("asked")
    )
)
_ADD: Final = Statement(insert(_TAKEN).returning(_TAKEN.c.id))
_ADD_KEY: Final = Statement(insert(_KEYS))


def sharing_most(keys: Sequence[int], count: int, /) -> Select[Any]:
    """Return the query of the fingerprints that have the most of some keys, and how many."""
    # By a sum: where it is asked for more than four thousand keys, SQLite would else read all that
    # there are, in the order of their fingerprints.
    found = (_KEYS.c.fingerprint + 0).label("found")
    shared = func.count().label("shared")
    return (
        sqlalchemy.select(found, shared)
        .where(_KEYS.c.key.in_(keys))
        .group_by(found)
        .order_by(shared.desc(), found)
        .limit(count)
    )


class SqlFingerprints:
    """The table of fingerprints and the one of the keys they are found by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, product: str, data: str, fingerprint: Fingerprint) -> None:
        """Keep the fingerprint of the data of a product, in place of another one of it.

        The same once more changes nothing.
        """
        connection, asked = connection_of(self._session), {"product": product, "data": data}
        kept, taken = _OF.rows(connection, asked), fingerprint.to_bytes()
        if kept and kept[0][0] == taken:
            return
        if kept:
            self._forget(product, data)
        row = _ADD.value(connection, {**asked, "fingerprint": taken})
        keys = [{"key": key, "fingerprint": row} for key in sorted(fingerprint.probes)]
        if keys:
            _ADD_KEY.change_each(connection, keys)

    def get(self, product: str, data: str) -> Fingerprint | None:
        """Return the fingerprint of the data of a product, or None if none was taken."""
        asked = {"product": product, "data": data}
        kept = _OF.value(connection_of(self._session), asked)
        return None if kept is None else Fingerprint.from_bytes(kept)

    def near(
        self, fingerprint: Fingerprint, count: int, /
    ) -> Sequence[tuple[str, str, Fingerprint]]:
        """Return product, data and fingerprint of those that share the most keys, at most so many.

        What the asker shares with itself is among them, if it is kept here.
        """
        connection = connection_of(self._session)
        sharing = sharing_most(sorted(fingerprint.questions), count)
        order = [found for found, _ in connection.execute(sharing)]
        rows = [row for found in order for row in _ONE.rows(connection, {"asked": found})]
        return [(product, data, Fingerprint.from_bytes(kept)) for product, data, kept in rows]

    def discard(self, product: str) -> None:
        """Forget the fingerprints of a product."""
        self._forget(product)

    def _forget(self, product: str, data: str | None = None) -> None:
        query = select(FingerprintRow).where(FingerprintRow.product == product)
        if data is not None:
            query = query.where(FingerprintRow.data == data)
        for row in self._session.exec(query).all():
            self._session.connection().execute(delete(_KEYS).where(_KEYS.c.fingerprint == row.id))
            self._session.delete(row)
        self._session.flush()
