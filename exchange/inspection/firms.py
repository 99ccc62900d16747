"""Tables of firms: what in them may belong to a firm is asked about, not held for a person's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from exchange.inspection.lexicon import plain_header
from exchange.inspection.reader import Column
from exchange.profile import SensitiveFinding, SensitiveKind

IBAN: Final = "IBAN (ISO 13616)"  # begins the evidence of accounts that firms have as well
_FIRMS: Final = re.compile(
    r"企业|公司|单位名称|供应商|商户"
    r"|(^|_)(compan(y|ies)|firms?|corporation|legal_name|organi[sz]ation|supplier|vendor|merchant"
    r"|firma|firmenname|unternehmen|lieferant|entreprise|societe|raison_sociale|fournisseur"
    r"|empresa|razon_social|proveedor|azienda|societa|ragione_sociale|fornitore|bedrijf|leverancier"
    r"|fornecedor|firmanavn|foretag|spolka|przedsiebiorstwo|dostawca|nazwa_firmy|организация"
    r"|компания|предприятие|επιχειρηση|vat|vat_?(id|no|number)|ust_?id\w*)(_|$)"
)


def of_firms(columns: Iterable[Column]) -> bool:
    """Whether a table is about firms, by the name of some column."""
    return any(_FIRMS.search(plain_header(each.name)) for each in columns)


def asked_of_firms(
    columns: Iterable[Column], found: Iterable[SensitiveFinding]
) -> Iterator[SensitiveFinding]:
    """Yield the findings; accounts that firms have as well are not certain in a table of firms."""
    firms = of_firms(columns)
    for each in found:
        account = each.kind is SensitiveKind.BANK_CARD and each.evidence.startswith(IBAN)
        yield replace(each, certain=False) if firms and account else each
