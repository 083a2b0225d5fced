"""What the kernel says of a process and its children: processor time and memory (Linux)."""

import os
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds


def cpu_seconds(pid: int) -> float:
    """Processor time, user and system, of a process and all its living descendants, in seconds.

    Counted by the kernel in ticks, mostly of 10 ms. All threads count.
    """
    ticks = 0
    for each in family(pid):
        fields = stat(each)
        ticks += int(fields[11]) + int(fields[12]) if fields else 0  # utime, stime
    return ticks * _TICK


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and its living descendants; pages they share count twice."""
    total = 0
    for each in family(pid):
        try:
            status = (_PROC / str(each) / "status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) * 1024
    return total


def proportional_bytes(pid: int) -> int:
    """Resident memory of a process and its living descendants; of a page that several processes
    have, each counts its part.
    """
    total = 0
    for each in family(pid):
        try:
            found = (_PROC / str(each) / "smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        for line in found.splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def family(pid: int) -> Iterator[int]:
    """The process, its children, theirs, and so on."""
    yield pid
    for tasks in _PROC.glob(f"{pid}/task/*/children"):
        try:
            children = tasks.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the command's name; none if the process is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
