"""Walk the crossing: start a server, play every chapter against it, say how it went.

``python -m demo [--keep] [--only PATTERN] [--quiet]`` from the repository root, in the environment
that holds sekisho and awscli. Exits with 0 if every step went as AWS would have it, else with 1.
"""

import argparse
import fnmatch
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.text import Text

from demo.cli import REGION, Terminal
from demo.scene import SOURCE_ROOT, Chapter, Scene, World
from demo.server import Server, ServerFailed, serving
from demo.stage import DIFFERS, Stage
from demo.steps import CHAPTERS, OPENING

SIDE_BY_SIDE = min(3, (os.cpu_count() or 1) + 1)


def main() -> int:
    options = read_options()
    console = Console(highlight=False)
    chapters = [chapter for chapter in CHAPTERS if is_chosen(chapter, options.only)]
    if not chapters:
        names = ", ".join(chapter.name for chapter in CHAPTERS)
        console.print(f"No chapter is called {options.only!r}. There are: {names}.", markup=False)
        return 2
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job has it ignored
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="crossing-") as folder:
        try:
            with serving(Path(folder) / "data", Path(folder) / "server.log") as server:
                good = walk(console, server, Path(folder), chapters, options.quiet)
                if options.keep:
                    stay(console, server, Path(folder))
        except ServerFailed as failure:
            console.print(Text(f"The server did not start:\n{failure}", style="red"))
            return 1
        except KeyboardInterrupt:
            console.print("\nbroken off")
            return 130
    return 0 if good else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description="Walk the crossing.")
    parser.add_argument("--keep", action="store_true", help="leave the server up until Ctrl-C")
    parser.add_argument("--only", metavar="PATTERN", help="play the chapters with such a name")
    parser.add_argument("--quiet", action="store_true", help="show the table of verdicts alone")
    return parser.parse_args()


def is_chosen(chapter: Chapter, pattern: str | None) -> bool:
    """Whether a chapter's name holds, or as a shell pattern matches, what was asked for."""
    if pattern is None:
        return True
    return pattern.lower() in chapter.name or fnmatch.fnmatch(chapter.name, pattern.lower())


def walk(
    console: Console, server: Server, folder: Path, chapters: Sequence[Chapter], quiet: bool
) -> bool:
    """Play the chapters, show the table; whether every step went as AWS would have it."""
    home = folder / "home"
    home.mkdir()
    world = World(Terminal(home, server.endpoint), server.endpoint, server.data, folder)
    started = time.monotonic()
    with Stage(console, quiet) as stage:
        scenes = [
            Scene(world, chapter, stage.announce(chapter.title)) for chapter in (OPENING, *chapters)
        ]
        scenes[0].play()
        if stage.all_agree:  # without the two accounts, no chapter means anything
            play_beside([scene for scene in scenes[1:] if not scene.chapter.alone], world.halt)
            for scene in scenes[1:]:
                if scene.chapter.alone:
                    scene.play()
    console.print()
    stage.show_table()
    stage.show_differences()
    verdicts = stage.verdicts
    wrong = sum(verdict.word == DIFFERS for verdict in verdicts)
    summary = f"\n{len(verdicts) - wrong} of {len(verdicts)} steps as AWS, {wrong} differ"
    console.print(Text(f"{summary}, in {time.monotonic() - started:.0f} s", style="bold"))
    return stage.all_agree


def play_beside(scenes: Sequence[Scene], halt: threading.Event) -> None:
    """Play chapters a few at a time; if one fails, or is interrupted, the others stop soon."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        playing = [pool.submit(scene.play) for scene in scenes]
        try:
            for future in playing:
                future.result()
        except BaseException:
            halt.set()
            pool.shutdown(cancel_futures=True)
            raise


def stay(console: Console, server: Server, folder: Path) -> None:
    """Say how to go on by hand, and wait until Ctrl-C."""
    home = folder / "home"
    lines = [
        "The server stays until Ctrl-C. To go on, paste into another terminal:",
        "",
        f"export AWS_CONFIG_FILE={home / 'config'}",
        f"export AWS_SHARED_CREDENTIALS_FILE={home / 'credentials'}",
        f"export AWS_ENDPOINT_URL={server.endpoint} AWS_PAGER=",
        f"export AWS_REGION={REGION} AWS_DEFAULT_REGION={REGION}",
        f"export AWS_EC2_METADATA_DISABLED=true AWS_PROFILE={SOURCE_ROOT}",
        "",
        "aws sts get-caller-identity",
        "aws iam list-roles --profile destination",
        "aws s3 ls --profile destination",
        f"sekisho why --last --data {server.data}",
        "aws configure list-profiles",
    ]
    console.print()
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print()


if __name__ == "__main__":
    sys.exit(main())
