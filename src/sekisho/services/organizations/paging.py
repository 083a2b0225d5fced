"""Lists in pages of at most twenty (W-221)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sekisho.services.operation import Call, Output

MOST_RESULTS = 20

Item = TypeVar("Item")


def page(
    call: Call, items: Sequence[Item], key: Callable[[Item], str]
) -> tuple[Sequence[Item], Output]:
    """The items of the page that is asked for, and NextToken if there are more.

    items: all, in the order of their keys. The token is the key of the last item of a page.
    """
    after: str = call.input.get("NextToken", "")
    left = [item for item in items if key(item) > after]
    kept = left[: call.input.get("MaxResults", MOST_RESULTS)]
    return kept, {"NextToken": key(kept[-1])} if len(kept) < len(left) else {}
