"""Numbers that states give to persons: their forms, their check digits and their headers.

Each scheme is as its state's rule has it, and most are in python-stdnum, with which the tests
compare them.  A scheme says what its number proves: letters and points that stand with a check
digit, a day of birth with one, a check digit alone, or a form alone.  Numbers of firms are none of
these, but for those that share a form with persons' and are found by the header only.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPANISH: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINNISH: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_IRISH: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_ITALIAN_MONTHS: Final = "ABCDEHLMPRST"
_ITALIAN_ODD: Final = (
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
)
# Towns with the same code tell two persons of one code apart by letters for digits.
_ITALIAN_DIGITS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
_NOT_YET: Final = 40  # a year of birth of this century, at the most
_JOINTS: Final = str.maketrans("", "", " .-/\u00a0")


class Proof(enum.Enum):
    """What is in a number besides its digits, by which it is told from any other."""

    LETTERED = "letters or points, and a check digit"
    DATED = "a day of birth or a rare form, and a check digit"
    BARE = "a check digit"
    FORM = "a form, and no check digit"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One state's number: its `form` as it is written, and the check over its bare characters.

    `by_chance` is how often characters of that form pass the check.  `headed` are numbers that
    nothing but their header tells from other numbers.
    """

    name: str
    form: re.Pattern[str]
    length: int
    passes: Callable[[str], bool]
    by_chance: float
    proof: Proof
    words: re.Pattern[str]
    headed: bool = False


def bare(text: str) -> str:
    """Return a number without what people write between its characters, in capitals."""
    return text.strip().upper().translate(_JOINTS)


def _sum(number: str, weights: Sequence[int]) -> int:
    return sum(int(each) * weight for each, weight in zip(number, weights, strict=False))


def is_day(day: int, month: int, year: int = 2000) -> bool:
    """Whether a day stands in the calendar; in some year, unless one is given."""
    if not 1 <= month <= len(_DAYS) or not 1 <= day <= _DAYS[month - 1]:
        return False
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return leap or (month, day) != (2, 29)


def _luhn(number: str) -> bool:
    total = 0
    for place, each in enumerate(reversed(number)):
        doubled = int(each) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _mod_11_10(number: str) -> bool:
    """Check ISO 7064 MOD 11,10."""
    product = 10
    for each in number[:-1]:
        product = ((int(each) + product) % 10 or 10) * 2 % 11
    return (int(number[-1]) + product) % 10 == 1


def german_tax(number: str) -> bool:
    """Check a German tax number of a person: a digit twice or thrice among ten (AO 139b)."""
    counts = [number[:10].count(each) for each in set(number[:10])]
    repeated = [count for count in counts if count > 1]
    return number[0] != "0" and repeated in ([2], [3]) and _mod_11_10(number)


def german_insurance(number: str) -> bool:
    """Check a German number of pension insurance: area, birthday, initial, serial."""
    if not is_day(int(number[2:4]), int(number[4:6])):
        return False
    digits = f"{number[:8]}{ord(number[8]) - 64:02}{number[9:]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(a) * b, 10)) for a, b in zip(digits, weights, strict=False))
    return total % 10 == int(digits[-1])


def german_patient(number: str) -> bool:
    """Check a German number of an insured patient: a letter and nine digits."""
    return _luhn(f"{ord(number[0]) - 64:02}{number[1:]}")


def french(number: str) -> bool:
    """Check a French NIR with its key: sex, year and month of birth, 97 less the remainder."""
    month = int(number[3:5])
    body = number[:13].replace("2A", "19", 1).replace("2B", "18", 1)
    if not body.isdigit() or not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    return 97 - int(body) % 97 == int(number[13:])


def spanish(number: str) -> bool:
    """Check a Spanish DNI or NIE by its letter."""
    digits = str("XYZ".find(number[0])) + number[1:-1] if number[0] in "XYZ" else number[:-1]
    return number[-1] == _SPANISH[int(digits) % 23]


def italian(number: str) -> bool:
    """Check an Italian codice fiscale: birthday (women's days from 41 on) and letter."""
    digits = number[6:8] + number[9:11] + number[12:15]
    if not digits.translate(_ITALIAN_DIGITS).isdigit():
        return False
    day = int(number[9:11].translate(_ITALIAN_DIGITS))
    if not 1 <= day % 40 <= 31 or day > 71:
        return False
    total = sum(
        _ITALIAN_ODD[_ALPHABET.index(each)]
        if place % 2 == 0
        else (int(each) if each.isdigit() else ord(each) - 65)
        for place, each in enumerate(number[:15])
    )
    return number[15] == _ALPHABET[10 + total % 26]


def polish(number: str) -> bool:
    """Check a Polish PESEL; the month tells the century."""
    month, century = int(number[2:4]) % 20, (19, 20, 21, 22, 18)[int(number[2:4]) // 20]
    if not is_day(int(number[4:6]), month, century * 100 + int(number[:2])):
        return False
    return _sum(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def dutch(number: str) -> bool:
    """Check a Dutch BSN by the test of eleven."""
    return number[:2] != "00" and _sum(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def swedish(number: str) -> bool:
    """Check a Swedish personnummer: birthday (60 more in a samordningsnummer) and Luhn."""
    number = number.replace("+", "").replace("-", "")[-10:]
    return is_day(int(number[4:6]) % 60, int(number[2:4])) and _luhn(number)


def belgian(number: str) -> bool:
    """Check a Belgian national number: birthday, and 97 less the remainder."""
    month = int(number[2:4]) % 20
    if month > 12 or int(number[4:6]) > 31:  # 0 where they are not known
        return False
    checks = [97 - int(number[:9]) % 97]
    if int(number[:2]) < _NOT_YET:  # born from 2000 on, perhaps
        checks.append(97 - int("2" + number[:9]) % 97)
    return int(number[9:]) in checks


def swiss(number: str) -> bool:
    """Check a Swiss number of social insurance as an EAN-13 (756 is no prefix of goods)."""
    return _sum(number, (1, 3) * 6 + (1,)) % 10 == 0


def danish(number: str) -> bool:
    """Check the birthday of a Danish CPR; its last digit checks nothing since 2007."""
    return is_day(int(number[:2]) % 60, int(number[2:4]))


def norwegian(number: str) -> bool:
    """Check a Norwegian number: birthday and two digits of MOD 11."""
    if not is_day(int(number[:2]) % 40, int(number[2:4]) % 40):
        return False
    first = _sum(number[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return first == 0 and _sum(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def finnish(number: str) -> bool:
    """Check a Finnish number: birthday, and a character for the remainder by 31."""
    number = re.sub("[^0-9A-Z]", "", number)
    number = number[:6] + number[-4:]  # a letter tells the century, where no sign does
    return is_day(int(number[:2]), int(number[2:4])) and (
        number[9] == _FINNISH[int(number[:9]) % 31]
    )


def portuguese(number: str) -> bool:
    """Check a Portuguese NIF of a person."""
    remainder = _sum(number[:8], range(9, 1, -1)) % 11
    return int(number[8]) == (0 if remainder < 2 else 11 - remainder)


def romanian(number: str) -> bool:
    """Check a Romanian CNP: sex, birthday, county and MOD 11."""
    if not is_day(int(number[5:7]), int(number[3:5])) or not 1 <= int(number[7:9]) <= 52:
        return False
    remainder = _sum(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return int(number[12]) == (1 if remainder == 10 else remainder)


def czech(number: str) -> bool:
    """Check a Czech or Slovak number: birthday (50 more for women); MOD 11 since 1954."""
    month = int(number[2:4]) % 50
    if not is_day(int(number[4:6]), month - 20 if month > 20 else month):
        return False
    if len(number) == 9:
        return int(number[:2]) < 54
    remainder = int(number[:9]) % 11 % 10
    return int(number[9]) == remainder


def greek_insured(number: str) -> bool:
    """Check a Greek AMKA: birthday and Luhn."""
    return is_day(int(number[:2]), int(number[2:4])) and _luhn(number)


def greek_tax(number: str) -> bool:
    """Check a Greek AFM."""
    return _sum(number[:8], [2**i for i in range(8, 0, -1)]) % 11 % 10 == int(number[8])


def bulgarian(number: str) -> bool:
    """Check a Bulgarian EGN: birthday and MOD 11."""
    month = int(number[2:4]) % 20
    total = _sum(number[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6))
    return is_day(int(number[4:6]), month) and total % 11 % 10 == int(number[9])


def baltic(number: str) -> bool:
    """Check an Estonian or Lithuanian number: sex and century, birthday and MOD 11."""
    if not is_day(int(number[5:7]), int(number[3:5])):
        return False
    check = _sum(number[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = _sum(number[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return check == int(number[10])


def irish(number: str) -> bool:
    """Check an Irish PPS number by its letter."""
    total = _sum(number[:7], range(8, 1, -1))
    if number[8:] not in ("", "W"):
        total += 9 * (ord(number[8]) - 64)
    return number[7] == _IRISH[total % 23]


def austrian(number: str) -> bool:
    """Check an Austrian number of social insurance: serial, check digit, birthday."""
    total = _sum(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6))
    month = int(number[6:8])
    return is_day(int(number[4:6]), month if month <= 12 else 1) and (total % 11 == int(number[3]))


def british_patient(number: str) -> bool:
    """Check a British NHS number by MOD 11."""
    return _sum(number, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def russian_insured(number: str) -> bool:
    """Check a Russian SNILS by MOD 101."""
    return _sum(number[:9], range(9, 0, -1)) % 101 % 100 == int(number[9:])


def russian_tax(number: str) -> bool:
    """Check a Russian INN of a person: two digits of MOD 11."""
    first = _sum(number[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = _sum(number[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return number[10:] == f"{first}{second}"


def turkish(number: str) -> bool:
    """Check a Turkish T.C. kimlik: two check digits."""
    digits = [int(each) for each in number]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def brazilian(number: str) -> bool:
    """Check a Brazilian CPF: two digits of MOD 11, and not one digit all over."""
    for length in (9, 10):
        total = _sum(number[:length], range(length + 1, 1, -1))
        if int(number[length]) != -total % 11 % 10:
            return False
    return len(set(number)) > 1


def south_korean(number: str) -> bool:
    """Check the birthday of a South Korean number; since 2020 its last digit checks nothing."""
    return is_day(int(number[4:6]), int(number[2:4]))


def japanese(number: str) -> bool:
    """Check a Japanese individual number by MOD 11."""
    remainder = _sum(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[11]) == (0 if remainder <= 1 else 11 - remainder)


def british(number: str) -> bool:
    """Tell prefixes of British national insurance that were never given out."""
    return number[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def american(number: str) -> bool:
    """Tell numbers of the United States' social security that were never given out."""
    return number[:3] not in ("000", "666") and number[3:5] != "00" and number[5:] != "0000"


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(^|_)({words})(_|$)")


def _scheme(  # noqa: PLR0913 - the columns of the table below
    name: str,
    form: str,
    length: int,
    passes: Callable[[str], bool],
    by_chance: float,
    proof: Proof,
    words: str,
    *,
    headed: bool = False,
) -> Scheme:
    return Scheme(name, re.compile(form), length, passes, by_chance, proof, _words(words), headed)


LETTERED, DATED, BARE, FORM = Proof
_TAX_DE: Final = (
    r"(steuer_?)?(liche_?)?id(_?n(umme)?r)?|idnr|tin|steuer_?id(_?n(umme)?r)?"
    r"|steuer(liche)?_?identifikations_?n(umme)?r|identifikationsnummer"
)
SCHEMES: Final = (
    _scheme("Spanish DNI", r"[0-9]{8}[ -]?[A-Z]|[0-9]{2}(?:\.[0-9]{3}){2}[ -]?[A-Z]", 9, spanish,
            1 / 23, LETTERED, "dni|nif|documento|documento_identidad|num_documento"),
    _scheme("Spanish NIE", r"[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", 9, spanish, 1 / 23, LETTERED,
            "nie|dni|nif|documento|documento_identidad|num_documento"),
    _scheme("Italian codice fiscale",
            r"[A-Z]{6} ?[0-9LMNP-V]{2}[A-EHLMPRST] ?[0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z]", 16,
            italian, 1 / 26, LETTERED, "codice_?fiscale|cod_?fisc(ale)?|cf"),
    _scheme("Belgian national number", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}[.-][0-9]{2}", 11,
            belgian, 0.01, LETTERED, r"rijksregister\w*|insz|niss|registre_national|nrn"),
    _scheme("Belgian national number", "[0-9]{11}", 11, belgian, 0.01, DATED,
            r"rijksregister\w*|insz|niss|registre_national|nrn"),
    _scheme("Swiss AHV number", r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", 13, swiss, 0.1, LETTERED,
            r"ahv\w*|avs\w*|numero_avs|n°?_avs|sozialversicherungs\w*"),
    _scheme("Swiss AHV number", "756[0-9]{10}", 13, swiss, 0.1, DATED,
            r"ahv\w*|avs\w*|numero_avs|n°?_avs|sozialversicherungs\w*"),
    _scheme("Finnish henkilötunnus", "[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]", 0, finnish, 1 / 31,
            LETTERED, "hetu|henkilotunnus|personbeteckning"),
    _scheme("Swedish personnummer", r"(?:19|20)?[0-9]{6}[-+][0-9]{4}", 0, swedish, 0.1, LETTERED,
            r"person_?n(umme)?r|pnr|personal_?number"),
    _scheme("Swedish personnummer", r"(?:19|20)[0-9]{10}|[0-9]{10}", 0, swedish, 0.1, DATED,
            r"person_?n(umme)?r|pnr|personal_?number"),
    _scheme("Czech or Slovak rodné číslo", "[0-9]{6}/[0-9]{3,4}", 0, czech, 0.1, LETTERED,
            "rodne_?cislo|rc"),
    _scheme("Czech or Slovak rodné číslo", "[0-9]{10}", 10, czech, 0.1, DATED, "rodne_?cislo|rc"),
    _scheme("Brazilian CPF", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", 11, brazilian, 0.01,
            LETTERED, "cpf"),
    _scheme("Brazilian CPF", "[0-9]{11}", 11, brazilian, 0.01, BARE, "cpf"),
    _scheme("Irish PPS number", "[0-9]{7}[A-W][A-IW]?", 0, irish, 1 / 23, LETTERED,
            "pps|ppsn|pps_?(no|number)"),
    _scheme("German number of pension insurance", "[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}", 12,
            german_insurance, 0.1, LETTERED,
            r"sv_?nr|rv_?nr|sozialversicherungs\w*|rentenversicherungs\w*|versicherungs_?nummer"),
    _scheme("German number of an insured patient", "[A-Z][0-9]{9}", 10, german_patient, 0.1, BARE,
            r"kvnr|versicherten_?\w*|krankenversicher\w*|egk\w*|gesundheitskarte\w*"),
    _scheme("French NIR",
            r"[12] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", 15,
            french, 0.01, DATED,
            r"nir|nss|insee|n(umero|°|o)?_?(de_)?(la_)?secu(rite_sociale)?|securite_sociale"
            r"|numero_insee|immatriculation"),
    _scheme("German tax number", "[0-9]{11}|[0-9]{2}(?: [0-9]{3}){3}|[0-9]{4} [0-9]{4} [0-9]{3}",
            11, german_tax, 0.02, DATED, _TAX_DE),
    _scheme("Polish PESEL", "[0-9]{11}", 11, polish, 0.02, DATED, r"pesel\w*|nr_pesel"),
    _scheme("Norwegian fødselsnummer", "[0-9]{6} ?[0-9]{5}", 11, norwegian, 0.001, DATED,
            r"fodsels_?n(umme)?r|fnr|personnummer"),
    _scheme("Romanian CNP", "[1-9][0-9]{12}", 13, romanian, 0.003, DATED, "cnp"),
    _scheme("Greek AMKA", "[0-9]{11}", 11, greek_insured, 0.004, DATED, "amka|αμκα"),
    _scheme("Bulgarian EGN", "[0-9]{10}", 10, bulgarian, 0.02, DATED, "egn|егн"),
    _scheme("Estonian or Lithuanian number", "[1-8][0-9]{10}", 11, baltic, 0.004, DATED,
            r"isikukood|asmens_kodas"),
    _scheme("Danish CPR number", "[0-9]{6}-[0-9]{4}", 10, danish, 0.04, FORM,
            r"cpr(_?n(umme)?r)?"),
    _scheme("Turkish T.C. kimlik", "[1-9][0-9]{10}", 11, turkish, 0.01, BARE,
            r"(tc_?)?kimlik(_no)?|tckn|tc_no"),
    _scheme("Russian INN of a person", "[0-9]{12}", 12, russian_tax, 0.01, BARE, "inn|инн"),
    _scheme("Russian SNILS", "[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}", 11, russian_insured, 0.01,
            LETTERED, "snils|снилс"),
    _scheme("Russian SNILS", "[0-9]{11}", 11, russian_insured, 0.01, BARE, "snils|снилс"),
    _scheme("Dutch BSN", "[0-9]{9}", 9, dutch, 0.1, BARE,
            r"bsn(_?n(umme)?r)?|burger_?service_?n(umme)?r|sofi_?n(umme)?r"),
    _scheme("Portuguese NIF", "[123][0-9]{2} ?[0-9]{3} ?[0-9]{3}", 9, portuguese, 0.1, BARE,
            r"nif|contribuinte|n(umero|°)?_?(de_)?contribuinte", headed=True),
    _scheme("Greek AFM", "[0-9]{9}", 9, greek_tax, 0.1, BARE, "afm|αφμ", headed=True),
    _scheme("Austrian number of social insurance", "[1-9][0-9]{3} ?[0-9]{6}", 10, austrian, 0.03,
            DATED, r"sv_?nr|sozialversicherungs\w*|versicherungs_?nummer"),
    _scheme("Croatian OIB", "[0-9]{11}", 11, _mod_11_10, 0.1, BARE, "oib", headed=True),
    _scheme("British NHS number", "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", 10, british_patient, 0.1,
            BARE, r"nhs(_?(no|num|number))?", headed=True),
    _scheme("Canadian SIN", "[1-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}", 9, _luhn, 0.1, BARE,
            "sin|social_insurance_(no|number)|nas", headed=True),
    _scheme("Japanese individual number", "[0-9]{4} ?[0-9]{4} ?[0-9]{4}", 12, japanese, 0.1, BARE,
            "my_?number|マイナンバー|[個个]人番号", headed=True),
    _scheme("South Korean number", "[0-9]{6}-[1-8][0-9]{6}", 13, south_korean, 0.04, FORM,
            "rrn|주민(등록)?번호"),
    _scheme("British number of national insurance",
            r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", 9, british,
            0.5, FORM, r"nino|ni_?(no|num|number)|national_insurance\w*|nat_?ins\w*"),
    _scheme("United States' number of social security", "[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", 9,
            american, 0.9, FORM, "ssn|social_security(_(no|num|number))?"),
    _scheme("United States' number of social security", "[0-8][0-9]{8}", 9, american, 0.9, FORM,
            "ssn|social_security(_(no|num|number))?", headed=True),
)  # fmt: skip

# Headers that say so whatever the state; each scheme has its own words besides.
_OF_ANY: Final = _words(
    r"national_?(id|identity|identification|insurance)\w*|identity_?(no|num|number|card)"
    r"|id_?(no|num|number|card)|personal_?(id|code|identification)\w*|citizen_?(id|no|number)"
    r"|social_(security|insurance)\w*|tax_?(id|no|num|number)|personen_?kenn\w*|ausweis\w*"
    r"|personalausweis\w*|documento_(de_)?identidad|carta_identita|piece_identite|identifiant_national"
)
# Of a few words nobody means anything else by; the others are words of many trades, too.
STRONG: Final = (
    r"pesel|codice_?fiscale|steuer_?id(_|$|nr)|steuer(liche)?_?identifikations|rijksregister"
    r"|person_?nummer|fodsels_?(nummer|nr)|henkilotunnus|rodne_?cislo|burger_?service_?n"
    r"|(^|_)bsn(_|$|nummer)|(^|_)(cpf|amka|hetu|isikukood|snils|oib|ssn|cnp|egn|kvnr)(_|$)"
    r"|national_insurance|(^|_)ni_?(no|num|number)(_|$)|social_(security|insurance)_?(no|num|number)"
    r"|securite_sociale|numero_(de_)?secu|sozialversicherungs_?n|rentenversicherungs_?n"
    r"|(^|_)(ahv|avs)_?(nr|no|number|nummer)?(_|$)|снилс|егн|αμκα|주민등록번호|マイナンバー|[個个]人番号"
)


def names_scheme(plain: str, scheme: Scheme) -> bool:
    """Whether a header in its plain form says that numbers of this scheme stand under it."""
    return scheme.words.search(plain) is not None or _OF_ANY.search(plain) is not None
