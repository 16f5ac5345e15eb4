"""Run by tests and the benchmark as a process of its own (beancount is GPL and never imported by Homie).

python beancount_gains.py JOURNAL

Prints as JSON the seconds that loading took, and the gain of each sale by its name (none where it is 0).
"""

from __future__ import annotations

import json
import sys
import time


def main(path: str) -> None:
    """Load a journal and print what its sales gained."""
    from beancount import loader
    from beancount.core.data import Transaction

    started = time.perf_counter()
    entries, errors, _ = loader.load_file(path)
    seconds = time.perf_counter() - started
    gains = {
        entry.narration: str(-posting.units.number)
        for entry in entries
        if isinstance(entry, Transaction)
        for posting in entry.postings
        if posting.account == "Income:Gains"
    }
    print(json.dumps({"seconds": seconds, "gains": gains, "errors": [str(error.message) for error in errors[:5]]}))


if __name__ == "__main__":
    main(sys.argv[1])
