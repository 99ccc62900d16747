"""Parquet whose rows stay in the file: the same answers, and no word of the file believed."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.expectations import InRange, NotMissing, Unique
from exchange.fingerprint import Fingerprint
from exchange.inspection import (
    Intake,
    count_expected,
    database,
    digest,
    inspect,
    sensitive,
    show_rows,
    tally,
)
from exchange.inspection import parquet as reader
from exchange.inspection.detector import Examined
from exchange.inspection.parquet_frame import MAGIC
from exchange.inspection.parquet_frame import examine as examine_frame
from exchange.inspection.thrift import Decoder, Malformed
from exchange.profile import Profile, SensitiveKind
from tests.exchange.inspection.conftest import READERS, refusal
from tests.exchange.inspection.specimens import parquet
from tests.exchange.inspection.test_mutations import changes

GROUPS: Final = ", ROW_GROUP_SIZE 2048"
SOME: Final = parquet(
    "SELECT i, i / 8.0 AS temp, 'n' || (i % 7) AS station, TIMESTAMP '2026-01-01'"
    " + INTERVAL 1 MINUTE * i AS time, i % 2 = 0 AS ok FROM range(5000) t(i)",
    GROUPS,
)


@pytest.fixture(autouse=True)
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the smallest file in place, as large ones are."""
    monkeypatch.setattr(reader, "KEPT_IN_MEMORY", 0)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "data.parquet"
        path.write_bytes(content)
        return path

    return write


def stored(path: Path) -> str:
    """Return what the reader makes of a file: a table of its rows, or a view of them."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    with Intake(path, scratch=scratch) as intake, database.opened(scratch, intake) as connection:
        reader.ParquetReader().open(intake, connection)
        ((kind,),) = connection.execute(
            "SELECT table_type FROM information_schema.tables WHERE table_name = 'cells'"
        ).fetchall()
    return str(kind)


def answers(path: Path) -> Iterator[Any]:
    """Yield all that can be asked of a file."""
    kept: list[Fingerprint] = []
    profile = inspect(path, readers=READERS, keep=kept.append)
    yield profile
    yield kept
    names = [each.name for each in profile.columns]
    expected = (NotMissing(names[0]), Unique((names[0],)), InRange("temp", Decimal(0), Decimal(5)))
    yield count_expected(path, expected, readers=READERS)
    yield tally(path, "station", readers=READERS)
    yield show_rows(path, [0, profile.rows // 2, profile.rows - 1], ["station"], readers=READERS)


def both(path: Path) -> tuple[list[Any], list[Any]]:
    """Return the answers in place, and those of a copy of the rows."""
    assert stored(path) == "VIEW"
    where = list(answers(path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "KEYS_AT_ONCE", 0)  # as of many rows
        assert list(answers(path)) == where
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "KEPT_IN_MEMORY", 1 << 40)
        assert stored(path) == "BASE TABLE"
        return where, list(answers(path))


TEXTS: Final = st.one_of(
    st.none(), st.sampled_from(["a", "坐标", "13800138000", ""]), st.text("ab \x00é", max_size=5)
)
ROWS: Final = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
        st.one_of(st.none(), st.sampled_from([-999.0, 0.5, 1.5]), st.floats(allow_nan=False)),
        TEXTS,
    ),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example([(1, 2.5, "a"), (2, -999.0, None), (3, -999.0, "a"), (4, 3.5, "=x")])
@given(ROWS)
def test_a_file_says_in_place_what_its_copy_says(
    file: Callable[[bytes], Path], rows: list[tuple[int | None, float | None, str | None]]
) -> None:
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE made (n BIGINT, temp DOUBLE, station VARCHAR)")
        engine.executemany("INSERT INTO made VALUES (?, ?, ?)", [list(row) for row in rows])
        path = file(b"-")
        engine.execute(f"COPY made TO '{path}' (FORMAT parquet)")
    where = refusal(lambda: inspect(path, readers=READERS))
    if where is None:
        one, other = both(path)
        assert one == other
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "KEPT_IN_MEMORY", 1 << 40)
        copied = refusal(lambda: inspect(path, readers=READERS))
    assert str(copied) == str(where)


def test_many_groups_say_in_place_what_their_copy_says(file: Callable[[bytes], Path]) -> None:
    where, copied = both(file(SOME))
    assert where == copied
    profile: Profile = where[0]
    assert profile.rows == 5000


def test_fill_values_are_missing_in_place(file: Callable[[bytes], Path]) -> None:
    where, copied = both(
        file(
            parquet(
                "SELECT i, CASE WHEN i % 50 = 0 THEN -9999 ELSE i / 100.0 END AS temp,"
                " 's' AS station FROM range(5000) t(i)",
                GROUPS,
            )
        )
    )
    assert where == copied
    profile: Profile = where[0]
    assert (profile.columns[1].fill_value, profile.columns[1].missing) == ("-9999", 100)


def lying(content: bytes, *lies: tuple[bytes, bytes]) -> bytes:
    """Return the file with a footer in which other values are the least and the greatest."""
    (size,) = struct.unpack("<I", content[-8:-4])
    footer = content[-8 - size : -8]
    for truth, lie in lies:
        assert len(truth) == len(lie)
        assert truth in footer
        footer = footer.replace(truth, lie)
    return content[: -8 - size] + footer + content[-8:]


def believed(path: Path, condition: str) -> int:
    """Return how many rows the engine finds that meet a condition."""
    asked = f"SELECT count(*) FROM '{path}' WHERE {condition}"  # noqa: S608 - of this test
    ((count,),) = duckdb.execute(asked).fetchall()
    return int(count)


MANY_KEYS: Final = pytest.mark.parametrize("keys", [0, 1 << 20], ids=["many rows", "few rows"])


@MANY_KEYS
def test_cells_cannot_be_hidden_behind_what_a_footer_says(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, keys: int
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", keys)
    honest = parquet(
        "SELECT 13800138000 + i AS n, (20 + i % 9)::DOUBLE AS temp FROM range(3000) t(i)"
    )
    least, most = (struct.pack("<q", each) for each in (13800138000, 13800140999))
    forged = lying(honest, (least, struct.pack("<q", 5)), (most, struct.pack("<q", 7)))
    found = inspect(file(honest), readers=READERS).sensitive
    assert [(each.column, each.kind) for each in found] == [("n", SensitiveKind.MOBILE)]
    path = file(forged)
    assert believed(path, "n >= 10000000000") == 0, "the engine believes the footer"
    assert stored(path) == "VIEW"
    assert inspect(path, readers=READERS).sensitive == found


@MANY_KEYS
def test_formulas_cannot_be_hidden_behind_what_a_footer_says(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, keys: int
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", keys)
    content = parquet(
        "SELECT i, CASE WHEN i = 77 THEN '=HYPERLINK(1)' ELSE 'zzzzzzzzzzzzz' END AS note"
        " FROM range(3000) t(i)",
        ", DICTIONARY_SIZE_LIMIT 1",
    )
    path = file(lying(content, (b"=HYPERLINK(1)", b"yyyyyyyyyyyyy")))
    assert believed(path, "note < 'A'") == 0, "the engine believes the footer"
    assert stored(path) == "VIEW"
    with pytest.raises(Unreadable, match="row 78: column note: a cell is a formula"):
        inspect(path, readers=READERS)


def test_a_footer_is_kept_without_a_word_about_the_values(
    file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    claims = examine_frame(Intake(file(SOME), scratch=tmp_path))
    (size,) = struct.unpack("<I", SOME[-8:-4])
    whole, bare = Decoder(SOME[-8 - size : -8]).struct(), Decoder(claims.footer).struct()
    assert set(bare) <= {1, 2, 3, 4, 5, 6}
    assert {i: bare[i] for i in bare if i != 4} == {i: whole[i] for i in bare if i != 4}
    assert len(bare[4]) == len(whole[4]) == 3
    for group, before in zip(bare[4], whole[4], strict=True):
        assert set(group) == {1, 2, 3}
        for column, described in zip(group[1], before[1], strict=True):
            assert 12 in described[3], "the engine writes statistics"
            assert set(column[3]) <= {1, 2, 3, 4, 5, 6, 7, 9, 10, 11}
            assert column[3] == {i: described[3][i] for i in column[3]}


def test_fields_far_apart_and_lists_of_other_things() -> None:
    # Fields 1 and 40 of a struct, and field 2, a list of numbers.
    message = b"\x15\x02" + b"\x19\x25\x02\x04" + b"\x05\x50\x06" + b"\0"
    assert Decoder(message).struct() == {1: 1, 2: [1, 2], 40: 3}
    assert Decoder(Decoder(message).pruned({1: None, 40: None})).struct() == {1: 1, 40: 3}
    assert Decoder(Decoder(message).pruned({2: None})).struct() == {2: [1, 2]}
    assert Decoder(message).pruned({}) == b"\0"


@pytest.mark.parametrize("message", [b"\x15\x02\0", b"\x19\x25\x02\x04\0", b"\x1c"])
def test_what_is_no_struct_is_not_pruned(message: bytes) -> None:
    with pytest.raises(Malformed, match=r"structs|cut short"):
        Decoder(message).pruned({1: {1: None}, 2: None})


@MANY_KEYS
def test_a_broken_page_in_place_is_no_whole_file(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, keys: int
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", keys)
    content = bytearray(
        parquet("SELECT md5(i::VARCHAR) AS station, i / 3 AS temp FROM range(9000) t(i)")
    )
    content[200:20_000:7] = b"\xff" * len(content[200:20_000:7])
    error = refusal(lambda: inspect(file(bytes(content)), readers=READERS))
    assert error is not None
    assert error.rules == ("F-08",)


@MANY_KEYS
def test_a_long_cell_in_place_is_refused(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, keys: int
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", keys)
    path = file(
        parquet(
            "SELECT i, CASE WHEN i = 5 THEN repeat(md5(i::VARCHAR), 40000) ELSE md5(i::VARCHAR) END"
            " AS s FROM range(900) t(i)"
        )
    )
    assert stored(path) == "VIEW"
    error = refusal(lambda: inspect(path, readers=READERS))
    assert error is not None
    assert error.rules == ("F-06",)
    assert "a cell of more than 1048576 bytes" in str(error)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(parquet("SELECT i, [i] AS l FROM range(9) t(i)"), id="a list"),
        pytest.param(parquet("SELECT i AS FILE_ROW_NUMBER FROM range(9) t(i)"), id="a taken name"),
        pytest.param(
            parquet("SELECT i FROM range(300000) t(i)", ", ROW_GROUP_SIZE 300000"), id="large group"
        ),
    ],
)
def test_what_cannot_be_read_in_place_is_copied(
    file: Callable[[bytes], Path], content: bytes
) -> None:
    assert stored(file(content)) == "BASE TABLE"


def test_who_changes_the_file_does_not_change_what_is_read(
    file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    path = file(SOME)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    rows = []

    def read() -> None:
        with (
            Intake(path, scratch=scratch) as intake,
            database.opened(scratch, intake) as connection,
        ):
            reader.ParquetReader().open(intake, connection)
            path.write_bytes(MAGIC + b"nothing" + MAGIC)
            rows.extend(connection.execute("SELECT count(*) FROM cells").fetchall())

    assert "changed while it was being read" in str(refusal(read))
    assert rows == [(5000,)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changed=changes(SOME))
def test_a_changed_file_is_read_in_place_or_refused_by_a_rule(
    file: Callable[[bytes], Path], changed: bytes
) -> None:
    error = refusal(lambda: inspect(file(changed), readers=READERS))
    assert error is None or error.rules


def test_no_fill_value_is_drawn(
    file: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn on the way through the rows is drawn before any is known for one."""
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", 0)
    drawn: list[Mapping[int, list[object]]] = []
    examine = sensitive.examine

    def watched(*given: Any, **named: Any) -> Examined:
        drawn.append(named["drawn"])
        return examine(*given, **named)

    monkeypatch.setattr(sensitive, "examine", watched)
    rows = "SELECT i, CASE WHEN i % 3 = 0 THEN -999.0 ELSE i / 8.0 END AS temp FROM range(900) t(i)"
    profile = inspect(file(parquet(rows, GROUPS)), readers=READERS)
    assert profile.columns[1].fill_value == "-999"
    assert [each.keys() for each in drawn] == [{0}]
