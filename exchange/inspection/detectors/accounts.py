"""Numbers of persons in somebody's books: of staff, pupils, patients, accounts and telephones.

They are personal data of whoever can be found by them (PIPL 4; GB/T 35273-2020 appendix A), and
nothing but a header or a form tells them from other numbers, so nothing here is certain.  In a
table that names persons for certain, or holds credentials, they add nothing, and one about
instruments or animals has numbers of its own.  The address of a network card names a device, and
somebody who goes about with it where the header says so, as in what probes of wireless networks
hear.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection import identifiers
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import (
    names_account,
    names_carrier,
    names_machine,
    names_other_being,
    names_person,
)
from exchange.profile import PERSONAL_KINDS, SensitiveFinding, SensitiveKind

DISTINCT_MIN: Final = 10  # fewer may be the parts of one machine
_SAMPLE: Final = 2_000
_SHARE: Final = 0.9
_ENOUGH: Final = PERSONAL_KINDS | {SensitiveKind.CREDENTIAL}
_IMEI: Final = re.compile(r"(?:01|35|86|99)[0-9]{13}")
_IMEI_LENGTH: Final = 15
_WECHAT: Final = re.compile(r"wxid_[a-z0-9]{6,20}")
_ADDRESS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]*:){2,7}[0-9a-fA-F]*")
_CARD: Final = re.compile(r"[0-9a-fA-F]{2}(?:([:-]?)[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


class AccountDetector:
    """Finds columns that tell persons apart though they name nobody."""

    name = "accounts"
    rank = 4  # after whoever finds persons for certain

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns in which nothing was found, where no other says who the persons are."""
        if any(each.certain and each.kind in _ENOUGH for each in examined.found):
            return
        if any(names_other_being(column.name) for column in examined.table.columns):
            return
        taken = {each.column for each in examined.found}
        for i, column, tested in examined.held():
            if column.name in taken:
                continue
            sample = (cell for (cell,) in examined.sample([i], _SAMPLE) if cell is not None)
            cells = {str(cell).strip() for cell in sample}
            evidence = _evidence(column.name, cells) if len(cells) >= DISTINCT_MIN else ""
            if evidence:
                yield SensitiveFinding(
                    column.name,
                    SensitiveKind.ACCOUNT,
                    tested,
                    tested,
                    certain=False,
                    evidence=evidence,
                )


def _evidence(header: str, cells: set[str]) -> str:
    if names_account(header):
        return "a header of what persons are told apart by"
    if _share(_WECHAT, cells) >= _SHARE:
        return "account names of a messenger"
    if names_person(header) and _share(_DIGEST, cells) >= _SHARE:
        return "digests, by which persons are told apart"
    return "" if names_machine(header) else _of_devices(header, cells)


def _of_devices(header: str, cells: set[str]) -> str:
    if _are_imei(cells):
        return "numbers of telephones, each with its check digit"
    if names_carrier(header) and _share(_CARD, cells) >= _SHARE:
        return "addresses of network cards that persons carry"
    if _share(_ADDRESS, cells) >= _SHARE and sum(map(_is_public, cells)) >= _SHARE * len(cells):
        return "public addresses of the internet"
    return ""


def _share(pattern: re.Pattern[str], cells: set[str]) -> float:
    return sum(pattern.fullmatch(cell) is not None for cell in cells) / len(cells)


def _are_imei(cells: set[str]) -> bool:
    """Whether all are International Mobile Equipment Identities (3GPP TS 23.003, Luhn)."""
    if not all(map(_IMEI.fullmatch, cells)):
        return False
    _, valid = identifiers.luhn(identifiers.matrix([*cells], _IMEI_LENGTH))
    return bool(valid.all())


def _is_public(cell: str) -> bool:
    try:
        return ipaddress.ip_address(cell).is_global
    except ValueError:
        return False
