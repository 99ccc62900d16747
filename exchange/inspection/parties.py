"""Persons among firms: who pays, owns or is sued, where most of those are companies.

A short name such as 方正 is a firm's as often as a person's.  So it takes several different names
with given names that parents give, some of them of three characters, and firms by the words that
firms' names end in nearly everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from exchange.inspection import persons
from exchange.inspection.chances import spread

_FIRM: Final = re.compile(
    r".{2,}(?:公司|集团|[厂店铺行社所局处站部馆院园]|中心|超市|商行|银行|学校|大学|医院|协会|学会|委员会|居委会|村委会"
    r"|合作社|基金|基金会|联社|企业|工作室|码头|总会|政府|法院)(?:[(（].*[)）])?"
    r"|.+\b(?:inc|ltd|llc|llp|plc|corp|corporation|company|co|gmbh|ag|kg|ohg|ug|sa|sarl|sas|srl|spa|bv"
    r"|nv|ab|oy|as|aps|kft|sro|limited|group|holdings?|partners|bank|university|institute"
    r"|foundation|trust)\.?\)?",
    re.IGNORECASE,
)
# As long as a name, whose surname or given name may be a rare one.
_SHORT: Final = re.compile("[\u4e00-\u9fff]{2,3}")
_PERSONS_MIN: Final = 5
_SHARE: Final = 0.03  # of the different parties
_TOGETHER: Final = 0.9  # of them that may be persons or firms
_LONG: Final = 3  # characters of a name
_LONG_SHARE: Final = 0.25  # of the persons


def persons_among(parties: Collection[str]) -> frozenset[str]:
    """Return which of some different parties are persons; none where the others are not firms."""
    few = spread(list(parties))
    if 2 * sum(map(_is_firm, few)) < len(few) - sum(map(_may_be, few)):
        return frozenset()
    named = frozenset(party for party in parties if _is_somebody(party))
    firms = sum(map(_is_firm, parties))
    others = sum(_may_be(party) and not _is_firm(party) for party in parties)
    if len(named) < max(_PERSONS_MIN, _SHARE * len(parties)):
        return frozenset()
    if not firms or others + firms < _TOGETHER * len(parties):
        return frozenset()
    long = sum(len(name) >= _LONG for name in named)
    return named if long >= _LONG_SHARE * len(named) else frozenset()


def _is_firm(party: str) -> bool:
    return _FIRM.fullmatch(party) is not None


def _may_be(party: str) -> bool:
    return _SHORT.fullmatch(party) is not None or persons.is_person(party)


def _is_somebody(party: str) -> bool:
    return persons.is_person(party) and not _is_firm(party)
