"""Names of persons, judged by the share of a column's different values and by its header.

A header that names persons makes a quarter of its values enough (companies stand among
customers, too).  Without one, most values must be built as names, and of given names that
parents give; a header that names ships or places turns that into something for a person to
decide, and so do facts of buildings and few names in very many rows.  Several names in one cell are
judged by the first.  Names inside of running text, those cut in two under headers that say nothing,
those among firms (`parties`) and those that columns are called by (`heads`) are for a person to
decide as well.  Whoever made a book or a film is named with it in public, and no finding (`works`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from exchange.inspection import foreign, heads, parties, persons, tongues, uncased, works
from exchange.inspection.chances import spread, worth_a_look
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests, names_vessel, plain_header, says_nothing
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

NAMED_SHARE: Final = 0.25
SHARE: Final = 0.6
SURE_SHARE: Final = 0.7
OPEN_SHARE: Final = 0.5
DISTINCT_MIN: Final = 10
FEW: Final = 3
COMMON_SHARE: Final = 0.5
PAIRED: Final = 0.9
WITHIN_SHARE: Final = 0.2
_TEXT_LENGTH: Final = 5  # characters of a cell on average; less is no running text
_SAMPLE: Final = 2_000
_FEW_ROWS: Final = 500
_EXAMINED: Final = 500  # different values that are looked at one by one

# A header that leaves open what is named.
_OPEN: Final = re.compile(
    r"(^|_)(name|names|contact)(_|$)|名称|联系|customer|buyer|seller|客户|买方|卖方|"
    f"{tongues.NAMES}|{tongues.UNCASED_NAME}"
)
# A header that names something else, though its values may be called after persons.
_OTHERS: Final = re.compile(
    r"品牌|地名|站名|站点|测站|公司|企业|单位|机构|产品|商品|地区|区域|省|市|县|港|岛|海域|海区|物种|品种|天气|台风|飓风"
    r"|变量|参数|要素|仪器|设备|传感|型号|文件|颜色|月份|角色|岗位|方向|风向|星|类|级|代码|编码|词|路线|航线|店"
    r"|(^|_)(brand|place|station|site|city|town|region|province|country|company|org\w*|institution"
    r"|product|goods|species|weather|storm|typhoon|hurricane|variable|parameter|sensor|instrument"
    r"|model|file\w*|colou?r|month|day|weekday|role|trade|direction|star|moon|host\w*|feature|street"
    r"|road|water\w*|sea|type|category|class|status|word|term|label|airport|aeroport|flughafen|wein|wine|vino|vin"
    r"|commune|gemeinde|ort|ville|stadt|stop|haltestelle|arret|strasse|rue|calle|ulica|schule|school"
    r"|hospital|museum|church|kirche|theat(er|re)|book|title|titel|titre|titulo|song|film|movie"
    r"|award|prize|ecole|lycee|colegio|instituto|scuola|szkola|skola|escola|gipfel|berg"
    r"|mountain|peak|venue|stadium|stadion|stade|estadio|stadio|arena|hall|hotel|restaurant|cafe|bridge|trophy"
    r"|schiff|navire|buque|barco|statek)(s|_|$)"
)
# Beside these, a lamp may be called after somebody.
_GOODS: Final = re.compile(
    r"单价|价格|库存|条码|品牌|(^|_)(price|unit_price|list_price|msrp|sku|ean|gtin|upc|barcode|stock|brand"
    r"|preis|stuckpreis|marke|prix|marque|precio|marca|prezzo|cena|prijs)(_|$)"
)
# What is told of buildings and ships that are called after somebody, and of no person.
_BUILT: Final = re.compile(
    r"跑道|桥长|跨度|吨位|车道|下水|(^|_)(iata|icao|runways?|elevation\w*|span\w*|lanes|gross_tonnage|tonnage|displacement"
    r"|built|year_built|launched|hull\w*|enrolment|enrollment|architect|hectares)(_|$)"
)
_SHIPS: Final = re.compile(r"船名|舰名|(^|_)(vessel|ship|boat)(_name)?(_|$)")
_SURNAME: Final = re.compile(r"^姓氏?$|surname|(^|_)(last|family)_?name(_|$)|" + tongues.SURNAMES)
_GIVEN: Final = re.compile(
    r"^名字?$|(^|_)(first|given|middle)_?name(_|$)|forename|" + tongues.GIVEN
)
_WHOLE: Final = re.compile(tongues.WHOLE)
_NAMES: Final = re.compile(f"{tongues.NAMES}|{tongues.UNCASED_NAME}")
_STRICTLY: Final = re.compile(tongues.STRICTLY)
# As card indexes write persons; a town before its state has few states.
_TURNED: Final = re.compile(r"[^\W\d_][^\W\d_'’ -]+, ([^\W\d_]+)(?: [^\W\d_]\.?)?")
_SURNAME_WORD: Final = re.compile(r"[A-Z][A-Za-z'’-]{1,30}")
_WORD: Final = re.compile(r"[^\W\d_][^\d]{0,30}")


def _are_names(pairs: set[tuple[str, str]]) -> bool:
    """Whether pairs of texts are surnames with given names, or given names with surnames."""
    firsts, seconds = ({pair[at] for pair in pairs} for at in (0, 1))
    if min(len(firsts), len(seconds)) < FEW or len(pairs) < DISTINCT_MIN:
        return False
    whole = [a + b for a, b in pairs if persons.is_surname(a) and persons.is_chinese_name(a + b)]
    if len(whole) >= PAIRED * len(pairs):
        return persons.share_of_given(whole) >= SHARE
    given = sum(map(persons.is_given_word, firsts))
    words = sum(_SURNAME_WORD.fullmatch(each) is not None for each in seconds)
    enough = min(len(firsts), len(seconds)) >= DISTINCT_MIN
    return enough and given >= SURE_SHARE * len(firsts) and words >= PAIRED * len(seconds)


def _is_western(text: str, *, named: bool) -> bool:
    """Whether a text is a name in Latin letters or another script; in any order, if `named`."""
    if not named and persons.ends_as_thing(text):
        return False
    if persons.is_western_name(text) or persons.is_pinyin_name(text):
        return True
    if named:
        return foreign.is_named(text) or uncased.is_name(text)
    return foreign.is_name(text) or foreign.is_japanese(text)


def _built_as_names(plain: str, values: list[str], *, named: bool) -> int:
    """Return how many values are built as names though nobody knows them; 0 if too few are.

    Under a header that only persons have, capital words are enough, or some words of a script that
    has no capitals; without one, as booking systems write passengers.  In such a script names are
    none but under a header that leaves open what is named, or says nothing.
    """
    built = sum(map(foreign.is_passenger, values))
    if built >= PAIRED * len(values) and len(values) >= DISTINCT_MIN:
        return built
    turned = [found[1] for found in map(_TURNED.fullmatch, values) if found]
    given = sum(map(persons.is_given_word, turned))
    if given >= PAIRED * len(values) and len(set(turned)) >= DISTINCT_MIN:
        return given
    eastern = sum(map(foreign.is_eastern if _NAMES.search(plain) else foreign.is_korean, values))
    if eastern >= PAIRED * len(values) and len(values) >= DISTINCT_MIN:
        return eastern
    if not named:
        return _built_uncased(plain, values)
    if not _STRICTLY.search(plain) or len(values) < FEW:
        return 0
    built = sum(foreign.may_be_named(each) or uncased.may_be_named(each) for each in values)
    return built if built >= SHARE * len(values) else 0


def _built_uncased(plain: str, values: list[str]) -> int:
    """Return how many values are names in a script without capitals; 0 if too few are."""
    opened = _OPEN.search(plain) is not None and not _OTHERS.search(plain)
    if len(values) < DISTINCT_MIN or not (opened or says_nothing(plain)):
        return 0
    built = sum(map(uncased.is_name, values))
    return built if built >= (NAMED_SHARE if opened else SHARE) * len(values) else 0


class PeopleDetector:
    """Finds columns of names."""

    name = "people"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Judge every column of text, then surnames and given names that stand apart."""
        found = list(self._parts(examined))
        published = works.of_works(examined.table.columns)
        for i, column, tested in examined.held():
            made = published and works.names_maker(column.name)
            if column.type is ColumnType.TEXT and not made:
                alone = list(self._column(examined, i, column, tested))
                alone = alone or list(self._among_firms(examined, i, column, tested))
                found += alone or self._within(examined, i, column, tested)
        if not found:
            found += self._side_by_side(examined)
        yield from found
        yield from self._headed(examined)

    def _headed(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Report the columns that are called after persons: what stands in each is somebody's."""
        held = {column.name: tested for _, column, tested in examined.held()}
        for name in heads.called_after_persons(list(held)):
            yield SensitiveFinding(
                name,
                SensitiveKind.PERSON_NAME,
                held[name],
                held[name],
                certain=False,
                evidence="a column that is called after a person, as most others are",
            )

    def _among_firms(
        self, examined: Examined, i: int, column: Column, tested: int
    ) -> Iterator[SensitiveFinding]:
        """Look for persons among companies, of whom nobody can tell that they act for one."""
        if _OTHERS.search(plain_header(column.name)):
            return
        cells = [text.strip() for text in examined.texts(i, _FEW_ROWS)]
        named = parties.persons_among(sorted(set(cells)))
        if named:
            matched = round(tested * sum(cell in named for cell in cells) / len(cells))
            yield SensitiveFinding(
                column.name,
                SensitiveKind.PERSON_NAME,
                matched,
                tested,
                certain=False,
                evidence=f"{len(named)} names of persons among firms",
            )

    def _within(
        self, examined: Examined, i: int, column: Column, tested: int
    ) -> Iterator[SensitiveFinding]:
        """Look for names in running text, of which a person has to say whose they are."""
        cells = examined.texts(i, _FEW_ROWS)
        if not cells or sum(map(len, cells)) < _TEXT_LENGTH * len(cells):
            return
        plain = plain_header(column.name)
        if _OTHERS.search(plain) or self._about_ships(examined, plain):
            # What fills its cell is called after somebody, and no text about anybody.
            texts = [cell for cell in cells if not foreign.is_name(cell)]
        else:
            texts = [cell for cell in cells if not persons.is_called_as_thing(cell)]
        names = [found for cell in texts if (found := persons.names_within(cell))]
        different = {name for found in names for name in found}
        if len(names) < WITHIN_SHARE * len(cells) or len(different) < DISTINCT_MIN:
            return
        # Beside a birthday or a telephone a name is of somebody who can be found.
        pointed = sum(map(foreign.points_to_somebody, cells))
        matched = round(tested * len(names) / len(cells))
        yield SensitiveFinding(
            column.name,
            SensitiveKind.PERSON_NAME,
            matched,
            tested,
            certain=pointed >= WITHIN_SHARE * len(cells),
            embedded=matched,
            evidence=f"{len(different)} names of persons in running text",
        )

    def _side_by_side(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Look for surnames and given names in neighbouring columns that say nothing of it."""
        texts = [each for each in examined.held() if each[1].type is ColumnType.TEXT]
        for (i, first, tested), (j, second, others) in pairwise(texts):
            if j != i + 1 or any(_OTHERS.search(plain_header(x.name)) for x in (first, second)):
                continue
            rows = examined.sample([i, j], _SAMPLE)
            pairs = {(str(a).strip(), str(b).strip()) for a, b in rows if a and b}
            firsts = sorted({a for a, _ in pairs})
            if not any(persons.is_surname(a) or persons.is_given_word(a) for a in spread(firsts)):
                continue  # most of them would be
            if _are_names(pairs):
                for column, present in ((first, tested), (second, others)):
                    yield SensitiveFinding(
                        column.name,
                        SensitiveKind.PERSON_NAME,
                        present,
                        present,
                        certain=False,
                        evidence="two columns together make names of persons",
                    )
                return

    def _parts(self, examined: Examined) -> Iterator[SensitiveFinding]:
        names = [(column.name, plain_header(column.name)) for _, column, _ in examined.held()]
        surnames = [name for name, plain in names if _SURNAME.search(plain)]
        given = [name for name, plain in names if _GIVEN.search(plain)]
        # Beside Prénom, Nom is a surname; beside Apellidos, Nombre is a given name.
        either = [name for name, plain in names if _NAMES.search(plain)]
        surnames = surnames or [name for name in either if name not in given]
        given = given or [name for name in either if name not in surnames]
        if not surnames or not given:
            return
        for i, column, tested in examined.held():
            if column.name not in (surnames[0], given[0]) or column.type is not ColumnType.TEXT:
                continue
            cells = examined.texts(i, _SAMPLE)
            if sum(_WORD.fullmatch(cell.strip()) is not None for cell in cells) > SHARE * len(
                cells
            ):
                yield SensitiveFinding(
                    column.name,
                    SensitiveKind.PERSON_NAME,
                    tested,
                    tested,
                    certain=True,
                    evidence="surnames and given names in two columns",
                )

    def _column(
        self, examined: Examined, i: int, column: Column, tested: int
    ) -> Iterator[SensitiveFinding]:
        plain = plain_header(column.name)
        if (_SURNAME.search(plain) or _GIVEN.search(plain)) and not _WHOLE.search(plain):
            return
        named = header_suggests(column.name, SensitiveKind.PERSON_NAME)
        if not named and not self._worth_reading(examined, i):
            return
        values, distinct, names, matched = self._different(examined, i)
        if not values:
            return
        western = sum(_is_western(v, named=named) for v in values)
        if not named and self._about_ships(examined, plain):
            western = 0
        share = names / distinct
        western_share = western / len(values)
        verdict = self._verdict(plain, values, share, western_share, distinct, named=named)
        if verdict is None and (found := _built_as_names(plain, values, named=named)):
            verdict, western, western_share = False, found, found / len(values)
        if named and verdict is None:
            joined = sum(map(persons.is_joined_pinyin, values))
            if joined >= SHARE * len(values) and distinct >= DISTINCT_MIN:
                verdict, western, western_share = False, joined, joined / len(values)
        if verdict is None:
            return
        if western_share > share:
            matched = round(tested * western_share)
            evidence = f"{western} of {len(values)} different values are built as names"
        else:
            evidence = f"{names} of {distinct} different values are built as Chinese names"
        yield SensitiveFinding(
            column.name,
            SensitiveKind.PERSON_NAME,
            min(matched, tested),
            tested,
            certain=verdict
            and not self._asked(examined, column.name, named=named)
            and not (not named and self._of_things(plain, values, tested)),
            evidence=evidence,
        )

    def _asked(self, examined: Examined, header: str, *, named: bool) -> bool:
        """Whether whoever is named works in public, or may be a thing that is called so."""
        columns = examined.table.columns
        beside = [] if named else [plain_header(each.name) for each in columns]
        things = any(_GOODS.search(each) or _BUILT.search(each) for each in beside)
        return things or works.of_papers(columns, header)

    def _of_things(self, plain: str, values: list[str], tested: int) -> bool:
        """Whether values under `name` are few and repeat, or some end in words for things."""
        if not _NAMES.search(plain):
            return False
        few = len(values) < DISTINCT_MIN and tested >= FEW * len(values)
        return few or sum(map(persons.ends_as_thing, values)) >= WITHIN_SHARE * len(values)

    def _about_ships(self, examined: Examined, plain: str) -> bool:
        """Whether `name` is a ship's, as numbers of ships stand beside it."""
        others = (column.name for _, column, _ in examined.held())
        return _NAMES.search(plain) is not None and any(map(names_vessel, others))

    def _worth_reading(self, examined: Examined, i: int) -> bool:
        """Whether an even sample comes anywhere near the share that decides."""
        cells = set(map(persons.first_listed, examined.texts(i, _FEW_ROWS)))
        return worth_a_look(sorted(cells), persons.reads_as_name, SHARE / 2)

    def _different(self, examined: Examined, i: int) -> tuple[list[str], int, int, int]:
        """Return some different values, how many there are, how many are names, and their rows.

        Of a table of very many rows, in a sample that is evenly spread.
        """
        cells = [persons.first_listed(text) for text in examined.texts(i)]
        rows = Counter(cells)
        names = [value for value in rows if persons.is_chinese_name(value)]
        matched = sum(rows[value] for value in names)
        # Of very many rows, those looked at stand for the others.
        matched = round(matched * examined.present[i] / max(1, len(cells)))
        return spread(sorted(rows), _EXAMINED), len(rows), len(names), matched

    def _verdict(
        self,
        plain: str,
        values: list[str],
        share: float,
        western: float,
        distinct: int,
        *,
        named: bool,
    ) -> bool | None:
        """Return whether the column is certain to hold names, None where it does not."""
        if named:
            return True if max(share, western) >= NAMED_SHARE else None
        common = persons.share_of_given([v for v in values if persons.is_chinese_name(v)])
        chinese = share >= SHARE and common >= COMMON_SHARE and distinct >= DISTINCT_MIN
        latin = western >= SHARE and distinct >= DISTINCT_MIN
        if _SHIPS.search(plain):
            return False if share >= SURE_SHARE and distinct >= FEW else None
        if _OTHERS.search(plain):
            return None
        opened = _OPEN.search(plain) is not None
        sure = western >= (OPEN_SHARE if opened else SURE_SHARE) or (
            chinese and (opened or share >= SURE_SHARE)
        )
        if sure and (opened or distinct >= DISTINCT_MIN):
            return True
        maybe = chinese or latin or (opened and western >= NAMED_SHARE + 0.05)
        return False if maybe else None
