"""The report of a whole log for people: who recorded what, when, and under whose key.

It is made from the entries in one pass and bounded memory, so an audit makes it again and
compares: whoever reads it alone reads the entries, as far as it has room for them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.canonical import printable
from ledger.checkpoint import Checkpoint
from ledger.entries import Entry
from ledger.kinds import KINDS

STORIES_MAX = 200  # entries about products and trades, the newest
PARTICIPANTS_MAX = 200  # in the order of the log
_UNKNOWN = "a kind that is not known here"
_TOLD = ("product/", "trade/")
_CLOSING = """\
如何核验 · How to verify

  python -m ledger verify FOLDER --key LOG-KEY

  请使用来源可信的日志公钥，而非本文件夹中的公钥。核验无需网络，也无需交易所参与。
  Take the log's key from a source you trust, not from this folder. It needs no network
  and no exchange: Python, the package cryptography and the folder ledger/ are enough.

本报告能证明什么 · What this shows

  核验通过即表明：各条记录与上述检查点一致、次序未变；每条记录均由所列密钥签名；
  业务规则（先合规、后挂牌，先交付、后结算等）均已遵守。
  Where the folder verifies, the entries are those of the checkpoint, in their order and
  unchanged; each was signed with the key named; and the rules of the exchange were kept.

本报告不能证明什么 · What it does not show

  未记录的事项、陈述的真实性、参与方的真实身份（见交易所登记簿）、
  时钟的准确性，以及他人是否看到同一份日志（请比对检查点）。
  What was never recorded; that a statement is true; who the participants are (the
  exchange's register says so); that the clock was right; that everybody was shown this
  log (compare checkpoints).
"""


@dataclass(slots=True)
class _Signer:
    """What a participant did, as far as the report says it."""

    key: str
    first: int
    acts: int = 0
    last: int = 0
    last_time: str = ""


@dataclass(slots=True)
class LogReport:
    """The report of the entries that were taken, from the log's first on."""

    entries: int = 0
    _first_time: str = ""
    _last_time: str = ""
    _kinds: Counter[str] = field(default_factory=Counter)
    _signers: dict[str, _Signer] = field(default_factory=dict)
    _more_signers: int = 0
    _stories: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=STORIES_MAX))
    _told: int = 0

    def take(self, entry: Entry) -> Entry:
        """Take the next entry into account, and return it."""
        self._first_time = self._first_time or entry.time
        self._last_time = entry.time
        self._kinds[entry.kind if entry.kind in KINDS else ""] += 1
        self._sign(entry)
        if entry.subject.startswith(_TOLD):
            self._told += 1
            said = (
                f"entry {self.entries}  {entry.time}  {_says(entry.kind)}; "
                f"{entry.kind} by {entry.actor}, key {entry.signed.act.key}"
            )
            self._stories.append((entry.subject, said))
        self.entries += 1
        return entry

    def text(self, checkpoint: Checkpoint, vkey: str) -> str:
        """Return the report under a checkpoint of the entries taken."""
        lines = [printable(line) for line in self._lines(checkpoint, vkey)]
        return "\n".join([*lines, "", _CLOSING])

    def _sign(self, entry: Entry) -> None:
        signer = self._signers.get(entry.actor)
        if signer is None and entry.kind == "participant.key":
            if len(self._signers) < PARTICIPANTS_MAX:
                signer = _Signer(entry.signed.act.key, self.entries)
                self._signers[entry.actor] = signer
            else:
                self._more_signers += 1
        if signer:
            signer.acts += 1
            signer.last, signer.last_time = self.entries, entry.time

    def _lines(self, checkpoint: Checkpoint, vkey: str) -> Iterator[str]:
        yield f"存证日志报告 · Report of the ledger {checkpoint.origin}"
        yield ""
        yield "检查点 · Checkpoint"
        yield ""
        yield f"  entries   {checkpoint.size}"
        yield f"  root      {checkpoint.root.hex()}"
        yield f"  log key   {vkey}"
        if self.entries:
            yield f"  recorded  {self._first_time} to {self._last_time}"
        yield ""
        yield "记录种类 · What was recorded"
        yield ""
        for kind, count in sorted(self._kinds.items()):
            yield f"  {count:>9}  {kind or '?':24}  {_says(kind)}"
        yield ""
        yield "参与方及其密钥 · Participants and their keys"
        yield ""
        for name, signer in self._signers.items():
            yield (
                f"  {name}  key {signer.key}  signed {signer.acts}: first entry {signer.first}, "
                f"last entry {signer.last} at {signer.last_time}"
            )
        if self._more_signers:
            yield f"  另有 {self._more_signers} 个 · and {self._more_signers} more"
        yield ""
        yield f"产品与交易（最新 {STORIES_MAX} 条） · Products and trades, their newest entries"
        stories: dict[str, list[str]] = {}
        for subject, said in self._stories:
            stories.setdefault(subject, []).append(said)
        for subject, told in stories.items():
            yield from ("", f"  {subject}", *(f"    {said}" for said in told))
        if earlier := self._told - len(self._stories):
            yield ""
            yield (
                f"  另有较早的 {earlier} 条，见各方证据包 · "
                f"and {earlier} earlier ones; see the party bundles"
            )


def _says(kind: str) -> str:
    return KINDS[kind].says if kind in KINDS else _UNKNOWN
