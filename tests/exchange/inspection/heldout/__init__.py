"""A second labelled corpus, held out: no detector was written or changed with it in sight.

The detectors were fitted to the first corpus (`tests.exchange.inspection.labelled`), whose figures
therefore say little about data that nobody has tried.  These tables were drawn by other
generators, under other headers, from other trades, and labelled from the design page and the rules
alone before any detector saw them; labels came in a commit of their own.  The kinds of label are
those of the first corpus, and a table's verdict follows from its labels by the rules.

`python -m tests.exchange.inspection.heldout` prints how the installed detectors do.
"""

from __future__ import annotations

from typing import Final

from tests.exchange.inspection.heldout import harmless, persons
from tests.exchange.inspection.heldout.table import Table

TABLES: Final[tuple[Table, ...]] = (*persons.TABLES, *harmless.TABLES)
