"""Personal, secret and security-relevant values, found by reading every cell.

What a kind of value is recognised by:

- resident identity numbers: GB 11643 (province, date of birth, check digit), plain or grouped,
  alone in a cell or within a text
- mobile numbers: an assigned prefix; no check digit exists, so a column's share, its name or
  words beside the number decide
- bank cards: ISO/IEC 7812 prefix and Luhn digit
- unified social credit codes: GB 32100 check character (an organisation, not a person)
- e-mail addresses: RFC 5321 in outline; mailboxes of a role (info@) are reported as not certain
- Chinese names: surname and length, by share of a column's distinct values
- postal addresses: by pattern; health: by the column's name
- secrecy marks (保守国家秘密法实施条例): 绝密★, 机密★, 秘密★, or a mark alone in a cell
- credentials: private keys in PEM, AWS access keys, JSON web tokens

A hit is not yet evidence: of random 18-digit serial numbers, one in 70,000 passes for an
identity number.  So a column is judged by how many of its candidates pass, against how many
would by chance (`chance`): `certain` below 1 in 10,000, reported at all below 1 in 100.  One
identity number among many serial numbers of the same length is therefore not found; one in
any number of rows of other text is.

Nothing here keeps or returns a value: findings hold counts, and attributes in which something
was found are withheld.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own patterns
from __future__ import annotations

import base64
import binascii
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from duckdb import DuckDBPyConnection

from exchange.inspection import identifiers
from exchange.inspection.lexicon import (
    COMPOUND_SURNAMES,
    PERSON_KEYS,
    PLACE_ENDINGS,
    SURNAMES,
    header_suggests,
)
from exchange.inspection.reader import Column, Table
from exchange.participants import is_credit_code
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

METADATA: Final = "(metadata)"
WITHHELD: Final = "(withheld)"
CERTAIN: Final = 1e-4
REPORTED: Final = 1e-2
NAME_SHARE: Final = 0.6  # of distinct values; see compliance §3
_STRIDE: Final = 200_000  # rows brought into Python at a time

# A cell without any of these holds nothing for `_Tally`; RE2 tells in one pass.
_GUARD: Final = (
    "[0-9０-９]{11}|1[3-9][0-9][ -][0-9]{4}[ -]|[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}"
    "|[0-9]{6}[ -][0-9]{8}[ -]|[0-9A-Z]{18}|@|＠|eyJ|AKIA|PRIVATE KEY|绝密|机密|秘密|内部资料"
)
_WHOLE: Final = "[0-9]{11}|[0-9]{13}|[0-9]{16}|[0-9]{17}|[0-9]{17}[0-9Xx]|[0-9]{19}"

_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z.])(?:"
    r"(?P<mobile>(?:\+?86[- ]?)?1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4}))"
    r"|(?P<grouped>\d{6}[- ]\d{8}[- ]\d{3}[\dXx])"
    r"|(?P<card>\d{4}(?:[- ]\d{4}){3}(?:[- ]\d{1,3})?|\d{16,17}|\d{19})"
    r"|(?P<resident>\d{17}[\dXx])"
    r"|(?P<code>[0-9A-HJ-NPQRTUWXY]{18})"
    r")(?![0-9A-Za-z])"
)
_MAIL: Final = re.compile(
    r"(?<![\w.+-])(?P<box>[A-Za-z0-9][\w.+-]{0,63})@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w-])"
)
_ROLES: Final = frozenset(
    [
        "info",
        "admin",
        "contact",
        "support",
        "noreply",
        "no-reply",
        "office",
        "service",
        "sales",
        "help",
        "data",
        "webmaster",
    ]
)
_CALLS: Final = re.compile(r"电话|手机|联系|tel|phone|mobile|call|\+86", re.IGNORECASE)
_MARK: Final = re.compile(r"(绝密|机密|秘密)\s*★|内部资料[\s,，:：]*(注意保存|不得外传|严禁)")
_MARK_ALONE: Final = re.compile(r"[【\[(（]?(绝密|机密|秘密|内部资料)[】\])）]?")
_MARK_WORD: Final = re.compile(r"绝密|机密|内部资料")
_KEY: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----|(?<![A-Z0-9])AKIA[0-9A-Z]{16}(?![A-Z0-9])"
)
_TOKEN: Final = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{8,}")
_PEOPLE: Final = (
    rf"^((?:{COMPOUND_SURNAMES})\p{{Han}}{{1,2}}|[{SURNAMES}]\p{{Han}}{{1,2}}"
    r"|\p{Han}{2,6}·\p{Han}{2,6})$"
)
_STREET: Final = (
    r"\p{Han}(省|市|自治区|区|县).*\p{Han}(路|街|道|巷|弄|村|镇|乡)"
    r".*[0-9０-９]+\s*(号|弄|室|栋|幢|单元|楼)"
)
# "name" alone may be a station's; these can only be a person's.
_WESTERN_NAMED: Final = re.compile(
    r"姓名|联系人|surname"
    r"|(full|first|last|given|family|person|staff|employee|patient|customer|student|contact)"
    r"[ _]?name",
    re.IGNORECASE,
)


def chance(trials: int, hits: int, probability: float) -> float:
    """Return the probability that at least `hits` of `trials` pass by chance (1 if expected)."""
    if hits == 0 or hits <= trials * probability:
        return 1.0
    total = 0.0
    for passed in range(hits, min(trials, hits + 200) + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(passed + 1) - math.lgamma(trials - passed + 1)
        rest = (trials - passed) * math.log1p(-probability)
        total += math.exp(ways + passed * math.log(probability) + rest)
    return min(total, 1.0)


@dataclass(slots=True)
class _Tally:
    """Counts over the cells of one column: candidates, those well shaped, those that pass."""

    tried: Counter[SensitiveKind] = field(default_factory=Counter)
    shaped: Counter[SensitiveKind] = field(default_factory=Counter)
    passed: Counter[SensitiveKind] = field(default_factory=Counter)
    backed: Counter[SensitiveKind] = field(default_factory=Counter)  # beyond doubt by itself
    prefixes: set[int] = field(default_factory=set)  # of mobile numbers, to tell serial numbers
    pending: dict[int, list[str]] = field(default_factory=dict)

    def take_numbers(self, codes: identifiers.Codes) -> None:
        """Count identifiers that fill their cells; all of `codes` have one length."""
        length = codes.shape[1]
        if length == 13:
            codes = codes[(codes[:, 0] == 56) & (codes[:, 1] == 54)][:, 2:]  # behind 86
            length = 11
        if length == 11:
            found = identifiers.mobile(codes)
            self._add(SensitiveKind.MOBILE, len(codes), found, found)
            some = codes[found][:1000, :3].astype(int) - 48
            self.prefixes.update(np.unique(some @ np.array([100, 10, 1])).tolist())
            return
        taken = np.zeros(len(codes), dtype=bool)
        if length == 18:
            shaped, taken = identifiers.resident(codes)
            self._add(SensitiveKind.RESIDENT_ID, identifiers.numeric(codes), shaped, taken)
            shaped = identifiers.shaped_as_credit_code(codes) & ~taken
            tokens = (row.tobytes().decode("ascii").upper() for row in codes[shaped])
            self.shaped[SensitiveKind.CREDIT_CODE] += int(np.count_nonzero(shaped))
            self.passed[SensitiveKind.CREDIT_CODE] += sum(map(is_credit_code, tokens))
        shaped, passed = identifiers.bank_card(codes)
        self._add(SensitiveKind.BANK_CARD, len(codes), shaped & ~taken, passed & ~taken)

    def take_text(self, cell: str) -> None:
        """Note what stands within a text; `settle` counts the numbers."""
        text = unicodedata.normalize("NFKC", cell)
        for match in _NUMBER.finditer(text):
            token = re.sub(r"[- +]", "", match[0])
            if match.lastgroup == "mobile":
                token = token[-11:]
                nearby = text[max(0, match.start() - 12) : match.end()]
                if _CALLS.search(nearby):
                    self.backed[SensitiveKind.MOBILE] += 1
            self.pending.setdefault(len(token), []).append(token)
        self._words(text)

    def settle(self) -> None:
        """Count the numbers that texts have left, all of one length at once."""
        for length, tokens in self.pending.items():
            self.take_numbers(identifiers.matrix(tokens, length))
        self.pending.clear()

    def _add(self, kind: SensitiveKind, tried: int, shaped: Any, passed: Any) -> None:  # noqa: ANN401
        self.tried[kind] += tried
        self.shaped[kind] += int(np.count_nonzero(shaped))
        self.passed[kind] += int(np.count_nonzero(passed))

    def _words(self, text: str) -> None:
        boxes = [match["box"].lower() for match in _MAIL.finditer(text)] if "@" in text else []
        if boxes:
            self.passed[SensitiveKind.EMAIL] += 1
            self.backed[SensitiveKind.EMAIL] += any(box not in _ROLES for box in boxes)
        if _MARK.search(text) or _MARK_ALONE.fullmatch(text.strip()):
            self.passed[SensitiveKind.SECRECY_MARK] += 1
            self.backed[SensitiveKind.SECRECY_MARK] += 1
        elif _MARK_WORD.search(text):
            self.passed[SensitiveKind.SECRECY_MARK] += 1
        if _KEY.search(text) or any(_is_token(match[0]) for match in _TOKEN.finditer(text)):
            self.passed[SensitiveKind.CREDENTIAL] += 1
            self.backed[SensitiveKind.CREDENTIAL] += 1


def _is_token(text: str) -> bool:
    """Whether a text is a JSON web token: its first part is JSON that names an algorithm."""
    head = text.partition(".")[0]
    try:
        value = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(value, dict) and "alg" in value


def find_sensitive(connection: DuckDBPyConnection, table: Table) -> tuple[SensitiveFinding, ...]:
    """Return what stands in the cells and in the attributes, in the order of the columns."""
    found: list[SensitiveFinding] = []
    for i, column in enumerate(table.columns):
        ((tested,),) = connection.execute(f"SELECT count(c{i}) FROM cells").fetchall()
        if tested:
            found.extend(_of_column(connection, i, column, tested))
    persons = {SensitiveKind.RESIDENT_ID, SensitiveKind.PERSON_NAME, SensitiveKind.MOBILE}
    named = any(each.certain and each.kind in persons for each in found)
    for i, column in enumerate(table.columns):
        if header_suggests(column.name, SensitiveKind.HEALTH):
            ((tested,),) = connection.execute(f"SELECT count(c{i}) FROM cells").fetchall()
            evidence = "the column's name" + (", in a table of persons" if named else "")
            found.append(
                SensitiveFinding(column.name, SensitiveKind.HEALTH, tested, tested, named, evidence)
            )
    found.extend(_of_metadata(table))
    return tuple(found)


def withheld(attributes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return attributes without the values that name a person or hold something sensitive."""
    return tuple(
        (key, WITHHELD if PERSON_KEYS.search(key) or _is_private(value) else value)
        for key, value in attributes
    )


def _is_private(value: str) -> bool:
    tally = _Tally()
    tally.take_text(value)
    tally.settle()
    return any(
        count for kind, count in tally.passed.items() if kind is not SensitiveKind.CREDIT_CODE
    )


def _of_metadata(table: Table) -> Iterator[SensitiveFinding]:
    """Judge attributes and column names; a professional's mailbox or name is never certain."""
    tally, persons = _Tally(), 0
    for key, value in table.attributes:
        tally.take_text(value)
        persons += bool(PERSON_KEYS.search(key) and value.strip())
    for column in table.columns:
        tally.take_text(column.name)
    tally.settle()
    tested = len(table.attributes) + len(table.columns)
    sure = {SensitiveKind.RESIDENT_ID, SensitiveKind.CREDIT_CODE}
    for kind, matched in sorted(tally.passed.items()):
        if matched:
            by_itself = kind in {SensitiveKind.CREDENTIAL, SensitiveKind.SECRECY_MARK}
            certain = kind in sure or (by_itself and tally.backed[kind] > 0)
            yield SensitiveFinding(
                METADATA, kind, matched, tested, certain, "in the file's attributes"
            )
    if persons:
        yield SensitiveFinding(
            METADATA, SensitiveKind.PERSON_NAME, persons, tested, False, "an attribute for a person"
        )


def _of_column(
    connection: DuckDBPyConnection, i: int, column: Column, tested: int
) -> Iterator[SensitiveFinding]:
    if column.type is ColumnType.INTEGER:
        tally = _tally_integers(connection, i)
    elif column.type is ColumnType.TEXT:
        tally = _tally_text(connection, i)
        yield from _people(connection, i, column, tested)
        yield from _addresses(connection, i, column, tested)
    else:
        return
    for judge in (_resident, _mobile, _card, _credit_code):
        verdict = judge(tally, column, tested)
        if verdict is not None:
            kind, certain, evidence = verdict
            yield SensitiveFinding(column.name, kind, tally.passed[kind], tested, certain, evidence)
    for kind, evidence in (
        (SensitiveKind.EMAIL, "the shape of an e-mail address"),
        (SensitiveKind.SECRECY_MARK, "a secrecy mark"),
        (SensitiveKind.CREDENTIAL, "the form of a key or token"),
    ):
        if tally.passed[kind]:
            certain = tally.backed[kind] > 0
            yield SensitiveFinding(column.name, kind, tally.passed[kind], tested, certain, evidence)


def _tally_integers(connection: DuckDBPyConnection, i: int) -> _Tally:
    tally = _Tally()
    ((high,),) = connection.execute(f"SELECT max(c{i}) FROM cells").fetchall()
    if high < 10**10:
        return tally
    for first in _strides(connection):
        part = connection.execute(
            f"SELECT c{i} AS c FROM cells WHERE rowid >= $1 AND rowid < $2 AND c{i} >= 10000000000",
            [first, first + _STRIDE],
        ).fetchnumpy()["c"]
        numbers = np.asarray(part, dtype=np.int64)
        for length in (11, 13, 16, 17, 18, 19):
            least, most = 10 ** (length - 1), min(10**length - 1, 2**63 - 1)
            some = numbers[(numbers >= least) & (numbers <= most)]
            if some.size:
                tally.take_numbers(identifiers.digits(some, length))
    return tally


def _tally_text(connection: DuckDBPyConnection, i: int) -> _Tally:
    tally = _Tally()
    ((candidates,),) = connection.execute(
        f"SELECT count(*) FROM cells WHERE regexp_matches(c{i}, $1)", [_GUARD]
    ).fetchall()
    if not candidates:
        return tally
    for first in _strides(connection):
        part = connection.execute(
            f"SELECT c{i} AS c, regexp_full_match(c{i}, $1) AS whole FROM cells"
            f" WHERE rowid >= $2 AND rowid < $3 AND regexp_matches(c{i}, $4)",
            [_WHOLE, first, first + _STRIDE, _GUARD],
        ).fetchnumpy()
        cells = np.ma.getdata(part["c"])
        whole = np.ma.getdata(part["whole"]).astype(bool)
        _take_whole(tally, cells[whole])
        for cell in cells[~whole]:
            tally.take_text(cell)
        tally.settle()
    return tally


def _take_whole(tally: _Tally, cells: Any) -> None:  # noqa: ANN401 - an array of texts
    if not cells.size:
        return
    lengths = np.fromiter(map(len, cells), dtype=np.int64, count=cells.size)
    for length in np.unique(lengths).tolist():
        tally.take_numbers(identifiers.matrix(cells[lengths == length], length))


def _strides(connection: DuckDBPyConnection) -> range:
    ((last,),) = connection.execute("SELECT max(rowid) FROM cells").fetchall()
    return range(0, last + 1, _STRIDE)


Verdict = tuple[SensitiveKind, bool, str] | None


def _resident(tally: _Tally, column: Column, tested: int) -> Verdict:
    kind = SensitiveKind.RESIDENT_ID
    tried, shaped, passed = tally.tried[kind], tally.shaped[kind], tally.passed[kind]
    named = header_suggests(column.name, kind)
    if not passed:
        # Masked, fifteen-digit or otherwise unverifiable numbers under a name that says it all.
        return (kind, False, "the column's name") if named and tested else None
    by_chance = chance(tried, passed, identifiers.RESIDENT_BY_CHANCE)
    if passed < shaped:
        # Numbers made of a region and a date that are something else pass one time in eleven.
        by_chance = max(by_chance, chance(shaped, passed, identifiers.CHECK_BY_CHANCE))
    if named:
        by_chance /= 100
    if by_chance >= REPORTED:
        return None
    evidence = f"{passed} of {tried} candidates pass province, date and check digit (GB 11643)"
    return kind, by_chance < CERTAIN, evidence


def _mobile(tally: _Tally, column: Column, tested: int) -> Verdict:
    kind = SensitiveKind.MOBILE
    tried, passed, backed = tally.tried[kind], tally.passed[kind], tally.backed[kind]
    if not passed or passed < NAME_SHARE * tried:
        return None
    evidence = f"{passed} of {tried} candidates have an assigned prefix"
    named = header_suggests(column.name, kind)
    most = passed >= 0.95 * tested and tested >= 20
    if most and len(tally.prefixes) < 5 and not named and not backed:
        return None  # a count or a frequency: all begin alike
    return kind, named or most or backed > 0, evidence


def _card(tally: _Tally, column: Column, tested: int) -> Verdict:  # noqa: ARG001 - one signature
    kind = SensitiveKind.BANK_CARD
    shaped, passed = tally.shaped[kind], tally.passed[kind]
    by_chance = chance(shaped, passed, identifiers.LUHN_BY_CHANCE)
    if header_suggests(column.name, kind):
        by_chance /= 1000
    if not passed or passed < NAME_SHARE * shaped or by_chance >= REPORTED:
        return None
    evidence = f"{passed} of {shaped} candidates with an issuer's prefix pass Luhn (ISO/IEC 7812)"
    return kind, by_chance < CERTAIN, evidence


def _credit_code(tally: _Tally, column: Column, tested: int) -> Verdict:  # noqa: ARG001 - one signature
    kind = SensitiveKind.CREDIT_CODE
    shaped, passed = tally.shaped[kind], tally.passed[kind]
    by_chance = chance(shaped, passed, 1 / 31)
    if not passed or passed < NAME_SHARE * shaped or by_chance >= CERTAIN * 1000:
        return None
    evidence = f"{passed} of {shaped} candidates pass the check character of GB 32100"
    return kind, by_chance < CERTAIN, evidence


def _people(
    connection: DuckDBPyConnection, i: int, column: Column, tested: int
) -> Iterator[SensitiveFinding]:
    """Judge a column by the share of its distinct values that are built as Chinese names are."""
    alike = f"regexp_matches(v, $1) AND NOT regexp_matches(v, '[{PLACE_ENDINGS}]$')"
    ((distinct, names, matched),) = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {alike}), sum(n) FILTER (WHERE {alike})"
        f" FROM (SELECT c{i} AS v, count(*) AS n FROM cells WHERE c{i} IS NOT NULL GROUP BY c{i})",
        [_PEOPLE],
    ).fetchall()
    named = header_suggests(column.name, SensitiveKind.PERSON_NAME)
    share = names / distinct if distinct else 0.0
    if share >= NAME_SHARE and (named or distinct >= 10):
        certain = named or (distinct >= 20 and share >= 0.7)
        evidence = f"{names} of {distinct} distinct values are built as Chinese names"
        kind = SensitiveKind.PERSON_NAME
        yield SensitiveFinding(column.name, kind, int(matched), tested, certain, evidence)
    elif named and _WESTERN_NAMED.search(column.name):
        kind = SensitiveKind.PERSON_NAME
        yield SensitiveFinding(column.name, kind, tested, tested, False, "the column's name")


def _addresses(
    connection: DuckDBPyConnection, i: int, column: Column, tested: int
) -> Iterator[SensitiveFinding]:
    ((matched,),) = connection.execute(
        f"SELECT count(*) FROM cells WHERE regexp_matches(c{i}, $1)", [_STREET]
    ).fetchall()
    if matched and (10 * matched >= tested or header_suggests(column.name, SensitiveKind.ADDRESS)):
        home = re.search(r"住址|家庭|home", column.name, re.IGNORECASE) is not None
        certain = home and matched >= NAME_SHARE * tested
        kind = SensitiveKind.ADDRESS
        yield SensitiveFinding(
            column.name, kind, matched, tested, certain, "the pattern of a Chinese postal address"
        )


def private_columns(found: Sequence[SensitiveFinding]) -> frozenset[str]:
    """Return the columns of which no value may be shown, not even the least or the greatest."""
    return frozenset(each.column for each in found)
