"""What axe-core, the engine that accessibility tools share, finds on a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

ENGINE = Path(__file__).parents[2] / "console/node_modules/axe-core/axe.min.js"
SERIOUS = ("serious", "critical")
# Of Cloudscape's own toolbar in narrow windows; screen readers pass over an orientation.
KNOWN = ("aria-allowed-attr", "awsui_mobile-toolbar-nav")
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, impact, nodes }) => [impact, id, nodes.map((node) => node.html)]);
}"""


@cache
def engine() -> str:
    return ENGINE.read_text(encoding="utf-8")


def serious_findings(page: Page) -> list[str]:
    """Each as its rule, then the elements that break it, cut short."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(engine())
    return [
        f"{rule}: {html[:200]}"
        for impact, rule, elements in page.evaluate(RUN)
        if impact in SERIOUS
        for html in elements[:3]
        if not (rule == KNOWN[0] and KNOWN[1] in html)
    ]
