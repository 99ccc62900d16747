"""Bank cards (ISO/IEC 7812: issuer and Luhn), credit codes (GB 32100) and other checked numbers."""

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
from tests.exchange.inspection.labelled.draw import USCC_ALPHABET, Draw, full_width, luhn

CARD = certain("bank_card")
CODE = certain("credit_code")


def _visa(d: Draw) -> str:
    body = "4" + d.digits(14)
    return body + luhn(body)


def _mastercard(d: Draw) -> str:
    body = d.of(["51", "52", "53", "54", "55"]) + d.digits(13)
    return body + luhn(body)


def _imei(d: Draw) -> str:
    body = d.of(["35", "86"]) + d.digits(12)
    return body + luhn(body)


def _iccid(d: Draw) -> str:
    body = "898600" + d.digits(12)
    return body + luhn(body)


def _isbn(d: Draw) -> str:
    body = "9787" + d.digits(8)
    total = sum(int(n) * (3 if place % 2 else 1) for place, n in enumerate(body))
    return body + str(-total % 10)


def _issn(d: Draw) -> str:
    body = d.digits(7)
    check = -sum(int(n) * (8 - place) for place, n in enumerate(body)) % 11
    return f"{body[:4]}-{body[4:]}{'X' if check == 10 else check}"


def _imo(d: Draw) -> str:
    body = d.digits(6)
    return f"IMO {body}{sum(int(n) * (7 - place) for place, n in enumerate(body)) % 10}"


def _container(d: Draw) -> str:
    values = {
        c: n
        for n, c in zip(
            (n for n in range(10, 39) if n % 11), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False
        )
    }
    body = d.letters(3) + "U" + d.digits(6)
    total = sum((values[c] if c.isalpha() else int(c)) << place for place, c in enumerate(body))
    return body + str(total % 11 % 10)


def _lei(d: Draw) -> str:
    body = "300300" + "".join(d.of("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(12))
    number = int("".join(str(int(each, 36)) for each in body + "00"))
    return f"{body}{98 - number % 97:02}"


def _random_code(d: Draw) -> str:
    return d.of("19") + d.of("123") + "".join(d.of(USCC_ALPHABET) for _ in range(16))


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "in groups of four": lambda n: " ".join(n[i : i + 4] for i in range(0, len(n), 4)),
    "with hyphens": lambda n: "-".join(n[i : i + 4] for i in range(0, len(n), 4)),
    "in full-width digits": full_width,
    "behind a label": lambda n: f"卡号：{n}",
}

_CARDS = (
    *(
        Case(
            f"bank cards of {length} digits under {header}",
            "I-09: issuer and Luhn hold in every cell, where chance gives one in a thousand",
            BLOCK,
            lambda d, header=header, length=length: {
                header: d.each(lambda: d.card(length)),
                "n": d.count(),
            },  # type: ignore[misc]
            {header: CARD},
        )
        for header in ("银行卡号", "kahao", "card_no", "account", "reading", "c4")
        for length in (16, 19)
    ),
    *(
        Case(
            f"bank cards {how}",
            "I-09: issuer and Luhn hold once the spelling is undone",
            BLOCK,
            lambda d, write=write: {"卡": d.each(lambda: write(d.card())), "n": d.count()},  # type: ignore[misc]
            {"卡": CARD},
        )
        for how, write in _SPELLINGS.items()
    ),
    Case(
        "Visa cards",
        "I-09: 4, sixteen digits and Luhn in every cell",
        BLOCK,
        lambda d: {"card": d.each(lambda: _visa(d)), "n": d.count()},
        {"card": CARD},
    ),
    Case(
        "Mastercard cards",
        "I-09: 51 to 55, sixteen digits and Luhn in every cell",
        BLOCK,
        lambda d: {"payment": d.each(lambda: _mastercard(d)), "n": d.count()},
        {"payment": CARD},
    ),
    Case(
        "bank cards of sixteen digits as integers in Parquet",
        "I-09: an integer of eight bytes holds every digit",
        BLOCK,
        lambda d: Made({"acct": d.each(lambda: int(d.card(16)))}, suffix=".parquet"),
        {"acct": CARD},
    ),
    Case(
        "bank cards of nineteen digits as integers in CSV",
        "I-09: nineteen digits that begin with 62 fit into 63 bits",
        BLOCK,
        lambda d: {"acct": d.each(lambda: int(d.card())), "n": d.count()},
        {"acct": CARD},
    ),
    Case(
        "bank cards in a fifth of an account column",
        "I-09: twenty per cent pass where chance gives one in a thousand",
        BLOCK,
        lambda d: {"收款账号": d.mixed(d.card, 0.2, lambda: d.digits(17)), "n": d.count()},
        {"收款账号": CARD},
        rows=1_000,
    ),
    Case(
        "bank cards of which the middle is masked",
        "I-10: masked; bank and last four digits are left",
        ATTEST,
        lambda d: {"银行卡号": d.each(lambda: (n := d.card())[:6] + "*********" + n[-4:])},
        {"银行卡号": reported("bank_card")},
    ),
    Case(
        "the last four digits of bank cards under their header",
        "I-10: masked to four digits under a header that says of what",
        ATTEST,
        lambda d: {"银行卡号": d.each(lambda: "****" + d.card()[-4:]), "n": d.count()},
        {"银行卡号": reported("bank_card")},
    ),
    Case(
        "a bank card column in which every Luhn digit is wrong",
        "I-10: header and check digit contradict each other",
        ATTEST,
        lambda d: {"银行卡号": d.each(d.wrong_card), "n": d.count()},
        {"银行卡号": reported("bank_card")},
    ),
    Case(
        "a bank card column that holds tokens",
        "I-10: header and values contradict each other",
        ATTEST,
        lambda d: {"银行卡号": d.each(lambda: "pay-" + d.hexadecimal(24)), "n": d.count()},
        {"银行卡号": reported("bank_card")},
    ),
)

_CODES = (
    *(
        Case(
            f"credit codes under {header}",
            "P-01: a company's public number (GB 32100), which is found and is nobody's secret",
            PASS,
            lambda d, header=header: {header: d.each(d.credit_code), "n": d.count()},  # type: ignore[misc]
            {header: CODE},
        )
        for header in ("统一社会信用代码", "uscc", "credit_code", "tax_no", "c1")
    ),
    Case(
        "credit codes in lower case",
        "P-01: GB 32100 holds in capitals, which is a matter of spelling",
        PASS,
        lambda d: {"信用代码": d.each(lambda: d.credit_code().lower()), "n": d.count()},
        {"信用代码": CODE},
    ),
    Case(
        "credit codes with the names of companies and their addresses",
        "I-09: a company is no natural person, and its seat is published",
        PASS,
        lambda d: {
            "企业名称": d.each(d.company),
            "统一社会信用代码": d.each(d.credit_code),
            "注册地址": d.each(
                lambda: (
                    f"{d.of(['青岛市', '上海市'])}{d.of(['松岭路', '临港大道'])}{d.whole(1, 300)}号"
                )
            ),
        },
        {"统一社会信用代码": CODE},
    ),
    Case(
        "credit codes among resident ids",
        "I-09: the column of sole buyers holds citizens beside companies",
        BLOCK,
        lambda d: {"买方证件": d.mixed(d.resident_id, 0.5, d.credit_code), "n": d.count()},
        {"买方证件": (certain("resident_id"), certain("credit_code"))},
    ),
    Case(
        "sole traders with their operators",
        "I-01: code 92 is a sole trader, and the operator is named",
        BLOCK,
        lambda d: {
            "统一社会信用代码": d.each(lambda: d.credit_code("92")),
            "经营者姓名": d.each(d.name),
        },
        {"统一社会信用代码": CODE, "经营者姓名": certain("person_name")},
    ),
    Case(
        "credit codes beside legal representatives",
        "I-01: the representative is a person, though the register publishes the name (I-17)",
        BLOCK,
        lambda d: {"uscc": d.each(d.credit_code), "法定代表人": d.each(d.name)},
        {"uscc": CODE, "法定代表人": certain("person_name")},
    ),
    Case(
        "eighteen random characters of the alphabet of credit codes",
        "P-01: one in a hundred passes GB 32100, as chance has it",
        PASS,
        lambda d: {"token": d.each(lambda: _random_code(d)), "n": d.count()},
        rows=2_000,
    ),
    Case(
        "random numbers of eighteen digits that begin with 91",
        "P-01: one in a hundred passes GB 32100, as chance has it",
        PASS,
        lambda d: {"number": d.each(lambda: "91" + d.digits(16)), "n": d.count()},
        rows=2_000,
    ),
)

_CLEAN = (
    *(
        Case(
            f"random serial numbers of {length} digits{words}",
            "I-09: Luhn holds in one of ten random numbers: the null, not evidence",
            PASS,
            lambda d, length=length, head=head: {
                "serial": d.each(lambda: head + d.digits(length - len(head))),
                "n": d.count(),
            },  # type: ignore[misc]
            rows=2_000,
        )
        for length in (16, 19)
        for head, words in (("", ""), ("62", " that begin with 62"), ("4", " that begin with 4"))
    ),
    Case(
        "serial numbers that begin with a bank's six digits",
        "I-09: the issuer fits by chance and Luhn in one of ten",
        PASS,
        lambda d: {"serial": d.each(lambda: "621700" + d.digits(13)), "n": d.count()},
        rows=2_000,
    ),
    Case(
        "serial numbers of nineteen digits as integers in Parquet",
        "I-09: Luhn holds in one of ten",
        PASS,
        lambda d: Made(
            {"serial": d.each(lambda: d.chance.randrange(10**18, 9 * 10**18))}, suffix=".parquet"
        ),
        rows=3_000,
    ),
    *(
        Case(
            name,
            f"I-09: {words}, checked by another rule than a card's or with another length",
            PASS,
            lambda d, make=make, header=header: {header: d.each(lambda: make(d)), "n": d.count()},  # type: ignore[misc]
        )
        for name, header, words, make in (
            (
                "IMEIs of the modems of buoys",
                "modem_imei",
                "fifteen digits with Luhn name a device",
                _imei,
            ),
            ("ICCIDs of the SIM cards of buoys", "iccid", "898600 is no bank", _iccid),
            ("ISBN numbers", "ISBN", "thirteen digits name a book", _isbn),
            (
                "ISBN numbers without a header that says so",
                "code",
                "thirteen digits name a book",
                _isbn,
            ),
            ("ISSN numbers", "issn", "eight digits name a journal", _issn),
            ("IMO numbers", "imo", "seven digits name a ship", _imo),
            ("container numbers", "箱号", "ISO 6346 names a box", _container),
            ("legal entity identifiers", "lei", "ISO 17442 names an entity", _lei),
            (
                "EAN bar codes of feed",
                "条码",
                "thirteen digits name goods",
                lambda d: "69" + d.digits(11),
            ),
            ("bills of lading", "bl_no", "a carrier's number", lambda d: f"COSU{d.digits(10)}"),
            (
                "tax invoices",
                "发票代码",
                "twelve digits name a form",
                lambda d: "0370024" + d.digits(5),
            ),
            (
                "parcels",
                "快递单号",
                "a courier's number of 12 digits",
                lambda d: "SF" + d.digits(13),
            ),
            (
                "permits of fishing vessels",
                "捕捞许可证",
                "a ship's licence",
                lambda d: f"(鲁)船捕(2024)HY-{d.digits(6)}号",
            ),
        )
    ),
)

CASES = (*_CARDS, *_CODES, *_CLEAN)
