"""States of bodies and templates of them: health, and biometrics (PIPL 28).

Health is judged by a column's header, in a table of persons: one with names, numbers or keys of
persons, or whose quasi-identifiers leave groups of fewer than ten.  A fish has a disease and a
gearbox a diagnosis.  What a body alone is or is tested for is asked about beside cards as well.  In
a table of persons health is judged by values, too, where most are disorders or drugs; and in texts
of which many are about one person each, which is certain where they name somebody, or a few in
which somebody is named, which is asked about.  Where samples are numbered and tested, a result
beside a neighbourhood is asked about.
A template of a face or a finger recognises its bearer whatever stands beside it: header and values
must both say so, or the values begin as ISO/IEC 19794 has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from exchange.inspection import ailments, foreign
from exchange.inspection.anonymity import RELEASE, anonymity, suggested_quasi_identifiers
from exchange.inspection.chances import spread
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import (
    counts_many,
    header_suggests,
    names_held,
    names_other_being,
    names_person,
    plain_header,
    tells_body,
)
from exchange.inspection.reader import Column
from exchange.profile import PERSONAL_KINDS, ColumnType, SensitiveFinding, SensitiveKind

HEALTH, BIOMETRIC = SensitiveKind.HEALTH, SensitiveKind.BIOMETRIC
_ABOUT_PERSONS: Final = PERSONAL_KINDS - {HEALTH, BIOMETRIC}
_SHARE: Final = 0.5
_SAMPLE: Final = 500
_FEW: Final = 64
_TOLD: Final = 0.2
_DIFFERENT_MIN: Final = 10
_TEXT_LENGTH: Final = 5  # characters of a cell on average; less is no running text
_RARELY: Final = 0.01  # of notes that name who is ill
_NAMED_MIN: Final = 5
_MOST: Final = 0.6
_VALUES_MIN: Final = 3

_MARKER: Final = re.compile(r"^rs[0-9]{3,}$|基因型|genotype|(^|_)snp(_|$)")
_ALLELES: Final = re.compile(
    r"[ACGTDI-]\s*[/|,]?\s*[ACGTDI-]|[01][/|][01]|[ACGT]{1,2}", re.IGNORECASE
)
_SEQUENCE: Final = re.compile(r"[ACGTN]{20,}", re.IGNORECASE)
# A vector of numbers, or bytes in base64 or hexadecimal: what a template is written as.
_TEMPLATE: Final = re.compile(
    r"[\[(]?\s*-?[0-9.]+([eE]-?[0-9]+)?(\s*[,;\s]\s*-?[0-9.]+([eE]-?[0-9]+)?){3,}.*"
    r"|[A-Za-z0-9+/_=-]{24,}|\S+\.(jpe?g|png|bmp|wav|mp3)|(data:image|https?:).*",
    re.DOTALL,
)
_DIGEST_LENGTHS: Final = frozenset({32, 40, 64, 128})
# fp is a fingerprint, and as well a point that floats.
_FINGER: Final = re.compile(r"(^|_)fp_?(templates?|tpl|features?|minutiae?)(_|$)")
# A fingerprint of a file is a digest; a code, a feature or a template is not.
_BARE: Final = re.compile(r"^(finger_?print|指纹)$")
# Records of fingers, irises, faces and veins begin with three letters and a zero, here in base64
# or in hexadecimal digits.
_RECORD: Final = re.compile(
    r"(?:Rk1S|RklS|SUlS|RkFD|VklS|VkFN)A[A-Za-z0-9+/_=-]{20,}"
    r"|(?:464d52|464952|494952|464143|564952)00[0-9a-f]{20,}",
    re.IGNORECASE,
)
_TEMPLATES: Final = re.compile(
    r"特征|模板|(^|_)(templates?|features?|embedding|encoding|vector|code|vorlage|gabarit|plantilla"
    r"|modello|szablon)(_|$)"
)
_PART: Final = re.compile(
    r"手指|指位|指纹|虹膜|人脸|掌纹|(^|_)(fingers?|finger_(no|pos\w*|index)|thumb|iris|eye|minutia\w*|nfiq"
    r"|palm|finger_?print|doigt|empreinte|dedo|huella|dito|impronta|palec|vinger|augen?)(_|$)"
)
_FINGERS: Final = re.compile(
    r"(?:(?:left|right|l|r)[ _-])?(?:thumb|index|middle|ring|little|pinky)(?:[ _-]finger)?"
    r"|(?:left|right)[ _-](?:eye|iris|palm)|[左右手]{0,2}(?:拇|食|中|无名|小)指",
    re.IGNORECASE,
)
_OUTCOME: Final = re.compile(
    r"[弱强]?[阳阴]性|可疑|待复检|positi[vf][eo]?|n[eé]gati[vf][eo]?|inconclusive|pos|neg"
    r"|(?:not |non-?)?(?:detected|reactive)",
    re.IGNORECASE,
)
_SAMPLED: Final = re.compile(
    r"采样|核酸|抗原|咽拭|混管|(^|_)(sample|swab|specimen|probe|pcr|antigen|test)(_?(id|no|number|nr))?(_|$)"
)
_NEIGHBOURHOOD: Final = re.compile(
    r"小区|社区|居委|楼栋|门牌|住址|居住|(^|_)(neighbou?rhood|household|residence|estate|home)(_|$)"
)
# Vectors that programs make of a face or a voice are so wide.
_WIDTHS: Final = frozenset({64, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1_024})
_NUMBERED: Final = re.compile(
    r"((?![_0-9])(?:(?:face|facial|voice|speaker|iris|finger|palm|gait|fp)s?_?)?"
    r"(?:f|feat|features?|e|emb|embeddings?|enc|encoding|v|vec|vector|d|dim|x|q)?)_?[0-9]+"
)
_FACE_KEY: Final = re.compile(r"^人员|(^|_)(pid|fid|face_id|speaker(_id)?|identity)(_|$)")
_LOOKED_AT: Final = 8  # of its numbers, in some rows
_FAR: Final = 100
_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]+")


class BodyDetector:
    """Finds columns of health and of biometric templates."""

    name = "bodies"
    rank = 3

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge the columns whose headers speak of bodies."""
        named = [
            (i, column, tested)
            for i, column, tested in examined.held()
            if not any(each.column == column.name and each.certain for each in examined.found)
        ]
        health = [
            each
            for each in named
            if header_suggests(each[1].name, HEALTH) or tells_body(each[1].name)
        ]
        persons = health and about_persons(examined)
        carded = health and not persons and self._carded(examined)
        for _, column, tested in health:
            if header_suggests(column.name, BIOMETRIC):
                continue
            if persons or (carded and tells_body(column.name)):
                yield SensitiveFinding(
                    column.name,
                    HEALTH,
                    tested,
                    tested,
                    certain=bool(persons),
                    evidence="the column's name, in a table of persons"
                    if persons
                    else "the column's name, beside cards that persons may have",
                )
        if not health:
            yield from self._results(examined)
        yield from self._told(examined, [x for x in named if not persons or x not in health])
        yield from self._vectors(examined)
        for i, column, tested in named:
            if header_suggests(column.name, BIOMETRIC):
                yield from self._template(examined, i, column.name, tested)
            elif column.type is ColumnType.TEXT and _FINGER.search(plain_header(column.name)):
                sure = about_persons(examined)
                yield from self._template(examined, i, column.name, tested, certain=sure)
            elif column.type is ColumnType.TEXT and self._recorded(examined, i, column.name):
                yield SensitiveFinding(
                    column.name,
                    BIOMETRIC,
                    tested,
                    tested,
                    certain=True,
                    evidence="templates of a body, by their first bytes or by what stands beside",
                )

    def _carded(self, examined: Examined) -> bool:
        """Whether cards or accounts tell the rows apart, and neither counts nor animals do."""
        names = [column.name for _, column, _ in examined.held()]
        if any(counts_many(x) or names_other_being(x) for x in names):
            return False
        return any(map(names_held, names))

    def _told(
        self, examined: Examined, columns: Sequence[tuple[int, Column, int]]
    ) -> Iterator[SensitiveFinding]:
        """Report disorders and drugs in values of a table of persons, and in texts about one."""
        if any(names_other_being(column.name) for column in examined.table.columns):
            return
        for i, column, tested in columns:
            if column.type is not ColumnType.TEXT:
                continue
            cells = [str(x).strip() for x in examined.cells(i, _SAMPLE)]
            few = spread(cells, _FEW)
            if not any(map(ailments.tells_ailment, few)):
                yield from self._named_sick(examined, i, column.name, tested)
                continue
            told = [cell for cell in cells if ailments.tells_of_one(cell)]
            if len(told) >= _TOLD * len(cells) and len(set(told)) >= _DIFFERENT_MIN:
                certain = sum(map(foreign.names_titled, told)) >= _TOLD * len(cells)
                yield _health(column.name, len(told) / len(cells), tested, certain=certain)
                continue
            values = set(cells)
            ailing = sum(map(ailments.tells_ailment, values))
            if ailing >= max(_VALUES_MIN, _MOST * len(values)) and about_persons(examined):
                yield _health(column.name, ailing / len(values), tested, certain=True)
            else:
                yield from self._named_sick(examined, i, column.name, tested)

    def _named_sick(
        self, examined: Examined, i: int, name: str, tested: int
    ) -> Iterator[SensitiveFinding]:
        """Report a few notes among many in which a disorder struck somebody who is named."""
        cells = examined.texts(i)
        if sum(map(len, cells)) < _TEXT_LENGTH * len(cells):
            return
        told = ailments.tells_of_named(cells)
        if len(told) >= _RARELY * len(cells) and len(set(told)) >= _NAMED_MIN:
            yield _health(name, len(told) / len(cells), tested, certain=False)

    def _vectors(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Report vectors of persons that stand in a column a number, as programs write faces."""
        held = [(i, column) for i, column, _ in examined.held()]
        numbered: dict[str, list[int]] = {}
        for i, column in held:
            found = _NUMBERED.fullmatch(plain_header(column.name))
            if found and column.type is ColumnType.DECIMAL:
                numbered.setdefault(found[1], []).append(i)
        widest = max(numbered.values(), key=len, default=[])
        if len(widest) not in _WIDTHS or not any(_names_one(x.name) for _, x in held):
            return
        rows = examined.sample(widest[:: len(widest) // _LOOKED_AT], _FEW)
        told = [[float(str(cell)) for cell in row if cell is not None] for row in rows]
        # Eight numbers of a vector may have one sign by chance; those of sixty rows do not.
        either = sum(min(each, default=0) < 0 < max(each, default=0) for each in told)
        if either < _MOST * len(told) or any(max(each, default=0) > _FAR for each in told):
            return
        for i in widest:
            yield SensitiveFinding(
                examined.table.columns[i].name,
                BIOMETRIC,
                examined.present[i],
                examined.present[i],
                certain=False,
                evidence=f"a vector of {len(widest)} numbers of each person",
            )

    def _results(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Report the results of tests of numbered samples, beside where somebody lives."""
        plain = [plain_header(column.name) for _, column, _ in examined.held()]
        if not any(map(_SAMPLED.search, plain)) or not any(map(_NEIGHBOURHOOD.search, plain)):
            return
        for i, column, tested in examined.held():
            cells = [str(x).strip() for x in examined.cells(i, _SAMPLE)]
            if cells and all(map(_OUTCOME.fullmatch, cells)):
                yield SensitiveFinding(
                    column.name,
                    HEALTH,
                    tested,
                    tested,
                    certain=False,
                    evidence="results of tests, beside where whoever was tested lives",
                )

    def _recorded(self, examined: Examined, i: int, name: str) -> bool:
        """Whether a column of text holds records of a standard, or templates of what is beside."""
        cells = [text.strip() for text in examined.texts(i, _SAMPLE)]
        if sum(map(bool, map(_RECORD.fullmatch, cells))) >= _SHARE * len(cells) > 0:
            return True
        if not _TEMPLATES.search(plain_header(name)):
            return False
        beside = any(
            _PART.search(plain_header(column.name)) or self._fingers(examined, j)
            for j, column, _ in examined.held()
            if j != i
        )
        alike = sum(
            _TEMPLATE.fullmatch(cell) is not None and not _is_digest(cell) for cell in cells
        )
        return beside and alike >= _SHARE * len(cells)

    def _fingers(self, examined: Examined, i: int) -> bool:
        cells = {text.strip() for text in examined.texts(i, _SAMPLE)}
        return bool(cells) and all(map(_FINGERS.fullmatch, cells))

    def _template(
        self, examined: Examined, i: int, name: str, tested: int, *, certain: bool = True
    ) -> Iterator[SensitiveFinding]:
        cells = [text.strip() for text in examined.texts(i, _SAMPLE)]
        plain = plain_header(name)
        if _MARKER.search(plain):
            alike = sum(bool(_ALLELES.fullmatch(c) or _SEQUENCE.fullmatch(c)) for c in cells)
            others = any(names_other_being(each.name) for each in examined.table.columns)
            # rs numbers are of the human genome alone (dbSNP).
            if others or not (plain.startswith("rs") or about_persons(examined)):
                return
        else:
            bare = _BARE.search(plain) is not None
            alike = sum(
                bool(_TEMPLATE.fullmatch(cell)) and not (bare and _is_digest(cell))
                for cell in cells
            )
        if alike >= _SHARE * len(cells) and cells:
            yield SensitiveFinding(
                name,
                BIOMETRIC,
                tested,
                tested,
                certain=certain,
                evidence="a header for a template of a body, and values of its form",
            )


def _names_one(header: str) -> bool:
    return names_person(header) or _FACE_KEY.search(plain_header(header)) is not None


def _health(name: str, share: float, tested: int, *, certain: bool) -> SensitiveFinding:
    matched = round(share * tested)
    evidence = "disorders or drugs, by words of several languages"
    return SensitiveFinding(name, HEALTH, matched, tested, certain, evidence)


def _is_digest(cell: str) -> bool:
    return len(cell) in _DIGEST_LENGTHS and _HEXADECIMAL.fullmatch(cell) is not None


def about_persons(examined: Examined) -> bool:
    """Whether a row of the table is about a person who can be told from others."""
    if any(
        each.kind in _ABOUT_PERSONS and each.certain and each.column != "(metadata)"
        for each in examined.found
    ):
        return True
    columns = [column for _, column, _ in examined.held()]
    if any(counts_many(each.name) for each in columns):
        return False
    if any(names_person(each.name) for each in columns):
        return True
    quasi = suggested_quasi_identifiers(columns)
    if not quasi:
        return False
    groups = anonymity(examined.connection, examined.table, quasi, declared=False)
    return groups.k < RELEASE
