"""Numbers of persons in somebody's books: of staff, pupils, patients, accounts and telephones.

They are personal data of whoever can be found by them (PIPL 4; GB/T 35273-2020 appendix A), and
nothing but a header or a form tells them from other numbers, so nothing here is certain.  In a
table that names persons for certain, or holds credentials, they add nothing, and one about
instruments or animals has numbers of its own.  The address of a network card names a device, and
somebody who goes about with it where the header says so, or where times stand beside it and how it
was heard, as by probes of wireless networks; a list of devices has neither.  A SIM card is
somebody's beside a plan or what was paid for it, an "id_no" is beside a sex or a birth, and a key
of persons beside what somebody believes, is a member of or owes.
Papers of officers and soldiers are known by their form, licences to drive by their header.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection import identifiers
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import (
    may_be_time,
    names_account,
    names_carrier,
    names_machine,
    names_network_card,
    names_other_being,
    names_person,
    plain_header,
    quasi_human,
    quasi_sex,
    says_nothing,
    tells_belief,
)
from exchange.profile import PERSONAL_KINDS, ColumnType, SensitiveFinding, SensitiveKind

DISTINCT_MIN: Final = 10  # fewer may be the parts of one machine
_SAMPLE: Final = 2_000
_SHARE: Final = 0.9
_ENOUGH: Final = PERSONAL_KINDS | {SensitiveKind.CREDENTIAL}
_IMEI: Final = re.compile(r"(?:01|35|86|99)[0-9]{13}")
_IMEI_LENGTH: Final = 15
# A release of a program in four parts reads as an address of the internet does.
_VERSION: Final = re.compile(
    r"版本|固件|(^|_)(version|ver|release|build|firmware|revision|oid)(_|$)"
)
# What officers and soldiers carry, of whatever service: deeds and letters have other heads.
_SOLDIER: Final = re.compile(
    r"[军士兵文警武政后参装联南北东西中海空火战济沈兰广成京][军部兵警职]?字第?[0-9]{6,8}号?"
)
_WECHAT: Final = re.compile(r"wxid_[a-z0-9]{6,20}")
_ADDRESS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?:[0-9a-fA-F]*:){2,7}[0-9a-fA-F]*")
_CARD: Final = re.compile(r"[0-9a-fA-F]{2}(?:([:-]?)[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}")
_DEVICE: Final = re.compile(r"(^|_)(device|gerat|appareil|dispositivo)(_|$)|设备|终端")
_HEARD: Final = re.compile(
    r"热点|基站|信号|探针|(^|_)(ap|aps|access_?points?|ap_(name|id|mac)|e?ssid|bssid|rssi|signal"
    r"|signal_strength|dbm|snr|probe|sniffer|scanner|beacon|hotspot|zugangspunkt|borne|punto_acceso"
    r"|dwell\w*|stay(_.*)?)(_|$)|停留|驻留"
)
# Where telephones are heard and nobody's instruments hang.
_SHOP: Final = re.compile(r"店|商铺|展厅|商场|(^|_)(shop|store|mall|poi)s?(_|$)")
_WEAKEST, _STRONGEST = -120, -15  # dBm
_CREDIT: Final = re.compile(
    r"征信|信用评?分|逾期|违约|(^|_)(credit_?(score|rating|bureau)|fico|schufa|bonitat|default(ed)?"
    r"|delinquen\w*|overdue|days_past_due|dpd|score_credit|riesgo_crediticio)(_|$)"
)
_TRIP: Final = re.compile(
    r"进站|出站|上车|下车|闸机|(^|_)((in|out|entry|exit|board(ing)?|alight(ing)?|orig(in)?|dest(ination)?)"
    r"_?(station|stop)|tap(_?(in|out))?|turnstile)(_|$)"
)
_SIM_KEY: Final = re.compile(r"iccid|(^|_)sim(_?(id|no|num|number|card|serial))?(_|$)|sim卡")
_SIM: Final = re.compile("89[0-9]{16,17}[0-9A-Fa-f]{0,2}")
_SUBSCRIBED: Final = re.compile(
    r"套餐|资费|开卡|开户|激活|充值|余额|实名|(^|_)(plan|tariff|bundle|top_?ups?|recharge(d|s)?|balance|prepaid"
    r"|postpaid|activat(ed|ion)\w*|airtime|subscri\w*)(_|$)"
)
_ID_KEY: Final = re.compile(r"(^|_)id_?(no|num|number)$")
_CARD_KEY: Final = re.compile(r"卡(号|_?id)?$|(^|_)card(_?(id|no|num|number))?$")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")


class AccountDetector:
    """Finds columns that tell persons apart though they name nobody."""

    name = "accounts"
    rank = 4  # after whoever finds persons for certain

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge columns in which nothing was found, where no other says who the persons are."""
        if any(each.certain and each.kind in _ENOUGH for each in examined.found):
            return
        # Where a card was read is a station, and the card is somebody's.
        names = [plain_header(column.name) for column in examined.table.columns]
        beings = [x for x in names if names_other_being(x) and not _TRIP.search(x)]
        heard_in_shops = bool(beings) and all(map(_SHOP.search, beings))
        if beings and not heard_in_shops:
            return
        taken = {each.column for each in examined.found}
        beside = _Beside(examined)
        for i, column, tested in examined.held():
            if column.name in taken or (heard_in_shops and not names_network_card(column.name)):
                continue
            sample = examined.cells(i, _SAMPLE)
            cells = {str(cell).strip() for cell in sample}
            enough = len(cells) >= DISTINCT_MIN
            evidence = _evidence(column.name, cells, beside) if enough else ""
            if evidence:
                yield SensitiveFinding(
                    column.name,
                    SensitiveKind.ACCOUNT,
                    tested,
                    tested,
                    certain=False,
                    evidence=evidence,
                )


class _Beside:
    """What else stands in the rows: times, machines, credit, trips, how something was heard."""

    def __init__(self, examined: Examined) -> None:
        columns = [column for _, column, _ in examined.held()]
        self._examined = examined
        self._names = [plain_header(column.name) for column in columns]
        self.timed = any(may_be_time(x.name) or x.type is ColumnType.TIMESTAMP for x in columns)
        self.machines = any(map(names_machine, self._names))
        self.credit = any(map(_CREDIT.search, self._names))
        self.belief = any(map(tells_belief, self._names))
        self.trips = self.timed and any(map(_TRIP.search, self._names))
        self.subscribed = any(_SUBSCRIBED.search(x) or names_person(x) for x in self._names)
        self.human = any(quasi_sex(x) or quasi_human(x) for x in self._names)

    def heard(self) -> bool:
        """Whether some column says how something was heard, and when it was stands beside."""
        named = any(map(_HEARD.search, self._names))
        return self.timed and (named or _strengths(self._examined))


def _strengths(examined: Examined) -> bool:
    """Whether some column holds strengths of a signal: whole numbers of dBm."""
    for i, column, _ in examined.held():
        if column.type is ColumnType.INTEGER and says_nothing(column.name):
            cells = [int(str(cell)) for cell in examined.cells(i, _SAMPLE)]
            if all(_WEAKEST <= cell <= _STRONGEST for cell in cells):
                return True
    return False


def _evidence(header: str, cells: set[str], beside: _Beside) -> str:
    if names_account(header):
        return "a header of what persons are told apart by"
    known = _known_beside(header, cells, beside)
    if known:
        return known
    if _share(_SOLDIER, cells) >= _SHARE:
        return "papers of officers and soldiers"
    if _share(_WECHAT, cells) >= _SHARE:
        return "account names of a messenger"
    if names_person(header) and _share(_DIGEST, cells) >= _SHARE:
        return "digests, by which persons are told apart"
    return "" if names_machine(header) else _of_devices(header, cells, beside)


def _known_beside(header: str, cells: set[str], beside: _Beside) -> str:
    """Return why a number is somebody's, by what stands beside it; nothing where it is not."""
    plain = plain_header(header)
    if beside.trips and _CARD_KEY.search(plain):
        return "a card, beside where it was read"
    if beside.human and _ID_KEY.search(plain):
        return "a number of somebody whose sex, birth or trade stands beside it"
    if beside.subscribed and _SIM_KEY.search(plain) and _share(_SIM, cells) >= _SHARE:
        return "SIM cards of subscribers"
    if beside.credit and names_person(header):
        return "who is known by a number, beside what somebody owes"
    if beside.belief and names_person(header):
        return "who is known by a number, beside what somebody believes or is a member of"
    return ""


def _of_devices(header: str, cells: set[str], beside: _Beside) -> str:
    if _are_imei(cells):
        return "numbers of telephones, each with its check digit"
    may_be = names_carrier(header) or _may_be_card(header)
    if may_be and _share(_CARD, cells) >= _SHARE and (names_carrier(header) or beside.heard()):
        return "addresses of network cards that persons carry"
    if _VERSION.search(plain_header(header)):
        return ""
    # Servers that are listed, and whoever came to one at some time.
    if beside.machines and not beside.timed and not names_carrier(header):
        return ""
    if _share(_ADDRESS, cells) >= _SHARE and sum(map(_is_public, cells)) >= _SHARE * len(cells):
        return "public addresses of the internet"
    return ""


def _may_be_card(header: str) -> bool:
    named = names_network_card(header) or _DEVICE.search(plain_header(header)) is not None
    return named or says_nothing(header)


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
