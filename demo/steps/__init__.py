"""The chapters of the crossing, in the order in which they are told."""

from demo.scene import Chapter
from demo.steps import (
    chains,
    conditions,
    crossing,
    documents,
    doors,
    factors,
    halves,
    limits,
    opening,
    rebirth,
    rights,
    signatures,
    tags,
    tokens,
    why,
)

OPENING = Chapter("opening", "Two accounts", opening.play)

CHAPTERS = (
    Chapter("crossing", "The crossing", crossing.play),
    Chapter("halves", "Neither half alone", halves.play),
    Chapter("chains", "From role to role", chains.play),
    Chapter("conditions", "On condition", conditions.play),
    Chapter("factors", "With a second factor", factors.play),
    Chapter("tags", "Tags and source identity", tags.play),
    Chapter("limits", "How long, under what name, which role", limits.play),
    Chapter("doors", "Three ways to another account's object", doors.play),
    Chapter("documents", "Policies that cannot be saved", documents.play),
    Chapter("rebirth", "Deleted and made again", rebirth.play),
    Chapter("rights", "Who may not", rights.play),
    Chapter("tokens", "Session tokens", tokens.play),
    Chapter("signatures", "Signatures", signatures.play),
    Chapter("why", "Why?", why.play, alone=True),
)
