"""Persons of other states: national numbers, accounts and telephones, in their own spellings.

Labelled from I-09 and I-10 before there was a detector for any of them.  A check digit or a form
that nothing else has proves a number in whatever column it stands; digits alone that one check
in ten or eleven passes prove it under a header that says so, and are asked about without one.
The check digits are worked out here from the words of each state's rule, not with the exchange's
code, and compared with python-stdnum in the test of this corpus.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Final

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Label,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

NATIONAL, MAYBE_NATIONAL = certain("national_id"), reported("national_id")
ACCOUNT, MAYBE_ACCOUNT = certain("bank_card"), reported("bank_card")
PHONE, MAYBE_PHONE = certain("mobile"), reported("mobile")

Value = Callable[[Draw], Cell]
_ANY: Final = string.digits
_CAPITALS: Final = string.ascii_uppercase


def digits(d: Draw, length: int) -> str:
    """Draw so many digits, the first of which may be 0."""
    return d.digits(length, _ANY)


def born(d: Draw, form: str = "%y%m%d", first: int = 1940, last: int = 1999) -> str:
    """Draw somebody's day of birth."""
    return format(d.day(first, last), form)


def steuer_id(d: Draw) -> str:
    """Draw a German tax number: one digit twice among ten, ISO 7064 MOD 11,10."""
    while True:
        body = d.digits(10)
        if len(set(body)) == 9:
            break
    product = 10
    for each in body:
        total = (int(each) + product) % 10 or 10
        product = total * 2 % 11
    return body + str((11 - product) % 10)


def nir(d: Draw) -> str:
    """Draw a French number of social security with its key, 97 less the remainder."""
    body = (
        f"{d.whole(1, 2)}{born(d, '%y%m')}{d.whole(1, 95):02}{d.whole(1, 900):03}"
        f"{d.whole(1, 999):03}"
    )
    return f"{body}{97 - int(body) % 97:02}"


def dni(d: Draw) -> str:
    """Draw a Spanish identity number: its letter stands for the remainder by 23."""
    number = d.whole(10_000_000, 99_999_999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def nie(d: Draw) -> str:
    """Draw a Spanish number of a foreigner: X, Y or Z for 0, 1 or 2 before seven digits."""
    first, rest = d.whole(0, 2), digits(d, 7)
    return f"{'XYZ'[first]}{rest}{'TRWAGMYFPDXBNJZSQVHLCKE'[int(f'{first}{rest}') % 23]}"


def pesel(d: Draw) -> str:
    """Draw a Polish number: 20 is added to the month of whoever was born from 2000 on."""
    day = d.day(1940, 2005)
    month = day.month + (20 if day.year >= 2000 else 0)
    body = f"{day.year % 100:02}{month:02}{day.day:02}{digits(d, 4)}"
    total = sum(int(a) * b for a, b in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return body + str(-total % 10)


_ODD: Final = dict(
    zip(
        _ANY + _CAPITALS,
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10),
            *(22, 25, 24, 23),
        ),
        strict=True,
    )
)


def codice_fiscale(d: Draw) -> str:
    """Draw an Italian code: consonants, year, month, day (and 40 for women), town, letter."""
    consonants = "".join(d.of("BCDFGLMNPRSTVZ") for _ in range(6))
    day = d.whole(1, 28) + 40 * d.whole(0, 1)
    month = d.of("ABCDEHLMPRST")
    body = f"{consonants}{d.whole(40, 99)}{month}{day:02}{d.of('ABCDEFGH')}{d.whole(1, 999):03}"
    total = sum(
        _ODD[each]
        if place % 2 == 0
        else (_ANY + _CAPITALS).index(each) % 10
        if each in _ANY
        else _CAPITALS.index(each)
        for place, each in enumerate(body)
    )
    return body + _CAPITALS[total % 26]


def bsn(d: Draw) -> str:
    """Draw a Dutch number that passes the test of eleven: weights 9 to 2 and -1."""
    while True:
        body = d.digits(8)
        last = sum(int(a) * b for a, b in zip(body, range(9, 1, -1), strict=True)) % 11
        if last < 10:
            return body + str(last)


def nino(d: Draw) -> str:
    """Draw a British number of national insurance, which has no check digit."""
    return d.of(["AB", "CE", "JK", "NR", "PT"]) + digits(d, 6) + d.of("ABCD")


def luhn(body: str) -> str:
    """Return the number with its Luhn digit."""
    doubled = (int(each) * (2 - place % 2) for place, each in enumerate(reversed(body)))
    return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


def personnummer(d: Draw) -> str:
    """Draw a Swedish number with the hyphen of those below a hundred years."""
    number = luhn(born(d) + digits(d, 3))
    return f"{number[:6]}-{number[6:]}"


def belgian(d: Draw) -> str:
    """Draw a Belgian number of somebody born before 2000, with its points."""
    body = f"{born(d)}{d.whole(1, 997):03}"
    return f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{97 - int(body) % 97:02}"


def ahv(d: Draw) -> str:
    """Draw a Swiss number of social insurance: 756, and the check digit of an EAN-13."""
    body = "756" + digits(d, 9)
    total = sum(int(each) * (3 if place % 2 else 1) for place, each in enumerate(body))
    number = body + str(-total % 10)
    return f"{number[:3]}.{number[3:7]}.{number[7:11]}.{number[11:]}"


def loose_ahv(d: Draw) -> str:
    """Draw one whose check digit nobody worked out."""
    return f"756.{digits(d, 4)}.{digits(d, 4)}.{digits(d, 2)}"


def hetu(d: Draw) -> str:
    """Draw a Finnish number: its last character stands for the remainder by 31."""
    day, serial = born(d, "%d%m%y"), f"{d.whole(2, 899):03}"
    return f"{day}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(day + serial) % 31]}"


def cpf(d: Draw) -> str:
    """Draw a Brazilian number with its two digits of MOD 11."""
    body = digits(d, 9)
    for _ in range(2):
        total = sum(int(a) * b for a, b in zip(body, range(len(body) + 1, 1, -1), strict=True))
        body += str(-total % 11 % 10)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def rodne_cislo(d: Draw) -> str:
    """Draw a Czech number with its stroke: divisible by eleven, 50 added to a woman's month."""
    while True:
        day = d.day(1954, 1999)
        body = f"{day.year % 100:02}{day.month + 50 * d.whole(0, 1):02}{day.day:02}{digits(d, 3)}"
        if int(body) % 11 < 10:
            return f"{body[:6]}/{body[6:]}{int(body) % 11}"


def iban(country: str, account: str) -> str:
    """Return an account as an IBAN (ISO 13616, ISO 7064 MOD 97-10)."""
    number = "".join(str(int(each, 36)) for each in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02}{account}"


_DIGITS_OF: Final = {"DE": 18, "ES": 20, "PL": 24, "FR": 23, "PT": 21, "BE": 12, "AT": 16}


def any_iban(d: Draw) -> str:
    """Draw an account of one of eight countries."""
    country = d.of([*_DIGITS_OF, "NL"])
    body = "INGB" + digits(d, 10) if country == "NL" else digits(d, _DIGITS_OF[country])
    return iban(country, body)


def german_iban(d: Draw) -> str:
    """Draw an account in Germany."""
    return iban("DE", digits(d, 18))


def in_fours(number: str) -> str:
    """Write a number in groups of four."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def lei(d: Draw) -> str:
    """Draw an identifier of a legal entity: MOD 97-10 as an IBAN, and nobody's account."""
    body = "549300" + "".join(d.of(_CAPITALS + _ANY) for _ in range(12))
    return f"{body}{98 - int(''.join(str(int(each, 36)) for each in body) + '00') % 97:02}"


def gtin(d: Draw, prefix: str = "69") -> str:
    """Draw a number of goods with its check digit."""
    body = prefix + digits(d, 12 - len(prefix))
    return body + str(-sum(int(e) * (3 if p % 2 else 1) for p, e in enumerate(body)) % 10)


def cas(d: Draw) -> str:
    """Draw a number of a substance in the registry of the Chemical Abstracts Service."""
    body = str(d.whole(10_000, 9_999_999))
    check = sum(int(each) * place for place, each in enumerate(reversed(body), start=1)) % 10
    return f"{body[:-2]}-{body[-2:]}-{check}"


def one(name: str, header: str, value: Value, why: str, label: Label, other: str = "n") -> Case:
    """Return the case of a column of one kind of numbers beside another column."""
    return Case(
        name,
        f"{'I-09' if label.certain else 'I-10'}: {why}",
        BLOCK if label.certain else ATTEST,
        lambda d: {header: d.each(lambda: value(d)), other: d.each(lambda: d.whole(1, 900))},
        {header: label},
    )


_NUMBERED: tuple[tuple[str, Value, str, Label, str], ...] = (
    ("Steuer-ID", steuer_id, "German tax numbers, ISO 7064 MOD 11,10", NATIONAL, "Einkommen"),
    ("numero_secu", nir, "French NIR with the key", NATIONAL, "trimestres"),
    ("DNI", dni, "Spanish DNI, the letter holds", NATIONAL, "importe"),
    ("codigo", nie, "the letter of every NIE holds, under whatever header", NATIONAL, "visitas"),
    ("PESEL", pesel, "Polish PESEL, the check digit holds", NATIONAL, "kwota"),
    ("k1", pesel, "a day of birth and a check digit in every cell", NATIONAL, "k2"),
    ("codice_fiscale", codice_fiscale, "the check letter holds", NATIONAL, "reddito"),
    ("a", codice_fiscale, "the check letter holds, under whatever header", NATIONAL, "b"),
    ("BSN", bsn, "the Dutch test of eleven holds, under its header", NATIONAL, "uren"),
    ("code", bsn, "accounts of Dutch banks pass the same test", MAYBE_NATIONAL, "uren"),
    ("NI number", nino, "the form, under its header", NATIONAL, "weekly_pay"),
    ("c1", nino, "a form without a check digit", MAYBE_NATIONAL, "weekly_pay"),
    ("personnummer", personnummer, "a Swedish day of birth and Luhn", NATIONAL, "po\u00e4ng"),
    ("AHV-Nr", ahv, "756 and the check digit", NATIONAL, "Betrag"),
    ("ahv", loose_ahv, "the form under its header, no check digit", MAYBE_NATIONAL, "Betrag"),
    ("rijksregisternummer", belgian, "Belgian, MOD 97", NATIONAL, "score"),
    ("henkilotunnus", hetu, "Finnish, the last character holds", NATIONAL, "pisteet"),
    ("cpf", cpf, "Brazilian, both check digits hold", NATIONAL, "valor"),
    ("rodné číslo", rodne_cislo, "Czech, divisible by eleven", NATIONAL, "body"),
    (
        "ssn",
        lambda d: f"{d.whole(100, 665)}-{d.whole(10, 99)}-{d.whole(1000, 9999)}",
        "the form of the United States' number, under its header",
        NATIONAL,
        "wage",
    ),
    (
        "N° de sécurité sociale",
        lambda d: (
            (n := nir(d)) and f"{n[0]} {n[1:3]} {n[3:5]} {n[5:7]} {n[7:10]} {n[10:13]} {n[13:]}"
        ),
        "French NIR in its groups",
        NATIONAL,
        "trimestres",
    ),
    ("identificativo", lambda d: codice_fiscale(d).lower(), "capitals or not", NATIONAL, "b"),
    ("BSN-nummer", lambda d: int(bsn(d)), "as whole numbers, under the header", NATIONAL, "uren"),
    (
        "Steuerliche Identifikationsnummer",
        lambda d: (n := steuer_id(d)) and f"{n[:2]} {n[2:5]} {n[5:8]} {n[8:]}",
        "in groups",
        NATIONAL,
        "x",
    ),
)

_ACCOUNTS: tuple[tuple[str, Value, str, Label, str], ...] = (
    ("Kontonummer", german_iban, "valid IBANs", ACCOUNT, "Vorgang"),
    ("ref", any_iban, "valid IBANs of many countries, under whatever header", ACCOUNT, "amount"),
    ("Bankverbindung", lambda d: in_fours(german_iban(d)), "in groups of four", ACCOUNT, "n"),
    ("iban", lambda d: any_iban(d).lower(), "in lower case", ACCOUNT, "n"),
    (
        "Verwendungszweck",
        lambda d: f"Erstattung auf {german_iban(d)} vom {d.day(2024, 2025)}",
        "accounts within texts, each with its check digits",
        ACCOUNT,
        "n",
    ),
)

_PHONES: tuple[tuple[str, Value, str, Label, str], ...] = (
    (
        "Telefonnummer",
        lambda d: f"+49 17{d.of('01256789')} {digits(d, 7)}",
        "German mobiles under their header",
        PHONE,
        "Anrufe",
    ),
    (
        "phone",
        lambda d: f"+49 17{d.of('01256789')} {digits(d, 7)}",
        "German mobiles under an English header",
        PHONE,
        "n",
    ),
    (
        "portable",
        lambda d: "0" + d.of("67") + "".join(f" {digits(d, 2)}" for _ in range(4)),
        "French mobiles under their header",
        PHONE,
        "messages",
    ),
    (
        "v",
        lambda d: "+33 6" + "".join(f" {digits(d, 2)}" for _ in range(4)),
        "+33 and groups of digits are a telephone's alone",
        PHONE,
        "w",
    ),
    ("móvil", lambda d: int("346" + digits(d, 8)), "as whole numbers", MAYBE_PHONE, "llamadas"),
    (
        "x",
        lambda d: "+346" + digits(d, 8) if d.whole(1, 50) > 1 else "?",
        "a sign and eleven digits",
        MAYBE_PHONE,
        "y",
    ),
    (
        "telefon",
        lambda d: d.of("5678") + digits(d, 2) + " " + in_threes(digits(d, 6)),
        "Polish",
        PHONE,
        "n",
    ),
    ("telefoonnummer", lambda d: "06-" + digits(d, 8), "Dutch mobiles", PHONE, "n"),
    ("cellulare", lambda d: f"3{d.whole(20, 99)} {digits(d, 7)}", "Italian mobiles", PHONE, "n"),
    (
        "Mobilnummer",
        lambda d: f"07{d.of('0236')}-{digits(d, 3)} {digits(d, 2)} {digits(d, 2)}",
        "Swedish",
        PHONE,
        "n",
    ),
    (
        "telemóvel",
        lambda d: f"9{d.of('1236')}{digits(d, 1)} {in_threes(digits(d, 6))}",
        "Portuguese",
        PHONE,
        "n",
    ),
    (
        "Handy",
        lambda d: f"01{d.of('567')}{digits(d, 1)}/{digits(d, 7)}",
        "German, with a stroke",
        PHONE,
        "n",
    ),
    (
        "contact number",
        lambda d: f"+1 ({d.whole(201, 989)}) {d.whole(200, 999)}-{digits(d, 4)}",
        "of North America",
        PHONE,
        "n",
    ),
)


def in_threes(number: str) -> str:
    """Write a number in groups of three."""
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


_HARMLESS: tuple[tuple[str, dict[str, Value], str], ...] = (
    (
        "books by ISBN",
        {"isbn": lambda d: gtin(d, "9787"), "price": lambda d: d.number(9, 90)},
        "books",
    ),
    ("substances", {"cas": cas, "formula": lambda d: d.of(["C6H6", "NaCl"])}, "substances"),
    ("goods by GTIN", {"gtin": gtin, "cat": lambda d: d.of(["饮料", "罐头"])}, "goods"),
    (
        "legal entities",
        {"lei": lei, "legal_name": lambda d: d.of(["Nordsee GmbH", "Mar SA", "Hafen AG"])},
        "MOD 97-10 as accounts have, and none",
    ),
    (
        "companies by VAT number",
        {
            "USt-IdNr": lambda d: "DE" + d.digits(9),
            "Firma": lambda d: d.of(["Nordsee GmbH", "Hafen AG", "Fischer KG"]),
            "Umsatz": lambda d: d.whole(10**5, 10**7),
        },
        "numbers of companies",
    ),
    (
        "genes",
        {
            "gene_id": lambda d: f"ENSG{d.whole(1, 300000):011}",
            "symbol": lambda d: d.of(["BRCA1", "TP53", "ADAM12", "JUN", "CAT", "MARK1"]),
            "chrom": lambda d: d.of(["1", "X", "17"]),
        },
        "a reference of genes",
    ),
    ("serials of nine digits", {"serial": lambda d: d.digits(9)}, "one in eleven passes"),
    ("serials of eleven digits", {"no": lambda d: d.digits(11, "23456789")}, "one in ten passes"),
    (
        "parts of eight digits and a letter",
        {"part": lambda d: d.digits(8) + d.letters(1)},
        "one letter in 23 is right",
    ),
    (
        "signed readings",
        {"offset": lambda d: f"{d.of(['+', '-'])}{d.digits(6)}"},
        "a sign makes no telephone",
    ),
    (
        "days with numbers",
        {"batch": lambda d: f"{born(d, '%y%m%d', 2024, 2025)}-{digits(d, 4)}"},
        "of two years, as batches are",
    ),
    (
        "counts of calls",
        {"Telefonate": lambda d: d.whole(1, 900), "Tag": lambda d: d.day(2024, 2025).isoformat()},
        "counts",
    ),
)

NUMBERS = (
    *(
        one(f"{value.__name__.strip('<>')} under {header}", header, value, why, label, other)
        for header, value, why, label, other in (*_NUMBERED, *_ACCOUNTS, *_PHONES)
    ),
    Case(
        "companies with their accounts",
        "I-10: an account of a firm is not a person's, and a trader is one",
        ATTEST,
        lambda d: {
            "Firma": d.each(
                lambda: d.of(["Nordsee", "Hafen", "Fisch"]) + f" {d.whole(1, 99)} GmbH"
            ),
            "IBAN": d.each(lambda: german_iban(d)),
        },
        {"IBAN": MAYBE_ACCOUNT},
    ),
    Case(
        "PESEL as bytes",
        "I-09: bytes are no disguise",
        BLOCK,
        lambda d: Made({"d": d.each(lambda: pesel(d).encode()), "v": d.count()}, ".parquet"),
        {"d": NATIONAL},
    ),
    Case(
        "remarks with national numbers",
        "I-13: each stands within a text, with the letter that belongs to it",
        BLOCK,
        lambda d: {"nota": d.each(lambda: f"Cliente con DNI {dni(d)}, visita {d.whole(1, 9)}")},
        {"nota": NATIONAL},
    ),
    *(
        Case(
            name,
            f"I-10: {why}",
            PASS,
            lambda d, made=made: {  # type: ignore[misc]
                header: d.each(lambda make=make: make(d)) for header, make in made.items()
            },
        )
        for name, made, why in _HARMLESS
    ),
)

CASES: tuple[Case, ...] = NUMBERS
