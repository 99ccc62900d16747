"""The operator's list of guarded sites: boxes that no data on the board may cover (rule G-09).

None is shipped.  A list is a file ``guarded.toml`` in the folder of the exchange:

    [[site]]
    west = 120.0
    south = 35.9
    east = 120.1
    north = 36.0

Where they lie is confidential: no finding names one, and no public record holds the list.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from exchange.compliance import Site
from exchange.errors import BadField
from exchange.records import read_record

GUARDED: Final = "guarded.toml"
LIST_MAX: Final = 1 << 20  # bytes


def read_guarded(path: Path) -> tuple[Site, ...] | None:
    """Return the sites of a list, None where there is no list; a broken one raises `BadField`."""
    if not path.exists():
        return None
    if path.stat().st_size > LIST_MAX:
        raise BadField(path.name, f"over {LIST_MAX} bytes")
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise BadField(path.name, f"not TOML: {error}") from error
    if set(found) != {"site"} or not isinstance(found["site"], list):
        raise BadField(path.name, "a table [[site]] for every site, and nothing else")
    return tuple(_site(each, f"site.{n}") for n, each in enumerate(found["site"]))


def _site(record: Any, where: str) -> Site:  # noqa: ANN401 - whatever stood in the file
    if not isinstance(record, dict):
        raise BadField(where, "a table")
    site = read_record(Site, record, within=where)
    if not (-90 <= site.south <= site.north <= 90):
        raise BadField(f"{where}.south", "south to north, within 90 degrees")
    if not (-180 <= site.west <= 180 and -180 <= site.east <= 180):
        raise BadField(f"{where}.west", "within 180 degrees")
    return site
