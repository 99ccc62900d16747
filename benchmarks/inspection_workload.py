"""The tables that the benchmark of inspection reads, made in the engine from a seed.

The values follow the standards as those of the labelled corpus do (tests), with the same areas,
prefixes and issuers: only that here a column of a million is made at once.  `persons` is full of
identifiers, `clean` has the same shape with serial numbers in their place, `serials` has nothing
but random numbers, and `needle` hides one resident identity number in text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tests.exchange.inspection.labelled import draw

SEED: Final = 4
PHONES_IN_TEXT, IDS_IN_TEXT = 50, 100  # one remark of so many
_ENGINE: Final = {"threads": "2", "memory_limit": "600MB"}

Columns = dict[str, str]


def _random(salt: str) -> str:
    # Half of 64 bits, so that the engine may take them for a signed number.
    return f"CAST(hash(i, '{SEED}{salt}') >> 2 AS BIGINT)"


def _pick(values: Sequence[str], salt: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][1 + {_random(salt)} % {len(values)}]"


def _digits(length: int, salt: str) -> str:
    return f"lpad(CAST({_random(salt)} % {10**length} AS VARCHAR), {length}, '0')"


def _number(low: float, high: float, salt: str, places: int = 2) -> str:
    steps = round((high - low) * 10**places)
    return f"{low} + ({_random(salt)} % {steps}) / {10**places}::DOUBLE"


def _resident(salt: str) -> str:
    """Compose a resident identity number; its check character is that of MOD 11-2."""
    born = f"strftime(DATE '1950-01-01' + CAST({_random(salt + 'b')} % 21000 AS INT), '%Y%m%d')"
    order = f"lpad(CAST(1 + {_random(salt + 'o')} % 999 AS VARCHAR), 3, '0')"
    body = f"{_pick(draw.AREAS, salt)} || {born} || {order}"
    total = " + ".join(
        f"CAST(substr(b, {place + 1}, 1) AS INT) * {pow(2, 17 - place, 11)}" for place in range(17)
    )
    return _checked(body, f"substr('10X98765432', 1 + ({total}) % 11, 1)")


def _card(salt: str) -> str:
    """Compose a bank card's number of 19 digits; its last digit is Luhn's."""
    body = f"{_pick(draw.BINS_19, salt)} || {_digits(12, salt + 'd')}"
    total = " + ".join(
        f"{_DOUBLED}[1 + CAST(substr(b, {place + 1}, 1) AS INT)]"
        if (18 - place) % 2
        else f"CAST(substr(b, {place + 1}, 1) AS INT)"
        for place in range(18)
    )
    return _checked(body, f"CAST((10 - ({total}) % 10) % 10 AS VARCHAR)")


_DOUBLED: Final = "[0, 2, 4, 6, 8, 1, 3, 5, 7, 9]"


def _code(salt: str) -> str:
    """Compose a unified social credit code; its last character is that of MOD 31-3."""
    letters = " || ".join(_pick(draw.USCC_ALPHABET, f"{salt}{place}") for place in range(9))
    body = f"'91' || {_pick(draw.AREAS, salt)} || {letters}"
    total = " + ".join(
        f"(strpos('{draw.USCC_ALPHABET}', substr(b, {place + 1}, 1)) - 1) * {pow(3, place, 31)}"
        for place in range(17)
    )
    return _checked(body, f"substr('{draw.USCC_ALPHABET}', 1 + (31 - ({total}) % 31) % 31, 1)")


def _checked(body: str, check: str) -> str:
    """Put a check character behind a body, which `check` calls b."""
    return f"list_transform([{body}], lambda b: b || {check})[1]"


def _mobile(salt: str) -> str:
    return f"{_pick(draw.MOBILE_PREFIXES, salt)} || {_digits(8, salt + 'd')}"


def _remark(salt: str) -> str:
    return f"{_pick(draw.WORDS, salt)} || '，' || {_pick(draw.WORDS, salt + '2')}"


_COMMON: Final[Columns] = {
    "row_no": "i",
    "recorded_at": "TIMESTAMP '2024-01-01' + INTERVAL 1 MINUTE * i",
    "amount": _number(1, 9_000, "amount"),
    "lon": _number(119, 123, "lon", 5),
    "lat": _number(35, 39, "lat", 5),
    "status": _pick(["new", "checked", "closed"], "status"),
    "visits": f"CAST({_random('visits')} % 90 AS INTEGER)",
    "category": _pick(["A1", "A2", "B1", "B2", "C"], "category"),
}

PERSONS: Final[Columns] = {
    **_COMMON,
    "name": f"{_pick(draw.SURNAMES, 'sur')} || {_pick(draw.GIVEN, 'g1')} ||"
    f" {_pick(draw.GIVEN, 'g2')}",
    "document": _resident("resident"),
    "phone": _mobile("phone"),
    "card": _card("card"),
    "company": _code("company"),
    "mail": f"lower({_pick(draw.GIVEN_EN, 'gen')} || {_pick(draw.SURNAMES_EN, 'sen')}) ||"
    f" {_digits(3, 'mail')} || '@' || {_pick(draw.MAIL_HOSTS, 'host')}",
    "address": f"{_pick(draw.CITIES, 'city')} || {_pick(draw.STREETS, 'street')} || '路' ||"
    f" (1 + {_random('house')} % 300) || '号' || (101 + {_random('door')} % 2700) || '室'",
    "plate": f"{_pick(draw.PLATE_PROVINCES, 'p')} || {_pick(draw.PLATE_LETTERS, 'l')} ||"
    f" {_digits(5, 'plate')}",
    "order_no": f"(1 + {_random('order1')} % 9) || {_digits(17, 'order')}",
    "remark": f"CASE WHEN i % {PHONES_IN_TEXT} = 0 THEN '请致电' || {_mobile('text')} || '。' ||"
    f" {_remark('r')} WHEN i % {IDS_IN_TEXT} = 1 THEN '证件' || {_resident('text')} || ' ' ||"
    f" {_remark('r')} ELSE {_remark('r')} END",
}

CLEAN: Final[Columns] = {
    **_COMMON,
    "station": _pick(["小麦岛", "千里岩", "朝连岛", "成山头"], "station"),
    "serial": f"(1 + {_random('s1')} % 9) || {_digits(17, 'serial')}",
    "batch": f"'20' || {_digits(9, 'batch')}",
    "tag": f"(1 + {_random('t1')} % 9) || {_digits(18, 'tag')}",
    "token": f"substr(md5(CAST({_random('token')} AS VARCHAR)), 1, 18)",
    "link": f"'https://sea.example/tiles/' || {_digits(6, 'link')}",
    "area": _pick(["黄海北部", "黄海中部", "东海北部", "渤海湾"], "area"),
    "gear": f"'G' || {_digits(4, 'gear')}",
    "checksum": f"md5(CAST({_random('checksum')} AS VARCHAR))",
    "remark": _remark("r"),
}

OBSERVATIONS: Final[Columns] = {
    "time": "TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * (i // 50)",
    "station": "CAST(i % 50 AS INTEGER)",
    "temperature": f"round(20 + 5 * sin(i / 86400.0) + {_number(0, 1, 'temperature', 3)}, 3)",
    "depth": _number(0, 90, "depth", 3),
    "flag": _pick(["good", "probably good", "suspect"], "flag"),
}
KEYED: Final[Columns] = {
    "id": "'K' || lpad(CAST(i AS VARCHAR), 9, '0')",
    "n": "i * 7919",
    "temperature": OBSERVATIONS["temperature"],
}

SERIALS: Final[Columns] = {
    "serial_18": f"(1 + {_random('a1')} % 9) || {_digits(17, 'a')}",
    "serial_19": f"(1 + {_random('c1')} % 9) || {_digits(18, 'c')}",
}


def needle(rows: int) -> Columns:
    """Return columns in which one row of text carries a resident identity number."""
    hidden = f"CASE WHEN i = {rows * 7 // 10} THEN '证件' || {_resident('one')} ELSE"
    return {"row_no": "i", "remark": f"{hidden} {_remark('r')} END"}


def write(path: Path, columns: Columns, rows: int) -> Path:
    """Write that many rows of the columns as CSV or Parquet, by the name of the path."""
    kind = "FORMAT csv, HEADER" if path.suffix == ".csv" else "FORMAT parquet"
    cells = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    with duckdb.connect(config=_ENGINE) as engine:
        engine.execute(f"COPY (SELECT {cells} FROM range({rows}) AS t(i)) TO '{path}' ({kind})")  # noqa: S608 - made here
    return path
