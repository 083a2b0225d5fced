"""Keep catalog/data/PROVENANCE.md: one section for each program that makes data."""

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "src" / "sekisho" / "catalog" / "data"
PROVENANCE = DATA / "PROVENANCE.md"


def keep_section(section: str) -> None:
    """Put a section in the place of the one with the same title, or behind the others.

    section: Markdown whose first line is a heading of the first level.
    """
    text = PROVENANCE.read_text("utf-8") if PROVENANCE.exists() else ""
    title = section.partition("\n")[0]
    kept = [f"# {part.strip()}\n" for part in f"\n{text}".split("\n# ")[1:]]
    titles = [part.partition("\n")[0] for part in kept]
    if title in titles:
        kept[titles.index(title)] = section
    else:
        kept.append(section)
    PROVENANCE.write_text("\n".join(kept), "utf-8")
