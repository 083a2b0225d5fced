"""How soon the console shows something: `make console && python -m bench.console`.

On loopback, with a cold cache each time: a new browser context, the sign-in page, and what the
browser itself notes as the first contentful paint. It also tells how much was loaded until then.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from demo.server import serving
from playwright.sync_api import Browser, sync_playwright

ROUNDS = 9
LONGEST = 1000  # milliseconds
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAINTED = """() => new Promise((tell) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName("first-contentful-paint");
    if (paint) tell(paint.startTime);
  }).observe({ type: "paint", buffered: true });
})"""
LOADED = """() => performance.getEntriesByType("resource")
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with serving(Path(folder) / "data", Path(folder) / "log") as server:
            rounds = [paint(browser, server.endpoint) for _ in range(ROUNDS)]
    times = sorted(time for time, _ in rounds)
    median = statistics.median(times)
    print(f"first paint: {median:.0f} ms, median of {ROUNDS} ({times[0]:.0f} to {times[-1]:.0f})")
    print(f"loaded until then and just after: {rounds[0][1] / 1000:.0f} KB")
    return 0 if median <= LONGEST else 1


def paint(browser: Browser, endpoint: str) -> tuple[float, float]:
    """Milliseconds from the navigation to the first contentful paint, and bytes as they travel."""
    context = browser.new_context(base_url=endpoint)
    page = context.new_page()
    page.goto("/console")
    time: float = page.evaluate(PAINTED)
    page.get_by_role("heading", level=1).wait_for()
    size: float = page.evaluate(LOADED)
    context.close()
    return time, size


if __name__ == "__main__":
    sys.exit(main())
