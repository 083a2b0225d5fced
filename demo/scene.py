"""One chapter at work: it types commands, holds answers against AWS, and keeps what comes next."""

import json
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from textwrap import indent

from botocore.credentials import Credentials
from rich.text import Text

from demo.cli import Answer, AnswerLacks, Terminal, shorten_secrets
from demo.expect import Expectation, succeeds
from demo.policies import Document
from demo.raw import Reply
from demo.stage import COLOURS, Scroll, Verdict

SOURCE, DESTINATION = "111122223333", "123456789012"
SOURCE_ROOT, DESTINATION_ROOT = "source", "destination"  # profiles with the root users' keys
LONGEST_SHOWN = 12  # lines of one answer


@dataclass(frozen=True, slots=True)
class World:
    """What all chapters share.

    data: the server's directory. folder: the walk's own temporary one. halt: set when the walk is
    broken off; no chapter begins another step then.
    """

    terminal: Terminal
    endpoint: str
    data: Path
    folder: Path
    halt: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Chapter:
    """alone: it must not run beside another."""

    name: str
    title: str
    play: "Callable[[Scene], None]"
    alone: bool = False


class Scene:
    """The hand that plays one chapter."""

    def __init__(self, world: World, chapter: Chapter, scroll: Scroll) -> None:
        self.world = world
        self.chapter = chapter
        self._scroll = scroll
        self.folder = world.folder / chapter.name
        self.folder.mkdir()
        self._sessions: dict[str, Credentials] = {}

    def play(self) -> None:
        """Play the chapter to its end, or to where nothing can follow."""
        self._scroll.write(Text(f"\n━━ {self.chapter.title} ━━", style="bold"))
        try:
            self.chapter.play(self)
        except AnswerLacks as lack:
            self._judge("the chapter goes on", "", "an answer to build on", str(lack), 0.0)
        finally:
            self._scroll.stage.end(self._scroll)

    def say(self, sentence: str) -> None:
        self._scroll.write(Text(f"\n{sentence}", style="italic"))

    def document(self, name: str, document: Document | str) -> str:
        """Write a policy file, show it, and return it as an argument: ``file://name.json``."""
        text = document if isinstance(document, str) else json.dumps(document, indent=2)
        name = self._unused(name)
        (self.folder / f"{name}.json").write_text(text, encoding="utf-8")
        compact = text if isinstance(document, str) else json.dumps(document)
        self._scroll.write(Text(f"\n  {name}.json  {compact}", style="cyan"))
        return f"file://{name}.json"

    def _unused(self, name: str) -> str:
        """The name of a policy file, numbered if there is one already."""
        names = chain((name,), (f"{name}-{number}" for number in count(2)))
        return next(each for each in names if not (self.folder / f"{each}.json").exists())

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def aws(
        self,
        title: str,
        profile: str,
        line: str,
        expectation: Expectation | None = None,
        facts: str = "",
    ) -> Answer:
        """Type ``aws <line> --profile <profile>`` and judge the answer; success if not said."""
        words = shlex.split(line)
        return self.did(
            title,
            f"$ aws {line} --profile {profile}",
            lambda: self.world.terminal.aws(profile, words, self.folder),
            expectation or succeeds(),
            facts,
        )

    def sekisho(self, title: str, line: str, expectation: Expectation, facts: str = "") -> Answer:
        """Type ``sekisho <line> --data …`` and judge the answer."""
        words = [*shlex.split(line), "--data", str(self.world.data)]
        return self.did(
            title,
            f"$ sekisho {line} --data {self.world.data}",
            lambda: self.world.terminal.sekisho(words, self.folder),
            expectation,
            facts,
        )

    def raw(
        self,
        title: str,
        shown: str,
        send: Callable[[], Reply],
        expectation: Expectation,
        facts: str,
    ) -> Reply:
        """Send what no CLI would; `shown` says what is done."""
        replies: list[Reply] = []

        def answer() -> Answer:
            replies.append(send())
            return replies[0].answer

        self.did(title, f"# signed by hand: {shown}", answer, expectation, facts)
        return replies[0]

    def did(
        self,
        title: str,
        shown: str,
        act: Callable[[], Answer],
        expectation: Expectation,
        facts: str,
    ) -> Answer:
        if self.world.halt.is_set():
            raise AnswerLacks("the walk was broken off")
        started = time.monotonic()
        answer = act()
        seconds = time.monotonic() - started
        seen = expectation.differs(answer)
        self._scroll.write(Text(f"\n{title}", style="bold"))
        self._scroll.write(Text(f"  {shorten_secrets(shown)}"))
        if answer.shown:
            self._scroll.write(Text(indent(cut(answer.shown), "    "), style="dim"))
        self._judge(title, facts, expectation.wanted, seen, seconds)
        return answer

    def carry(self, profile: str, answer: Answer) -> None:
        """Keep the Credentials of an answer as a profile."""
        part = "Credentials."
        self.carry_keys(
            profile,
            answer[f"{part}AccessKeyId"],
            answer[f"{part}SecretAccessKey"],
            answer[f"{part}SessionToken"],
        )

    def carry_keys(self, profile: str, key: str, secret: str, token: str = "") -> None:
        self.world.terminal.add_keys(profile, key, secret, token)
        self._sessions[profile] = Credentials(key, secret, token or None)
        self._scroll.write(Text(f"  → profile {profile} ({key})", style="magenta"))

    def keys(self, profile: str) -> Credentials:
        return self._sessions[profile]

    def profile(self, name: str, settings: Mapping[str, str]) -> None:
        """Write a profile into the AWS configuration, and show it as it stands there."""
        self.world.terminal.add_profile(name, settings)
        lines = [f"[profile {name}]", *(f"{key} = {value}" for key, value in settings.items())]
        self._scroll.write(Text("\n" + "\n".join(f"  {line}" for line in lines), style="magenta"))

    def _judge(self, title: str, facts: str, wanted: str, seen: str | None, seconds: float) -> None:
        verdict = Verdict(self.chapter.title, title, facts, wanted, seen, seconds)
        self._scroll.judge(verdict)
        line = Text("  ").append(verdict.word, style=COLOURS[verdict.word])
        line.append(f"  {facts}  {seconds:.1f} s", style="dim")
        self._scroll.write(line)
        if seen is not None:
            self._scroll.write(Text(f"    wanted  {wanted}\n    seen    {seen}", style="red"))


def cut(text: str) -> str:
    lines = text.splitlines()
    if len(lines) <= LONGEST_SHOWN:
        return text
    return "\n".join([*lines[:LONGEST_SHOWN], f"… {len(lines) - LONGEST_SHOWN} lines more"])
