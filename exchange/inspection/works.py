"""Tables of published works: whoever made a book, a film or a picture is named with it in public.

What such a table says of its authors stands on covers and labels.  Authors of papers are named in
public as well, and most of them work somewhere today: they are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from exchange.inspection.lexicon import plain_header
from exchange.inspection.reader import Column

_MAKERS: Final = re.compile(
    r"作者|著者|译者|编者|导演|编剧|作曲|作词|画家|歌手|演员|艺术家|艺人|监督"
    r"|(^|_)(authors?|writers?|poets?|novelists?|translators?|illustrators?|composers?|lyricists?"
    r"|directors?|screenwriters?|actors?|artists?|painters?|sculptors?|performers?|singers?|bands?"
    r"|musicians?|creators?|verfasser|autor(in|en|es|ka|i)?|auteurs?|autrice|autori|autore|schriftsteller"
    r"|komponist|regisseur|maler|kunstler|interpret|ubersetzer|ecrivain|compositeur|realisateur"
    r"|peintre|artistes?|interprete|traducteur|escritor|compositor|director|pintor|artistas?"
    r"|traductor|scrittore|compositore|regista|pittore|kompozytor|rezyser|malarz|artysta"
    r"|schrijver|schilder|kunstenaar|konstnar|forfattare|forfatter|kompositor|regissor|szerzo|iro"
    r"|zeneszerzo|rendezo|festo|автор|композитор|режиссер|художник|συγγραφεας)(_|$)"
)
_WORKS: Final = re.compile(
    r"出版社|书名|书号|片名|曲名|歌名|专辑"
    r"|(^|_)(isbn(_?1[03])?|issn|publishers?|verlag|editeur|editorial|editore|casa_editrice|uitgever(ij)?"
    r"|wydawnictwo|forlag|kiado|nakladatelstvi|издательство|books?|novels?|songs?|tracks?|albums?"
    r"|films?|movies?|operas?|symphony|paintings?|artworks?|buch|gemalde|livre|chanson|tableau|libro"
    r"|cancion|pelicula|cuadro|dipinto|ksiazka|obraz|konyv|inventarnr|accession_(no|number))(_|$)"
)
# Of works, and as often of posts: what stands beside it tells.
_TITLE: Final = re.compile(
    r"题名|标题|(^|_)(title|titel|titre|titulo|titolo|tytul|tittel|titul|название)(_|$)"
)
_OF_A_WORK: Final = re.compile(
    r"年份|出版|(^|_)(year|released?|published|publication_(year|date)|genre|minutes|runtime|pages"
    r"|jahr|erscheinungsjahr|annee|parution|ano|anno|rok|jaar|ar|ev|год|edition|language)(_|$)"
)
_PAPERS: Final = re.compile(
    r"期刊|摘要|(^|_)(doi|journal|pmid|arxiv(_id)?|abstract|affiliations?|orcid|e?_?mail|revue"
    r"|zeitschrift)(_|$)"
)


def names_maker(header: str) -> bool:
    """Whether a column's name says who made a work."""
    return _MAKERS.search(plain_header(header)) is not None


def of_works(columns: Iterable[Column]) -> bool:
    """Whether a table is about books, music, films or pictures, by the names of its columns."""
    names = [plain_header(each.name) for each in columns]
    if any(map(_PAPERS.search, names)):
        return False
    titled = any(map(_TITLE.search, names)) and any(map(_OF_A_WORK.search, names))
    return titled or any(map(_WORKS.search, names))


def of_papers(columns: Iterable[Column], header: str) -> bool:
    """Whether a table is about papers, by the names of its columns, and a header of its authors."""
    return names_maker(header) and any(_PAPERS.search(plain_header(x.name)) for x in columns)
