"""What strangers to the detectors drew and saw missed, and its neighbours that nobody drew.

Labelled from I-01, I-09, I-10 and I-11 before the detectors were mended: by what somebody who looks
at such a table would take it for.
"""

from __future__ import annotations

from tests.exchange.inspection.labelled import abroad
from tests.exchange.inspection.labelled.case import Case, Label, certain, reported
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.europe import Value, table

NAME, MAYBE_NAME = certain("person_name"), reported("person_name")
NATIONAL, MAYBE_NATIONAL = certain("national_id"), reported("national_id")
HOME = reported("address")

_NAMES = {
    "Hungarian": (
        "Ágnes Balázs Csilla Gergő Enikő Tamás Réka Zsolt Piroska Bálint Ildikó Levente",
        "Fehér Lakatos Balogh Takács Vörös Molnár Kelemen Budai Fodor Somogyi Pintér",
    ),
    "French": (
        "Thibault Océane Gaël Mathilde Loïc Solène Baptiste Clémence Margaux Quentin Pénélope",
        "Garnier Poirier Delaunay Rousselot Chevallier Marchal Pichon Guérin Tanguy Hamel",
    ),
    "German": (
        "Annegret Burkhard Detlev Friederike Gesa Holger Imke Jochen Kerstin Lothar Wencke",
        "Brinkmann Hohlfeld Zabel Dietz Kretschmer Osterloh Pohlmann Rademacher Stöver",
    ),
    "Italian": (
        "Ginevra Tommaso Ludovica Edoardo Ilaria Riccardo Noemi Saverio Beatrice Fiammetta",
        "Bellucci Mancuso Pellegrini Caruso Zanetti Morandi Ferraro Grimaldi Costantini",
    ),
    "Polish": (
        "Wojciech Jolanta Sławomir Grażyna Bartłomiej Jadwiga Przemysław Urszula Zygmunt Gaja",
        "Zając Kaczmarek Szymczak Pawlak Olszewska Michalak Bąk Gajewska Lis Wrona Kot",
    ),
    "Swedish": (
        "Fredrik Göran Annika Håkan Malin Saga Torbjörn Gunilla Staffan Elin Krister",
        "Lindqvist Sandberg Åkesson Nyström Hedlund Wallin Bergström Ekdahl Sjöberg",
    ),
    "Turkish": (
        "Ayşe Emre Zeynep Burak Elif Kerem Hülya Serkan Gülşen Tuğba Onur Vildane",
        "Yıldırım Öztürk Çelik Aydın Kılıç Şahin Demirtaş Korkmaz Güneş Aksoy",
    ),
    "Russian": (
        "Наталья Дмитрий Светлана Алексей Татьяна Игорь Харлампий Ким",
        "Соколова Кузнецов Лебедева Морозов Ефимов Виноградов Зайцева",
    ),
}


def western(d: Draw, tongue: str) -> str:
    """Draw a name of a language, surname first where it stands there."""
    given, surname = (d.of(words.split()) for words in _NAMES[tongue])
    return f"{surname} {given}" if tongue == "Hungarian" else f"{given} {surname}"


def japanese(d: Draw) -> str:
    """Draw a Japanese name, with a space between its parts or without."""
    surname = d.of(
        [
            "佐々木",
            "松尾",
            "菊地",
            "五十嵐",
            "服部",
            "望月",
            "石原",
            "小松",
            "片山",
            "三宅",
            "関口",
            "白石",
        ]
    )
    given = d.of(
        [
            "陽菜",
            "蓮",
            "結衣",
            "大翔",
            "美咲",
            "健太",
            "翔太",
            "さくら",
            "直樹",
            "恵子",
            "正雄",
            "雅也",
        ]
    )
    return f"{surname}{d.of([' ', '　', ''])}{given}"


def korean(d: Draw) -> str:
    """Draw a Korean name."""
    return d.of("김이박최정강조윤") + d.of(
        ["민준", "서연", "지훈", "수빈", "현우", "영희", "은지", "도윤"]
    )


def herder(d: Draw) -> str:
    """Draw a Tibetan, Mongolian or Uyghur name as it is written in Chinese."""
    tibetan = ["格桑", "次仁", "扎西", "洛桑", "卓玛", "旺堆", "央金", "多吉"]
    mongol = ["苏和巴雅尔", "乌兰其其格", "娜仁托娅", "特木尔", "那顺", "斯琴高娃", "呼和格日勒"]
    uyghur = ["阿依古丽·买买提", "艾力·吐尔逊", "古丽娜尔·艾合买提"]
    return d.of([d.of(tibetan) + d.of(tibetan), d.of(mongol), d.of(uyghur)])


def _weighed(body: str, weights: list[int]) -> int:
    return sum(int(each) * weight for each, weight in zip(body, weights, strict=True))


def taj(d: Draw) -> str:
    """Draw a Hungarian number of social insurance: digits by 3 and 7 in turn, modulo 10."""
    body = abroad.digits(d, 8)
    number = body + str(_weighed(body, [3, 7] * 4) % 10)
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def hungarian_tax(d: Draw) -> str:
    """Draw a Hungarian tax number: 8, days since 1867, serial, modulo 11."""
    while True:
        days = d.day(1940, 2003).toordinal() - 681_507  # of the first day of 1867
        body = f"8{days:05}{abroad.digits(d, 3)}"
        check = _weighed(body, list(range(1, 10))) % 11
        if check < 10:
            return f"{body}{check}"


def my_number(d: Draw) -> str:
    """Draw a Japanese individual number: eleven digits and one of modulo 11."""
    body = abroad.digits(d, 11)
    rest = _weighed(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return body + str(0 if rest <= 1 else 11 - rest)


def emso(d: Draw) -> str:
    """Draw a Slovenian EMŠO: birthday, region, serial, modulo 11."""
    while True:
        body = f"{d.day(1950, 1999):%d%m}{d.whole(950, 999)}50{d.whole(0, 999):03}"
        check = -_weighed(body, [7, 6, 5, 4, 3, 2] * 2) % 11
        if check < 10:
            return f"{body}{check}"


def latvian(d: Draw) -> str:
    """Draw a Latvian personal code of somebody born in the last century."""
    while True:
        body = f"{d.day(1950, 1999):%d%m%y}1{abroad.digits(d, 3)}"
        check = (1 + _weighed(body, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11
        if check < 10:
            return f"{body[:6]}-{body[6:]}{check}"


def icelandic(d: Draw) -> str:
    """Draw an Icelandic kennitala of somebody born in the last century."""
    while True:
        body = f"{d.day(1950, 1999):%d%m%y}{d.whole(20, 99)}"
        check = -_weighed(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if check < 10:
            return f"{body[:6]}-{body[6:]}{check}9"


def rnokpp(d: Draw) -> str:
    """Draw a Ukrainian taxpayer's number: days since 1900, serial, modulo 11."""
    body = f"{d.day(1950, 2003).toordinal() - 693_595}{abroad.digits(d, 4)}"
    check = _weighed(body, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10
    return f"{body}{check}"


def _pay(d: Draw) -> int:
    return d.whole(1_800, 5_200)


def _named(tongue: str, header: str, label: Label = NAME) -> Case:
    return table(
        f"{tongue} names under {header}",
        "a column of whole names, whatever its header, beside what each is paid",
        {header: lambda d: western(d, tongue), "b": _pay},
        {header: label},
    )


def _numbers(
    of: str, header: str, value: Value, label: Label, why: str = "the check digit proves it"
) -> Case:
    return table(
        f"numbers of {of} under {header}", why, {header: value, "b": _pay}, {header: label}
    )


_PERSONS = (
    table(
        "insured persons of Hungary",
        "names family first, mothers' names, numbers with their check digit, homes",
        {
            "név": lambda d: western(d, "Hungarian"),
            "TAJ szám": taj,
            "anyja neve": lambda d: western(d, "Hungarian"),
            "lakcím": lambda d: (
                f"{d.whole(1011, 9985)} {d.of(['Szeged', 'Pécs', 'Győr'])},"
                f" {d.of(['Petőfi', 'Kossuth', 'Ady Endre'])} {d.of(['utca', 'út', 'tér'])}"
                f" {d.whole(1, 99)}."
            ),
        },
        {"név": NAME, "TAJ szám": NATIONAL, "anyja neve": NAME, "lakcím": HOME},
    ),
    table(
        "staff of a Hungarian firm",
        "tax numbers of persons and their days of birth",
        {
            "dolgozó": lambda d: western(d, "Hungarian"),
            "szül. idő": lambda d: d.day(1955, 2003).isoformat(),
            "adóazonosító jel": hungarian_tax,
            "bér": _pay,
        },
        {"dolgozó": NAME, "adóazonosító jel": NATIONAL},
    ),
    table(
        "staff of a Japanese firm under headers that say nothing",
        "Japanese names, and digits that one check in ten passes",
        {"c1": japanese, "c2": my_number, "c3": lambda d: d.of(["総務部", "営業部", "製造部"])},
        {"c1": NAME, "c2": MAYBE_NATIONAL},
    ),
    table(
        "members of a Japanese club",
        "names and homes",
        {
            "会員": japanese,
            "住所": lambda d: (
                f"{d.of(['東京都', '大阪府', '神奈川県', '北海道'])}"
                f"{d.of(['中央区', '北区', '函館市'])}{d.of(['本町', '栄町', '緑ヶ丘'])}"
                f"{d.whole(1, 9)}{d.of(['丁目', '-'])}{d.whole(1, 20)}-{d.whole(1, 15)}"
            ),
        },
        {"会員": NAME, "住所": HOME},
    ),
    table(
        "Korean names under a header that says nothing",
        "built as names, and syllables that names share with words",
        {"v0": korean, "v1": _pay},
        {"v0": MAYBE_NAME},
    ),
    table(
        "herders by names without surnames",
        "Tibetan, Mongolian and Uyghur names as they are written in Chinese",
        {"牧户": herder, "羊只": lambda d: d.whole(20, 300)},
        {"牧户": NAME},
    ),
    _named("French", "employé"),
    _named("French", "nom"),
    _named("French", "name"),
    _named("French", "employee_name"),
    *(_named(tongue, "a") for tongue in _NAMES),
    _numbers("insured Hungarians", "v3", taj, MAYBE_NATIONAL),
    _numbers("Hungarian taxpayers", "c7", hungarian_tax, NATIONAL),
    _numbers("Slovenians", "field_a", emso, NATIONAL),
    _numbers("Latvians", "kods", latvian, NATIONAL),
    _numbers("Icelanders", "c2", icelandic, NATIONAL),
    _numbers("Ukrainians", "РНОКПП", rnokpp, NATIONAL),
    table(
        "authors of papers",
        "named in public, and working somewhere today",
        {
            "author": lambda d: western(d, "German"),
            "title": lambda d: f"On tides {d.whole(1, 900)}",
            "doi": lambda d: f"10.1000/x{d.digits(5)}",
        },
        {"author": MAYBE_NAME},
    ),
)

_MAKERS = [
    *("Thomas Mann", "Virginia Woolf", "Leo Tolstoy", "Jane Austen", "Franz Kafka"),
    *("Marcel Proust", "Anton Chekhov", "George Eliot", "Selma Lagerlöf", "Robert Musil"),
    *("Stefan Zweig", "Emily Brontë", "Victor Hugo", "Maria Edgeworth"),
]


def _made(what: str, why: str, made: dict[str, Value]) -> Case:
    return table(what, why, made, {})


_NOBODY = (
    _made(
        "a catalogue of books",
        "authors stand on covers, and these are dead",
        {
            "isbn": lambda d: abroad.gtin(d, "978"),
            "title": lambda d: f"{d.of(['Last', 'Blue', 'Long'])} {d.of(['River', 'Winter'])}",
            "author": lambda d: d.of(_MAKERS),
            "year": lambda d: d.whole(1815, 1990),
        },
    ),
    _made(
        "books in a German library",
        "Verlag and Verfasser",
        {
            "Verfasser": lambda d: d.of(_MAKERS),
            "Titel": lambda d: f"{d.of(['Der Fluss', 'Winter', 'Briefe'])} {d.whole(1, 9)}",
            "Verlag": lambda d: d.of(["Fischer", "Insel", "Reclam"]),
        },
    ),
    _made(
        "films and who directed them",
        "named in the credits",
        {
            "title": lambda d: f"{d.of(['Night', 'Return'])} of {d.of(['Glass', 'Salt'])}",
            "director": lambda d: d.of(_MAKERS),
            "minutes": lambda d: d.whole(70, 190),
            "released": lambda d: d.whole(1930, 1995),
        },
    ),
    _made(
        "stations that are called after surnames",
        "Japanese surnames are names of places",
        {
            "c1": lambda d: d.of(
                [
                    *("中野坂上", "田中町", "松本市", "小川町", "石川台", "福島町", "千葉中央"),
                    *("上野毛", "大塚台", "高田馬場", "岡本駅", "山口県", "宮崎台", "長野原草津口"),
                ]
            ),
            "c2": lambda d: d.whole(100, 90_000),
        },
    ),
    _made(
        "Korean goods",
        "words of three syllables that begin as surnames do",
        {
            "v0": lambda d: d.of(
                [
                    *(
                        "고구마",
                        "김치전",
                        "배추김치",
                        "오징어",
                        "문어발",
                        "서울역",
                        "강남구",
                        "조개탕",
                    ),
                    *("조개탕", "남대문", "이불솜", "박카스", "신라면", "유자차", "전복죽"),
                ]
            ),
            "v1": _pay,
        },
    ),
    _made(
        "firms of Hungary",
        "firms are called after families",
        {
            "cég": lambda d: (
                f"{d.of(['Szabó', 'Fehér', 'Molnár', 'Balogh'])} {d.of(['Építő', 'Logisztika'])}"
                f" {d.of(['Kft.', 'Zrt.', 'Bt.'])}"
            ),
            "székhely": lambda d: f"{d.whole(1011, 9985)} Szeged, Kossuth utca {d.whole(1, 99)}.",
            "adószám": lambda d: f"{d.digits(8)}-{d.whole(1, 5)}-{d.whole(2, 44):02}",
        },
    ),
    _made(
        "numbers of orders with nine, ten and twelve digits",
        "digits that count orders pass a check as chance does",
        {
            "c1": lambda d: d.digits(9),
            "c2": lambda d: f"8{d.digits(9)}",
            "c3": lambda d: d.digits(12),
        },
    ),
)

CASES = (*_PERSONS, *_NOBODY)
