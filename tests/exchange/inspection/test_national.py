from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban

from exchange.inspection import identifiers
from exchange.inspection.detectors import ibans
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.national import SCHEMES, Proof, Scheme, bare, is_day, names_scheme
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled import abroad
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.test_sensitive import column

seeds = st.integers(0, 10**6).map(str)
_DIGITS, _LETTERS = string.digits, string.ascii_uppercase
_PAIRS = [f"{each:02}" for each in range(100)]


def scheme(name: str, number: str) -> Scheme:
    return next(
        each for each in SCHEMES if each.name == name and each.form.fullmatch(number) is not None
    )


def ymd(d: Draw) -> str:
    return abroad.born(d, "%y%m%d", 1954, 1999)


def dmy(d: Draw) -> str:
    return abroad.born(d, "%d%m%y", 1954, 1999)


def digits(d: Draw, length: int) -> str:
    return abroad.digits(d, length)


# Scheme, the library's module, all but the last characters, and what the last may be.
ORACLES: dict[str, tuple[str, Callable[[Draw], str | tuple[str, str]], Sequence[str]]] = {
    "German tax number": ("de.idnr", lambda d: abroad.steuer_id(d)[:-1], _DIGITS),
    "French NIR": ("fr.nir", lambda d: abroad.nir(d)[:-2], _PAIRS),
    "Spanish DNI": ("es.dni", lambda d: digits(d, 8), _LETTERS),
    "Spanish NIE": ("es.nie", lambda d: d.of("XYZ") + digits(d, 7), _LETTERS),
    "Italian codice fiscale": (
        "it.codicefiscale",
        lambda d: abroad.codice_fiscale(d)[:-1],
        _LETTERS,
    ),
    "Polish PESEL": ("pl.pesel", lambda d: abroad.pesel(d)[:-1], _DIGITS),
    "Dutch BSN": ("nl.bsn", lambda d: d.digits(8), _DIGITS),
    "Swedish personnummer": ("se.personnummer", lambda d: f"{ymd(d)}-{digits(d, 3)}", _DIGITS),
    "Belgian national number": ("be.nn", lambda d: f"{ymd(d)}{d.whole(1, 997):03}", _PAIRS),
    "Swiss AHV number": (
        "ch.ssn",
        lambda d: f"756.{digits(d, 4)}.{digits(d, 4)}.{digits(d, 1)}",
        _DIGITS,
    ),
    "Norwegian fødselsnummer": (
        "no.fodselsnummer",
        lambda d: f"{dmy(d)}{d.whole(0, 499):03}",
        _PAIRS,
    ),
    "Finnish henkilötunnus": (
        "fi.hetu",
        lambda d: f"{dmy(d)}-{d.whole(2, 899):03}",
        _DIGITS + _LETTERS,
    ),
    "Portuguese NIF": ("pt.nif", lambda d: d.of("123") + digits(d, 7), _DIGITS),
    "Romanian CNP": (
        "ro.cnp",
        lambda d: f"{d.of('12')}{ymd(d)}{d.whole(1, 46):02}{d.whole(1, 999):03}",
        _DIGITS,
    ),
    "Czech or Slovak rodné číslo": ("cz.rc", lambda d: abroad.rodne_cislo(d)[:-1], _DIGITS),
    "Greek AMKA": ("gr.amka", lambda d: dmy(d) + digits(d, 4), _DIGITS),
    "Greek AFM": ("gr.vat", lambda d: digits(d, 8), _DIGITS),
    "Bulgarian EGN": ("bg.egn", lambda d: ymd(d) + digits(d, 3), _DIGITS),
    "Estonian or Lithuanian number": (
        "ee.ik",
        lambda d: d.of("34") + ymd(d) + digits(d, 3),
        _DIGITS,
    ),
    "Irish PPS number": ("ie.pps", lambda d: digits(d, 7), _LETTERS[:23]),
    "Austrian number of social insurance": (
        "at.vnr",
        lambda d: (f"{d.whole(1, 9)}{digits(d, 2)}", dmy(d)),
        _DIGITS,
    ),
    "British NHS number": ("gb.nhs", lambda d: digits(d, 9), _DIGITS),
    "Russian INN of a person": ("ru.inn", lambda d: digits(d, 10), _PAIRS),
    "Turkish T.C. kimlik": ("tr.tckimlik", lambda d: d.digits(9), _PAIRS),
    "Brazilian CPF": ("br.cpf", lambda d: digits(d, 9), _PAIRS),
    "Croatian OIB": ("hr.oib", lambda d: digits(d, 10), _DIGITS),
    "Canadian SIN": ("ca.sin", lambda d: d.of("1234567") + digits(d, 7), _DIGITS),
}


@pytest.mark.parametrize("name", ORACLES)
@given(seeds)
def test_a_scheme_passes_the_endings_that_an_independent_library_passes(
    name: str, seed: str
) -> None:
    module, body, endings = ORACLES[name]
    oracle = import_module(f"stdnum.{module}")
    drawn = body(Draw(name + seed, 1))
    front, back = drawn if isinstance(drawn, tuple) else (drawn, "")
    numbers = [f"{front}{each}{back}" for each in endings]
    right = [each for each in numbers if oracle.is_valid(each)]
    found = []
    for number in numbers:
        each = (
            scheme(name, number)
            if any(s.name == name and s.form.fullmatch(number) for s in SCHEMES)
            else None
        )
        if each is not None:
            plain = bare(number) if each.length else number.replace(" ", "").replace("/", "")
            found += [number] if each.passes(plain) else []
    assert found == right


# Of those that the library does not have, numbers that their states publish as examples.
PUBLISHED = [
    ("German number of pension insurance", "65170839J003"),
    ("German number of an insured patient", "A123456780"),
    ("Russian SNILS", "112-233-445 95"),
    ("Japanese individual number", "123456789018"),
    ("South Korean number", "971013-1019902"),
    ("Danish CPR number", "211062-5629"),
    ("British number of national insurance", "AB123456C"),
    ("United States' number of social security", "536-90-4399"),
    ("Czech or Slovak rodné číslo", "530227/123"),
    ("Irish PPS number", "1234567FA"),
]


@pytest.mark.parametrize(("name", "number"), PUBLISHED)
def test_published_examples_pass(name: str, number: str) -> None:
    each = scheme(name, number)
    assert each.passes(bare(number) if each.length else number.replace("/", ""))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("German number of pension insurance", "65170839J004"),
        ("German number of pension insurance", "65401339J003"),
        ("German number of an insured patient", "A123456781"),
        ("German tax number", "11111111111"),
        ("French NIR", "185157800608436"),
        ("French NIR", "1850578006084" + "37"),
        ("Italian codice fiscale", "RSSMRA85T80A562S"),
        ("Italian codice fiscale", "RSSMRAPPTPPAPPPP"),
        ("Polish PESEL", "44133101358"),
        ("Norwegian fødselsnummer", "32129912345"),
        ("Belgian national number", "85133000333"),
        ("Romanian CNP", "1999999999999"),
        ("Czech or Slovak rodné číslo", "990227/123"),
        ("Czech or Slovak rodné číslo", "999999/1234"),
        ("Estonian or Lithuanian number", "39999999999"),
        ("Russian SNILS", "112-233-445 96"),
        ("Japanese individual number", "123456789012"),
        ("South Korean number", "979913-1019902"),
        ("Danish CPR number", "991362-5629"),
        ("British number of national insurance", "GB123456C"),
        ("United States' number of social security", "666-90-4399"),
        ("Brazilian CPF", "111.111.111-11"),
    ],
)
def test_numbers_that_contradict_themselves_do_not(name: str, number: str) -> None:
    each = scheme(name, number)
    assert not each.passes(bare(number) if each.length else number.replace("/", ""))


def test_a_day_of_the_calendar_is_one_of_some_year() -> None:
    assert is_day(29, 2)
    assert not is_day(29, 2, 1999)
    assert not is_day(31, 4)
    assert not is_day(0, 1)


def test_the_drawn_numbers_pass_as_what_they_are_drawn_as() -> None:
    d = Draw("drawn", 1)
    for name, draw in (
        ("Spanish NIE", abroad.nie),
        ("Finnish henkilötunnus", abroad.hetu),
        ("Brazilian CPF", abroad.cpf),
        ("Swiss AHV number", abroad.ahv),
        ("Belgian national number", abroad.belgian),
        ("Swedish personnummer", abroad.personnummer),
    ):
        module = import_module(f"stdnum.{ORACLES[name][0]}")
        assert module.is_valid(draw(d)), name


# What a column is judged to hold.


def judged(inspected: Inspected, header: str, cells: list[str]) -> SensitiveFinding | None:
    found = inspected(column(cells, header)).sensitive
    return next((each for each in found if each.kind is SensitiveKind.NATIONAL_ID), None)


def drawn(make: object, count: int = 60, seed: str = "column") -> list[str]:
    d = Draw(seed, count)
    return [str(make(d)) for _ in range(count)]  # type: ignore[operator]


def test_digits_that_one_check_proves_need_their_header(inspected: Inspected) -> None:
    numbers = drawn(abroad.bsn)
    under, alone = judged(inspected, "BSN", numbers), judged(inspected, "c1", numbers)
    assert under is not None
    assert under.certain
    assert under.matched == len(numbers)
    assert alone is not None
    assert not alone.certain


def test_numbers_whose_check_digits_chance_made_are_nobodys(inspected: Inspected) -> None:
    d = Draw("by chance", 300)
    assert judged(inspected, "c1", d.each(lambda: d.digits(9))) is None
    asked = judged(inspected, "BSN nummer", d.each(lambda: d.digits(9)))
    assert asked is not None  # the header says what they are, and they are none of them
    assert not asked.certain
    assert judged(inspected, "part", d.each(lambda: d.digits(8) + d.letters(1))) is None


def test_too_few_without_a_header_and_a_few_with_one(inspected: Inspected) -> None:
    assert judged(inspected, "c1", drawn(abroad.pesel, 12)) is None
    few = judged(inspected, "PESEL", drawn(abroad.pesel, 12))
    assert few is not None
    assert few.certain


def test_birthdays_of_one_year_are_days_of_something_else(inspected: Inspected) -> None:
    d = Draw("one year", 80)
    body = d.each(lambda: abroad.born(d, "%y%m%d", 1991, 1991) + abroad.digits(d, 3))
    luhn = [abroad.luhn(each) for each in body]
    assert judged(inspected, "batch", [f"{each[:6]}-{each[6:]}" for each in luhn]) is None
    people = [abroad.personnummer(d) for _ in range(80)]
    found = judged(inspected, "batch", people)
    assert found is not None
    assert found.certain


def test_a_column_of_which_half_are_such_numbers_is_certain_by_its_letters(
    inspected: Inspected,
) -> None:
    cells = drawn(abroad.dni, 80) + [f"{each:08}-" for each in range(40)]
    found = judged(inspected, "ref", cells)
    assert found is not None
    assert found.certain
    assert found.matched == 80


def test_a_form_under_its_header_that_chance_passes_is_asked_about(inspected: Inspected) -> None:
    found = judged(inspected, "ahv", drawn(abroad.loose_ahv))
    assert found is not None
    assert not found.certain
    assert judged(inspected, "code", drawn(abroad.loose_ahv)) is None


def test_whole_numbers_get_back_the_zeros_that_they_lost(inspected: Inspected) -> None:
    d = Draw("zeros", 80)
    born = d.each(lambda: abroad.pesel(d))
    assert [each for each in born if each.startswith("0")]
    profile = inspected(column([str(int(each)) for each in born], "PESEL"))
    assert profile.columns[0].type is ColumnType.INTEGER
    (found,) = [e for e in profile.sensitive if e.kind is SensitiveKind.NATIONAL_ID]
    assert found.certain
    assert found.matched == 80


def test_short_numbers_are_no_persons(inspected: Inspected) -> None:
    assert judged(inspected, "pesel", [str(each) for each in range(60)]) is None


@pytest.mark.parametrize(
    ("say", "make"),
    [
        ("Cliente {} llamó otra vez", abroad.dni),
        ("codice {} registrato", abroad.codice_fiscale),
        ("nummer {} gebeld", abroad.belgian),
        ("pacjent, PESEL: {}, przyjęty", abroad.pesel),
        ("client BSN {} is gebeld", abroad.bsn),
    ],
)
def test_numbers_within_texts_are_found(inspected: Inspected, say: str, make: object) -> None:
    found = judged(inspected, "note", [say.format(each) for each in drawn(make)])
    assert found is not None
    assert found.certain
    assert found.embedded == 60


def test_texts_without_such_numbers_are_left_alone(inspected: Inspected) -> None:
    d = Draw("texts", 60)
    texts = d.each(lambda: f"order {d.digits(8)}{d.letters(1)} was sent by {d.digits(9)}")
    assert judged(inspected, "note", texts) is None


def test_headers_name_schemes_and_short_words_do_not_hide_measurements() -> None:
    assert header_suggests("codice fiscale", SensitiveKind.NATIONAL_ID)
    assert header_suggests("Rodné číslo", SensitiveKind.NATIONAL_ID)
    for header in ("nir", "sin", "nino34", "dni", "nie", "cf"):
        assert not header_suggests(header, SensitiveKind.NATIONAL_ID)
    spanish = next(each for each in SCHEMES if each.name == "Spanish DNI")
    assert names_scheme(plain_header("DNI"), spanish)
    assert names_scheme(plain_header("ID number"), spanish)
    assert not names_scheme(plain_header("codigo"), spanish)
    assert {each.proof for each in SCHEMES} == {*Proof}


# Accounts.


@given(seeds)
def test_an_iban_is_one_to_an_independent_library_as_well(seed: str) -> None:
    account = abroad.any_iban(Draw(seed, 1))
    assert stdnum_iban.is_valid(account, check_country=False)
    numbers = [account, account[:-1] + str((int(account[-1]) + 1) % 10), account.lower()]
    found = ibans.valid(identifiers.matrix(numbers, len(account)))
    assert found.tolist() == [True, False, True]


def cards(inspected: Inspected, header: str, cells: list[str]) -> list[SensitiveFinding]:
    profile = inspected(column(cells, header))
    return [each for each in profile.sensitive if each.kind is SensitiveKind.BANK_CARD]


def test_one_account_in_many_rows_of_text_is_found(inspected: Inspected) -> None:
    account = abroad.german_iban(Draw("one", 1))
    cells = [f"Auftrag {each} erledigt, alles bestens" for each in range(30_000)]
    cells[12_345] = f"bitte auf Konto {account} erstatten"
    (found,) = cards(inspected, "Text", cells)
    assert (found.matched, found.embedded, found.certain) == (1, 1, True)


def test_what_passes_by_chance_alone_is_no_account(inspected: Inspected) -> None:
    d = Draw("chance", 400)
    assert cards(inspected, "ref", d.each(lambda: "DE" + d.digits(20))) == []
    assert cards(inspected, "ref", d.each(lambda: f"DE{d.digits(9)}")) == []
    assert cards(inspected, "lei", d.each(lambda: abroad.lei(d))) == []
    # Too long, or the end of something else.
    long = d.each(lambda: abroad.german_iban(d) + d.digits(1))
    behind = d.each(lambda: "X" + abroad.german_iban(d))
    assert cards(inspected, "ref", long) == cards(inspected, "ref", behind) == []


@pytest.mark.parametrize("header", ["Firma", "company", "Raison sociale", "供应商"])
def test_accounts_in_a_table_of_firms_are_asked_about(inspected: Inspected, header: str) -> None:
    d = Draw("firms", 40)
    rows = "".join(f"Nordsee {i} GmbH,{abroad.german_iban(d)}\n" for i in range(40))
    found = inspected(f"{header},IBAN\n{rows}").sensitive
    assert [(e.column, e.kind, e.certain) for e in found] == [
        ("IBAN", SensitiveKind.BANK_CARD, False)
    ]


def test_accounts_with_other_digits_are_asked_about_under_their_header(
    inspected: Inspected,
) -> None:
    d = Draw("changed", 40)
    loose = d.each(lambda: abroad.in_fours("DE" + d.digits(20)))
    (found,) = cards(inspected, "Bankverbindung", loose)
    assert (found.certain, found.matched) == (False, 40)
    assert cards(inspected, "Verwendung", loose) == []


# Telephones.


def phones(inspected: Inspected, header: str, cells: list[str]) -> list[bool]:
    profile = inspected(column(cells, header))
    return [each.certain for each in profile.sensitive if each.kind is SensitiveKind.MOBILE]


@pytest.mark.parametrize(
    ("header", "make", "certain"),
    [
        ("phone", lambda d: f"+44 7{d.digits(9)}", [True]),
        ("phone", lambda d: f"0044 7{d.digits(9)}", [True]),
        ("tel", lambda d: f"tel:+33{d.digits(9)}", [True]),
        ("c1", lambda d: f"+44 7{d.digits(3)} {d.digits(6)}", [True]),
        ("c1", lambda d: f"0044 7{d.digits(9)}", []),
        ("c1", lambda d: f"+28 {d.digits(9)}", []),
        ("c1", lambda d: f"+44 {d.digits(4)}", []),
        ("c1", lambda d: f"06 {d.digits(8)}", []),
        ("Téléphone portable", lambda d: f"06.{d.digits(8)}", [True]),
        ("Telefonate", lambda d: f"0171 {d.digits(7)}", []),
        ("Телефон", lambda d: f"8 (9{d.digits(2)}) {d.digits(3)}-{d.digits(4)}", [True]),
        ("Rufnummer", lambda d: d.of(["siehe oben", "geheim", "keine", "unbekannt"]), []),
    ],
)
def test_telephones_by_form_and_header(
    inspected: Inspected, header: str, make: object, certain: list[bool]
) -> None:
    assert phones(inspected, header, drawn(make, 40)) == certain


def test_too_few_telephones_say_nothing_without_a_header(inspected: Inspected) -> None:
    numbers = drawn(lambda d: f"+44 7{d.digits(3)} {d.digits(6)}", 12)
    assert phones(inspected, "c1", numbers) == []
    assert phones(inspected, "phone", numbers) == [True]


def test_telephones_of_firms_are_asked_about(inspected: Inspected) -> None:
    d = Draw("firms", 30)
    rows = "".join(f"Nordsee {i} GmbH,+49 30 {d.digits(7)}\n" for i in range(30))
    found = inspected(f"Firma,Telefon\n{rows}").sensitive
    assert [(e.kind, e.certain) for e in found] == [(SensitiveKind.MOBILE, False)]
