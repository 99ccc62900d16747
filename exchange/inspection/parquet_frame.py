"""Parquet's metadata, held against the file before an engine allocates anything from them.

The format is Apache's parquet-format: a footer in Thrift's compact protocol says where every
column of every row group lies, and each page says its own sizes.  `examine` believes none of it
(rule F-08): offsets lie in the file, chunks share no byte, counts agree with one another and
with the pages, the schema is as deep as tables are, and nothing lies in another file.  What the
pages say they expand to is held to the limits (F-02), and so much text can come out of them at
most, where each value is written out or stands in a dictionary.

An engine believes what a footer says of the values besides, the least and the greatest, how many
are missing, what a Bloom filter holds, and passes over what can hold nothing that it is asked for:
whoever makes a file could hide cells so.  `Claims.footer` says where things are and no more.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from exchange.inspection.intake import Intake
from exchange.inspection.names import require_columns
from exchange.inspection.thrift import Decoder, Kept, Malformed, Struct

MAGIC: Final = b"PAR1"
FRAME: Final = 12  # two magics and the length of the footer
FOOTER_MAX: Final = 32 << 20
DEPTH_MAX: Final = 16
PAGES_MAX: Final = 200_000
PAGE_MAX: Final = 256 << 20  # bytes of one page when it is unpacked, which an engine holds at once
# Below these no claim harms anybody: rows of a table that is one constant, mostly.
VALUES_FLOOR: Final = 1 << 17
_HEADER_READ: Final = 1 << 10  # a page's header; statistics of long texts make one longer
_HEADER_MAX: Final = 1 << 20
_DATA, _INDEX, _DICTIONARY, _DATA_V2 = range(4)
_WRITTEN_OUT: Final = frozenset({0, 6})  # encodings: plain, and lengths before the texts
_OF_DICTIONARY: Final = frozenset({2, 8})
_BYTES: Final = frozenset({6, 7})  # physical types: of any length, and of a fixed one
# Of a footer, what says how to read the values, and nothing of what they are: FileMetaData with
# its schema, rows, row groups, key-values and maker; ColumnChunk with its place; ColumnMetaData
# from the type to the offsets.
_COLUMN: Final[Kept] = {1: None, 2: None, 3: dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 9, 10, 11))}
_GROUP: Final[Kept] = {1: _COLUMN, 2: None, 3: None}
_FILE: Final[Kept] = {1: None, 2: None, 3: None, 4: _GROUP, 5: None, 6: None}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One column of one row group: where its pages begin and end, and how many values it has."""

    start: int
    end: int
    values: int
    place: str
    text: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page says: its kind, its bytes when unpacked, its values and how they are written."""

    kind: int
    size: int
    values: int
    encoding: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf column: how many bytes of text it can be at most, in all and in one row group.

    `different` is how many values its dictionaries say they have, None where not every value stands
    in one.  It is a claim, and nothing may rest on it.
    """

    text: int
    at_once: int
    different: int | None


@dataclass(frozen=True, slots=True)
class Claims:
    """How many rows a file claims, in all and in its largest row group, and of what columns.

    `footer` is the file's own without what it says of the values; it stood at `end`.
    """

    rows: int
    group: int
    leaves: tuple[Leaf, ...]
    footer: bytes
    end: int


def examine(intake: Intake) -> Claims:
    """Return what the metadata claim, or raise `Unreadable`."""
    with intake.path.open("rb") as stream:
        footer, end = _footer(stream, intake)
        try:
            footer = Decoder(footer).pruned(_FILE)
            described = Decoder(footer).struct()
            leaves = _leaves(described.get(2), intake)
            counted, chunks = _chunks(described, leaves, end, intake)
            _require_apart(chunks, intake)
            found = _require_pages(stream, chunks, len(leaves), intake)
        except Malformed as error:
            raise intake.refusal(f"not a whole Parquet file: {error}", "F-08") from error
        except (TypeError, AttributeError, ValueError, KeyError) as error:
            # A field of another type than the format has in its place.
            raise intake.refusal("not a whole Parquet file: malformed metadata", "F-08") from error
    return Claims(sum(counted), max(counted, default=0), tuple(found), footer, end)


def _footer(stream: BinaryIO, intake: Intake) -> tuple[bytes, int]:
    stream.seek(max(0, intake.bytes - 8))
    tail = stream.read(8)
    if intake.bytes < FRAME or tail[4:] != MAGIC:
        raise intake.refusal("does not end as a Parquet file does; cut short?", "F-08")
    (size,) = struct.unpack("<I", tail[:4])
    if size > intake.bytes - FRAME:
        raise intake.refusal(f"claims a footer of {size} bytes in a file of {intake.bytes}", "F-08")
    if size > FOOTER_MAX:
        raise intake.refusal(f"a footer of more than {FOOTER_MAX} bytes", "F-08")
    end = intake.bytes - 8 - size
    stream.seek(end)
    return stream.read(size), end


def _leaves(schema: Any, intake: Intake) -> Sequence[int]:  # noqa: ANN401 - a stranger's
    """Return the physical type of each leaf column of a schema."""
    leaves = []
    names = []
    for depth, node, children in _nodes(schema or ()):
        if depth == 1:
            names.append(node[4].decode())
        if depth > 0 and not children:
            leaves.append(node.get(1, -1))
        if len(leaves) > intake.limits.columns:
            raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
    if not leaves:
        raise Malformed("a schema without a column")
    require_columns(names, intake, "the schema")
    return leaves


def _nodes(schema: Sequence[Struct]) -> Iterator[tuple[int, Struct, int]]:
    """Yield depth, node and number of children; a schema lists each node before its children."""
    pending = [1]  # children still to come of every node that is open, the root's parent first
    for node in schema:
        children = node.get(5, 0)
        if not pending or children < 0:
            raise Malformed("a schema that does not count its columns")
        if len(pending) > DEPTH_MAX:
            raise Malformed(f"a schema of more than {DEPTH_MAX} levels")
        yield len(pending) - 1, node, children
        pending[-1] -= 1
        pending.append(children)
        while pending and not pending[-1]:
            pending.pop()
    if pending:
        raise Malformed("a schema that is cut short")


def _chunks(
    described: Struct, leaves: Sequence[int], end: int, intake: Intake
) -> tuple[Sequence[int], Sequence[_Chunk]]:
    rows = described.get(3, -1)
    groups = described.get(4) or []
    counted = [group.get(3, -1) for group in groups]
    if rows < 0 or min(counted, default=0) < 0 or sum(counted) != rows:
        raise Malformed(f"{rows} rows in all and {sum(counted)} in its row groups")
    most = max(VALUES_FLOOR, intake.limits.ratio * intake.bytes // 8)
    if rows > most:
        raise intake.refusal(f"claims {rows} rows in {intake.bytes} bytes", "F-08")
    found = []
    for number, (group, count) in enumerate(zip(groups, counted, strict=True)):
        columns = group.get(1) or []
        if len(columns) != len(leaves):
            raise Malformed(f"row group {number} has {len(columns)} columns of {len(leaves)}")
        for position, column in enumerate(columns):
            place = f"row group {number}, column {position}"
            if 1 in column:
                raise intake.refusal(f"{place}: keeps its data in another file", "F-08")
            chunk = _chunk(column.get(3), place, end, leaves[position])
            if chunk.values < 0 or (not count and chunk.values):
                raise Malformed(f"{place}: {chunk.values} values for {count} rows")
            found.append(chunk)
    if (values := sum(chunk.values for chunk in found)) > most * max(1, len(leaves)):
        raise intake.refusal(f"claims {values} values in {intake.bytes} bytes", "F-08")
    return counted, found


def _chunk(described: Struct | None, place: str, end: int, kind: int) -> _Chunk:
    if described is None:
        raise Malformed(f"{place}: no metadata; encrypted?")
    data, dictionary = described.get(9, -1), described.get(11)
    start = min(data, dictionary) if dictionary else data
    size, values = described.get(7, -1), described.get(5, -1)
    if start < len(MAGIC) or size < 0 or start + size > end or data > start + size:
        raise Malformed(f"{place}: lies outside the file")
    text = kind in _BYTES or described.get(1) in _BYTES
    return _Chunk(start, start + size, values, place, text)


def _require_apart(chunks: Sequence[_Chunk], intake: Intake) -> None:
    """Refuse chunks that share bytes: one page read a thousand times is a bomb."""
    placed = sorted((chunk.start, chunk.end, chunk.place) for chunk in chunks if chunk.values)
    for (_, before, _), (start, _, place) in itertools.pairwise(placed):
        if start < before:
            raise intake.refusal(f"{place}: shares bytes with another", "F-08")


def _require_pages(
    stream: BinaryIO, chunks: Sequence[_Chunk], leaves: int, intake: Intake
) -> Sequence[Leaf]:
    """Return what the pages of each leaf column can hold at most."""
    pages = expanded = 0
    found = [Leaf(0, 0, 0)] * leaves
    for number, chunk in enumerate(chunks):
        values = dictionary = text = 0
        different: int | None = 0
        for page in _pages(stream, chunk):
            pages += 1
            expanded += page.size
            if pages > PAGES_MAX:
                raise intake.refusal(f"more than {PAGES_MAX} pages", "F-08")
            if page.size > PAGE_MAX:
                raise intake.refusal(f"{chunk.place}: a page of {page.size} bytes", "F-02")
            if page.kind in {_DATA, _DATA_V2}:
                values += page.values
                text += _most_text(page, dictionary) if chunk.text else 0
                different = different if page.encoding in _OF_DICTIONARY else None
            else:
                dictionary = max(dictionary, page.size)
                different = page.values if page.kind == _DICTIONARY else different
        intake.allow(expanded)
        if values != chunk.values:
            raise Malformed(f"{chunk.place}: {chunk.values} values, and {values} in its pages")
        found[number % leaves] = _and_chunk(found[number % leaves], text, different)
    return found


def _and_chunk(leaf: Leaf, text: int, different: int | None) -> Leaf:
    if leaf.different is None or different is None:
        return Leaf(leaf.text + text, max(leaf.at_once, text), None)
    return Leaf(leaf.text + text, max(leaf.at_once, text), leaf.different + different)


def _most_text(page: _Page, dictionary: int) -> int:
    """Return how many bytes of text a page can become; `dictionary` is the size of its chunk's."""
    if page.encoding in _WRITTEN_OUT:
        return page.size
    if page.encoding in _OF_DICTIONARY:
        return page.values * dictionary
    return page.values * page.size  # each may begin as the one before it does


def _pages(stream: BinaryIO, chunk: _Chunk) -> Iterator[_Page]:
    """Yield what each page says."""
    at = chunk.start
    while at < chunk.end:
        header, length = _page_header(stream, at, chunk)
        kind, size, packed = (header.get(i, -1) for i in (1, 2, 3))
        detail = header.get({_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}.get(kind, 6)) or {}
        count = detail.get(1, 0)
        encoding = detail.get(4 if kind == _DATA_V2 else 2, -1)
        at += length + packed
        if size < 0 or packed < 0 or count < 0 or at > chunk.end:
            raise Malformed(f"{chunk.place}: a page lies outside its column")
        yield _Page(kind, size, count, encoding)


def _page_header(stream: BinaryIO, at: int, chunk: _Chunk) -> tuple[Struct, int]:
    reach = min(_HEADER_READ, chunk.end - at)
    while True:
        stream.seek(at)
        decoder = Decoder(stream.read(reach))
        try:
            return decoder.struct(), decoder.at
        except Malformed:
            if reach >= min(_HEADER_MAX, chunk.end - at):
                raise
            reach = min(_HEADER_MAX, chunk.end - at, 32 * reach)
