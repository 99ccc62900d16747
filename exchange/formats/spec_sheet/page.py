"""A spec sheet as one HTML file that needs nothing else, and prints on A4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from exchange.formats.spec_sheet.blocks import Block, Cell, Layout, Pairs, Table
from exchange.formats.spec_sheet.paper import picture

STYLE: Final = """
:root{--ink:#1b2733;--sea:#0b5c77;--line:#c9d3da;--quiet:#5d6b76;--good:#14663a;--stop:#a3261b}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem;max-width:60rem;color:var(--ink);background:#fff;
font:15px/1.5 "Noto Sans CJK SC","Noto Sans SC","PingFang SC",system-ui,sans-serif}
h1{margin:0;color:var(--sea);font-size:1.7rem}
h2{margin:1.6rem 0 .5rem;padding-bottom:.2rem;border-bottom:2px solid var(--sea);
color:var(--sea);font-size:1.15rem}
h3{margin:1rem 0 .3rem;font-size:1rem}
.top{display:flex;gap:1.5rem;justify-content:space-between;align-items:flex-start}
.top svg{width:8rem;height:8rem;flex:none}
.name{margin:.2rem 0;font-size:1.2rem;font-weight:700}
.badge{display:inline-block;padding:.1rem .6rem;border-radius:.2rem}
.badge.good,.badge.stop{color:#fff}
.badge.good{background:var(--good)}.badge.stop{background:var(--stop)}
table{width:100%;border-collapse:collapse}
th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
overflow-wrap:anywhere}
thead th{background:#e6eef2;white-space:nowrap}
.pairs th{width:27%;background:#f3f6f8;color:var(--quiet);font-weight:400}
.wide{overflow-x:auto}.wide table{min-width:42rem;font-size:.9rem}
.good{color:var(--good);font-weight:700}.stop{color:var(--stop);font-weight:700}
.quiet{color:var(--quiet)}
.mono{font-family:"DejaVu Sans Mono",ui-monospace,monospace;font-size:.8em}
@media screen and (max-width:40rem){.stack table{min-width:0;font-size:1em}
.stack thead{position:absolute;left:-100rem}
.stack table,.stack tbody,.stack tr,.stack td{display:block}
.stack td{border:0;padding:.1rem 0}.stack td:empty{display:none}
.stack tr{border-bottom:1px solid var(--line);padding:.4rem 0}
.stack td:first-child{font-weight:600}
.stack [data-label]::before{content:attr(data-label) " ";color:var(--quiet);font-weight:400;
font-family:system-ui,sans-serif;margin-right:.6rem}
.pairs th{width:36%;overflow-wrap:normal}.top{flex-direction:column}}
@page{size:A4;margin:15mm}
@media print{body{padding:0;max-width:none;font-size:10pt}.wide{overflow:visible}
.wide table{min-width:0;font-size:8pt}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def write_html(layout: Layout) -> bytes:
    """Write a sheet as HTML; every text in it is escaped, and nothing is loaded from elsewhere."""
    parts = [
        "<!doctype html>",
        f'<html lang="{"zh-CN" if layout.language == "zh" else "en"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(layout.name)} · {escape(layout.title)}</title>",
        f"<style>{STYLE}</style></head><body>",
        *sheet_parts(layout),
        "</body></html>\n",
    ]
    return "\n".join(parts).encode()


def sheet_parts(layout: Layout) -> Iterable[str]:
    """Yield the sheet itself, for a page that has a frame of its own."""
    yield '<article class="sheet"><header><div class="top"><div>'
    yield f'<p class="quiet">{escape(layout.house)} · {escape(layout.subtitle)}</p>'
    yield f'<h1>{escape(layout.title)}</h1><p class="name">{escape(layout.name)}</p>'
    yield f'<p><span class="badge {layout.badge.tone}">{escape(layout.badge.text)}</span> '
    yield f'<span class="{layout.notice.tone}">{escape(layout.notice.text)}</span></p></div>'
    yield f'<div role="img" aria-label="{escape(layout.code_words)}">{picture(layout.code)}</div>'
    yield f"</div>{_pairs(layout.header)}</header>"
    for section in layout.sections:
        yield f"<section><h2>{escape(section.title)}</h2>"
        yield from (_block(block) for block in section.blocks)
        yield "</section>"
    yield f'<footer>{_pairs(layout.footer)}<p class="quiet">{escape(layout.footnote)}</p></footer>'
    yield "</article>"


def _block(block: Block) -> str:
    if isinstance(block, Pairs):
        return _pairs(block.rows)
    if isinstance(block, Table):
        title = f"<h3>{escape(block.title)}</h3>" if block.title else ""
        heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in block.columns)
        rows = "".join(_row(row, block.columns) for row in block.rows)
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return f'{title}<div class="wide stack" tabindex="0">{table}</div>'
    return f'<p class="{block.tone}">{escape(block.text)}</p>'


def _pairs(rows: Iterable[tuple[str, Cell]]) -> str:
    made = "".join(
        f'<tr><th scope="row">{escape(label)}</th>{_cell(cell)}</tr>' for label, cell in rows
    )
    return f'<table class="pairs"><tbody>{made}</tbody></table>'


def _row(row: Sequence[Cell], columns: Sequence[str]) -> str:
    """Write a row whose cells know their columns, as they stand below one another on a phone."""
    first = "".join(_cell(cell) for cell in row[:1])
    others = zip(row[1:], columns[1:], strict=True)
    return f"<tr>{first}{''.join(_cell(cell, label) for cell, label in others)}</tr>"


def _cell(cell: Cell, label: str = "") -> str:
    tone = "" if cell.tone == "plain" else f' class="{cell.tone}"'
    named = f' data-label="{escape(label)}"' if label else ""
    return f"<td{named}{tone}>{escape(cell.text)}</td>"
