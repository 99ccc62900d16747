"""Which encoding a text is in, decided over all of its bytes (rule F-05).

UTF-8 if every byte is (with or without a byte-order mark), UTF-16 if a mark says so, else
GB18030 (with or without a mark) if every byte is and the characters are such as Chinese texts
use.  GB18030 accepts almost anything, UTF-8 Chinese and Western Latin-1 included, so being
decodable is not enough.

A byte-order mark belongs at the start.  One further on is where files were joined, and the cell
it stands in looks the same as another and is not.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import Final

from exchange.inspection.intake import Intake

UTF8: Final = "utf-8"
UTF8_MARKED: Final = "utf-8-sig"
UTF16: Final = "utf-16"
GB18030: Final = "gb18030"

# Of the characters beyond ASCII in a Chinese text, nearly all are in GB 2312; of those that
# GB18030 finds in Latin-1, which pairs é with the letter after it, hardly one is.
COMMON_SHARE: Final = 0.8
MARK: Final = "\ufeff"
BOM_GB18030: Final = MARK.encode(GB18030)  # as iconv and editors write it, 84 31 95 33
UTF32_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def detect(intake: Intake) -> str:
    """Return the codec's name, or raise `Unreadable` naming the offset that fits none."""
    head = intake.head()
    if head.startswith(UTF32_MARKS):
        raise intake.refusal("UTF-32 is not read: save it as UTF-8", "F-05")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    if _is_unmarked_utf16(head):
        raise intake.refusal("UTF-16 without a byte-order mark: save it as UTF-8", "F-05")
    offset = _first_failure(UTF8, intake)
    if offset is None:
        return UTF8_MARKED if head.startswith(codecs.BOM_UTF8) else UTF8
    if head.startswith(codecs.BOM_UTF8):
        raise _undecodable(intake, offset, "marked as UTF-8 but not UTF-8")
    chinese = _first_failure(GB18030, intake)
    if chinese is not None:
        raise _undecodable(intake, max(offset, chinese), "neither UTF-8 nor GB18030")
    _require_one_encoding(intake, offset)
    return GB18030


def transcoded(intake: Intake, encoding: str) -> Iterator[bytes]:
    """Yield the text as UTF-8 without a mark; raises `Unreadable` where it does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    begun = False
    try:
        for piece in intake.pieces():
            text = decoder.decode(piece)
            if encoding == GB18030 and not begun:  # the others' codecs take theirs off
                begun, text = bool(text), text.removeprefix(MARK)
            if MARK in text:
                raise _second_mark(intake)
            yield text.encode()
            done += len(piece)
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:  # a lone surrogate decodes as UTF-16 and does not encode
        raise _undecodable(intake, done, f"not {encoding} from somewhere") from error


def _is_unmarked_utf16(head: bytes) -> bool:
    """Whether zero bytes stand in the even places or in the odd ones, and in many of them.

    Delimiters, digits and line ends have one each in UTF-16, whatever the language; a text of
    ASCII alone has one in every pair.
    """
    even, odd = head[::2].count(0), head[1::2].count(0)
    zeros = even + odd
    least = 0.45 if head.isascii() else 0.1
    return min(even, odd) == 0 and zeros > 1 and zeros >= least * len(head)


def _second_mark(intake: Intake) -> Exception:
    return intake.refusal("a byte-order mark behind the start: files joined to one?", "F-05")


def _first_failure(encoding: str, intake: Intake) -> int | None:
    """Return the offset of the first byte that is not `encoding`, None if all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    begun = False
    for piece in intake.pieces():
        pending = len(decoder.getstate()[0])
        if not pending and piece.isascii():
            begun = True
            done += len(piece)
            continue
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            return done - pending + error.start
        if MARK in text and (begun or text.rindex(MARK)):
            raise _second_mark(intake)
        begun = begun or bool(text)
        done += len(piece)
    pending = len(decoder.getstate()[0])
    return done - pending if pending else None


def _require_one_encoding(intake: Intake, offset: int) -> None:
    """Refuse what only seems GB18030: lines of UTF-8 Chinese among others, or Latin letters."""
    utf8_line = other_line = 0
    common = beyond = 0
    for number, line in enumerate(_lines(intake.pieces()), start=1):
        line = line.removeprefix(BOM_GB18030) if number == 1 else line  # noqa: PLW2901
        if line.isascii():
            continue
        if _is_utf8_chinese(line):
            utf8_line = utf8_line or number
        else:
            other_line = other_line or number
            text = _beyond_ascii(line.decode(GB18030, "ignore"))
            beyond += len(text)
            common += len(text.encode("gb2312", "ignore")) // 2  # two bytes each
    if utf8_line and other_line:
        raise intake.refusal(
            f"mixed encodings: line {utf8_line} is UTF-8 and line {other_line} is not", "F-05"
        )
    if common < COMMON_SHARE * beyond:
        raise _undecodable(intake, offset, "not UTF-8, and as GB18030 it is not Chinese")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines; one longer than a piece comes in parts, which is enough to judge it."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > len(piece):
            yield rest
            rest = b""
    yield rest


def _is_utf8_chinese(line: bytes) -> bool:
    """Whether the line is UTF-8 with several characters of three bytes and none of two.

    A short GB18030 word may happen to be UTF-8 for Greek or Arabic letters (two bytes each),
    hardly ever for two Chinese characters.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    beyond = _beyond_ascii(text)
    return len(beyond) >= 2 and all("\u0800" <= character <= "\uffff" for character in beyond)


def _beyond_ascii(text: str) -> str:
    return "".join(character for character in text if character > "\x7f")


def _undecodable(intake: Intake, offset: int, what: str) -> Exception:
    return intake.refusal(f"{what}: see byte {offset}", "F-05")
