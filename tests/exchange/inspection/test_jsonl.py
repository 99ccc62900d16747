from __future__ import annotations

import gzip
import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.errors import Unreadable
from exchange.inspection import Table
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.jsonl import JsonLinesReader
from exchange.profile import ColumnType
from tests.exchange.inspection.conftest import Inspected, Opening, refusal
from tests.exchange.inspection.specimens import JSONL


class TestJsonLinesReader(ReaderContract):
    reader = JsonLinesReader()
    suffix = ".jsonl"
    document = JSONL
    rows, columns = 2, 5


def test_leaves_of_nested_objects_are_columns_under_their_path(inspected: Inspected) -> None:
    profile = inspected(JSONL, "data.jsonl")
    assert {column.name: (column.type.value, column.missing) for column in profile.columns} == {
        "time": ("timestamp", 0),
        "place.lon": ("decimal", 0),
        "place.lat": ("decimal", 1),
        "layers": ("text", 1),
        "站": ("text", 1),
    }
    assert any("layers: lists" in remark for remark in profile.remarks)


def test_one_table_as_text_and_as_json_lines_has_one_digest(inspected: Inspected) -> None:
    text = inspected("n,x,t\n1,0.50,2026-01-05T00:00:00Z\n2,,2026-01-05T01:00:00Z\n")
    lines = inspected(
        '{"n": 1, "x": 0.50, "t": "2026-01-05T00:00:00Z"}\n{"n":2,"t":"2026-01-05T01:00:00Z"}\n',
        "data.ndjson",
    )
    assert text.rows_digest == lines.rows_digest


def test_numbers_keep_the_digits_that_the_file_has(inspected: Inspected) -> None:
    profile = inspected('{"serial": 12345678901234567890, "x": 1E400}\n', "data.jsonl")
    assert [column.type for column in profile.columns] == [ColumnType.TEXT, ColumnType.TEXT]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2"], ColumnType.INTEGER),
        (["1", "2.5"], ColumnType.DECIMAL),
        (['"1"', '"2"'], ColumnType.INTEGER),
        (["1", '"2"'], ColumnType.TEXT),
        (["true", "1"], ColumnType.TEXT),
        (["true", "null"], ColumnType.BOOLEAN),
        (["1", "[1]"], ColumnType.TEXT),
        (["null"], ColumnType.TEXT),
    ],
)
def test_what_json_calls_by_two_types_is_text(
    inspected: Inspected, cells: list[str], kind: ColumnType
) -> None:
    profile = inspected("".join(f'{{"x": {cell}}}\n' for cell in cells), "data.jsonl")
    assert profile.columns[0].type is kind


def test_lists_that_say_the_same_are_one_value(inspected: Inspected) -> None:
    lines = '{"x": [{"b": 1, "a": 2}]}\n{"x":[{"a":2,"b":1}]}\n{"x":[ { "a" : 2 } ]}\n'
    assert inspected(lines, "data.jsonl").columns[0].distinct == 2


def test_a_key_that_is_null_where_others_have_an_object_is_no_column(inspected: Inspected) -> None:
    profile = inspected('{"a": {"b": 1}, "z": null}\n{"a": null}\n', "data.jsonl")
    assert [(column.name, column.missing) for column in profile.columns] == [("a.b", 1), ("z", 2)]


def test_names_are_in_their_normal_form(inspected: Inspected) -> None:
    profile = inspected('{"\u1f71": 1}', "data.jsonl")
    assert profile.columns[0].name == "\u03ac"


def test_columns_may_show_late(inspected: Inspected) -> None:
    lines = [json.dumps({"a": i}) for i in range(40_000)] + [json.dumps({"a": 1, "late": 2.5})]
    profile = inspected("\n".join(lines), "data.jsonl")
    assert [(column.name, column.missing) for column in profile.columns] == [
        ("a", 0),
        ("late", 40_000),
    ]


def test_the_size_of_batches_changes_nothing(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(json.dumps({f"k{i % 7}": i, "n": i}) + "\n" for i in range(60))
    whole = inspected(lines, "data.jsonl")
    monkeypatch.setattr("exchange.inspection.gathering.BATCH_CELLS", 5)
    assert inspected(lines, "data.jsonl") == whole


def test_a_wrapper_and_a_mark_are_taken_off(inspected: Inspected) -> None:
    plain = inspected(JSONL, "data.jsonl")
    wrapped = inspected(gzip.compress(b"\xef\xbb\xbf" + JSONL, mtime=0), "data.ndjson.gz")
    assert wrapped.rows_digest == plain.rows_digest
    assert wrapped.encoding == "utf-8-sig"


FAULTS = {
    "twice": (b'{"a":1}\n{"a":1,"b":2,"a":3}\n', "F-06", "line 2: the key 'a' stands twice"),
    "twice below": (b'{"a":{"b":1,"b":1}}', "F-06", "line 1: the key 'b' stands twice"),
    "NaN": (b'{"a":NaN}', "F-06", "line 1: NaN is not JSON"),
    "Infinity": (b'{"a":[-Infinity]}', "F-06", "line 1: -Infinity is not JSON"),
    "not UTF-8": (b'{"a":1}\n{"a":"\xe9"}\n', "F-05", "line 2: not UTF-8 from byte 6"),
    "UTF-16": ('{"a":1}\n'.encode("utf-16"), "F-01", "its bytes are of csv"),
    "half a pair": (b'{"a":"\\ud800"}', "F-05", "line 1: half a surrogate pair"),
    "deep objects": (b'{"a":' * 30 + b"1" + b"}" * 30, "F-06", "line 1: nested more than 16"),
    "deep lists": (b'{"a":' + b"[" * 30 + b"]" * 30 + b"}", "F-06", "line 1: nested more than"),
    "very deep": (b'{"a":' + b"[" * 200_000, "F-06", "line 1: nested more than 16 deep"),
    "cut short": (b'{"a":1}\n{"a":', "F-06", "line 2: not JSON"),
    "comment": (b'{"a":1} // x\n', "F-06", "line 1: not JSON: Extra data"),
    "list": (b'{"a":1}\n[1]\n', "F-06", "line 2: not an object"),
    "empty key": (b'{"":1}\n', "F-06", "line 1: a key is empty"),
    "control in a key": (b'{"a\\u0007":1}\n', "F-06", "control character"),
    "alike once normal": ('{"\u03ac":1,"\u1f71":2}'.encode(), "F-06", "two columns are called"),
    "two ways": (b'{"a.b":1}\n{"a":{"b":1}}\n', "F-06", "line 2: two ways lead to"),
    "NUL": (b'{"a":"\0"}\n', "F-06", "line 1: a NUL byte"),
    "escaped NUL": (b'{"a":["\\u0000"]}\n', "F-06", "line 1: a NUL character"),
    "blank line": (b'{"a":1}\n\n{"a":2}\n', "F-06", "line 2: a blank line between rows"),
    "nothing": (b"{}\n{}\n", "F-06", "no object has a key"),
    "many keys": (
        b"{" + b",".join(b'"k%d":1' % i for i in range(2001)) + b"}",
        "F-06",
        "line 1: more than 2000 columns",
    ),
    "long line": (b'{"a":"' + b"x" * (9 << 20), "F-06", "line 1: a line of more than 8388608"),
    "long cell": (b'{"a":"' + b"x" * (2 << 20) + b'"}', "F-06", "line 1: a cell of more than"),
    "formula": (b'{"a":"=1+1"}\n', "F-04", "line 1: column a: a cell is a formula"),
    "formula in a key": (b'{"=1+1":2}\n', "F-04", "is a formula"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_refused_naming_line_and_rule(inspected: Inspected, fault: str) -> None:
    content, rule, message = FAULTS[fault]
    with pytest.raises(Unreadable) as refused:
        inspected(content, "data.jsonl")
    assert refused.value.rules == (rule,)
    assert message in str(refused.value)


scalars = st.one_of(st.integers(-(10**15), 10**15), st.text(max_size=8), st.booleans(), st.none())
keys = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(keys, scalars, min_size=1, max_size=4), min_size=1, max_size=8))
def test_any_lines_that_json_writes_are_read_whole_or_refused_by_a_rule(
    opening: Opening, records: list[dict[str, object]]
) -> None:
    lines = "\n".join(json.dumps(record) for record in records)
    tables: list[Table] = []
    error = refusal(lambda: tables.append(opening(lines.encode(), "data.jsonl")))
    if error:
        # NUL only an escape can bring in; two names may have one normal form, or read alike.
        assert re.search("NUL|two columns are called|differ in capitals", str(error))
        return
    assert opening.rows() == len(records)
    names = {unicodedata.normalize("NFC", key) for each in records for key in each}
    assert {c.name for c in tables[0].columns} == names


def test_instants_without_a_zone_among_others_are_told(inspected: Inspected) -> None:
    rows = '{"t": "2026-01-05 08:00:00"}\n{"t": "2026-01-05T08:00:00Z"}\n'
    found = inspected(rows, "data.jsonl")
    assert found.remarks == ("column t: 1 instants name no zone as others do, read as UTC",)
