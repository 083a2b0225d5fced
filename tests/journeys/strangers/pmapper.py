"""Principal Mapper's command line, on a Python whose `collections` lacks what it uses."""

import collections
import collections.abc
import sys

for name in ("Mapping", "MutableMapping"):
    setattr(collections, name, getattr(collections.abc, name))

from principalmapper.__main__ import main  # noqa: E402 - it is imported into a mended world

sys.exit(main())
