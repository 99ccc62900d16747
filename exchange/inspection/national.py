"""Numbers that states give to persons: their forms, their check digits and their headers.

The checks are python-stdnum's wherever it has the number; what it lacks, or checks by digits that
are given out no longer, is checked here as the state's rule has it.  A scheme says what its number
proves: letters and points that stand with a check digit, a day of birth with one, a check digit
alone, or a form alone.  Numbers of firms are none of these, but for those that share a form with
persons' and are found by the header only.
"""

from __future__ import annotations

import enum
import functools
import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from stdnum import luhn
from stdnum.at import vnr

_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST_HUNGARIAN, _LAST_HUNGARIAN = 12_000, 60_000  # days since 1867, of 1899 and of 2031
_JOINTS: Final = str.maketrans("", "", " .-/\u00a0")


class Proof(enum.Enum):
    """What is in a number besides its digits, by which it is told from any other."""

    LETTERED = "letters or points, and a check digit"
    DATED = "a day of birth or a rare form, and a check digit"
    BARE = "a check digit"
    FORM = "a form, and no check digit"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One state's number: its `form` as it is written, and the `check` over its bare characters.

    `length` is that of the bare number, 0 where it varies.  `by_chance` is how often characters of
    the form pass the check.  `born` says where two digits of the year of birth begin in the bare
    number, and two of the day, as far as they stand there.  `headed` are numbers that nothing but
    their header tells from other numbers.  A sign that is `signed` tells the century, and is left.
    """

    name: str
    form: re.Pattern[str]
    length: int
    check: Callable[[str], bool]
    by_chance: float
    proof: Proof
    words: re.Pattern[str]
    born: tuple[int, ...] = ()
    headed: bool = False
    signed: bool = False

    def passes(self, number: str) -> bool:
        """Whether a number that is written in the scheme's form passes its check."""
        return self.check(number if self.signed else bare(number))


def bare(text: str) -> str:
    """Return a number without what people write between its characters, in capitals."""
    return text.strip().upper().translate(_JOINTS)


def _stdnum(country: str, name: str) -> Callable[[str], bool]:
    """Return the library's check of a number, whose module is loaded when one is to be checked."""

    @functools.cache
    def module() -> ModuleType:
        return importlib.import_module(f"stdnum.{country}.{name}")

    def passes(number: str) -> bool:
        return bool(module().is_valid(number))

    return passes


def _sum(number: str, weights: Sequence[int]) -> int:
    return sum(int(each) * weight for each, weight in zip(number, weights, strict=False))


def is_day(day: int, month: int) -> bool:
    """Whether a day stands in the calendar of some year."""
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


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
    return luhn.is_valid(f"{ord(number[0]) - 64:02}{number[1:]}")


def danish(number: str) -> bool:
    """Check the birthday of a Danish CPR; its last digit checks nothing since 2007."""
    return is_day(int(number[:2]) % 60, int(number[2:4]))


def austrian(number: str) -> bool:
    """Check an Austrian number of social insurance; a month past December is not known."""
    day, month = int(number[4:6]), int(number[6:8])
    return is_day(day, month if month <= len(_DAYS) else 1) and vnr.is_valid(number)


def russian_insured(number: str) -> bool:
    """Check a Russian SNILS by MOD 101."""
    return _sum(number[:9], range(9, 0, -1)) % 101 % 100 == int(number[9:])


def south_korean(number: str) -> bool:
    """Check the birthday of a South Korean number; since 2020 its last digit checks nothing."""
    return is_day(int(number[4:6]), int(number[2:4]))


def singaporean(number: str) -> bool:
    """Check a Singaporean NRIC or FIN by its letter, of another row for foreigners."""
    total = _sum(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if number[0] in "TG" else 0)
    return number[8] == ("JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK")[total % 11]


def hungarian_insured(number: str) -> bool:
    """Check a Hungarian TAJ: digits by 3 and 7 in turn, modulo 10 (Act XX of 1996)."""
    return _sum(number[:8], (3, 7) * 4) % 10 == int(number[8])


def hungarian_tax(number: str) -> bool:
    """Check a Hungarian tax number of a person: an 8, days since 1867 until birth, MOD 11."""
    born = _FIRST_HUNGARIAN < int(number[1:6]) < _LAST_HUNGARIAN
    return born and _sum(number[:9], range(1, 10)) % 11 == int(number[9])


def hungarian(number: str) -> bool:
    """Check a Hungarian personal number: sex and century, birthday, MOD 11 in either order."""
    if not is_day(int(number[5:7]), int(number[3:5])):
        return False
    weights = (range(1, 11), range(10, 0, -1))
    return any(_sum(number[:10], each) % 11 == int(number[10]) for each in weights)


def egyptian(number: str) -> bool:
    """Check the birthday and the governorate of an Egyptian number; its last digit is secret."""
    born = is_day(int(number[5:7]), int(number[3:5]))
    return born and (1 <= int(number[7:9]) <= 35 or number[7:9] == "88")


def british(number: str) -> bool:
    """Tell prefixes of British national insurance that were never given out."""
    return number[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def american(number: str) -> bool:
    """Tell numbers of the United States' social security that were never given out."""
    return number[:3] not in ("000", "666") and number[3:5] != "00" and number[5:] != "0000"


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(^|_)({words})(_|$)")


def _scheme(  # noqa: PLR0913, PLR0917 - the columns of the table below
    name: str,
    form: str,
    length: int,
    check: Callable[[str], bool],
    by_chance: float,
    proof: Proof,
    words: str,
    born: tuple[int, ...] = (),
    *,
    headed: bool = False,
    signed: bool = False,
) -> Scheme:
    return Scheme(
        name,
        re.compile(form),
        length,
        check,
        by_chance,
        proof,
        _words(words),
        born,
        headed=headed,
        signed=signed,
    )


LETTERED, DATED, BARE, FORM = Proof
_TAX_DE: Final = (
    r"(steuer_?)?(liche_?)?id(_?n(umme)?r)?|idnr|tin|steuer_?id(_?n(umme)?r)?"
    r"|steuer(liche)?_?identifikations_?n(umme)?r|identifikationsnummer"
)
_ID_ES: Final = "dni|nif|documento|documento_identidad|num_documento"
_BELGIAN: Final = r"rijksregister\w*|insz|niss|registre_national|nrn"
_SWISS: Final = r"ahv\w*|avs\w*|numero_avs|n°?_avs|sozialversicherungs\w*"
_SWEDISH: Final = r"person_?n(umme)?r|pnr|personal_?number"
_AMERICAN: Final = "ssn|social_security(_(no|num|number))?"
_THAI: Final = "เลข(ที่)?(ประจำตัวประชาชน|บัตรประชาชน)|thai_id"
_CUIL: Final = r"cui[lt]|n(ro|umero)?_(de_)?cui[lt]"
# "TZ" is a time zone, too, which is no nine digits.
_ISRAELI: Final = (
    r"(mispar_|teudat_)?zehut|tz(_(id|no|num|number))?|(מספר_)?תעודת_זהות|מספר_זהות|ת[_'\"׳״]{0,2}ז"
)
SCHEMES: Final = (
    _scheme("Spanish DNI", r"[0-9]{8}[ -]?[A-Z]|[0-9]{2}(?:\.[0-9]{3}){2}[ -]?[A-Z]", 9,
            _stdnum("es", "dni"), 1 / 23, LETTERED, _ID_ES),
    _scheme("Spanish NIE", r"[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", 9, _stdnum("es", "nie"), 1 / 23,
            LETTERED, f"nie|{_ID_ES}"),
    _scheme("Italian codice fiscale",
            r"[A-Z]{6} ?[0-9LMNP-V]{2}[A-EHLMPRST] ?[0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z]", 16,
            _stdnum("it", "codicefiscale"), 1 / 26, LETTERED, "codice_?fiscale|cod_?fisc(ale)?|cf"),
    _scheme("Belgian national number", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}[.-][0-9]{2}", 11,
            _stdnum("be", "ssn"), 0.01, LETTERED, _BELGIAN, (0, 4)),
    _scheme("Belgian national number", "[0-9]{11}", 11, _stdnum("be", "ssn"), 0.01, DATED,
            _BELGIAN, (0, 4)),
    _scheme("Swiss AHV number", r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", 13, _stdnum("ch", "ssn"),
            0.1, LETTERED, _SWISS),
    _scheme("Swiss AHV number", "756[0-9]{10}", 13, _stdnum("ch", "ssn"), 0.1, DATED, _SWISS),
    _scheme("Finnish henkilötunnus", "[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]", 0,
            _stdnum("fi", "hetu"), 1 / 31, LETTERED, "hetu|henkilotunnus|personbeteckning", (4, 0),
            signed=True),
    _scheme("Swedish personnummer", r"(?:19|20)?[0-9]{6}[-+][0-9]{4}", 0,
            _stdnum("se", "personnummer"), 0.1, LETTERED, _SWEDISH, (-10,)),
    _scheme("Swedish personnummer", r"(?:19|20)[0-9]{10}|[0-9]{10}", 0,
            _stdnum("se", "personnummer"), 0.1, DATED, _SWEDISH, (-10,)),
    _scheme("Czech or Slovak rodné číslo", "[0-9]{6}/[0-9]{3,4}", 0, _stdnum("cz", "rc"), 0.1,
            LETTERED, "rodne_?cislo|rc", (0, 4)),
    _scheme("Czech or Slovak rodné číslo", "[0-9]{10}", 10, _stdnum("cz", "rc"), 0.1, DATED,
            "rodne_?cislo|rc", (0, 4)),
    _scheme("Brazilian CPF", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", 11, _stdnum("br", "cpf"),
            0.01, LETTERED, "cpf"),
    _scheme("Brazilian CPF", "[0-9]{11}", 11, _stdnum("br", "cpf"), 0.01, BARE, "cpf"),
    _scheme("Irish PPS number", "[0-9]{7}[A-W][A-IW]?", 0, _stdnum("ie", "pps"), 1 / 23, LETTERED,
            "pps|ppsn|pps_?(no|number)"),
    _scheme("German number of pension insurance", "[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}", 12,
            german_insurance, 0.1, LETTERED,
            r"sv_?nr|rv_?nr|sozialversicherungs\w*|rentenversicherungs\w*|versicherungs_?nummer"),
    _scheme("German number of an insured patient", "[A-Z][0-9]{9}", 10, german_patient, 0.1, BARE,
            r"kvnr|versicherten_?\w*|krankenversicher\w*|egk\w*|gesundheitskarte\w*"),
    _scheme("French NIR",
            r"[12] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", 15,
            _stdnum("fr", "nir"), 0.01, DATED,
            r"nir|nss|insee|n(umero|°|o)?_?(de_)?(la_)?secu(rite_sociale)?|securite_sociale"
            r"|numero_insee|immatriculation", (1,)),
    _scheme("German tax number", "[0-9]{11}|[0-9]{2}(?: [0-9]{3}){3}|[0-9]{4} [0-9]{4} [0-9]{3}",
            11, _stdnum("de", "idnr"), 0.02, DATED, _TAX_DE),
    _scheme("Polish PESEL", "[0-9]{11}", 11, _stdnum("pl", "pesel"), 0.02, DATED,
            r"pesel\w*|nr_pesel", (0, 4)),
    _scheme("Norwegian fødselsnummer", "[0-9]{6} ?[0-9]{5}", 11, _stdnum("no", "fodselsnummer"),
            0.001, DATED, r"fodsels_?n(umme)?r|fnr|personnummer", (4, 0)),
    _scheme("Romanian CNP", "[1-9][0-9]{12}", 13, _stdnum("ro", "cnp"), 0.003, DATED, "cnp",
            (1, 5)),
    _scheme("Greek AMKA", "[0-9]{11}", 11, _stdnum("gr", "amka"), 0.004, DATED, "amka|αμκα",
            (4, 0)),
    _scheme("Bulgarian EGN", "[0-9]{10}", 10, _stdnum("bg", "egn"), 0.02, DATED, "egn|егн",
            (0, 4)),
    _scheme("Estonian or Lithuanian number", "[1-8][0-9]{10}", 11, _stdnum("ee", "ik"), 0.004,
            DATED, r"isikukood|asmens_kodas", (1, 5)),
    _scheme("Latvian personal number", "[0-9]{6}-[0-9]{5}", 11, _stdnum("lv", "pvn"), 0.1,
            LETTERED, r"personas_kods", (4, 0)),
    _scheme("Number of former Yugoslavia", "[0-3][0-9]{12}", 13, _stdnum("si", "emso"), 0.01,
            DATED, "emso|jmbg|umcn|матични_број|maticni_broj", (5, 0)),
    _scheme("Icelandic kennitala", "[0-3][0-9]{5}-?[0-9]{4}", 10, _stdnum("is_", "kennitala"), 0.01,
            DATED, "kennitala|kt", (4, 0)),
    _scheme("Danish CPR number", "[0-9]{6}-[0-9]{4}", 10, danish, 0.08, FORM,
            r"cpr(_?n(umme)?r)?", (4, 0)),
    _scheme("Turkish T.C. kimlik", "[1-9][0-9]{10}", 11, _stdnum("tr", "tckimlik"), 0.01, BARE,
            r"(tc_?)?kimlik(_no)?|tckn|tc_no"),
    _scheme("Russian INN of a person", "[0-9]{12}", 12, _stdnum("ru", "inn"), 0.01, BARE,
            "inn|инн"),
    _scheme("Russian SNILS", "[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}", 11, russian_insured, 0.01,
            LETTERED, "snils|снилс"),
    _scheme("Russian SNILS", "[0-9]{11}", 11, russian_insured, 0.01, BARE, "snils|снилс"),
    _scheme("Ukrainian tax number", "[0-9]{10}", 10, _stdnum("ua", "rntrc"), 0.1, BARE,
            "rntrc|rnokpp|рнокпп|[іи]пн|інн", headed=True),
    _scheme("Dutch BSN", "[0-9]{9}", 9, _stdnum("nl", "bsn"), 0.1, BARE,
            r"bsn(_?n(umme)?r)?|burger_?service_?n(umme)?r|sofi_?n(umme)?r"),
    _scheme("Portuguese NIF", "[123][0-9]{2} ?[0-9]{3} ?[0-9]{3}", 9, _stdnum("pt", "nif"), 0.1,
            BARE, r"nif|contribuinte|n(umero|°)?_?(de_)?contribuinte", headed=True),
    _scheme("Greek AFM", "[0-9]{9}", 9, _stdnum("gr", "vat"), 0.1, BARE, "afm|αφμ", headed=True),
    _scheme("Austrian number of social insurance", "[1-9][0-9]{3} ?[0-9]{6}", 10,
            austrian, 0.04, DATED,
            r"sv_?nr|sozialversicherungs\w*|versicherungs_?nummer", (8, 4)),
    _scheme("Croatian OIB", "[0-9]{11}", 11, _stdnum("hr", "oib"), 0.1, BARE, "oib", headed=True),
    _scheme("British NHS number", "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", 10, _stdnum("gb", "nhs"),
            0.1, BARE, r"nhs(_?(no|num|number))?", headed=True),
    _scheme("Canadian SIN", "[1-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}", 9, _stdnum("ca", "sin"),
            0.1, BARE, "sin|social_insurance_(no|number)|nas", headed=True),
    _scheme("Mexican CURP", "[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]", 18,
            _stdnum("mx", "curp"), 0.05, LETTERED, r"curp\w*", (4, 8)),
    _scheme("Chilean RUN", r"(?:[1-9]|[1-4][0-9])(?:\.[0-9]{3}){2}-[0-9K]", 0,
            _stdnum("cl", "rut"), 0.1, LETTERED, r"ru[tn]|ru[tn]_\w+"),
    _scheme("Chilean RUN", "(?:[1-9]|[1-4][0-9])[0-9]{6}-[0-9K]", 0, _stdnum("cl", "rut"), 0.1,
            LETTERED, r"ru[tn]|ru[tn]_\w+"),
    _scheme("Argentine CUIL", "2[0347]-[0-9]{8}-[0-9]", 11, _stdnum("ar", "cuit"), 0.1, LETTERED,
            _CUIL),
    _scheme("Argentine CUIL", "2[0347][0-9]{9}", 11, _stdnum("ar", "cuit"), 0.1, BARE, _CUIL),
    _scheme("Ecuadorian cédula", "[0-9]{10}|[0-9]{9}-[0-9]", 10, _stdnum("ec", "ci"), 0.04, BARE,
            r"cedula(_\w+)?|ci|num_cedula"),
    _scheme("Dominican cédula", "[0-9]{3}-[0-9]{7}-[0-9]", 11, _stdnum("do", "cedula"), 0.1,
            LETTERED, r"cedula(_\w+)?|num_cedula"),
    _scheme("South African identity number", "[0-9]{10}[012][0-9]{2}", 13, _stdnum("za", "idnr"),
            0.01, DATED, r"sa_?id(_?(no|number))?|rsa_id\w*", (0, 4)),
    _scheme("Indian Aadhaar number", "[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}", 12,
            _stdnum("in_", "aadhaar"), 0.1, BARE, r"aadh?aa?r\w*|uidai|आधार(_\w+)?"),
    _scheme("Indian PAN of a person", "[A-Z]{3}P[A-Z][0-9]{4}[A-Z]", 10, _stdnum("in_", "pan"),
            0.99, FORM, "pan|pan_(no|number|card)"),
    _scheme("Thai identity number", "[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]", 13,
            _stdnum("th", "pin"), 0.1, LETTERED, _THAI),
    _scheme("Thai identity number", "[1-8][0-9]{12}", 13, _stdnum("th", "pin"), 0.1, BARE, _THAI),
    _scheme("Singaporean NRIC or FIN", "[STFG][0-9]{7}[A-Z]", 9, singaporean, 1 / 11, LETTERED,
            r"nric\w*|fin(_?(no|number))?"),
    _scheme("Malaysian identity number", "[0-9]{6}-[0-9]{2}-[0-9]{4}", 12, _stdnum("my", "nric"),
            0.04, FORM, r"nric\w*|mykad\w*|ic_?(no|number)|no_?(kp|ic)|kad_pengenalan", (0, 4)),
    _scheme("Indonesian NIK", "[1-9][0-9]{15}", 16, _stdnum("id", "nik"), 0.04, FORM,
            r"nik|(no_)?ktp|nomor_induk_kependudukan", (10, 6)),
    _scheme("Vietnamese citizen's number", "0[0-9]{2}[0-3][0-9]{8}", 12, str.isdigit, 0.04, FORM,
            r"(so_)?(cccd|cmnd)|(so_)?can_cuoc(_cong_dan)?", headed=True),
    _scheme("Pakistani CNIC", "[1-7][0-9]{4}-[0-9]{7}-[1-9]", 13, _stdnum("pk", "cnic"), 0.99, FORM,
            "cnic|nic|nicop"),
    _scheme("Kenyan PIN of a person", "A[0-9]{9}[A-Z]", 11, _stdnum("ke", "pin"), 0.99, FORM,
            r"kra(_pin)?(_(no|number))?|pin_(no|number)", headed=True),
    _scheme("Egyptian national number", "[23][0-9]{13}", 14, egyptian, 0.03, FORM,
            "الرقم_القومي|رقم_قومي|raqam_qawmi", (1, 5)),
    _scheme("Emirates ID", "784-?[0-9]{4}-?[0-9]{7}-?[0-9]", 15, luhn.is_valid, 0.1, DATED,
            r"emirates_?id|eid|رقم_الهوية", (5,)),
    _scheme("Israeli identity number", "[0-9]{9}", 9, _stdnum("il", "idnr"), 0.1, BARE,
            _ISRAELI, headed=True),
    _scheme("Australian tax file number", "[0-9]{3} ?[0-9]{3} ?[0-9]{3}", 9, _stdnum("au", "tfn"),
            0.1, BARE, "tfn|tax_file_(no|number)", headed=True),
    _scheme("Japanese individual number", "[0-9]{4} ?[0-9]{4} ?[0-9]{4}", 12, _stdnum("jp", "in_"),
            0.1, BARE, "my_?number|マイナンバー|[個个]人番号"),
    _scheme("Hungarian TAJ", "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}", 9, hungarian_insured, 0.1, BARE,
            r"taj(_?szam)?|tarsadalombiztositasi\w*|tb_?szam"),
    _scheme("Hungarian tax number", "8[0-9]{9}", 10, hungarian_tax, 0.05, DATED,
            r"ado_?azonosito(_?jel)?|adoszam"),
    _scheme("Hungarian personal number", "[1-8][ -]?[0-9]{6}[ -]?[0-9]{4}", 11, hungarian, 0.008,
            DATED, r"szemelyi_?(szam|azonosito)|szig_?szam", (1, 5)),
    _scheme("South Korean number", "[0-9]{6}-[1-8][0-9]{6}", 13, south_korean, 0.04, FORM,
            "rrn|주민(등록)?번호", (0, 4)),
    _scheme("British number of national insurance",
            r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", 9, british,
            0.98, FORM, r"nino|ni_?(no|num|number)|national_insurance\w*|nat_?ins\w*"),
    _scheme("United States' number of social security", "[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", 9,
            american, 0.99, FORM, _AMERICAN),
    _scheme("United States' number of social security", "[0-8][0-9]{8}", 9, american, 0.99, FORM,
            _AMERICAN, headed=True),
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
    r"|(^|_)(ahv|avs)_?(nr|no|number|nummer)?(_|$)|(^|_)taj(_?szam)?(_|$)|ado_?azonosito"
    r"|szemelyi_?(szam|azonosito)|(^|_)(emso|jmbg|kennitala)(_|$)|personas_kods"
    r"|снилс|егн|αμκα|주민등록번호|マイナンバー|[個个]人番号"
)


def names_scheme(plain: str, scheme: Scheme) -> bool:
    """Whether a header in its plain form says that numbers of this scheme stand under it.

    Any digits have the form of some number that has no check, so for those its own words must.
    """
    if scheme.words.search(plain):
        return True
    formless = scheme.headed and scheme.proof is Proof.FORM
    return not formless and _OF_ANY.search(plain) is not None
