"""How a run of English is known in a text that should be Chinese."""

from __future__ import annotations

import re
from typing import Final

# Two small English words in a row; a field's path, an id or a code of an approval is one word.
ENGLISH: Final = re.compile(r"(?<![\w.`-])[a-z][a-z']+ [a-z]{2,}(?![\w.-])")
