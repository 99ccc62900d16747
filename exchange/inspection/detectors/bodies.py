"""States of bodies and templates of them: health, and biometrics (PIPL 28).

Health is judged by a column's header, in a table of persons: one with names, numbers or keys of
persons, or whose quasi-identifiers leave groups of fewer than ten.  A fish has a disease and a
gearbox a diagnosis.  A template of a face or a finger recognises its bearer whatever stands
beside it: header and values must both say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection.anonymity import RELEASE, anonymity, suggested_quasi_identifiers
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import (
    counts_many,
    header_suggests,
    names_other_being,
    names_person,
    plain_header,
)
from exchange.profile import PERSONAL_KINDS, SensitiveFinding, SensitiveKind

HEALTH, BIOMETRIC = SensitiveKind.HEALTH, SensitiveKind.BIOMETRIC
_ABOUT_PERSONS: Final = PERSONAL_KINDS - {HEALTH, BIOMETRIC}
_SHARE: Final = 0.5
_SAMPLE: Final = 500

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
# A fingerprint of a file is a digest; a code, a feature or a template is not.
_BARE: Final = re.compile(r"^(finger_?print|指纹)$")
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
        health = [each for each in named if header_suggests(each[1].name, HEALTH)]
        persons = health and about_persons(examined)
        for _, column, tested in health:
            if persons and not header_suggests(column.name, BIOMETRIC):
                yield SensitiveFinding(
                    column.name,
                    HEALTH,
                    tested,
                    tested,
                    certain=True,
                    evidence="the column's name, in a table of persons",
                )
        for i, column, tested in named:
            if header_suggests(column.name, BIOMETRIC):
                yield from self._template(examined, i, column.name, tested)

    def _template(
        self, examined: Examined, i: int, name: str, tested: int
    ) -> Iterator[SensitiveFinding]:
        cells = [str(cell).strip() for (cell,) in examined.sample([i], _SAMPLE) if cell is not None]
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
                certain=True,
                evidence="a header for a template of a body, and values of its form",
            )


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
