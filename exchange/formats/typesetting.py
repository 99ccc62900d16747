"""Setting documents as PDF by typst: fonts, time and text are handed in, so their bytes repeat.

Texts travel as one JSON value and are never part of the source.  The compiler sees an empty
folder, no package, no font of the system; there is nothing else it could read.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from exchange.errors import NotFound

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


def set_pdf(source: bytes, value: Mapping[str, Any], *, name: str, at: str) -> bytes:
    """Set a document (A4) from a source that reads `sys.inputs.<name>`, dated `at`.

    The same value, source and fonts make the same bytes.  Raises `NotFound` where the fonts are
    not installed.
    """
    import typst  # noqa: PLC0415 - tens of megabytes, and few commands set a PDF

    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    moment = dt.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    with _closed_room() as room:
        made: bytes = typst.compile(
            source,
            root=room,
            font_paths=_fonts(find_fonts()),
            ignore_system_fonts=True,
            package_path=room,
            package_cache_path=room,
            sys_inputs={name: text},
            timestamp=int(moment.timestamp()),
            format="pdf",
        )
    return made


@contextmanager
def _closed_room() -> Iterator[str]:
    """Give the compiler an empty folder for its root and its packages."""
    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        yield folder


@functools.cache
def _fonts(paths: tuple[Path, ...]) -> Any:  # noqa: ANN401 - typst's own
    """Load the two files and no other: the folder that they stand in may hold many."""
    import typst  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for path in paths:
            (Path(folder) / path.name).symlink_to(path)
        loaded = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder]
        )
    if FAMILY not in loaded.families():
        raise NotFound(f"{paths[0].parent}: the fonts there hold no {FAMILY}")
    return loaded
