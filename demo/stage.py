"""What the onlooker sees: steps as they happen, in order, then a table of verdicts."""

import threading
from dataclasses import dataclass
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

AGREES, DIFFERS = "as AWS", "DIFFERS"
COLOURS = {AGREES: "green", DIFFERS: "bold red"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one step went. facts: the numbers of the AWS facts it shows; seconds: how long."""

    chapter: str
    title: str
    facts: str
    wanted: str
    seen: str | None
    seconds: float

    @property
    def word(self) -> str:
        return AGREES if self.seen is None else DIFFERS


class Scroll:
    """One chapter's part of the output, written in its turn."""

    def __init__(self, stage: "Stage", title: str) -> None:
        self.stage = stage
        self.title = title
        self.verdicts: list[Verdict] = []
        self.held: list[Text] = []
        self.ended = False

    def write(self, what: Text) -> None:
        self.stage.write(self, what)

    def judge(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        self.stage.tell_progress(self, verdict.title)


class Stage:
    """Chapters may run side by side; what they write appears in the order they were announced."""

    def __init__(self, console: Console, quiet: bool) -> None:
        self.console = console
        self.scrolls: list[Scroll] = []
        self._quiet = quiet
        self._front = 0
        self._lock = threading.Lock()
        self._status = console.status("the gate opens …")

    def __enter__(self) -> "Stage":
        self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    @property
    def all_agree(self) -> bool:
        return all(verdict.seen is None for verdict in self.verdicts)

    def announce(self, title: str) -> Scroll:
        scroll = Scroll(self, title)
        self.scrolls.append(scroll)
        return scroll

    def write(self, scroll: Scroll, what: Text) -> None:
        if self._quiet:
            return
        with self._lock:
            if self.scrolls[self._front : self._front + 1] == [scroll]:
                self.console.print(what, soft_wrap=True)
            else:
                scroll.held.append(what)

    def end(self, scroll: Scroll) -> None:
        """The chapter is over; whatever waited for it may now be seen."""
        with self._lock:
            scroll.ended = True
            while self._front < len(self.scrolls) and self.scrolls[self._front].ended:
                self._front += 1
                if self._front < len(self.scrolls):
                    following = self.scrolls[self._front]
                    for what in following.held:
                        self.console.print(what, soft_wrap=True)
                    following.held.clear()

    def tell_progress(self, scroll: Scroll, title: str) -> None:
        verdicts = self.verdicts
        wrong = sum(verdict.word == DIFFERS for verdict in verdicts)
        over = sum(known.ended for known in self.scrolls)
        self._status.update(
            f"{over} of {len(self.scrolls)} chapters · [green]{len(verdicts) - wrong} {AGREES}[/]"
            + (f" · [bold red]{wrong} {DIFFERS}[/]" if wrong else "")
            + f" · {escape(scroll.title)}: {escape(title)}"
        )

    @property
    def verdicts(self) -> list[Verdict]:
        return [verdict for scroll in self.scrolls for verdict in scroll.verdicts]

    def show_table(self) -> None:
        table = Table(title="The crossing", title_justify="left", show_lines=False)
        table.add_column("#", justify="right", style="dim")
        table.add_column("Step", overflow="fold", ratio=1)
        table.add_column("Facts", style="dim", overflow="fold", max_width=22)
        table.add_column("Verdict", no_wrap=True)
        number = 0
        for scroll in self.scrolls:
            table.add_section()
            table.add_row("", Text(scroll.title, style="bold"), "", "")
            for verdict in scroll.verdicts:
                number += 1
                mark = Text(verdict.word, style=COLOURS[verdict.word])
                table.add_row(str(number), Text(verdict.title), verdict.facts, mark)
        self.console.print(table)

    def show_differences(self) -> None:
        for verdict in self.verdicts:
            if verdict.seen is not None:
                self.console.print()
                self.console.print(
                    Text(f"{DIFFERS}  {verdict.chapter}: {verdict.title}", style="bold red")
                )
                self.console.print(Text(f"  wanted  {verdict.wanted}"), soft_wrap=True)
                self.console.print(Text(f"  seen    {verdict.seen}"), soft_wrap=True)
