"""What names of persons look like in languages of Europe and in scripts besides Latin and Chinese.

By the given names that are borne (`names_borne`), patronymics of Russian, and surnames where they
stand first, as in Hungary, Vietnam, Korea and Japan.  A single text is no evidence; columns are
judged by the share of their different values.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from exchange.inspection import names_borne

_GIVEN: Final = frozenset(" ".join(names_borne.GIVEN.values()).split())
_CYRILLIC_GIVEN: Final = frozenset(names_borne.CYRILLIC_GIVEN.split())
_GREEK_GIVEN: Final = frozenset(names_borne.GREEK_GIVEN.split())
_PATRONYMIC: Final = re.compile("(?:ович|евич|ьич|овна|евна|ична|йович)$")
_VIETNAMESE: Final = frozenset(names_borne.SURNAMES["vi"].split())
# Where these are borne, the surname stands first.
_HUNGARIAN: Final = frozenset(names_borne.SURNAMES["hu"].split())
_SURNAMES: Final = frozenset(f"{names_borne.SURNAMES['es']} {names_borne.SURNAMES['in']}".split())
_ENDINGS: Final = re.compile(rf"..(?:{names_borne.ENDINGS})$")
_MARKED: Final = re.compile("[ăâđêôơưàảãạáằẳẵặắầẩẫậấèẻẽẹéềểễệếìỉĩịíòỏõọóồổỗộốờởỡợớùủũụúừửữựứỳỷỹỵý]")
_KOREAN: Final = re.compile(
    r"[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나]"
    r"[ ]?([가-힣]{1,2})"
)
_JAPANESE: Final = re.compile(
    rf"(?:{'|'.join(sorted(names_borne.JAPANESE_SURNAMES.split(), key=len, reverse=True))})"
    r"[ \u3000]?([\u4e00-\u9fff々\u3041-\u3096\u30a1-\u30fa]{1,4})"
)
_JAPANESE_GIVEN: Final = frozenset(names_borne.JAPANESE_GIVEN)
_KOREAN_GIVEN: Final = frozenset(names_borne.KOREAN_GIVEN)
_PLACE_ENDINGS: Final = "県府市町村区郡駅川湖港橋島山岳城寺社沖湾岬丸"
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")
_BETWEEN_WORDS: Final = """
van von de der den la le di da do dos del y e zu vom zum ter ten bin ibn al el af av
"""
_BETWEEN: Final = frozenset(_BETWEEN_WORDS.split())
_NO_PERSON: Final = re.compile(
    r"(?i)stra(ss|ß)e|platz|allee|damm|brücke|schule|kirche|klinik|hafen|airport|flughafen|international"
    r"|\b(gmbh|ag|kg|ohg|ug|sa|sarl|sas|srl|spa|bv|nv|ab|oy|ltd|inc|llc|co|rue|avenue|place|calle"
    r"|plaza|via|piazza|ulica|ul|bay|sea|river|island|harbou?r|point|port|street|road|lake|strait"
    r"|station|university|institute|riesling|kabinett|chateau|château|domaine|cuvée|saint|sankt|st)\b"
)
_TITLE: Final = (
    r"(?:Herrn?|Frau|Hr\.|Fr\.|Monsieur|Madame|Mademoiselle|Mme|Mlle|M\.|Señora?|Sr\.|Sra\.|Srta\."
    r"|Don|Doña|Signora?|Sig\.(?:ra)?|Pani?|Pana|Dhr\.|Mevr\.|Mevrouw|Meneer|Senhora?|Herra|Rouva"
    r"|Mr\.?|Mrs\.?|Ms\.?|Dr\.)"
)
_TITLED: Final = re.compile(rf"{_TITLE} (?:Dr\. )?(?:[A-ZÀ-ÞĀ-Ž][^\W\d_'’-]+[ -]?){{1,3}}")
_TITLED_WITHIN: Final = re.compile(
    rf"\b{_TITLE} (?:Dr\. |Prof\. )?((?:[A-ZÀ-ÞĀ-Ž][^\W\d_]+(?:[ -](?=[A-ZÀ-ÞĀ-Ž]))?){{1,3}})"
)
_TWO_WORDS: Final = re.compile(r"\b([A-ZÀ-ÞĀ-Ž][^\W\d_]+) ([A-ZÀ-ÞĀ-Ž][^\W\d_]+)\b")
# What stands beside somebody's name and nobody else's: a birthday, a telephone.
_POINTS_TO: Final = re.compile(
    r"(?:geb(?:oren)?\.?|née? le|nacid[oa] el|nat[oa] il|ur\.|urodzon[ya]|geboren op|född"
    r"|nascid[oa]|born|dob:?)[ ,]*(?:am )?[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}"
    r"|(?:\+[1-9][0-9]{0,2}|\b0[1-9])(?:[ ./-]?[0-9]{2,4}){3,5}\b",
    re.IGNORECASE,
)
_PNR: Final = re.compile(r"[A-Z]{2,}/[A-Z]+(?: [A-Z]+)*? ?(?:MR|MRS|MS|MISS|MSTR|CHD|INF|DR)")
_INITIALS: Final = re.compile(
    r"[A-ZÀ-ÞĀ-Ž][^\W\d_'’-]+,? (?:[A-ZÀ-Þ]\.[ -]?){1,3}"
    r"|(?:[A-ZÀ-Þ]\. ?){1,3}[A-ZÀ-ÞĀ-Ž][^\W\d_'’-]+"
)
_WORDS_MAX: Final = 5
_LIGATURES: Final = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i"})


def folded(word: str) -> str:
    """Return a word in small letters without accents."""
    word = word.lower()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_LIGATURES))
    return "".join(each for each in parts if not unicodedata.combining(each))


def _words(text: str) -> list[str]:
    """Return the words of what may be a name; none where it is none by its build."""
    if not text or len(text) > 60 or text[0].isdigit():
        return []
    words = [word for word in re.split(r"[ ,]+", text.strip()) if word]
    if not 2 <= len(words) <= _WORDS_MAX or not all(map(_WORD.fullmatch, words)):
        return []
    borne = [word for word in words if word.lower() not in _BETWEEN]
    if len(borne) < 2 or not all(word[0].isupper() for word in borne) or _NO_PERSON.search(text):
        return []
    return borne


def is_given(word: str) -> bool:
    """Whether a word is a given name that is much borne in some country of Europe."""
    plain = folded(word.strip().rstrip("."))
    return (
        plain in _GIVEN
        or plain.partition("-")[0] in _GIVEN
        or plain in _GREEK_GIVEN
        or (word.strip().lower() in _CYRILLIC_GIVEN)
    )


def is_name(text: str) -> bool:
    """Whether a text is built as a name is, whatever column it stands in: given name and surname.

    Russian ones by their patronymic, Vietnamese ones by surname and accents, Hungarian ones by both
    names, those that offices write by the surname in capitals, others by surnames that are nothing
    else or end as no other word does.
    """
    words = _words(text)
    if not words:
        return False
    if any(_PATRONYMIC.search(word.lower()) for word in words[1:]):
        return True
    surname = folded(words[0])
    if surname in _VIETNAMESE and _MARKED.search(text.lower()):
        return True
    if is_given(words[0]) or ("," in text and is_given(words[1])):
        return True
    last = folded(words[-1])
    if last in _SURNAMES or _ENDINGS.search(last):
        return True
    led = surname in _HUNGARIAN or surname in _SURNAMES or _ENDINGS.search(surname) is not None
    led = led or (words[0].isupper() and not words[-1].isupper())
    return led and is_given(words[-1])


def is_named(text: str) -> bool:
    """Whether a text names a person, where the header says that one is named."""
    text = text.strip()
    if is_eastern(text) or _TITLED.fullmatch(text):
        return True
    return any(map(is_given, _words(text))) or is_name(text)


def is_eastern(text: str) -> bool:
    """Whether a text is a Korean or Japanese surname that is much borne and a given name."""
    text = text.strip()
    if _JAPANESE.fullmatch(text):
        return text[-1] not in _PLACE_ENDINGS  # 山口県 begins with a surname
    return _KOREAN.fullmatch(text) is not None


def is_japanese(text: str) -> bool:
    """Whether a text is a Japanese name, whatever column it stands in.

    Surnames of Japan are names of its places, too: each character behind one has to be of those
    that given names are made of.
    """
    found = _JAPANESE.fullmatch(text.strip())
    return found is not None and all(each in _JAPANESE_GIVEN for each in found[1])


def is_korean(text: str) -> bool:
    """Whether a text is a Korean name of three syllables, the last two of them much borne.

    Many a word begins as a surname does.
    """
    found = _KOREAN.fullmatch(text.strip())
    return found is not None and len(found[1]) > 1 and all(x in _KOREAN_GIVEN for x in found[1])


def may_be_named(text: str) -> bool:
    """Whether a text has the build of a name and nothing more: capital words, or initials."""
    return bool(_words(text)) or _INITIALS.fullmatch(text.strip()) is not None


def is_passenger(text: str) -> bool:
    """Whether a text is a name as booking systems write it: surname, stroke, given name, title."""
    return _PNR.fullmatch(text.strip()) is not None


def names_within(text: str) -> list[str]:
    """Return names in running text: behind a title, or a given name before another capital word."""
    titled = [found[1] for found in _TITLED_WITHIN.finditer(text)]
    return titled or [
        found[0]
        for found in _TWO_WORDS.finditer(text)
        if is_given(found[1]) and not _NO_PERSON.search(found[0])
    ]


def names_titled(text: str) -> bool:
    """Whether somebody is named behind a title in a text."""
    return _TITLED_WITHIN.search(text) is not None


def points_to_somebody(text: str) -> bool:
    """Whether a title and a name stand in a text beside a birthday or a telephone."""
    return _TITLED_WITHIN.search(text) is not None and _POINTS_TO.search(text) is not None
