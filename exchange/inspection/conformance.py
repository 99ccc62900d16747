"""The contracts of readers and detectors, as tests: a plug-in's author subclasses one.

    class TestSeabird(ReaderContract):
        reader = SeabirdReader()
        suffix = ".cnv"
        document = b"..."
        rows, columns = 3, 2

    class TestBadges(ColumnDetectorContract):
        detector = BadgeDetector()
        header = "badge"
        sensitive = ["B-1234567", "B-2345678"]
        harmless = ["B-", "1234567"]

pytest collects the inherited tests; nothing of pytest is imported here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from exchange.errors import Unreadable
from exchange.inspection import inspect
from exchange.inspection.cells import Cells
from exchange.inspection.delimited import DelimitedReader
from exchange.inspection.detector import ColumnDetector, Detector, TableDetector
from exchange.inspection.reader import Column, Reader
from exchange.profile import ColumnType, Profile, SensitiveFinding
from exchange.records import to_record
from ledger.canonical import encode


class ReaderContract:
    """What every reader must do with one whole, small, valid `document` of its format."""

    reader: ClassVar[Reader]
    suffix: ClassVar[str]
    document: ClassVar[bytes]
    rows: ClassVar[int]
    columns: ClassVar[int]

    def profile(self, folder: Path) -> Profile:
        """Inspect the document from a file in `folder`."""
        path = folder / f"document{self.suffix}"
        path.write_bytes(self.document)
        return inspect(path, readers=[self.reader])

    def test_describes_itself(self) -> None:
        """Name, media type and suffixes are what the exchange will show and look for."""
        _require(isinstance(self.reader, Reader), "is a Reader")
        _require(self.suffix in self.reader.suffixes, "lists the suffix of its document")
        _require(
            all(each == each.lower() and each[0] == "." for each in self.reader.suffixes),
            "lists suffixes in lower case with their dot",
        )
        _require("/" in self.reader.media_type, "names a media type")

    def test_claims_its_own_and_no_archive(self) -> None:
        """A reader recognises its format and leaves a ZIP file alone."""
        _require(self.reader.claims(self.document[:4096], Path("x")), "claims its document")
        _require(not self.reader.claims(b"PK\x03\x04" + b"\0" * 60, Path("x")), "claims no ZIP")

    def test_counts_rows_and_columns(self, tmp_path: Path) -> None:
        """The profile has the document's rows and columns, and all of them measured."""
        profile = self.profile(tmp_path)
        _require(profile.rows == self.rows, f"finds {self.rows} rows, not {profile.rows}")
        _require(len(profile.columns) == self.columns, f"finds {self.columns} columns")
        for column in profile.columns:
            _require(0 <= column.missing <= column.rows == profile.rows, "counts every cell")
            if column.type is ColumnType.TEXT:
                _require(column.minimum is column.maximum is None, "quotes no text")

    def test_is_repeatable_and_canonical(self, tmp_path: Path) -> None:
        """Two inspections give the same bytes, and bytes that may go on the chain."""
        first, second = (encode(to_record(self.profile(tmp_path))) for _ in range(2))
        _require(first == second, "gives one record for one file")

    def test_refuses_half_a_document_or_finds_less(self, tmp_path: Path) -> None:
        """A file cut short is never taken for the whole, and never ends in a traceback."""
        path = tmp_path / f"half{self.suffix}"
        path.write_bytes(self.document[: len(self.document) // 2])
        try:
            profile = inspect(path, readers=[self.reader])
        except Unreadable as error:
            _require(bool(error.rules), "names the rule that refuses")
        else:
            _require(profile.rows < self.rows, "finds fewer rows in half a file")


class ColumnDetectorContract:
    """What every detector of columns must do with cells that it has to find, and with others.

    `sensitive` are at least two cells of which each is found under `header`; `harmless` are
    cells that are not.
    """

    detector: ClassVar[ColumnDetector]
    header: ClassVar[str]
    sensitive: ClassVar[Sequence[str]]
    harmless: ClassVar[Sequence[str]]

    def found(self, *batches: Sequence[str]) -> list[SensitiveFinding]:
        """Show the batches to a fresh watch and return its findings."""
        watch = self.detector.watch(Column(self.header, ColumnType.TEXT))
        if watch is None:
            raise AssertionError("the detector's contract: watches a column of its own header")
        for batch in batches:
            watch.take(Cells.of(batch))
        return list(watch.findings(sum(map(len, batches))))

    def test_describes_itself(self) -> None:
        """A name, by which the exchange orders and shows it."""
        _promise(isinstance(self.detector, ColumnDetector), "is a ColumnDetector")
        _promise(bool(self.detector.name), "has a name")

    def test_finds_its_own_and_counts_no_more_than_there_is(self) -> None:
        """Each sensitive cell counts once, and the finding names the column."""
        found = self.found(self.sensitive)
        _promise(bool(found), "finds its own cells")
        for each in found:
            _promise(each.column == self.header, "names the column")
            _promise(0 < each.matched <= each.tested == len(self.sensitive), "counts cells")
            _promise(0 <= each.embedded <= each.matched, "counts embedded cells among matched ones")

    def test_finds_nothing_where_nothing_is(self) -> None:
        """Harmless and empty cells, and no cells at all, give no finding."""
        _promise(self.found(self.harmless) == [], "leaves harmless cells alone")
        _promise(self.found([""] * 3) == [], "leaves empty cells alone")
        _promise(self.found() == [], "finds nothing in nothing")

    def test_does_not_depend_on_where_batches_end(self) -> None:
        """A cell is found in whatever company it arrives."""
        whole = self.found([*self.sensitive, *self.harmless])
        parts = self.found(*([cell] for cell in [*self.sensitive, *self.harmless]))
        _promise(whole == parts, "counts the same in one batch and in many")

    def test_counts_a_cell_for_all_that_it_stands_for(self) -> None:
        """Two batches of the same cells, and one whose cells stand for two each, are one column."""
        cells = [*self.sensitive, *self.harmless]
        watch = self.detector.watch(Column(self.header, ColumnType.TEXT))
        if watch is None:
            raise AssertionError("the detector's contract: watches a column of its own header")
        watch.take(Cells.of(cells, np.full(len(cells), 2)))
        _promise(
            list(watch.findings(2 * len(cells))) == self.found(cells, cells),
            "counts a cell for all that it stands for",
        )

    def test_quotes_no_value(self) -> None:
        """Findings and their reprs hold counts alone."""
        _quotes_none(self.found(self.sensitive), self.sensitive)


class TableDetectorContract:
    """What every detector of tables must do with one it has to find something in, and another.

    `companions` are the detectors on whose findings it relies.
    """

    detector: ClassVar[TableDetector]
    companions: ClassVar[Sequence[Detector]] = ()
    sensitive: ClassVar[Mapping[str, Sequence[str]]]
    harmless: ClassVar[Mapping[str, Sequence[str]]]

    def found(self, folder: Path, table: Mapping[str, Sequence[str]]) -> list[SensitiveFinding]:
        """Inspect the table with the detector and without; return what it adds."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
        path = folder / "table.csv"
        path.write_text(sheet.getvalue(), encoding="utf-8")
        without, whole = (
            inspect(path, readers=[DelimitedReader()], detectors=detectors).sensitive
            for detectors in (self.companions, (*self.companions, self.detector))
        )
        known = {(each.column, each.kind) for each in without}
        return [each for each in whole if (each.column, each.kind) not in known]

    def test_describes_itself(self) -> None:
        """A name and a rank, by which the exchange orders it."""
        _promise(isinstance(self.detector, TableDetector), "is a TableDetector")
        _promise(bool(self.detector.name) and self.detector.rank >= 0, "has a name and a rank")

    def test_finds_its_own_and_nothing_where_nothing_is(self, tmp_path: Path) -> None:
        """The sensitive table gives findings that name its columns, the harmless one none."""
        found = self.found(tmp_path, self.sensitive)
        _promise(bool(found), "finds something in its own table")
        for each in found:
            _promise(each.column in self.sensitive, "names a column")
            _promise(0 < each.matched <= each.tested, "counts cells")
        _promise(self.found(tmp_path, self.harmless) == [], "leaves the harmless table alone")

    def test_quotes_no_value(self, tmp_path: Path) -> None:
        """Findings and their reprs hold counts alone."""
        cells = [cell for column in self.sensitive.values() for cell in column]
        _quotes_none(self.found(tmp_path, self.sensitive), cells)


def _quotes_none(found: Sequence[SensitiveFinding], cells: Sequence[str]) -> None:
    said = repr(found)
    for cell in cells:
        # Shorter cells are numbers like those that are counted.
        _promise(len(cell) < 6 or cell not in said, "quotes no value")


def _promise(condition: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(f"the detector's contract: {promise}")


def _require(condition: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(f"the reader's contract: {promise}")
