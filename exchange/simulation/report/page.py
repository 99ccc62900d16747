"""One HTML file that needs nothing else: its frame, its style, and what it lets a browser do.

The policy in its head (CSP level 3) allows the one style by its hash and nothing more: no script,
no picture, no request, whether the file is opened from a disk or served.  A page in both languages
shows one of them at a time; two buttons choose, and the style alone does the rest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from exchange.simulation.report.words import Language, said

# Lines and bars in the colours of pricing.figures (Okabe and Ito 2008), lighter on a dark page;
# dashes tell lines apart for who sees few colours.
STYLE: Final = """
:root{color-scheme:light dark;--ink:#16242b;--quiet:#4d5f68;--paper:#f6f8f9;--card:#fff;
--line:#d3dce0;--accent:#0b5a73;--good:#14663a;--stop:#9a2617;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b0568a;--c4:#8a6100;--c5:#3a86b8}
@media (prefers-color-scheme:dark){:root{--ink:#e6eef1;--quiet:#a3b4bc;--paper:#10181c;
--card:#18242a;--line:#33444c;--accent:#7fcbe3;--good:#7ddba3;--stop:#ff9d8c;
--c0:#56b4e9;--c1:#ff9a52;--c2:#3fc79a;--c3:#e3a0c5;--c4:#e6b84a;--c5:#a9d6f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main,.top{max-width:68rem;margin:0 auto;padding:0 1rem}
main{padding-block:1rem 3rem}
.top{padding-top:.8rem;text-align:right}
.top input{position:absolute;opacity:0}
.top label{display:inline-block;padding:.3rem .7rem;color:var(--accent);cursor:pointer;
border-bottom:2px solid transparent}
.top input:checked+label{color:var(--ink);font-weight:700;border-color:var(--accent)}
.top input:focus-visible+label{outline:3px solid var(--accent);outline-offset:2px}
body:has(#zh:checked) .en,body:has(#en:checked) .zh{display:none}
h1{font-size:1.7rem;line-height:1.25;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .4rem}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;
padding:1rem 1.1rem;min-width:0}
.grid{display:grid;gap:1rem;margin:1rem 0;
grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr))}
.full{grid-column:1/-1}
p{margin:.3rem 0 .6rem}
.quiet{color:var(--quiet)}
.note{border-left:4px solid var(--accent);padding:.5rem 1rem;background:var(--card)}
.good{color:var(--good)}.stop{color:var(--stop)}
.mono,code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.85em;
overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;
padding:.7rem;font-size:.85rem;margin:.4rem 0}
.facts{display:grid;gap:.7rem 1.2rem;margin:.6rem 0 0;
grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))}
.facts dt{color:var(--quiet);font-size:.85rem}
.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:.4rem 0 0}
svg{display:block;width:100%;max-width:30rem;height:auto;font-size:13px}
.key svg{display:inline-block;width:auto;height:.7rem;flex:none}
svg text{fill:var(--ink);font-family:inherit}
.end{text-anchor:end}.mid{text-anchor:middle}
svg .tick{stroke:var(--line);stroke-width:1;fill:none}
svg .zero{stroke:var(--quiet);stroke-width:1;fill:none}
svg .mark{stroke:var(--quiet);stroke-width:1;stroke-dasharray:3 3;fill:none}
svg .track{fill:var(--line)}
svg path.line{stroke-width:2;fill:none}
svg path.s0{stroke:var(--c0)}
svg path.s1{stroke:var(--c1);stroke-dasharray:7 3}
svg path.s2{stroke:var(--c2);stroke-dasharray:2 3}
svg path.s3{stroke:var(--c3);stroke-dasharray:9 3 2 3}
svg path.s4{stroke:var(--c4);stroke-dasharray:12 4}
svg path.s5{stroke:var(--c5);stroke-dasharray:4 2}
svg .f0{fill:var(--c0)}svg .f1{fill:var(--c1)}svg .f2{fill:var(--c2)}
svg .f3{fill:var(--c3)}svg .f4{fill:var(--c4)}svg .f5{fill:var(--c5)}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;list-style:none;padding:0;margin:.3rem 0;
font-size:.9rem}
.key{display:inline-flex;align-items:center;gap:.4rem}
details{margin-top:.6rem}
summary{color:var(--accent);cursor:pointer}
summary:focus-visible,.wide:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.wide{overflow:auto}details .wide{max-height:24rem}
@media (min-width:40.01rem){.even table{table-layout:fixed}}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0}
tbody tr>*{border-top:1px solid var(--line)}
th{font-weight:600}
thead th{color:var(--quiet);font-weight:500}
.lines{white-space:pre}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
thead .number{white-space:normal}
.pairs th{width:13rem;color:var(--quiet);font-weight:500}
.pairs tr:first-child>*{border-top:0}
@media (max-width:40rem){.pairs th,.pairs td{display:block;width:auto}.pairs td{border-top:0;
padding-top:0}.pairs th{padding-bottom:0}main,.top{padding-inline:.6rem}section{padding:.8rem}
.stack thead{position:absolute;left:-100rem}
.stack table,.stack tbody,.stack tr,.stack td{display:block}
.stack tbody tr{border-top:1px solid var(--line);padding:.4rem 0}
.stack tbody tr>*{border-top:0;padding:.1rem 0}
.stack td:first-child{font-weight:600}
.stack td[data-label]::before{content:attr(data-label);float:left;margin-right:1rem;
color:var(--quiet)}
.stack td[data-label]:not(.number)::before{float:none;display:block}}
@media print{body{background:#fff}.top{display:none}.wide{max-height:none;overflow:visible}
section{break-inside:avoid}}
"""
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)
_NAMES: Final = {"zh": "中文", "en": "English"}
_TAGS: Final = {"zh": "zh-CN", "en": "en"}

Cell = str | tuple[str, ...]  # a text; with "number", "mono" or "lines" after it, set accordingly


def page(titles: Mapping[Language, str], bodies: Mapping[Language, Iterable[str]]) -> bytes:
    """Return the file in one language, or in both with a choice: the first is shown at first."""
    languages = list(bodies)
    first = languages[0]
    parts = [
        "<!doctype html>",
        f'<html lang="{_TAGS[first]}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(' · '.join(titles[each] for each in languages))}</title>",
        f"<style>{STYLE}</style></head><body>",
    ]
    if len(languages) > 1:
        parts.append(_choice(languages))
    for language in languages:
        parts += [f'<main class="{language}" lang="{_TAGS[language]}">', *bodies[language]]
        parts.append("</main>")
    return "\n".join([*parts, "</body></html>\n"]).encode()


def _choice(languages: Sequence[Language]) -> str:
    label = " / ".join(said("language", each) for each in languages)
    buttons = "".join(
        f'<input type="radio" name="language" id="{each}"{" checked" if not nth else ""}>'
        f'<label for="{each}" lang="{_TAGS[each]}">{_NAMES[each]}</label>'
        for nth, each in enumerate(languages)
    )
    return (
        f'<header class="top"><div role="radiogroup" aria-label="{label}">{buttons}</div></header>'
    )


def section(title: str, *parts: str, full: bool = False) -> str:
    """Return one part of a page under its title."""
    wide = ' class="full"' if full else ""
    return f"<section{wide}><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def grid(*sections: str) -> str:
    """Return sections beside one another where there is room."""
    return f'<div class="grid">{"".join(sections)}</div>'


def title(text: str, level: int = 1) -> str:
    """Return a title."""
    return f"<h{level}>{escape(text)}</h{level}>"


def words(text: str, tone: str = "") -> str:
    """Return one paragraph."""
    return f"<p{_class(tone)}>{escape(text)}</p>"


def note(head: str, text: str, tone: str = "") -> str:
    """Return what must not be overlooked."""
    return f'<div class="note"><strong{_class(tone)}>{escape(head)}</strong>{words(text)}</div>'


def command(text: str) -> str:
    """Return what is typed into a terminal."""
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'


def folded(title: str, text: str) -> str:
    """Return a file's text, folded away under its title."""
    return f"<details><summary>{escape(title)}</summary>{command(text)}</details>"


def facts(items: Iterable[tuple[str, str]]) -> str:
    """Return names with their figures."""
    found = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in items
    )
    return f'<dl class="facts">{found}</dl>'


def pairs(items: Iterable[tuple[str, Cell]]) -> str:
    """Return a table of names and values."""
    found = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{_cell(cell)}</tr>' for name, cell in items
    )
    return f'<table class="pairs"><tbody>{found}</tbody></table>'


def figure(chart: str, legend: Sequence[str], data: str, *, filled: bool = False) -> str:
    """Return a chart with its legend, and its numbers behind it."""
    box, mark = "0 0 26 10", '<path class="line s{0}" d="M0 5H26"/>'
    if filled:
        box, mark = "0 0 10 10", '<rect class="f{0}" width="10" height="10"/>'
    keys = "".join(
        f'<li class="key"><svg viewBox="{box}" aria-hidden="true">{mark.format(nth)}</svg>'
        f"{escape(name)}</li>"
        for nth, name in enumerate(legend)
    )
    listed = f'<ul class="legend">{keys}</ul>' if keys else ""
    return f"<figure>{listed}{chart}{data}</figure>"


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "",
    label: str = "",
    even: bool = False,
) -> str:
    """Return a table that scrolls in its own frame; under a `title` it is folded away.

    One that is not folded shows its rows one below the other where the page is narrow.

    A column whose name begins with ">" is of numbers; columns of an `even` one are of one width.
    """
    numbers = [name.startswith(">") for name in columns]
    names = [name.lstrip(">") for name in columns]
    heads = "".join(
        f'<th scope="col"{_class("number" if number else "")}>{escape(name)}</th>'
        for name, number in zip(names, numbers, strict=True)
    )
    labels = [""] * len(names) if title else ["", *names[1:]]
    body = "".join(
        "<tr>"
        + "".join(
            _cell((cell, "number") if number and isinstance(cell, str) else cell, label)
            for cell, number, label in zip(row, numbers, labels, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    named = f' role="region" aria-label="{escape(label or title, quote=True)}"'
    kind = "wide" if title else f"wide stack{' even' * even}"
    made = (
        f'<div class="{kind}" tabindex="0"{named}><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return f"<details><summary>{escape(title)}</summary>{made}</details>" if title else made


def _cell(cell: Cell, label: str = "") -> str:
    text, *tone = (cell,) if isinstance(cell, str) else cell
    named = f' data-label="{escape(label, quote=True)}"' if label else ""
    return f"<td{_class(' '.join(tone))}{named}>{escape(text)}</td>"


def _class(tone: str) -> str:
    return f' class="{tone}"' if tone else ""
