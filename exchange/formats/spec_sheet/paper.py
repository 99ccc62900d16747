"""A spec sheet as PDF, set by typst: fonts, time and text are handed in, so its bytes repeat.

Texts travel as one JSON value and are never part of the source.  The compiler sees an empty
folder, no package, no font of the system; there is nothing else it could read.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import segno
import typst

from exchange.errors import NotFound
from exchange.formats.spec_sheet.blocks import Block, Layout, Pairs, Table, Words
from exchange.records import to_record

PACKAGE: Final = "fonts-noto-cjk"  # of Debian, where the two files come from
FONTS: Final = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
FAMILY: Final = "Noto Sans CJK SC"
# Where distributions put them: Debian and Ubuntu, Arch, Fedora.
FOLDERS: Final = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),
)


def find_fonts() -> tuple[Path, ...]:
    """Return the two font files, or raise `NotFound` naming the package that has them."""
    for folder in FOLDERS:
        found = tuple(folder / name for name in FONTS)
        if all(path.is_file() for path in found):
            return found
    raise NotFound(
        f"{FONTS[0]} and {FONTS[1]}: no such fonts here, and a PDF needs them: "
        f"install the package {PACKAGE}; HTML and JSON need none"
    )


def write_pdf(layout: Layout) -> bytes:
    """Set a sheet as PDF (A4): the same layout and the same fonts make the same bytes.

    Raises `NotFound` where the fonts are not installed.
    """
    value = json.dumps(_value(layout), ensure_ascii=False, sort_keys=True)
    source = files("exchange.formats.spec_sheet").joinpath("sheet.typ").read_bytes()
    at = dt.datetime.strptime(layout.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    with _closed_room() as room:
        made: bytes = typst.compile(
            source,
            root=room,
            font_paths=_fonts(find_fonts()),
            ignore_system_fonts=True,
            package_path=room,
            package_cache_path=room,
            sys_inputs={"sheet": value},
            timestamp=int(at.timestamp()),
            format="pdf",
        )
    return made


@contextmanager
def _closed_room() -> Iterator[str]:
    """Give the compiler an empty folder for its root and its packages."""
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        yield folder


@functools.cache
def _fonts(paths: tuple[Path, ...]) -> Any:  # noqa: ANN401 - typst's own
    """Load the two files and no other: the folder that they stand in may hold many."""
    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for path in paths:
            (Path(folder) / path.name).symlink_to(path)
        loaded = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder]
        )
    if FAMILY not in loaded.families():
        raise NotFound(f"{paths[0].parent}: the fonts there hold no {FAMILY}")
    return loaded


def _value(layout: Layout) -> dict[str, Any]:
    sections = [
        {"title": section.title, "blocks": [_block(block) for block in section.blocks]}
        for section in layout.sections
    ]
    number = next(cell.text for _, cell in layout.header)
    drawn = {"sections": sections, "picture": picture(layout.code), "number": number}
    return {**to_record(layout), **drawn}


def _block(block: Block) -> Mapping[str, Any]:
    sort = {Pairs: "pairs", Table: "table", Words: "words"}[type(block)]
    return {"sort": sort, **to_record(block)}


def picture(text: str) -> str:
    """Return a QR code of the text as SVG, at error level M and in one way alone."""
    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m", mask=0)
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return drawn.getvalue().decode()
