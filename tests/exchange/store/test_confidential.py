"""Confidential values in their tables: found while they live, gone from the file when erased."""

from __future__ import annotations

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from exchange.errors import Broken, NotFound
from exchange.openings import Erased, Opening
from exchange.store.engine import forget, open_engine
from exchange.store.rows import EntryRow, PrivateKeyRow, PrivateRow
from exchange.store.unit import SqlUnitOfWork, unit_of_work
from ledger.canonical import encode
from ledger.commitments import Disclosure

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text("aé海", max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=6,
)


@contextmanager
def store() -> Iterator[tuple[Engine, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="guapai-confidential-"))
    engine = open_engine(folder / "store.sqlite3", writing=True)
    SQLModel.metadata.create_all(engine)  # as the migrations do, in less time
    try:
        yield engine, folder
    finally:
        engine.dispose()
        shutil.rmtree(folder)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with store() as (opened, _):
        yield opened


@contextmanager
def working(engine: Engine) -> Iterator[SqlUnitOfWork]:
    with unit_of_work(engine, "exchange.example/x", inline=True) as work:
        yield work


def leaf(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def add_entry(work: SqlUnitOfWork, number: int, **changes: Any) -> str:
    name = leaf(number)
    columns: dict[str, Any] = {
        "subject": "account/PT-1",
        "version": number + 1,
        "kind": "account.deposited",
    }
    columns |= changes
    work.session.add(EntryRow(**columns, act=name, leaf=name, body=b"{}"))
    work.session.flush()
    return name


def drawing(seed: int, drawn: list[bytes]) -> Callable[[int], bytes]:
    """Return chance that repeats, noting what it drew."""
    source = random.Random(seed)  # noqa: S311 - chance of the tests

    def draw(count: int) -> bytes:
        drawn.append(source.randbytes(count))
        return drawn[-1]

    return draw


def secrets_of(work: SqlUnitOfWork, name: str, field: str) -> list[bytes]:
    """Return the key, the salt and the ciphertext in pieces of 32 bytes."""
    key = work.session.get_one(PrivateKeyRow, (name, field))
    sealed = work.session.get_one(PrivateRow, (name, field)).ciphertext
    pieces = [sealed[at : at + 32] for at in range(0, len(sealed) - 31, 32)]
    return [key.key, key.salt, *(pieces or [sealed])]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(
    kept=st.lists(st.tuples(VALUES, st.integers(0, 3), st.booleans()), min_size=1, max_size=12),
    seed=st.integers(0, 2**32),
)
def test_what_lives_can_be_disclosed_and_what_is_erased_is_gone_from_the_file(
    kept: list[tuple[Any, int, bool]], seed: int
) -> None:
    """Rows of every length come and go in any order; no page keeps a copy of what was erased."""
    drawn: list[bytes] = []
    chance = drawing(seed, drawn)
    with store() as (engine, folder):
        made: dict[str, tuple[Opening, list[bytes]]] = {}
        gone: dict[str, tuple[Opening, list[bytes]]] = {}
        for number, (value, pages, dies) in enumerate(kept):
            opening = Opening("report", chance(32), [value, "x" * 3000 * pages])
            with working(engine) as work:
                name = add_entry(work, number)
                work.confidential.put(name, opening, chance=chance)
                (gone if dies else made)[name] = opening, secrets_of(work, name, "report")
            if dies and number % 2:  # some at once, the others when more has come
                with working(engine) as work:
                    work.confidential.erase(name, ["report"])
        for name in gone:
            with working(engine) as work:
                work.confidential.erase(name, ["report"])
        forget(engine)
        with working(engine) as work:
            for name in gone:
                assert work.confidential.get(name, "report") == Erased(name, "report")
            for name, (opening, _) in made.items():
                found = work.confidential.get(name, "report")
                assert isinstance(found, Opening)
                Disclosure(0, "report", found.salt, found.value).verify(
                    {"report": opening.commitment}
                )
        held = everything(folder)
        assert not [piece for _, pieces in gone.values() for piece in pieces if piece in held]
        assert all(piece in held for _, pieces in made.values() for piece in pieces[:2])


def test_an_erased_report_leaves_neither_key_nor_salt_nor_ciphertext() -> None:
    """The named example: two values of one entry, of which one goes."""
    drawn: list[bytes] = []
    with store() as (engine, folder):
        with working(engine) as work:
            name = add_entry(work, 0)
            for field in ("report", "comments"):
                opening = Opening(field, bytes([len(field)]) * 32, f"the {field} of a law firm")
                work.confidential.put(name, opening, chance=drawing(len(field), drawn))
        with working(engine) as work:
            report, comments = (secrets_of(work, name, f) for f in ("report", "comments"))
            work.confidential.erase(name, ["report"])
            assert work.confidential.erased == 1
        assert b"law firm" not in everything(folder)  # it never was, in plain words
        assert all(piece in everything(folder) for piece in report)  # the -wal has it still
        forget(engine)
        held = everything(folder)
        assert not any(piece in held for piece in report)
        assert all(piece in held for piece in comments)


def test_a_value_is_bound_to_its_entry_and_field(engine: Engine) -> None:
    with working(engine) as work:
        for number in (0, 1):
            opening = Opening("reference", bytes(31) + b"1", f"bank {number}")
            name = add_entry(work, number)
            work.confidential.put(name, opening, chance=drawing(7, []))
    with working(engine) as work:
        one = work.session.get_one(PrivateRow, (leaf(0), "reference"))
        two = work.session.get_one(PrivateRow, (leaf(1), "reference"))
        one.ciphertext, one.nonce = two.ciphertext, two.nonce
        work.session.flush()
        with pytest.raises(Broken, match=r"reference of entry .*: the value was changed"):
            work.confidential.get(leaf(0), "reference")


def test_without_its_key_a_value_counts_as_erased(engine: Engine) -> None:
    """As where the values came back from an old backup and the keys did not."""
    with working(engine) as work:
        name = add_entry(work, 0)
        work.confidential.put(name, Opening("reference", bytes(32), "b"), chance=drawing(1, []))
        work.session.execute(text("DELETE FROM ledger_private_key"))
        work.session.expire_all()
        assert work.confidential.get(name, "reference") == Erased(name, "reference")
        assert list(work.confidential.of("account/PT-1", "account.deposited", "reference")) == []


def test_what_was_never_kept_is_not_found(engine: Engine) -> None:
    with working(engine) as work:
        name = add_entry(work, 0)
        with pytest.raises(NotFound, match="has no report that was kept"):
            work.confidential.get(name, "report")
        with pytest.raises(NotFound, match="has no report that was kept"):
            work.confidential.erase(name, ["report"])


def test_the_living_values_of_a_subject_come_in_their_order(engine: Engine) -> None:
    with working(engine) as work:
        for number in range(4):
            name = add_entry(work, number)
            opening = Opening("reference", bytes([number + 1]) * 32, f"bank {number}")
            work.confidential.put(name, opening, chance=drawing(number, []))
        other = add_entry(work, 9, subject="account/PT-2", version=1)
        work.confidential.put(other, Opening("reference", bytes(32), "x"), chance=drawing(9, []))
        work.confidential.erase(leaf(1), ["reference"])
    with working(engine) as work:
        found = work.confidential.of("account/PT-1", "account.deposited", "reference")
        assert [(name, opening.value) for name, opening in found] == [
            (leaf(0), "bank 0"),
            (leaf(2), "bank 2"),
            (leaf(3), "bank 3"),
        ]
        assert encode([opening.value for _, opening in found]) == b"[]"  # read once


def test_a_transaction_that_fails_keeps_and_erases_nothing(engine: Engine) -> None:
    """Failed and not persisted: neither the value that came nor the erasure."""
    with working(engine) as work:
        name = add_entry(work, 0)
        work.confidential.put(name, Opening("reference", bytes(32), "b"), chance=drawing(1, []))

    def fail() -> None:
        with working(engine) as work:
            work.confidential.erase(name, ["reference"])
            opening = Opening("reference", bytes(32), "c")
            work.confidential.put(add_entry(work, 1), opening, chance=drawing(2, []))
            raise NotFound("the power")

    with pytest.raises(NotFound, match="the power"):
        fail()
    with working(engine) as work:
        assert isinstance(work.confidential.get(name, "reference"), Opening)
        with pytest.raises(NotFound):
            work.confidential.get(leaf(1), "reference")
