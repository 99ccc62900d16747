"""What names of persons look like, in Chinese in either script, in pinyin and in English.

Surnames are the hundred most frequent of the Ministry of Public Security's yearly reports, which
cover some 85 % of the population, further frequent ones, and the compound ones that are still
borne.  Given names are the characters and names borne most.  A single text is no evidence: 高山
is a name and a mountain.  Columns are judged by the share of their different values.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from exchange.inspection import foreign, names_borne, uncased
from exchange.inspection.traditional import simplified

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤俞葛章鲁倪樊洪季柳安殷施尚温庄翟牛"
    "傅萧阎詹涂卓蓝巫翁骆欧柯纪阮甘丘麦岑凌游简"
)
COMPOUND_SURNAMES: Final = (
    "欧阳|上官|司马|诸葛|司徒|皇甫|令狐|东方|尉迟|公孙|慕容|夏侯|长孙|端木|宇文|独孤|南宫|淳于"
)
GIVEN: Final = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰华红玉建国文辉力永健世广志义兴良海山仁波宁贵福生龙元全"
    "胜学祥才发武新利清飞彬富顺信子浩亮政谦亨奇之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以家致树"
    "炎德行时泰盛雄琛钧冠策腾楠榕风航弘梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉璧璐娅琦晶妍茜秋"
    "珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗韵融园艺咏卿聪澜纯毓悦昭冰爽琬"
    "茗羽希欣育滢馥筠柔竹凝晓欢枫芸菲寒伊亚宜可姬舒影荔枝思春玲凤萍燕俊峰鑫帅凯东林森斯博轩诗涵雨梓宇墨"
    "一诺皓然睿萱小琪慧雅成根金宝喜庆长正先光天达安岩中茂进有坚和彪民友裕河哲淑惠巧美娥珠翠芬彩菊银凌"
    "豪宗冠承恩柏彦廷品妤子晴宥佑芷昱佩珮雯郁瑜恺骏骐慈智贤铭锋浚曦杏桦仪绮"
)
# 黄岛 and 石臼港 begin with surnames and are places; 高潮 and 安全 are neither.
PLACE_ENDINGS: Final = (
    "岛港湾山头岩角礁市区县镇村路街站所江河湖海洋州省口塔船号场潮层流浪全度量式型类"
    "鱼虾蟹贝藻参螺鲍鲷鲈豚井桥寺庙关店屯堡集沟坡塘滩咀嘴浦墩台率值项数额色"
)
_TITLES: Final = "先生|女士|小姐|老师|同志|经理|主任|师傅|医生|教授|船长|总|工"

# RE2 and Python read both alike.
CHINESE: Final = (
    rf"^\s*((?:{COMPOUND_SURNAMES})\s*[\x{{4E00}}-\x{{9FFF}}]\s*[\x{{4E00}}-\x{{9FFF}}]?"
    rf"|[{SURNAMES}]\s*[\x{{4E00}}-\x{{9FFF}}]\s*[\x{{4E00}}-\x{{9FFF}}]?"
    r"|[\x{4E00}-\x{9FFF}]{2,6}[·•‧][\x{4E00}-\x{9FFF}]{2,6})"
    rf"\s*(?:{_TITLES})?\s*$"
)
NO_PERSON: Final = rf"[{PLACE_ENDINGS}]\s*$"
_CHINESE: Final = re.compile(re.sub(r"\\x\{(\w+)\}", r"\\u\1", CHINESE))
_NO_PERSON: Final = re.compile(NO_PERSON)
_COMPOUND: Final = re.compile(rf"^(?:{COMPOUND_SURNAMES})")
_TITLED: Final = re.compile(rf"(?:{_TITLES})$")
_SURNAME_ALONE: Final = re.compile(rf"{COMPOUND_SURNAMES}|[{SURNAMES}]")
_COMMON: Final = frozenset(GIVEN)
# Names of Tibetans, Mongols, Uyghurs and Kazakhs have no surname, and may have a point between.
_PART: Final = "|".join(sorted(names_borne.PARTS.split(), key=len, reverse=True))
_PUT_TOGETHER: Final = re.compile(rf"(?=.{{3,12}}$)(?:(?:{_PART})[·•‧]?){{1,3}}")

# The given names most borne in the United States (Social Security Administration, 1930-2010).
_GIVEN_WORDS: Final = """
james john robert michael william david richard joseph thomas charles christopher daniel
matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward
ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin
scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry
tyler aaron jose adam henry nathan douglas zachary peter kyle walter ethan jeremy harold
keith christian roger noah gerald carl terry sean austin arthur lawrence jesse dylan bryan
joe jordan billy bruce albert willie gabriel logan alan juan wayne roy ralph randy eugene
vincent russell elijah louis bobby philip johnny oliver harry simon martin leo lucas max
felix hugo oscar ian neil graham colin stuart hans karl pierre jean luca marco ivan carlos
luis pedro miguel ahmed mohammed ali omar mary patricia jennifer linda elizabeth barbara
susan jessica sarah karen nancy lisa betty margaret sandra ashley kimberly emily donna
michelle dorothy carol amanda melissa deborah stephanie rebecca sharon laura cynthia
kathleen amy shirley angela helen anna brenda pamela nicole emma samantha katherine
christine debra rachel catherine carolyn janet ruth maria heather diane virginia julie
joyce victoria olivia kelly christina lauren joan evelyn judith megan cheryl andrea hannah
martha jacqueline frances gloria ann teresa kathryn sara janice jean alice madison doris
abigail julia judy grace denise amber marilyn beverly danielle theresa sophia marie diana
brittany natalie isabella charlotte rose alexis kayla claire lucy sophie ella mia chloe
zoe nina eva irene clara ingrid elena sofia fatima leila yuki
"""
_GIVEN_EN: Final = frozenset(_GIVEN_WORDS.split())
_SURNAME_WORDS: Final = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo gao zheng
liang xie song tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye
cheng wei su lv lu ding ren yao shen zhong cui tan fan wang liao shi jin jia xia fu fang
zou xiong bai meng qin qiu hou yin xue yan duan lei long tao mao hao gu gong shao wan qin
wu qian dai mo kong xiang chang ouyang situ shangguan zhuge
"""
_SURNAMES_PINYIN: Final = frozenset(_SURNAME_WORDS.split())
_SYLLABLE: Final = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan"
    r"|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|u[aioe]|er|a|o|e|i|u|v))"
)
_PINYIN: Final = re.compile(rf"{_SYLLABLE}[-' ]?{_SYLLABLE}?")
_WORDS: Final = re.compile(r"[A-Z][A-Za-z'’-]*\.?")
_BETWEEN: Final = frozenset({"van", "von", "de", "der", "den", "la", "le", "di", "da", "bin", "al"})
_WORDS_MAX: Final = 4
_CALLED_MAX: Final = 6  # words of what is called after somebody
_THING_WORDS: Final = """
strait sea bay island islands cape river lake inlet channel station buoy pier port harbour
harbor point reef ocean gulf bank shoal sound mountain hill star institute university
college laboratory lab centre center company corp inc ltd llc group gmbh department office
agency bureau ministry observatory observatories service services project consortium team
administration network technologies systems airport bridge school hs elementary academy
memorial expressway highway tunnel dam stadium hospital library cathedral museum turnpike parkway
"""
_NO_SURNAME: Final = frozenset(_THING_WORDS.split())
_SEPARATOR: Final = re.compile(r"[、，,;；/|\n]")
_LISTED: Final = re.compile(r"\s*[、，,;；/|\n]\s*")
_LIST_MIN: Final = 2
# Looked for behind each word: of "Patient James Smith" the last two are the name.
_TWO_WORDS: Final = re.compile(r"\b(?=([A-Z][a-z]+) ([A-Z][a-z'-]+)\b)")
_REMARK_PARTS: Final = re.compile(r"[,;:=|/&()\[\]，；：。、｜（）]")
_REMARK_WORDS: Final = 100  # that are looked at one by one
_BY: Final = re.compile(r"\b[Bb]y ([A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2})")
ONE: Final = rf"(?:{COMPOUND_SURNAMES}|[{SURNAMES}])[{GIVEN}]{{1,2}}"
_DOES: Final = (
    r"值班|值守|代班|请假|报告|汇报|负责|签字|签收|签名|巡检|检查|记录|操作|驾驶|维修|更换|接班|交班|来电|反映|投诉|同志|先生|女士"
    r"|师傅|船长|主任|经理|医生|护士|老师|工程师|[，,]\s*[男女][，,]"
)
_BESIDE: Final = re.compile(
    rf"({ONE})(?=(?:{_DOES}))"
    rf"|(?:(?:^|[一-鿿，。；、 ])由|联系人?[：: ]?|负责人[：: ]?|经办人[：: ]?"
    rf"|被告人|被害人|嫌疑人|我是|我叫|@)({ONE})"
)


def is_chinese_name(text: str) -> bool:
    """Whether a text is a surname, one or two characters, and perhaps a title.

    So is one that is put together of parts of Tibetan, Mongolian, Uyghur or Kazakh names.
    """
    text = simplified(text)
    if _PUT_TOGETHER.fullmatch(text.strip()):
        return True
    return _CHINESE.match(text) is not None and _NO_PERSON.search(text.strip()) is None


def is_built_as_chinese(text: str) -> bool:
    """Whether a text is a surname and characters that parents give, though places may end so."""
    return _CHINESE.match(simplified(text)) is not None and has_common_given(text)


def has_common_given(text: str) -> bool:
    """Whether each character behind the surname is one that parents give."""
    name = _TITLED.sub("", re.sub(r"\s+", "", simplified(text)))
    if re.search("[·•‧]", name) or _PUT_TOGETHER.fullmatch(name):
        return True
    given = _COMPOUND.sub("", name)
    given = given if given != name else name[1:]
    return bool(given) and all(each in _COMMON for each in given)


def is_western_name(text: str) -> bool:
    """Whether a text is a given name that is much borne and a surname, in either order."""
    words = [word for word in re.split(r"[ ,]+", text.strip()) if word]
    if not 2 <= len(words) <= _WORDS_MAX:
        return False
    if any(not _WORDS.fullmatch(word) and word.lower() not in _BETWEEN for word in words):
        return False
    plain = [word.lower().rstrip(".") for word in words]
    if any(word in _NO_SURNAME for word in plain):
        return False
    return plain[0] in _GIVEN_EN or ("," in text and plain[1] in _GIVEN_EN)


def is_pinyin_name(text: str) -> bool:
    """Whether a text is a Chinese name in Latin letters, surname first or last."""
    words = re.split(r"[ ,]+", text.strip())
    if len(words) not in {2, 3} or not all(_WORDS.fullmatch(word) for word in words):
        return False
    plain = [word.lower() for word in words]
    for surname, given in ((plain[0], plain[1:]), (plain[-1], plain[:-1])):
        if surname in _SURNAMES_PINYIN and all(_PINYIN.fullmatch(each) for each in given):
            return True
    return False


def is_surname(text: str) -> bool:
    """Whether a text is a Chinese surname and no more."""
    return _SURNAME_ALONE.fullmatch(simplified(text)) is not None


def is_joined_pinyin(text: str) -> bool:
    """Whether a text is a Chinese name in Latin letters written as one word, surname first."""
    plain = text.strip().lower()
    for length in range(2, 9):
        if plain[:length] in _SURNAMES_PINYIN and _PINYIN.fullmatch(plain[length:]):
            return True
    return False


def first_listed(text: str) -> str:
    """Return the first of several names in one text; the text itself where it lists none."""
    if not _SEPARATOR.search(text):
        return text
    parts = [part for part in _LISTED.split(text.strip()) if part]
    if len(parts) < _LIST_MIN or not all(map(reads_as_name, parts)):
        return text
    return parts[0]


def reads_as_name(text: str) -> bool:
    """Whether a text is built as a name is, in any script that is known here."""
    if is_chinese_name(text) or is_western_name(text) or is_pinyin_name(text):
        return True
    if foreign.is_name(text) or foreign.is_passenger(text) or foreign.is_eastern(text):
        return True
    return uncased.is_name(text)


def is_given_word(text: str) -> bool:
    """Whether a word is a given name that is much borne where English is spoken."""
    return text.strip().lower() in _GIVEN_EN or foreign.is_given(text)


def names_within(text: str) -> list[str]:
    """Return what reads as a person's name inside of running text.

    A given name that is much borne before another capital word; in Chinese a surname and given
    characters where a word stands beside them that only goes with persons.
    """
    western = [
        f"{found[1]} {found[2]}"
        for found in _TWO_WORDS.finditer(text)
        if found[1].lower() in _GIVEN_EN and found[2].lower() not in _NO_SURNAME
    ]
    western = western or foreign.names_within(text)
    return western or [found[1] or found[2] for found in _BESIDE.finditer(simplified(text))]


def ends_as_thing(text: str) -> bool:
    """Whether a text ends in a word for a place, a building or a firm."""
    last = text.strip().rpartition(" ")[2].lower().rstrip(".")
    return last in _NO_SURNAME


def is_called_as_thing(text: str) -> bool:
    """Whether a text is the whole name of a place or a building, in capital words."""
    words = text.split()
    return len(words) <= _CALLED_MAX and ends_as_thing(text) and all(x[0].isupper() for x in words)


def is_person(text: str) -> bool:
    """Whether a text that stands where a person may be named names one."""
    text = text.strip()
    named = is_chinese_name(text) and (has_common_given(text) or _TITLED.search(text) is not None)
    return named or is_western_name(text) or is_pinyin_name(text)


def may_name(text: str) -> bool:
    """Whether a remark may name a person: in a part of it, a word of Chinese, or behind `by`."""
    parts = [*_REMARK_PARTS.split(text), *text.split()[:_REMARK_WORDS]]
    behind = (found[1] for found in _BY.finditer(text))
    return any(map(is_person, chain(parts, behind))) or bool(names_within(text))


def share_of_given(texts: list[str]) -> float:
    """Return which share of Chinese names has given names that parents give."""
    return sum(map(has_common_given, texts)) / len(texts) if texts else 0.0
