"""Mailboxes: somebody's own, or an office's."""

from __future__ import annotations

from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)

MAIL = certain("email")

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "in capitals": str.upper,
    "with a name in front": lambda m: f"Li Wei <{m}>",
    "behind mailto": lambda m: f"mailto:{m}",
    "with spaces around": lambda m: f" {m} ",
    "with a tag": lambda m: m.replace("@", "+data@"),
}

_POSITIVE = (
    *(
        Case(
            f"personal mailboxes under {header}",
            "I-09: first name and surname at a host of private mailboxes",
            BLOCK,
            lambda d, header=header: {header: d.each(d.mailbox), "n": d.count()},  # type: ignore[misc]
            {header: MAIL},
        )
        for header in ("电子邮箱", "youxiang", "email", "contact", "c9", "website")
    ),
    *(
        Case(
            f"personal mailboxes {how}",
            "I-09: a mailbox once the spelling is undone",
            BLOCK,
            lambda d, write=write: {"mail": d.each(lambda: write(d.mailbox())), "n": d.count()},  # type: ignore[misc]
            {"mail": MAIL},
        )
        for how, write in _SPELLINGS.items()
    ),
    Case(
        "mailboxes made of QQ numbers",
        "I-09: a QQ number is its holder's account",
        BLOCK,
        lambda d: {"邮箱": d.each(lambda: f"{d.digits(9)}@qq.com"), "n": d.count()},
        {"邮箱": MAIL},
    ),
    Case(
        "mailboxes made of mobile numbers",
        "I-09: an account that is a mobile number as well",
        BLOCK,
        lambda d: {"邮箱": d.each(lambda: f"{d.mobile()}@163.com"), "n": d.count()},
        {"邮箱": certain("email", "mobile")},
    ),
    Case(
        "mailboxes of named members of a staff",
        "I-09: zhang.wei at an employer names Zhang Wei (GB/T 35273 appendix A)",
        BLOCK,
        lambda d: {"mail": d.each(lambda: f"{d.name_en().lower().replace(' ', '.')}@ouc.edu.cn")},
        {"mail": MAIL},
    ),
    Case(
        "personal mailboxes in one of ten cells among offices' ones",
        "I-09: a tenth of the column is personal, and a tenth is enough",
        BLOCK,
        lambda d: {"联系邮箱": d.mixed(d.mailbox, 0.1, d.role_mailbox), "n": d.count()},
        {"联系邮箱": MAIL},
        rows=600,
    ),
    Case(
        "personal mailboxes in a few filled cells",
        "I-09: what is filled is personal",
        BLOCK,
        lambda d: {"备用": d.sparse(d.mailbox, 0.03), "n": d.count()},
        {"备用": MAIL},
        rows=1_000,
    ),
    Case(
        "personal mailboxes in Parquet",
        "I-09: a mailbox in another format",
        BLOCK,
        lambda d: Made({"m": d.each(d.mailbox), "n": d.count()}, suffix=".parquet"),
        {"m": MAIL},
    ),
    Case(
        "mailboxes of which the middle is masked",
        "I-10: masked",
        ATTEST,
        lambda d: {"email": d.each(lambda: (m := d.mailbox())[:2] + "***" + m[m.index("@") :])},
        {"email": reported("email")},
    ),
)

_OFFICES = {
    "of harbours": ("vts", "harbour", "harbourmaster", "mrcc", "hafenamt", "capitainerie"),
    "in German": ("kontakt", "buero", "vertrieb", "poststelle", "verwaltung"),
    "in Spanish": ("contacto", "ventas", "oficina", "atencion", "compras"),
    "in French and Polish": ("accueil", "secretariat", "biuro", "sekretariat", "kancelaria"),
}

_CLEAN = (
    *(
        Case(
            f"mailboxes of offices {which}",
            "I-09: kontakt@ and vts@ are offices as info@ is",
            PASS,
            lambda d, boxes=boxes: {  # type: ignore[misc]
                "e": d.each(lambda: f"{d.of(boxes)}@port-{d.letters(5).lower()}.example"),
                "n": d.count(),
            },
        )
        for which, boxes in _OFFICES.items()
    ),
    Case(
        "mailboxes of offices",
        "I-09: info@ and service@ are offices and nobody's own mailbox",
        PASS,
        lambda d: {"email": d.each(d.role_mailbox), "n": d.count()},
    ),
    Case(
        "one office's mailbox in every row",
        "I-09: the contact of the publisher",
        PASS,
        lambda d: {"contact": d.each(lambda: "data@nmdis.org.cn"), "t": d.hours()},
    ),
    Case(
        "hosts of mail",
        "I-09: a host is no mailbox",
        PASS,
        lambda d: {"domain": d.each(lambda: d.of(["163.com", "qq.com", "ouc.edu.cn"]))},
    ),
    Case(
        "web addresses",
        "I-09: a page is no mailbox, though some carry an at sign",
        PASS,
        lambda d: {
            "url": d.each(lambda: f"https://data.sea.cn/@{d.hexadecimal(6)}/{d.whole(1, 99)}")
        },
    ),
    Case(
        "versions of packages",
        "I-09: numpy@2.4 has no host behind its at sign",
        PASS,
        lambda d: {"dep": d.each(lambda: f"numpy@{d.whole(1, 2)}.{d.whole(0, 9)}"), "n": d.count()},
    ),
    Case(
        "handles of accounts of organisations",
        "I-09: a handle without a host is no mailbox",
        PASS,
        lambda d: {
            "account": d.each(
                lambda: f"@{d.of(['ocean', 'tide', 'port'])}_{d.of(['news', 'watch'])}"
            )
        },
    ),
    Case(
        "numbers of messages",
        "I-10: 20240301@host is a message's own number in a log of machines",
        PASS,
        lambda d: {"message_id": d.each(lambda: f"<{d.hexadecimal(16)}@mx.buoy.example>")},
    ),
    Case(
        "numbers of mails sent",
        "I-10: how many were sent names nobody",
        PASS,
        lambda d: {"email_count": d.each(lambda: d.whole(0, 40)), "day": d.count()},
    ),
    Case(
        "mail addresses of robots",
        "I-09: noreply@ answers nobody",
        PASS,
        lambda d: {"from": d.each(lambda: f"{d.of(['noreply', 'alerts', 'no-reply'])}@buoy.cn")},
    ),
)

CASES = (*_POSITIVE, *_CLEAN)
