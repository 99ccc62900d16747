"""Mailboxes of persons (RFC 5321 in outline); those of offices and machines are nobody's.

A mailbox is an office's where its local part is a word for one (info@, service-desk@), and a
machine's where it is a number at a host that gives no mailboxes to the public: a message's own
identifier.  GB/T 35273-2020 appendix A lists personal mailboxes as personal information.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from exchange.inspection.cells import Cells, different, normal
from exchange.inspection.chances import Looks
from exchange.inspection.detector import Watch
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

_MAIL: Final = re.compile(
    r"(?<![A-Za-z0-9_.+%/-])(?P<box>[A-Za-z0-9_][A-Za-z0-9_.+%-]{0,63})\s?@\s?"
    r"(?P<host>(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})(?![A-Za-z0-9_-])"
)
# A user and a password before a host are credentials; a message's number stands in brackets.
_IN_ADDRESS: Final = re.compile(r"://[^\s/@]{0,100}$")
_PUBLIC: Final = re.compile(
    r"(^|\.)(qq|foxmail|163|126|139|189|yeah|sina|sohu|aliyun|wo|tom|21cn|gmail|googlemail|outlook"
    r"|hotmail|live|msn|yahoo|icloud|me|proton|protonmail|gmx|aol|mail|yandex|web|zoho)\.[a-z.]{2,8}$",
    re.IGNORECASE,
)
_BETWEEN_WORDS: Final = re.compile(r"[._%-]")
_HEXADECIMAL: Final = re.compile(r"(?=.*[0-9])[0-9a-f]{12,}")
_ROLE_WORDS: Final = """
abuse accounts admin administrator alert alerts api archive bot billing booking bookings
bureau careers commercial compliance contact contactus contracts crew customer
customercare customers customerservice daemon data datacenter datacentre datateam desk dev
dispatch distribution dpo duty editor editorial enquiries enquiry event events export
feedback finance forecast general hello help helpdesk hostmaster hotline hr info
information inquiries inquiry international it jobs lab legal library licensing logistics
mail mailer mailerdaemon mailing maintenance management marketing master media member
membership monitor monitoring news newsletter noc noreply donotreply notification
notifications nodc observatory office officer operation operations operator operators ops
order orders planning port portal postmaster press privacy procurement production products
project public publications purchase purchasing qa quality query radar reception registrar
registry report reporting reports research reservation reservations robot root safety
sales science secretariat secretary security sender server service servicedesk services
shipping shop staff station store subscribe subscription support sysadmin system team tech
technical ticket tickets tide tides training translation unsubscribe update updates user
users watch weather web webmaster work bgs bangongshi kefu fuwu xinxi lianxi yewu zhaopin
zonghe
ais coastguard harbor harbormaster harbour harbourmaster jrcc mrcc navarea navtex rcc vts
bewerbung buchhaltung buero einkauf hafenamt hafenmeister kontakt poststelle rechnung verkauf
vertrieb verwaltung accueil capitainerie comptabilite direction atencion capitania compras contacto
oficina secretaria ventas amministrazione capitaneria segreteria ufficio vendite biuro
kancelaria kapitanat sekretariat administratie havendienst inkoop kantoor verkoop
hamnkontor havnekontor kontor
"""
_ROLES: Final = frozenset(_ROLE_WORDS.split())
# Offices in pinyin that are names as well (信访 and 辛芳, 财务 and 蔡武): with a provider of
# mailboxes they are a person's.
_OFFICE_WORDS: Final = """
banshi bianjibu caigou caiwu caiwubu caiwuchu caiwuke cangku dangban dangzhengban duchadai fagai
fawu huiwu jiancha jiandu jianguan kuaiji lianluo renli renliziyuan renshi renshichu renshike
shouhou tousu tuanwei xiaoshou xinfang xinfangban xuanchuan zhaobiao zhaobiaoban zhiban zhibanshi
zongban zonghebu zonghechu zongheke
"""
_OFFICES: Final = frozenset(_OFFICE_WORDS.split())
_ENOUGH: Final = 200  # mailboxes, with which there is no doubt that others are


class MailboxDetector:
    """Finds mailboxes that are somebody's own."""

    name = "mailboxes"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts."""
        return MailboxWatch(column) if column.type is ColumnType.TEXT else None


class MailboxWatch:
    """Counts cells with mailboxes."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.looks = Looks()
        self.matched = 0
        self.embedded = 0

    def take(self, cells: Cells) -> None:
        """Look at the cells with an at sign, one by one until enough are found to be persons'."""
        holding = cells.containing(b"@")
        if not cells.ascii:
            wide = cells.containing("＠".encode())
            holding = different(holding, wide) if wide.size else holding
        # With thousands found one by one, the rest only adds to the count.
        for i in self.looks.choose(cells, holding, lambda: self.matched >= _ENOUGH):
            text = normal(cells.text(i))
            personal = [match for match in _MAIL.finditer(text) if is_personal(match)]
            if personal:
                alike = cells.stand_for(i)
                self.matched += alike
                self.embedded += alike * (len(text.strip()) > len(personal[0][0]) + 2)

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Report mailboxes of persons, however few: the shape leaves no doubt."""
        if not self.matched:
            return
        evidence = "mailboxes that are no office's"
        if self.looks.beyond:
            evidence += f", of {self.looks.at} looked at and {self.looks.beyond} alike"
        yield SensitiveFinding(
            self.column.name,
            SensitiveKind.EMAIL,
            self.looks.stand_for(self.matched),
            tested,
            certain=True,
            evidence=evidence,
            embedded=self.looks.stand_for(self.embedded),
        )


def is_personal(match: re.Match[str]) -> bool:
    """Whether a mailbox belongs to a person, as far as its name and host tell."""
    if match.start() and _IN_ADDRESS.search(match.string[: match.start()]):
        return False
    local, host = match["box"].lower(), match["host"]
    local = local.partition("+")[0]  # a tag tells what its owner sorts the mail by
    words = [word for word in _BETWEEN_WORDS.split(local) if word]
    if not words or set(words) & _ROLES or "".join(words) in _ROLES:
        return False
    if "noreply" in "".join(words):
        return False
    if _PUBLIC.search(host) is not None:
        return True
    if set(words) & _OFFICES or "".join(words) in _OFFICES:
        return False
    # A number or a long token at a host without public mailboxes is a message's or a machine's.
    letters = sum(each.isalpha() for each in local)
    return letters >= 2 and letters >= len(local) / 2 and not _is_token(local)


def _is_token(local: str) -> bool:
    long = len(local) >= 24 and re.search(r"[0-9]", local) is not None
    return long or _HEXADECIMAL.fullmatch(local) is not None
