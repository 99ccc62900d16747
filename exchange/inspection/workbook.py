"""An Excel workbook as a package of XML parts (ECMA-376), opened without trusting any of them.

The container is judged by `archive` first.  Of the parts only those are tolerated that this
module reads or that cannot hold anything but layout: programs, links and connections are refused
by rule F-04, and pictures, notes, caches and whatever else nobody would inspect by F-06, since a
buyer gets the whole file.  Parts are read as a stream by a parser that knows no document types,
so there are no entities to expand; shared strings lie on disk, not in memory.
"""

from __future__ import annotations

import mmap
import posixpath
import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Final, Self
from xml.parsers import expat

from exchange.inspection import archive
from exchange.inspection.archive import Entry
from exchange.inspection.intake import Intake
from exchange.records import printable

_PART_MAX: Final = 16 << 20  # bytes of a part that is held in memory: workbook, styles, relations
_TOKEN_MAX: Final = 4 << 20  # bytes of one tag, which the parser has to hold
_DEPTH_MAX: Final = 64
_STRINGS_MAX: Final = 8_000_000  # shared strings; eight bytes of memory each
_LINKS_MAX: Final = 100
_LINK: Final = "link"  # the kind of a relation that leads outside and is but a hyperlink

# What a workbook may hold beside its table, by the beginnings of names (without case).
_ACTIVE: Final = {
    "xl/vbaproject": "macros",
    "xl/vbadata": "macros",
    "xl/macrosheets/": "macros",
    "xl/externallinks/": "links to other workbooks or programs",
    "xl/connections": "data connections",
    "xl/querytables/": "data connections",
    "xl/embeddings/": "embedded objects",
    "xl/activex/": "controls",
    "xl/ctrlprops/": "controls",
    "customui/": "commands of its own",
    "xl/webextensions/": "web extensions",
}
_UNSEEN: Final = {
    "xl/pivotcache/": "the cache of a pivot table, a copy of data that nobody sees",
    "xl/comments": "notes",
    "xl/threadedcomments/": "notes",
    "xl/media/": "pictures",
    "docprops/thumbnail": "a picture of its first page",
}
_INERT: Final = re.compile(
    r"\[content_types\]\.xml|(.+/)?_rels/[^/]*\.rels|docprops/(core|app|custom)\.xml"
    r"|xl/(workbook|sharedstrings|styles|calcchain|metadata)\.xml|xl/theme/[^/]+\.xml"
    r"|xl/(worksheets|tables)/[^/]+\.xml|xl/printersettings/[^/]+\.bin"
)
_MACRO_SHEETS: Final = ("xlMacrosheet", "xlIntlMacrosheet", "dialogsheet")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its place among the sheets, the part that holds it, whether Excel shows it.

    Its place, from 1, is how words name it: what it is called may be somebody's name.
    """

    place: int
    part: str
    hidden: bool


Attributes = Mapping[str, str]
Opened = Callable[[tuple[str, ...], Attributes], None]
Closed = Callable[[tuple[str, ...], str], None]


class Workbook:
    """A judged workbook; use as a context.

    `formats` is the number format of each style, a code or the number of a built-in one;
    `since_1904` says from which day dates are counted; `told` is what the file says of itself:
    properties, links, print headers, names.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._open = ExitStack()
        self._parts: dict[str, Entry] = {}
        self._strings = _Strings(intake)
        self.sheets: tuple[Sheet, ...] = ()
        self.formats: list[str | int] = []
        self.since_1904 = False
        self.told: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        entries = archive.judge(self._intake)
        self._stream = self._open.enter_context(self._intake.path.open("rb"))
        self._parts = {entry.name.lower(): entry for entry in entries}
        try:
            self._require_inert()
            self._read()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._strings.close()
        self._open.close()

    def string(self, index: int) -> str | None:
        """Return a shared string by its number, None if there is none of that number."""
        return self._strings.get(index)

    def walk(self, part: str, opened: Opened, closed: Closed) -> None:
        """Read a part, telling of every element its path of names, attributes and text.

        Only names of elements count, not the prefix or edition of the namespace.  Raises
        `Unreadable` for what is no well-formed XML (F-01) and for a document type (F-04).
        """
        entry = self._parts.get(part.lower())
        if entry is None:
            raise self._intake.refusal(f"has no part {printable(part)[:80]}", "F-01")
        _Walk(self._intake, entry.name, opened, closed).read(
            archive.unpacked(self._stream, entry, self._intake)
        )

    def _require_inert(self) -> None:
        for name in self._parts:
            for beginnings, rule in ((_ACTIVE, "F-04"), (_UNSEEN, "F-06")):
                for beginning, what in beginnings.items():
                    if name.startswith(beginning):
                        raise self._intake.refusal(f"holds {what} ({printable(name)})", rule)
            if _INERT.fullmatch(name) is None:
                raise self._intake.refusal(
                    f"holds {printable(name)[:80]}, which no inspection would read", "F-06"
                )

    def _read(self) -> None:
        self._read_types()
        main = self._relations("")
        book = next((target for kind, target in main.values() if kind == "officeDocument"), None)
        if book is None:
            raise self._intake.refusal("is an Office file without a workbook", "F-01")
        relations = self._relations(book)
        for name in self._parts:
            if name.endswith(".rels"):
                self._keep_links(name)
        self._read_book(book, relations)
        for kind, target in relations.values():
            if kind == "styles":
                self._read_styles(target)
            elif kind == "sharedStrings":
                self._strings.read(self, target)
        for part in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
            if part.lower() in self._parts:
                self._small(part, _ignore, self._take_property)

    def _small(self, part: str, opened: Opened, closed: Closed) -> None:
        entry = self._parts.get(part.lower())
        if entry is not None and entry.size > _PART_MAX:
            raise self._intake.refusal(f"{entry.name} is larger than {_PART_MAX} bytes", "F-02")
        self.walk(part, opened, closed)

    def _read_types(self) -> None:
        def opened(_: tuple[str, ...], given: Attributes) -> None:
            if "macroEnabled" in given.get("ContentType", ""):
                raise self._intake.refusal("is a workbook with macros", "F-04")

        self._small("[Content_Types].xml", opened, _ignore_text)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and target of a part's relations; refuses one that leads outside (F-04).

        A hyperlink may: nobody follows it unasked.
        """
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def opened(path: tuple[str, ...], given: Attributes) -> None:
            if path[-1] != "Relationship":
                return
            kind = given.get("Type", "").rpartition("/")[2]
            target = given.get("Target", "")
            if given.get("TargetMode") != "External":
                inside = posixpath.normpath(posixpath.join("/", folder, target))
                found[given.get("Id", "")] = (kind, inside.lstrip("/"))
            elif kind == "hyperlink":
                found[given.get("Id", "")] = (_LINK, target)
            else:
                raise self._intake.refusal(f"refers to something outside ({kind[:40]})", "F-04")

        if place.lower() in self._parts:
            self._small(place, opened, _ignore_text)
        return found

    def _keep_links(self, relations: str) -> None:
        folder, name = posixpath.split(relations)
        part = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
        links = [pair for pair in self._relations(part).values() if pair[0] == _LINK]
        self.told += links[: max(0, _LINKS_MAX - len(self.told))]

    def _read_book(self, book: str, relations: Mapping[str, tuple[str, str]]) -> None:
        sheets: list[Sheet] = []
        places = count(1)

        def opened(path: tuple[str, ...], given: Attributes) -> None:
            if path[-1] == "workbookPr":
                self.since_1904 = given.get("date1904") in {"1", "true", "on"}
            elif path[-2:] == ("sheets", "sheet"):
                place = next(places)
                kind, part = relations.get(given.get("id", ""), ("", ""))
                if kind in _MACRO_SHEETS:
                    raise self._intake.refusal(f"sheet {place} is a macro sheet", "F-04")
                if kind == "worksheet":
                    hidden = given.get("state", "visible") != "visible"
                    sheets.append(Sheet(place, part, hidden))
            elif path[-1] == "definedName" and "auto_" in given.get("name", "").lower():
                raise self._intake.refusal("starts a macro when it is opened", "F-04")

        def closed(path: tuple[str, ...], text: str) -> None:
            if path[-1] == "definedName":
                self.told.append(("name", text))

        self._small(book, opened, closed)
        if not sheets:
            raise self._intake.refusal("has no worksheet", "F-01")
        self.sheets = tuple(sheets)

    def _read_styles(self, part: str) -> None:
        codes: dict[str, str] = {}

        def opened(path: tuple[str, ...], given: Attributes) -> None:
            if path[-2:] == ("numFmts", "numFmt"):
                codes[given.get("numFmtId", "")] = given.get("formatCode", "")
            elif path[-2:] == ("cellXfs", "xf"):
                number = given.get("numFmtId", "0")
                known = int(number) if number.isascii() and number.isdecimal() else 0
                self.formats.append(codes.get(number, known))

        self._small(part, opened, _ignore_text)

    def _take_property(self, path: tuple[str, ...], text: str) -> None:
        if len(path) > 1 and text.strip():
            self.told.append((path[-1], text.strip()))


def _ignore(path: tuple[str, ...], given: Attributes) -> None:
    """Take no notice of an element that begins."""


def _ignore_text(path: tuple[str, ...], text: str) -> None:
    """Take no notice of an element that ends."""


class _Walk:
    """One reading of one part: the path of open elements, and the text of the innermost."""

    def __init__(self, intake: Intake, part: str, opened: Opened, closed: Closed) -> None:
        self._intake = intake
        self._part = part
        self._opened, self._closed = opened, closed
        self._path: tuple[str, ...] = ()
        self._above: list[tuple[str, ...]] = []
        self._text: list[str] = []
        self._length = 0
        self._parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterator[bytes]) -> None:
        fed = 0
        try:
            for piece in pieces:
                for at in range(0, len(piece), _TOKEN_MAX):
                    self._parser.Parse(piece[at : at + _TOKEN_MAX], False)
                fed += len(piece)
                if fed - self._parser.CurrentByteIndex > _TOKEN_MAX:
                    raise self._intake.refusal(f"{self._part}: a tag is too long", "F-02")
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self._intake.refusal(f"{self._part} is not whole XML", "F-01") from error

    def _start(self, name: str, given: dict[str, str]) -> None:
        if len(self._above) >= _DEPTH_MAX:
            raise self._intake.refusal(f"{self._part}: nested more than {_DEPTH_MAX}", "F-02")
        self._above.append(self._path)
        self._path = (*self._path, name.rpartition("}")[2])
        self._text.clear()
        self._length = 0
        self._opened(self._path, {key.rpartition("}")[2]: each for key, each in given.items()})

    def _end(self, _: str) -> None:
        self._closed(self._path, "".join(self._text))
        self._path = self._above.pop()
        self._text.clear()
        self._length = 0

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._intake.limits.cell:
            raise self._intake.refusal(
                f"{self._part}: a text of more than {self._intake.limits.cell} characters", "F-06"
            )
        self._text.append(text)

    def _doctype(self, *_: object) -> None:
        raise self._intake.refusal(f"{self._part} declares a document type", "F-04")


class _Strings:
    """The shared strings, kept in a file of scratch; memory is eight bytes a string."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._path = intake.scratch / "strings"
        self._ends = array("Q", [0])
        self._view: mmap.mmap | None = None

    def read(self, book: Workbook, part: str) -> None:
        """Take in every string of the part: plain and rich text, without reading aids."""
        parts: list[str] = []
        with self._path.open("wb") as file:

            def opened(path: tuple[str, ...], _: Attributes) -> None:
                if path[-1] == "si" and len(self._ends) > _STRINGS_MAX:
                    raise self._intake.refusal(
                        f"has more than {_STRINGS_MAX} different texts", "F-02"
                    )

            def closed(path: tuple[str, ...], text: str) -> None:
                if path[-1] == "t" and "rPh" not in path:
                    parts.append(text)
                elif path[-1] == "si":
                    written = file.write("".join(parts).encode("utf-8", "replace"))
                    self._ends.append(self._ends[-1] + written)
                    parts.clear()

            book.walk(part, opened, closed)
        if self._ends[-1]:
            with self._path.open("rb") as kept:
                self._view = mmap.mmap(kept.fileno(), 0, access=mmap.ACCESS_READ)

    def get(self, index: int) -> str | None:
        if not 0 <= index < len(self._ends) - 1:
            return None
        begin, end = self._ends[index], self._ends[index + 1]
        return self._view[begin:end].decode() if self._view and end > begin else ""

    def close(self) -> None:
        if self._view is not None:
            self._view.close()
        self._path.unlink(missing_ok=True)
