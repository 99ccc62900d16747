"""Data registered for products, version by version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar, Final

from sqlalchemy import BigInteger, Column, bindparam, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from exchange.errors import NotFound
from exchange.fingerprint import FORM
from exchange.registration import DataVersion, RegistrationState
from exchange.store.book import add_unless_there, connection_of
from exchange.store.fingerprints import FingerprintRow
from exchange.store.rows import ProductRow
from exchange.store.statements import Statement


class DataVersionRow(SQLModel, table=True):
    """Data registered for a product; its file stays in the vault for contracts made over it."""

    __tablename__: ClassVar[str] = "product_data"

    product: str = Field(primary_key=True, foreign_key="product.number", max_length=40)
    data: str = Field(primary_key=True, max_length=64, index=True)
    file: str = Field(max_length=300)
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    profile: str = Field(foreign_key="record.digest", max_length=64)


_HOLDER: Final = Statement(
    select(col(DataVersionRow.product))
    .join(ProductRow, col(ProductRow.number) == col(DataVersionRow.product))
    .where(
        col(DataVersionRow.data) == bindparam("data"),
        col(ProductRow.registration) != RegistrationState.REJECTED,
    )
)


_INSPECTED: Final = Statement(
    update(DataVersionRow)
    .where(
        col(DataVersionRow.product) == bindparam("of"),
        col(DataVersionRow.data) == bindparam("over"),
    )
    .values(profile=bindparam("inspected"))
)


class SqlVersions:
    """The table of registered data."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, version: DataVersion) -> None:
        """Keep a version, in place of the same data inspected otherwise."""
        row = DataVersionRow(
            product=version.product,
            data=version.data,
            file=version.file,
            bytes=version.bytes,
            profile=version.profile,
        )
        if not add_unless_there(self._session, row):
            asked = {"of": row.product, "over": row.data, "inspected": row.profile}
            _INSPECTED.change(connection_of(self._session), asked)

    def get(self, product: str, data: str) -> DataVersion:
        """Return a version of a product's data, or raise `NotFound`."""
        row = self._session.get(DataVersionRow, (product, data))
        if row is None:
            raise NotFound(f"{product} was never registered over {data[:16]}…")
        return DataVersion(row.product, row.data, row.file, row.bytes, row.profile)

    def held(self) -> Collection[str]:
        """Return the digests of all registered data."""
        return set(self._session.exec(select(DataVersionRow.data)).all())

    def holds(self, data: str) -> bool:
        """Whether data stands or stood registered for any product."""
        query = select(DataVersionRow.data).where(DataVersionRow.data == data).limit(1)
        return self._session.exec(query).first() is not None

    def without_fingerprint(self) -> Sequence[DataVersion]:
        """Return the registered data of which no fingerprint was taken in this form, by product."""
        taken = select(FingerprintRow.id).where(
            FingerprintRow.product == DataVersionRow.product,
            FingerprintRow.data == DataVersionRow.data,
            func.substr(col(FingerprintRow.fingerprint), 1, len(FORM)) == FORM,
        )
        query = select(DataVersionRow).where(~taken.exists())
        order = (col(DataVersionRow.product), col(DataVersionRow.data))
        return [
            DataVersion(row.product, row.data, row.file, row.bytes, row.profile)
            for row in self._session.exec(query.order_by(*order))
        ]

    def holder(self, data: str) -> str | None:
        """Return the number of the product that data stands or stood registered for, or None."""
        found: str | None = _HOLDER.value(connection_of(self._session), {"data": data})
        return found
