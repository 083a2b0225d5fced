"""Work that a client asks for and fetches later."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sekisho.model.principal import nothing


class JobKind(enum.Enum):
    CREDENTIAL_REPORT = "credential report"
    LAST_ACCESSED = "last accessed"
    ROLE_DELETION = "role deletion"


@dataclass(frozen=True, slots=True)
class Job:
    """A finished piece of work. id: unique over all accounts. content: what came of it, as JSON."""

    id: str
    account: str
    kind: JobKind
    created: int
    content: Mapping[str, Any] = field(default_factory=nothing)
