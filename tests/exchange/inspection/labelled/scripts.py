"""Persons named in Arabic, Hebrew, Ethiopic, Devanagari, Bengali and Thai letters.

Labelled from I-01 and I-10 before any name in these scripts was known.  Under a header that says
persons a column of whole names is certain, in whatever language the header says it; under one that
leaves open what is named, or says nothing, somebody has to look.  Places, goods, schools, streets
that are called after persons and words of a form are nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.exchange.inspection.labelled.case import Case, Cell, certain, reported
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.europe import table

NAME, MAYBE_NAME = certain("person_name"), reported("person_name")
Value = Callable[[Draw], Cell]

_ARABIC: Final = (
    (
        "محمد أحمد فاطمة خديجة يوسف إبراهيم مريم عائشة خالد سارة حسين زينب عمر ليلى طارق"
        " هند بدر سلمى رغد جاسم"
    ),
    "الحربي القحطاني المصري الشمري حداد خوري العتيبي منصور الزهراني عوض النجار بكري",
)
_HEBREW: Final = (
    (
        "דוד משה יוסף שרה רחל נועה אורי יעל איתי תמר אברהם מיכל עומר שירה גיא"
        " רונית אלון ליאור הדס זוהר"
    ),
    "כהן לוי מזרחי פרץ ביטון אזולאי פרידמן שפירא גולדברג בן-דוד אוחיון רוזנברג סבג ברקוביץ",
)
_AMHARIC: Final = (
    "አበበ ከበደ ተስፋዬ አልማዝ ሙሉጌታ ፀሐይ ዮሐንስ ማርታ ሰላማዊት ብርሃኑ ሐና ግርማ መሠረት ጌታቸው ሳራ ዳዊት",
    "በቀለ ተሰማ ወልደማርያም አለሙ ደስታ ኃይለ ገብረመድኅን ታደሰ አየለ መኮንን",
)
_HINDI: Final = (
    (
        "राम सीता अमित प्रिया राजेश सुनीता विजय पूजा संजय कविता मोहन गीता अनिल"
        " रेखा दीपक मीना नंदिनी अर्णव भावेश"
    ),
    "शर्मा वर्मा सिंह कुमार गुप्ता यादव मिश्रा देवी पटेल चौधरी ठाकुर जोशी",
)
_BENGALI: Final = (
    "মোহাম্মদ আব্দুল ফাতেমা রহিম সুমন রিনা অনিতা শফিকুল নাসরিন তানভীর সাবিনা প্রদীপ মিতা কামরুল জাহানারা",
    "রহমান হোসেন ইসলাম খাতুন বেগম দাস আহমেদ চৌধুরী সরকার আক্তার মন্ডল ঘোষ",
)
_THAI: Final = (
    "สมชาย สมหญิง ประเสริฐ วิชัย มาลี สุดา อนุชา พรทิพย์ ณัฐพล กมลชนก ธนากร ปิยะ วันดี ศิริพร อารีย์ ภูมิ",
    "ใจดี แสงทอง ศรีสุข วงศ์สวัสดิ์ พงษ์ไพบูลย์ ทองคำ จันทร์เพ็ญ บุญมี รักษาศักดิ์ อินทรวงศ์",
)


def arabic(d: Draw) -> str:
    """Draw an Arabic name: given name, perhaps the father's behind it, family."""
    given, family = map(str.split, _ARABIC)
    return " ".join((d.of(given), *([d.of(given)] if d.whole(0, 1) else []), d.of(family)))


def hebrew(d: Draw) -> str:
    """Draw a Hebrew name."""
    return " ".join(d.of(words.split()) for words in _HEBREW)


def amharic(d: Draw) -> str:
    """Draw an Ethiopian name: one's own and the father's."""
    return " ".join(d.of(words.split()) for words in _AMHARIC)


def hindi(d: Draw) -> str:
    """Draw a name of India in Devanagari."""
    return " ".join(d.of(words.split()) for words in _HINDI)


def bengali(d: Draw) -> str:
    """Draw a name of Bengal."""
    return " ".join(d.of(words.split()) for words in _BENGALI)


def thai(d: Draw) -> str:
    """Draw a Thai name without a title."""
    return " ".join(d.of(words.split()) for words in _THAI)


def titled_thai(d: Draw) -> str:
    """Draw a Thai name as offices write it, the title joined to it."""
    return d.of(["นาย", "นาง", "นางสาว", "ด.ช.", "เด็กหญิง"]) + thai(d)


_WHOSE: Final[tuple[tuple[str, str, Value], ...]] = (
    ("Arabic", "الاسم الكامل", arabic),
    ("Arabic", "اسم المريض", arabic),
    ("Arabic", "patient_name", arabic),
    ("Hebrew", "שם מלא", hebrew),
    ("Hebrew", "שם התלמיד", hebrew),
    ("Hebrew", "full_name", hebrew),
    ("Amharic", "ሙሉ ስም", amharic),
    ("Amharic", "student", amharic),
    ("Hindi", "रोगी का नाम", hindi),
    ("Hindi", "पूरा नाम", hindi),
    ("Hindi", "employee_name", hindi),
    ("Bengali", "রোগীর নাম", bengali),
    ("Bengali", "farmer", bengali),
    ("Thai", "ชื่อ-นามสกุล", thai),
    ("Thai", "ชื่อผู้ป่วย", titled_thai),
    ("Thai", "passenger_name", titled_thai),
)
_OPEN: Final[tuple[tuple[str, str, Value], ...]] = (
    ("Arabic", "الاسم", arabic),
    ("Arabic", "name", arabic),
    ("Hebrew", "שם", hebrew),
    ("Hebrew", "name", hebrew),
    ("Amharic", "ስም", amharic),
    ("Amharic", "Name", amharic),
    ("Hindi", "नाम", hindi),
    ("Hindi", "c2", hindi),
    ("Bengali", "নাম", bengali),
    ("Bengali", "name", bengali),
    ("Thai", "ชื่อ", titled_thai),
    ("Thai", "name", titled_thai),
    ("Arabic", "c1", arabic),
    ("Hebrew", "col_4", hebrew),
)


def _any(*words: str) -> Value:
    return lambda d: d.of(words)


_APART: Final = (
    ("Arabic", "الاسم الأول", "اسم العائلة", _ARABIC),
    ("Hebrew", "שם פרטי", "שם משפחה", _HEBREW),
    ("Thai", "ชื่อ", "นามสกุล", _THAI),
)

_NOBODY: Final[tuple[tuple[str, dict[str, Value], str], ...]] = (
    (
        "cities of Arabia",
        {
            "المدينة": _any(
                "الرياض", "مكة المكرمة", "المدينة المنورة", "جدة", "الدمام", "حفر الباطن"
            ),
            "عدد": lambda d: d.whole(1, 99),
        },
        "a city is nobody",
    ),
    (
        "goods under an Arabic header",
        {
            "اسم المنتج": _any(
                "زيت زيتون بكر", "تمر سكري فاخر", "قهوة عربية", "أرز بسمتي طويل", "حليب كامل الدسم"
            ),
            "السعر": lambda d: d.whole(5, 90),
        },
        "goods are nobody",
    ),
    (
        "schools under name",
        {
            "name": _any(
                "مدرسة خالد بن الوليد",
                "مدرسة الملك فهد",
                "ثانوية فاطمة الزهراء",
                "مدرسة النور الأهلية",
            ),
            "pupils": lambda d: d.whole(50, 900),
        },
        "a school is called after somebody, and is nobody",
    ),
    (
        "streets of Tel Aviv",
        {
            "רחוב": _any(
                "יגאל אלון", "דוד המלך", "בן יהודה", "משה דיין", "רחל אמנו", "יוסף טרומפלדור"
            ),
            "מספר": lambda d: d.whole(1, 200),
        },
        "a street is called after somebody, and is nobody",
    ),
    (
        "dishes of a kitchen in Hebrew",
        {
            "שם": _any("סלט ירקות", "מרק עוף", "חומוס ביתי", "פיתה חמה", "עוגת גבינה", "לחם שיפון"),
            "מחיר": lambda d: d.whole(9, 60),
        },
        "dishes are nobody",
    ),
    (
        "districts of Ethiopia",
        {
            "ስም": _any("አዲስ አበባ", "ባሕር ዳር", "ድሬ ዳዋ", "ደብረ ብርሃን", "አርባ ምንጭ", "ጎንደር ከተማ"),
            "ሰዎች": lambda d: d.whole(1_000, 90_000),
        },
        "places are nobody",
    ),
    (
        "villages in Devanagari",
        {
            "नाम": _any(
                "राम नगर", "सीता पुर", "मोहन गंज", "नई दिल्ली", "कृष्णा नगर", "विजय नगर", "शिव पुरी"
            ),
            "जनसंख्या": lambda d: d.whole(90, 9_000),
        },
        "places are called after gods and persons, and are nobody",
    ),
    (
        "crops in Devanagari",
        {
            "फसल": _any("धान की फसल", "सरसों", "चना दाल", "गेहूँ", "मक्का पीला"),
            "उपज": lambda d: d.number(1, 9),
        },
        "crops are nobody",
    ),
    (
        "markets in Bengali",
        {
            "নাম": _any("নতুন বাজার", "রহিম নগর", "কারওয়ান বাজার", "শ্যাম বাজার", "ফরিদ পুর", "কৃষ্ণ নগর"),
            "দোকান": lambda d: d.whole(5, 400),
        },
        "markets and places are nobody",
    ),
    (
        "dishes in Thai",
        {
            "ชื่อ": _any("ข้าวผัด กุ้ง", "ต้มยำ กุ้ง", "ส้มตำ ไทย", "แกงเขียวหวาน ไก่", "ผัดไทย", "ข้าวมันไก่"),
            "ราคา": lambda d: d.whole(40, 200),
        },
        "dishes are nobody",
    ),
    (
        "remarks in Arabic and Hindi",
        {
            "ملاحظات": _any(
                "تم تغيير الحساس اليوم", "البطارية ضعيفة", "لا توجد ملاحظات", "الطقس جيد جدا"
            ),
            "टिप्पणी": _any("आज मौसम साफ है", "बैटरी बदली गई", "कोई टिप्पणी नहीं", "नाव वापस आई"),
        },
        "remarks about instruments tell nobody",
    ),
    (
        "disorders of rice in Thai",
        {
            "โรคข้าว": _any("โรคไหม้ คอรวง", "ใบจุด สีน้ำตาล", "ขอบใบแห้ง", "กาบใบแห้ง"),
            "ไร่": lambda d: d.whole(1, 90),
        },
        "a plant is no patient",
    ),
    (
        "boats of Arabia beside their numbers",
        {
            "name": _any("فاطمة الزهراء", "نور البحر", "سفينة الخليج", "مريم الساحل", "لؤلؤة جدة"),
            "mmsi": lambda d: f"403{d.digits(6)}",
        },
        "a boat is called after somebody",
    ),
)

CASES: Final[tuple[Case, ...]] = (
    *(
        table(
            f"{tongue} names under {header}",
            "whole names under a header that says persons",
            {header: make, "n": lambda d: d.whole(1, 900)},
            {header: NAME},
        )
        for tongue, header, make in _WHOSE
    ),
    *(
        table(
            f"{tongue} names under {header}, which leaves it open",
            "names, under a header that does not say of what",
            {header: make, "n": lambda d: d.whole(1, 900)},
            {header: MAYBE_NAME},
        )
        for tongue, header, make in _OPEN
    ),
    *(
        table(
            f"{tongue} names in two columns",
            "a given name and a surname in columns of their own",
            {
                first: lambda d, words=words: d.of(words[0].split()),  # type: ignore[misc]
                last: lambda d, words=words: d.of(words[1].split()),  # type: ignore[misc]
            },
            {first: NAME, last: NAME},
        )
        for tongue, first, last, words in _APART
    ),
    *(table(name, why, made, {}) for name, made, why in _NOBODY),
)
