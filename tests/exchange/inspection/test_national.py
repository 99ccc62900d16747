from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban

from exchange.inspection import identifiers
from exchange.inspection.chances import CERTAIN, chance
from exchange.inspection.detectors import ibans
from exchange.inspection.lexicon import header_suggests, plain_header
from exchange.inspection.national import SCHEMES, Proof, Scheme, is_day, names_scheme
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled import abroad
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.test_sensitive import column

seeds = st.integers(0, 10**6).map(str)

# Numbers that states or the library's documentation give as examples, and what none of them is.
EXAMPLES = [
    ("Spanish DNI", "54362315-K", "54362315Z"),
    ("Spanish DNI", "54.362.315-K", "54.362.315-L"),
    ("Spanish NIE", "X-2482300W", "X-2482300A"),
    ("Italian codice fiscale", "RSSMRA85T10A562S", "RSSMRA85T80A562S"),
    ("Belgian national number", "85.07.30-033.28", "85.07.30-033.29"),
    ("Belgian national number", "98472899765", "85133000333"),
    ("Swiss AHV number", "756.9217.0769.85", "756.9217.0769.84"),
    ("Swiss AHV number", "7569217076985", "7569217076984"),
    ("Finnish henkilötunnus", "131052-308T", "310252-308Y"),
    ("Swedish personnummer", "880320-0016", "880320-0018"),
    ("Swedish personnummer", "198803200016", "8803200018"),
    ("Czech or Slovak rodné číslo", "710319/2745", "999999/1234"),
    ("Czech or Slovak rodné číslo", "7103192745", "7103192746"),
    ("Brazilian CPF", "390.533.447-05", "231.002.999-00"),
    ("Brazilian CPF", "39053344705", "39053344706"),
    ("Irish PPS number", "6433435OA", "6433435VH"),
    ("German number of pension insurance", "65 170839 J 003", "65401339J003"),
    ("German number of an insured patient", "A123456780", "A123456781"),
    ("French NIR", "2 95 10 99 126 111 93", "2 95 10 99 126 111 99"),
    ("French NIR", "253072B07300470", "253072B07300471"),
    ("German tax number", "36 574 261 809", "36 574 261 890"),
    ("German tax number", "36574261809", "11111111111"),
    ("Polish PESEL", "44051401359", "44133101358"),
    ("Norwegian fødselsnummer", "151086 95088", "32129912345"),
    ("Romanian CNP", "1630615123457", "1632215123457"),
    ("Greek AMKA", "01013099997", "01013099999"),
    ("Bulgarian EGN", "8032056031", "8019010008"),
    ("Estonian or Lithuanian number", "36805280109", "36805280108"),
    ("Latvian personal number", "161175-19997", "161375-19997"),
    ("Number of former Yugoslavia", "0101006500006", "0101006500007"),
    ("Icelandic kennitala", "120174-3399", "320174-3399"),
    ("Danish CPR number", "211062-5629", "991362-5629"),
    ("Turkish T.C. kimlik", "17291716060", "17291716050"),
    ("Russian INN of a person", "123456789047", "123456789037"),
    ("Russian SNILS", "112-233-445 95", "112-233-445 96"),
    ("Russian SNILS", "11223344595", "11223344596"),
    ("Ukrainian tax number", "1759013776", "1759013770"),
    ("Dutch BSN", "111222333", "111252333"),
    ("Portuguese NIF", "123 456 789", "123 456 788"),
    ("Greek AFM", "094259216", "123456781"),
    ("Austrian number of social insurance", "1237 010180", "2237 010180"),
    ("Croatian OIB", "33392005961", "33392005962"),
    ("British NHS number", "943-476-5870", "943-476-5871"),
    ("Canadian SIN", "123-456-782", "123-456-783"),
    ("Mexican CURP", "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
    ("Chilean RUN", "12.531.909-2", "12.531.909-3"),
    ("Chilean RUN", "12531909-2", "12531909-3"),
    ("Argentine CUIL", "20-05536168-2", "20-05536168-3"),
    ("Argentine CUIL", "20055361682", "20267565392"),
    ("Ecuadorian cédula", "171430710-3", "1714307104"),
    ("Dominican cédula", "001-1391820-5", "001-1391820-4"),
    ("South African identity number", "7503305044089", "7513305044089"),
    ("Indian Aadhaar number", "2341 2341 2346", "234123412347"),
    ("Indian PAN of a person", "ACUPA7085R", "ACUPA0000R"),
    ("Thai identity number", "1-2345-45678-78-1", "1-2345-45678-78-9"),
    ("Thai identity number", "3100600445635", "3100600445636"),
    ("Singaporean NRIC or FIN", "S1234567D", "S1234567E"),
    ("Singaporean NRIC or FIN", "G1234567X", "G1234567D"),
    ("Malaysian identity number", "770305-02-1234", "770305-17-1234"),
    ("Indonesian NIK", "3171011708450001", "9971011708450001"),
    ("Egyptian national number", "29001011234567", "29013011234567"),
    ("Emirates ID", "784-1985-1234567-3", "784-1985-1234567-7"),
    ("Israeli identity number", "039337423", "039337422"),
    ("Australian tax file number", "123 456 782", "999 999 999"),
    ("Japanese individual number", "6214 9832 0257", "6214 9832 0258"),
    ("Hungarian TAJ", "111 111 110", "111 111 111"),
    ("Hungarian tax number", "8365670003", "8999990003"),
    ("Hungarian personal number", "2-720216-1673", "1-851312-1234"),
    ("South Korean number", "971013-1019902", "979913-1019902"),
    ("British number of national insurance", "AB123456C", "GB123456C"),
    ("United States' number of social security", "536-90-4399", "666-90-4399"),
    ("United States' number of social security", "536904399", "000904399"),
]
# These have a form that is all there is to check.
UNCHECKED = [
    ("Pakistani CNIC", "34201-0891231-8"),
    ("Vietnamese citizen's number", "001085012345"),
    ("Kenyan PIN of a person", "A004567891Q"),
]


def schemes(name: str, number: str) -> list[Scheme]:
    return [each for each in SCHEMES if each.name == name and each.form.fullmatch(number)]


@pytest.mark.parametrize(("name", "right", "wrong"), EXAMPLES)
def test_a_number_passes_and_one_that_contradicts_itself_does_not(
    name: str, right: str, wrong: str
) -> None:
    (passing,), (failing,) = schemes(name, right), schemes(name, wrong)
    assert passing.passes(right)
    assert not failing.passes(wrong)


def test_every_scheme_has_an_example() -> None:
    numbers = [*((name, right) for name, right, _ in EXAMPLES), *UNCHECKED]
    shown = [each for name, number in numbers for each in schemes(name, number)]
    assert {id(each) for each in SCHEMES} == {id(each) for each in shown}
    assert all(each.passes(number) for name, number in UNCHECKED for each in schemes(name, number))


@pytest.mark.parametrize(("name", "number"), [each[:2] for each in EXAMPLES])
def test_no_more_pass_by_chance_than_a_scheme_says(name: str, number: str) -> None:
    (scheme,) = schemes(name, number)
    d = Draw(f"{name} {number}", 1)
    drawn = (_drawn_alike(d, number) for _ in range(2_000))
    numbers = [each for each in drawn if scheme.form.fullmatch(each)][:400]
    passed = sum(map(scheme.passes, numbers))
    assert chance(len(numbers), passed, scheme.by_chance) > CERTAIN


def _drawn_alike(d: Draw, number: str) -> str:
    """Return other digits and letters in the places of a number's own."""
    return "".join(
        d.of(string.digits)
        if each.isdigit()
        else d.of(string.ascii_uppercase)
        if each.isalpha()
        else each
        for each in number
    )


@pytest.mark.parametrize("weights", [range(1, 11), range(10, 0, -1)], ids=["before 1997", "since"])
def test_a_hungarian_personal_number_is_weighed_in_either_order(weights: range) -> None:
    for serial in range(20):
        body = f"1850412{serial:03}"
        check = sum(int(each) * weight for each, weight in zip(body, weights, strict=True)) % 11
        if check < 10:
            (scheme,) = schemes("Hungarian personal number", f"{body}{check}")
            assert scheme.passes(f"{body}{check}")
            assert sum(scheme.passes(f"{body}{last}") for last in range(10)) <= 2


def test_a_day_of_the_calendar_is_one_of_some_year() -> None:
    assert is_day(29, 2)
    assert not is_day(31, 4)
    assert not is_day(0, 1)
    assert not is_day(1, 13)


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
        number = draw(d)
        assert any(each.passes(number) for each in schemes(name, number)), name


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
