"""The contract of a reader, as tests: a plug-in's author subclasses `ReaderContract`.

    class TestSeabird(ReaderContract):
        reader = SeabirdReader()
        suffix = ".cnv"
        document = b"..."
        rows, columns = 3, 2

pytest collects the inherited tests; nothing of pytest is imported here.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from exchange.errors import Unreadable
from exchange.inspection import inspect
from exchange.inspection.reader import Reader
from exchange.profile import ColumnType, Profile
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


def _require(condition: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(f"the reader's contract: {promise}")
