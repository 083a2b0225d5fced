"""The properties of this room for as long as one likes: ``make fuzz EXAMPLES=1000000 SEED=0``.

An example is a question decided by the engine and by the spec, and explained. A theorem is tried on
every world besides, each in its turn. Stops at the first fault, which it tells.
"""

import sys
import time
from collections import Counter
from functools import partial

from differential.properties import Tally, against_the_spec, fault, report, upholding
from differential.theorems import THEOREMS
from differential.worlds import QUESTIONS, world

EVERY = 2000  # worlds between two lines of progress


def fuzz(examples: int, first: int) -> int:
    """Try this many examples, from the world of the first seed on; the exit status."""
    tally: Tally = Counter()
    counting = partial(against_the_spec, tally=tally)
    theorems = [upholding(theorem) for theorem in THEOREMS]
    started = time.monotonic()
    for seed in range(first, first + -(-examples // QUESTIONS)):
        at = world(seed)
        theorem = theorems[seed % len(theorems)]
        for property_ in (counting, theorem):
            if fault(property_, at):
                print(report(property_, seed))
                return 1
        if (seed - first) % EVERY == EVERY - 1:
            done = tally.total()
            rate = done / (time.monotonic() - started)
            print(f"{done:,} of {examples:,} examples, {rate:,.0f} a second", flush=True)
    print(f"{tally.total():,} examples, no difference; in per cent:")
    for (kind, layer), number in sorted(tally.items(), key=lambda item: -item[1]):
        print(f"  {100 * number / tally.total():5.1f}  {kind.value} by {layer.value}")
    return 0


if __name__ == "__main__":
    sys.exit(fuzz(int(sys.argv[1]), int(sys.argv[2])))
