"""A process for tests: keeps receipts until it is killed, and prints each one's id once it was handed over."""

import sys
from pathlib import Path

from keeping import VERSIONS, records
from shop import FrozenClock

from portes.hooks import Watchers
from portes.receipts.recorder import ReceiptRecorder, RecorderTerms
from portes.receipts.writer import Writer
from portes.settings import ReceiptsSection


def main(path: Path, store: str, most: int) -> None:
    """Hand over as many quotes as told, in small bites, then close."""
    recorder = ReceiptRecorder(
        RecorderTerms(path, store, VERSIONS, ReceiptsSection()), Writer(0.01), FrozenClock(), Watchers()
    )
    for start in range(0, most, 10):
        for record in records(min(10, most - start)):
            recorder.buffer.add(record)
            sys.stdout.write(f"{record.quote.id}\n")
            sys.stdout.flush()
    recorder.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
