"""What names of persons look like in languages of Europe and in scripts besides Latin and Chinese.

The given names most borne, by the statistical offices of each country, in small letters without
accents; patronymics of Russian and endings of Greek surnames; surnames of Vietnam, Korea and
Japan.  A single text is no evidence; columns are judged by the share of their different values.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GIVEN_WORDS: Final = """
hans jurgen juergen klaus petra sabine monika wolfgang ursula dieter heike stefan andrea thomas
katrin kathrin jens anke gunther guenther gunter renate uwe birgit manfred helmut gerhard horst
werner heinz karl kurt jorg joerg torsten thorsten sven dirk ralf rainer reiner bernd matthias
markus christian sebastian tobias florian fabian lukas jonas leon finn elias noah moritz johannes
maximilian philipp jan niklas gisela ingrid helga christa brigitte karin claudia susanne martina
silke tanja nadine melanie stefanie sandra nicole anja katharina johanna lena leonie hannah mia
emilia lina frieda heidi elke ilse gertrud hildegard irmgard anneliese waltraud ulrike angelika
jean marie pierre nathalie michel isabelle philippe sylvie alain catherine nicolas celine julien
aurelie thierry chantal jacques francois francoise patrick daniel christophe laurent frederic
sebastien olivier stephane pascal eric bruno guillaume antoine mathieu matthieu maxime alexandre
romain kevin jerome vincent lucas hugo louis gabriel arthur jules adam monique martine anne
christine veronique valerie sandrine stephanie virginie emilie camille lea manon chloe emma ines
jeanne louise amelie charlotte helene claire sophie elodie audrey delphine corinne dominique maria
jose antonio carmen manuel dolores francisco pilar javier lucia alejandro marta sergio rocio juan
luis carlos miguel angel jesus pedro rafael fernando pablo jorge alberto alvaro adrian diego raul
ivan ruben enrique ramon vicente andres joaquin santiago ana isabel laura cristina josefa teresa
rosa paula elena raquel beatriz silvia nuria patricia mercedes irene montserrat encarnacion jan
anna piotr katarzyna krzysztof malgorzata andrzej agnieszka tomasz barbara pawel ewa michal zofia
marcin jakub adam lukasz grzegorz wojciech mariusz dariusz zbigniew jerzy tadeusz janusz marek
robert rafal kamil mateusz dawid szymon filip maciej joanna magdalena monika krystyna elzbieta
aleksandra dorota danuta beata renata halina iwona justyna karolina natalia julia maja marco
giulia luca francesca alessandro chiara matteo sara giovanni elena giuseppe antonio mario angelo
vincenzo salvatore domenico francesco roberto stefano paolo andrea davide simone lorenzo riccardo
federico gabriele leonardo tommaso rosa angela giovanna rosaria lucia caterina alessandra
valentina martina sofia aurora giorgia elisa anna silvia paola daniela federica johannes pieter
cornelis hendrik willem jeroen maarten bram daan sem lotte sanne femke anouk marijke annemarie
wilhelmina johanna geert joost ruud sjoerd joao ines goncalo tiago rui nuno antonia filipe
catarina mariana leonor beatriz fatima lars anders johan erik karin kristina gunnar bjorn astrid
ingrid mikael fredrik birgitta ulla mats magnus henrik emil oskar elsa alva soren jens mette
kirsten hanne lise rasmus mads mikkel kari knut ole marit solveig sigrid juhani matti timo pekka
antti tuula paivi marja kaisa petr pavel jiri josef tomas zdenek vaclav milan hana vera alena
lenka katerina veronika tereza eliska zuzana laszlo istvan zoltan ferenc attila gabor katalin
ilona eszter zsuzsanna ion gheorghe vasile andrei mihai alexandru ioana elena mehmet mustafa ahmet
ali huseyin hasan ayse fatma emine hatice zeynep elif yusuf omer ibrahim mohamed mohammed muhammad
abdul fatima aisha amina khadija sean aoife siobhan ciara niamh eoin fiona kate nigel gareth rhys
dafydd priya rahul amit sanjay deepak sunita anil rajesh neha aygul tashi tsering dolma tenzin
lhamo batbayar ablajan gulnar ablet tursun memet nurlan
"""
_GIVEN: Final = frozenset(_GIVEN_WORDS.split())
_CYRILLIC_GIVEN_WORDS: Final = """
иван петр пётр сергей алексей александр андрей дмитрий михаил николай владимир павел максим
евгений денис артем артём роман игорь олег юрий виктор константин анна мария елена ольга наталья
татьяна ирина екатерина светлана юлия анастасия людмила галина надежда вера дарья ксения георги
димитър тодор стоян христо йордан васил мартин елица десислава гергана иванка марија јован марко
никола олександр андрій сергій микола тетяна оксана наталія
"""
_CYRILLIC_GIVEN: Final = frozenset(_CYRILLIC_GIVEN_WORDS.split())
_GREEK_GIVEN_WORDS: Final = """
γιωργος γεωργιος μαρια νικος νικολαος ελενη γιαννης ιωαννης κωνσταντινος κωστας δημητρης δημητριος
παναγιωτης αικατερινη κατερινα βασιλικη σοφια αννα χρηστος θανασης αθανασιος σπυρος ευαγγελια
βασιλης μιχαλης αλεξανδρος αντωνης στυλιανος ιωαννα αναστασια χριστινα δεσποινα
"""
_GREEK_GIVEN: Final = frozenset(_GREEK_GIVEN_WORDS.split())
_PATRONYMIC: Final = re.compile("(?:ович|евич|ьич|овна|евна|ична|йович)$")
_VIETNAMESE_WORDS: Final = """
nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong
"""
_VIETNAMESE: Final = frozenset(_VIETNAMESE_WORDS.split())
_MARKED: Final = re.compile("[ăâđêôơưàảãạáằẳẵặắầẩẫậấèẻẽẹéềểễệếìỉĩịíòỏõọóồổỗộốờởỡợớùủũụúừửữựứỳỷỹỵý]")
_KOREAN: Final = re.compile(
    r"[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나]"
    r"[ ]?[가-힣]{1,2}"
)
_JAPANESE_SURNAMES: Final = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|清水|山崎|森|池田"
    "|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|斉藤|福田|太田|西村|藤井"
    "|金子|岡本|藤原|三浦|中野|中川|原田|松田|竹内|小野|田村|中山|和田|石田|森田|上田|原|内田|柴田|酒井|宮崎|横山|高木"
    "|安藤|宮本|大野|小島|工藤|谷口|今井|高田|丸山|増田|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|野口|武田|松井|千葉"
)
_JAPANESE: Final = re.compile(
    rf"(?:{_JAPANESE_SURNAMES})[ \u3000]?[\u4e00-\u9fff々\u3041-\u3096\u30a1-\u30fa]{{1,4}}"
)
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

    Russian ones by their patronymic, Vietnamese ones by surname and accents.
    """
    words = _words(text)
    if not words:
        return False
    if any(_PATRONYMIC.search(word.lower()) for word in words[1:]):
        return True
    if folded(words[0]) in _VIETNAMESE and _MARKED.search(text.lower()):
        return True
    return is_given(words[0]) or ("," in text and is_given(words[1]))


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


def points_to_somebody(text: str) -> bool:
    """Whether a title and a name stand in a text beside a birthday or a telephone."""
    return _TITLED_WITHIN.search(text) is not None and _POINTS_TO.search(text) is not None
