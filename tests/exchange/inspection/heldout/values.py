"""Values of the second corpus, drawn from other lists than those of the first.

Check digits are those of python-stdnum, so that neither the exchange's code nor the first corpus'
decides what is a valid number.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Final

from stdnum import luhn
from stdnum.cn import ric, uscc

from tests.exchange.inspection.labelled.draw import Draw

# Counties of GB/T 2260 that the first corpus does not draw.
COUNTIES: Final = (
    "320505",
    "330203",
    "350582",
    "370682",
    "420503",
    "441302",
    "450502",
    "460105",
    "510703",
    "530302",
    "610402",
    "211302",
    "230602",
    "130203",
    "340802",
    "431202",
)
# Ranges of the numbering plan, virtual operators among them.
RANGES: Final = (
    "1340",
    "1367",
    "1390",
    "1471",
    "1501",
    "1528",
    "1592",
    "1621",
    "1657",
    "1703",
    "1741",
    "1767",
    "1780",
    "1827",
    "1880",
    "1901",
    "1926",
    "1953",
    "1977",
    "1991",
)
ISSUERS_16: Final = ("622262", "622600", "625955", "628200", "622908", "622700")
ISSUERS_19: Final = ("621288", "621098", "623668", "621483", "622991", "621799")
FAMILIES: Final = tuple(
    "蔡丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万"
)
GIVEN: Final = tuple(
    "雨婷思远嘉琪昊天诗雯俊熙佳宁子轩若曦博文静怡凯旋雪梅春燕海燕建军志远晓东丽娜美玲永康素珍"
)
DOUBLE: Final = ("司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文")
FIRST: Final = (
    "Oliver",
    "Amelia",
    "Noah",
    "Isla",
    "George",
    "Grace",
    "Henry",
    "Sophie",
    "Jack",
    "Emily",
    "Peter",
    "Laura",
    "Simon",
    "Alice",
    "Martin",
    "Helen",
    "Ryan",
    "Claire",
)
LAST: Final = (
    "Cooper",
    "Murphy",
    "Bennett",
    "Hughes",
    "Foster",
    "Reynolds",
    "Graham",
    "Sullivan",
    "Patterson",
    "Griffin",
    "Wallace",
    "Harrison",
    "Fletcher",
    "Chapman",
    "Doyle",
)
HOSTS: Final = (
    "foxmail.com",
    "139.com",
    "yeah.net",
    "189.cn",
    "yahoo.com",
    "icloud.com",
    "proton.me",
)
HOMES: Final = (
    "浙江省宁波市海曙区",
    "福建省晋江市青阳街道",
    "广东省惠州市惠城区",
    "四川省绵阳市涪城区",
    "陕西省咸阳市秦都区",
    "云南省曲靖市麒麟区",
    "河北省唐山市路北区",
    "湖北省宜昌市伍家岗区",
)
ESTATES: Final = ("锦绣家园", "阳光小区", "翠湖苑")
ROADS: Final = ("环城北", "鼓楼", "迎宾", "滨江", "学士", "新华", "花园", "长安", "青年", "劳动")
PROVINCES: Final = "浙闽粤川陕滇冀鄂辽黑湘皖赣"


def resident_id(d: Draw, first: int = 1948, last: int = 2005) -> str:
    """Draw a citizen's number with the check character of GB 11643."""
    body = f"{d.of(COUNTIES)}{d.day(first, last):%Y%m%d}{d.whole(1, 998):03}"
    return body + ric.calc_check_digit(body + "0")


def wrong_id(d: Draw) -> str:
    """Draw one whose check character contradicts the rest."""
    right = resident_id(d)
    return right[:-1] + d.of([each for each in "0123456789" if each != right[-1]])


def mobile(d: Draw) -> str:
    """Draw a mobile number."""
    return d.of(RANGES) + d.digits(7, "0123456789")


def card(d: Draw, length: int = 16) -> str:
    """Draw a bank card that passes Luhn."""
    body = d.of(ISSUERS_16 if length == 16 else ISSUERS_19)
    body += d.digits(length - 7, "0123456789")
    return body + luhn.calc_check_digit(body)


def name(d: Draw) -> str:
    """Draw a Chinese name."""
    return d.of(FAMILIES) + d.of(GIVEN) + (d.of(GIVEN) if d.whole(0, 4) else "")


def western(d: Draw) -> str:
    """Draw an English name."""
    return f"{d.of(FIRST)} {d.of(LAST)}"


def mailbox(d: Draw) -> str:
    """Draw somebody's own mailbox."""
    return f"{d.of(FIRST).lower()}.{d.of(LAST).lower()}{d.whole(2, 98)}@{d.of(HOSTS)}"


def home(d: Draw) -> str:
    """Draw where somebody lives, down to the door."""
    door = f"{d.whole(1, 24)}幢{d.whole(1, 3)}单元{d.whole(101, 1806)}室"
    return f"{d.of(HOMES)}{d.of(ROADS)}路{d.whole(2, 288)}号{d.of(ESTATES)}{door}"


def plate(d: Draw) -> str:
    """Draw a plate of GA 36."""
    return f"{d.of(PROVINCES)}{d.of('ABCDEFGHJK')}{d.digits(5, '0123456789')}"


def credit_code(d: Draw, office: str = "91") -> str:
    """Draw a unified social credit code that passes GB 32100."""
    body = office + d.of(COUNTIES) + "MA" + "".join(d.of("0123456789ABCDEFGHJK") for _ in range(7))
    return body + uscc.calc_check_digit(body + "0")


def base64_of(words: str) -> str:
    """Encode text."""
    return base64.b64encode(words.encode()).decode()


def sha256_of(words: str) -> str:
    """Digest text."""
    return hashlib.sha256(words.encode()).hexdigest()


def nested(**leaves: object) -> str:
    """Write a JSON object."""
    return json.dumps(leaves, ensure_ascii=False)
