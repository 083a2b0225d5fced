"""Takes the README's pictures of the console, from a live server: `make pictures`."""

import shutil
import tempfile
from pathlib import Path

from demo.policies import allow, trust
from playwright.sync_api import Browser, sync_playwright

from browser.conftest import FLAGS
from browser.house import House, Person
from browser.visitor import Visitor
from browser.watching import Watch
from journeys.world import inhabited

HERE = Path(__file__).parents[1] / "docs/console"
SIZE = {"width": 1100, "height": 720}
LARGEST = 150 * 1024  # bytes


def main() -> None:
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("There is no chromium (Debian: apt-get install chromium).")
    HERE.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        inhabited(Path(folder)) as world,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        house = House(world)
        sign_in(opened(browser, house), house)
        switch_role(opened(browser, house), house)
        refused_switch(opened(browser, house), house)
        wizard(opened(browser, house), house)


def opened(browser: Browser, house: House) -> Visitor:
    endpoint = house.world.server.endpoint
    context = browser.new_context(base_url=endpoint, locale="en-US", viewport=SIZE)  # type: ignore[arg-type]
    return Visitor(context.new_page(), Watch())


def picture(visitor: Visitor, name: str, height: int, below: str = "") -> None:
    """below: a heading; what is above it, and the navigation, are left out."""
    clip = {"x": 0.0, "y": 0.0, "width": float(SIZE["width"]), "height": float(height)}
    visitor.page.set_viewport_size(
        {"width": SIZE["width"], "height": height if not below else 2400}
    )
    visitor.settles()
    if below:
        box = visitor.page.get_by_role("heading", name=below, exact=True).bounding_box()
        assert box is not None
        left, top = box["x"] - 36, box["y"] - 28
        clip |= {"x": left, "y": top, "width": clip["width"] - left}
    path = HERE / f"{name}.png"
    visitor.page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")  # type: ignore[arg-type]
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST} bytes.")
    print(path.relative_to(HERE.parents[1]), path.stat().st_size)


def sign_in(visitor: Visitor, house: House) -> None:
    visitor.goes("/console").fills_in(Person(house.source, "alice"))
    picture(visitor, "sign-in", 560)


def switch_role(visitor: Visitor, house: House) -> None:
    alice = house.person(house.source, allow("sts:AssumeRole", "*"), name="alice")
    role = house.role(house.destination, trust(alice.arn), path="/finance/")
    visitor.signs_in(alice)
    link = f"/switchrole?account={house.destination}&roleName={role}"
    visitor.goes(f"{link}&displayName=Ledger&color=b7ca9d")
    picture(visitor, "switch-role", 640)


def refused_switch(visitor: Visitor, house: House) -> None:
    bob = house.person(house.source, allow("iam:List*", "*"), allow("s3:*", "*"), name="bob")
    role = house.role(house.destination, trust(bob.arn), path="/finance/")
    visitor.signs_in(bob).asks_for_role(house.destination, role)
    visitor.sees("Your side")
    picture(visitor, "refused-switch", 760)


def wizard(visitor: Visitor, house: House) -> None:
    visitor.signs_in(house.person(house.source, allow("*", "*"), name="carol"))
    visitor.goes("/console/wizard")
    visitor.types("Account ID of the other account", house.destination)
    visitor.types("User name", "dave").types("Role name", "finance/LedgerReader")
    visitor.types("Bucket in the role's account", "ledger")
    visitor.clicks("Apply the user's half here").sees("Applied")
    visitor.clicks("Dismiss").sees_not("dave may now use the role, as far as this account goes.")
    picture(visitor, "wizard", 760, below="Both halves")


if __name__ == "__main__":
    main()
