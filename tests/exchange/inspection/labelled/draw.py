"""Values drawn from the standards, valid and invalid, each column from its own seed.

The check digits are computed here from the standards' own words (GB 11643-1999 and ISO 7064
MOD 11-2, GB 32100-2015 and MOD 31-3, ISO/IEC 7812-1 annex B), not with the exchange's code, and
compared with python-stdnum in the test of this corpus.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

# Codes of GB/T 2260: counties and districts that exist, from most provinces.
AREAS: Final = [
    "110101",
    "110102",
    "110105",
    "110108",
    "120101",
    "130102",
    "140105",
    "150102",
    "210102",
    "210202",
    "220102",
    "230102",
    "310101",
    "310104",
    "310115",
    "320102",
    "330102",
    "330106",
    "340102",
    "350102",
    "350203",
    "360102",
    "370102",
    "370202",
    "370203",
    "370211",
    "370212",
    "410102",
    "420102",
    "420106",
    "430102",
    "440103",
    "440106",
    "440305",
    "450102",
    "500103",
    "510104",
    "510107",
    "520102",
    "530102",
    "540102",
    "610102",
    "620102",
    "630102",
    "640104",
    "650102",
]
# Ranges of the Ministry's numbering plan for mobile subscribers (MIIT 2017, with later grants).
MOBILE_PREFIXES: Final = [
    "130",
    "131",
    "132",
    "133",
    "134",
    "135",
    "136",
    "137",
    "138",
    "139",
    "145",
    "147",
    "150",
    "151",
    "152",
    "153",
    "155",
    "156",
    "157",
    "158",
    "159",
    "166",
    "172",
    "173",
    "175",
    "176",
    "177",
    "178",
    "180",
    "181",
    "182",
    "183",
    "184",
    "185",
    "186",
    "187",
    "188",
    "189",
    "191",
    "193",
    "195",
    "196",
    "197",
    "198",
    "199",
]
# Issuer numbers of banks that issue UnionPay cards of 16 and 19 digits.
BINS_16: Final = ["622588", "625965", "622848", "622575", "628288", "622155", "625330"]
BINS_19: Final = ["621700", "622202", "621226", "622848", "621661", "623058", "621785"]
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SURNAMES: Final = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
GIVEN: Final = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉建国文辉力志鹏飞宇晨欣怡梓涵浩然"
)
SURNAMES_EN: Final = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Miller",
    "Davis",
    "Wilson",
    "Anderson",
    "Taylor",
    "Thomas",
    "Moore",
    "Martin",
    "Thompson",
    "White",
    "Harris",
    "Clark",
    "Lewis",
    "Robinson",
    "Walker",
    "Hall",
    "Young",
    "King",
    "Wright",
    "Scott",
    "Green",
    "Baker",
]
GIVEN_EN: Final = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Charles",
    "Karen",
    "Daniel",
    "Nancy",
    "Matthew",
    "Lisa",
    "Anthony",
]
STREETS: Final = [
    "中山",
    "人民",
    "解放",
    "建设",
    "香港中",
    "江西",
    "南京",
    "北京",
    "延安",
    "胜利",
    "和平",
    "文化",
    "学院",
    "松岭",
    "海尔",
]
CITIES: Final = [
    "山东省青岛市市南区",
    "山东省济南市历下区",
    "北京市海淀区",
    "上海市浦东新区",
    "广东省深圳市南山区",
    "江苏省南京市玄武区",
    "浙江省杭州市西湖区",
    "四川省成都市锦江区",
    "辽宁省大连市中山区",
]
PLATE_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, GA 36-2018
WORDS: Final = [
    "海况良好",
    "设备运行正常",
    "传感器已更换",
    "今日无异常",
    "流速偏大",
    "浮标回收",
    "数据已补传",
    "风力六级",
    "能见度低",
    "已通知值班室",
    "等待复测",
    "电池电压偏低",
    "投喂完成",
    "网箱检查",
    "水温上升",
    "溶解氧偏低",
]
MAIL_HOSTS: Final = [
    "163.com",
    "qq.com",
    "126.com",
    "sina.com",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
]
ROLES: Final = [
    "info",
    "service",
    "sales",
    "support",
    "admin",
    "contact",
    "office",
    "hr",
    "press",
    "webmaster",
]


class Draw:
    """Chance with a seed: `each` fills a column, everything else draws one value."""

    def __init__(self, seed: str, rows: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - nothing here is secret
        self.rows = rows

    # Columns.

    def each(self, value: Callable[[], T]) -> list[T]:
        """Draw one value a row."""
        return [value() for _ in range(self.rows)]

    def distinct(self, value: Callable[[], T], count: int) -> list[T]:
        """Draw `count` values and spread them over the rows, as a dictionary column does."""
        values = [value() for _ in range(count)]
        return [self.chance.choice(values) for _ in range(self.rows)]

    def mixed(self, value: Callable[[], T], share: float, other: Callable[[], T]) -> list[T]:
        """Draw `value` in that share of the rows (at least one of them) and `other` elsewhere."""
        hits = set(self.chance.sample(range(self.rows), max(1, round(share * self.rows))))
        return [value() if row in hits else other() for row in range(self.rows)]

    def sparse(self, value: Callable[[], T], share: float) -> list[T | None]:
        """Draw `value` in that share of the rows and leave the others empty."""
        hits = set(self.chance.sample(range(self.rows), max(1, round(share * self.rows))))
        return [value() if row in hits else None for row in range(self.rows)]

    def count(self, start: int = 1, step: int = 1) -> list[int]:
        """Count the rows."""
        return [start + step * row for row in range(self.rows)]

    def hours(self, start: str = "2024-03-01 00:00:00", minutes: int = 60) -> list[str]:
        """Give every row a time, `minutes` after the one before."""
        first = dt.datetime.fromisoformat(start)
        return [
            (first + dt.timedelta(minutes=minutes * row)).isoformat(" ") for row in range(self.rows)
        ]

    # Plain values.

    def of(self, values: Sequence[T]) -> T:
        """Draw one of the values."""
        return self.chance.choice(values)

    def digits(self, length: int, first: str = "123456789") -> str:
        """Draw a number of that many digits, as text."""
        return self.of(first) + "".join(self.of("0123456789") for _ in range(length - 1))

    def letters(self, length: int) -> str:
        """Draw capital letters."""
        return "".join(self.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(length))

    def hexadecimal(self, length: int) -> str:
        """Draw lower-case hexadecimal digits."""
        return "".join(self.of("0123456789abcdef") for _ in range(length))

    def number(self, low: float, high: float, places: int = 2) -> float:
        """Draw a measurement."""
        return round(self.chance.uniform(low, high), places)

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return self.chance.randint(low, high)

    def day(self, first: int = 1950, last: int = 2008) -> dt.date:
        """Draw a day of those years."""
        start = dt.date(first, 1, 1).toordinal()
        return dt.date.fromordinal(self.chance.randint(start, dt.date(last, 12, 31).toordinal()))

    def remark(self) -> str:
        """Draw a line out of a log of work at sea."""
        return f"{self.of(WORDS)}，{self.of(WORDS)}"

    # Numbers that name a person.

    def resident_id(self, first: int = 1950, last: int = 2008, area: str = "") -> str:
        """Draw a citizen's number of 18 characters with its check character (GB 11643)."""
        body = f"{area or self.of(AREAS)}{self.day(first, last):%Y%m%d}{self.whole(1, 999):03}"
        return body + mod_11_2(body)

    def wrong_resident_id(self) -> str:
        """Draw one whose last digit contradicts the others."""
        right = self.resident_id()
        return right[:-1] + self.of([each for each in "0123456789" if each != right[-1]])

    def resident_id_15(self) -> str:
        """Draw the form in use before 1999: two digits of the year, and nothing to check."""
        return f"{self.of(AREAS)}{self.day(1930, 1985):%y%m%d}{self.whole(1, 999):03}"

    def mobile(self) -> str:
        """Draw a mobile subscriber's number."""
        return self.of(MOBILE_PREFIXES) + self.digits(8, "0123456789")

    def landline(self) -> str:
        """Draw a number of a fixed line in a coastal city."""
        return self.of(["0532", "021", "010", "0411", "0592"]) + "-" + self.digits(8, "2345678")

    def card(self, length: int = 19) -> str:
        """Draw a bank card's number with its Luhn digit."""
        body = self.of(BINS_19 if length == 19 else BINS_16)
        body += self.digits(length - len(body) - 1, "0123456789")
        return body + luhn(body)

    def wrong_card(self, length: int = 19) -> str:
        """Draw one whose last digit contradicts the others."""
        right = self.card(length)
        return right[:-1] + str((int(right[-1]) + self.whole(1, 9)) % 10)

    def passport(self) -> str:
        """Draw an ordinary passport: E and eight digits, or E, a letter and seven."""
        if self.whole(0, 3) == 0:
            return "E" + self.of("ABCDEFGHJKLMNPQ") + self.digits(7, "0123456789")
        return "E" + self.digits(8, "0123456789")

    def plate(self) -> str:
        """Draw a plate of a car with an engine (GA 36-2018): province, office, five more."""
        tail = [self.of("0123456789") for _ in range(5)]
        if self.whole(0, 1):
            tail[self.whole(0, 4)] = self.of(PLATE_LETTERS)
        return self.of(PLATE_PROVINCES) + self.of(PLATE_LETTERS) + "".join(tail)

    def green_plate(self) -> str:
        """Draw a new-energy plate: eight characters, D or F in front or at the end."""
        head = self.of(PLATE_PROVINCES) + self.of(PLATE_LETTERS)
        digits = self.digits(5, "0123456789")
        return head + (self.of("DF") + digits if self.whole(0, 3) else digits + self.of("DF"))

    # Names, mailboxes and addresses.

    def name(self) -> str:
        """Draw a Chinese name of two or three characters."""
        given = self.of(GIVEN) + (self.of(GIVEN) if self.whole(0, 3) else "")
        return self.of(SURNAMES) + given

    def name_en(self) -> str:
        """Draw an English name."""
        return f"{self.of(GIVEN_EN)} {self.of(SURNAMES_EN)}"

    def mailbox(self) -> str:
        """Draw somebody's own mailbox."""
        local = self.of(GIVEN_EN).lower() + self.of(["", ".", "_"]) + self.of(SURNAMES_EN).lower()
        return f"{local}{self.whole(1, 99)}@{self.of(MAIL_HOSTS)}"

    def role_mailbox(self) -> str:
        """Draw a mailbox of an office, which names nobody."""
        return f"{self.of(ROLES)}@{self.of(['ocean', 'harbour', 'seadata'])}{self.whole(1, 99)}.cn"

    def address(self) -> str:
        """Draw the address of a home, down to the door."""
        return (
            f"{self.of(CITIES)}{self.of(STREETS)}路{self.whole(1, 300)}号"
            f"{self.whole(1, 30)}号楼{self.whole(1, 4)}单元{self.whole(101, 2804)}室"
        )

    def company(self) -> str:
        """Draw the name of a company."""
        return (
            f"{self.of(['青岛', '上海', '大连', '厦门'])}"
            f"{self.of(['海韵', '蓝潮', '远航', '星洋', '沧海'])}"
            f"{self.of(['海洋科技', '渔业', '船务', '信息技术'])}有限公司"
        )

    def credit_code(self, office: str = "91") -> str:
        """Draw a unified social credit code with its check character (GB 32100)."""
        code = "".join(self.of(USCC_ALPHABET) for _ in range(9))
        body = office + self.of(AREAS) + code
        return body + mod_31(body)


def mod_11_2(body: str) -> str:
    """Return the check character of ISO 7064 MOD 11-2: 2 is the radix, 11 the modulus."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def mod_31(body: str) -> str:
    """Return the check character of GB 32100-2015: powers of three, modulus 31."""
    total = sum(USCC_ALPHABET.index(each) * pow(3, place, 31) for place, each in enumerate(body))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def luhn(body: str) -> str:
    """Return the digit that makes the number pass ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def full_width(text: str) -> str:
    """Write ASCII digits and letters as their full-width forms."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
