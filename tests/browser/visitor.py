"""Somebody before the console, who reads and clicks what people read and click."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from browser.house import Person
from browser.watching import Watch

GO_WITHIN = """(path) => {
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}"""


@dataclass(frozen=True, slots=True)
class Visitor:
    page: Page
    watch: Watch

    def goes(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    def types(self, label: str, text: str) -> "Visitor":
        self.page.get_by_label(label, exact=True).fill(text)
        return self

    def clicks(self, name: str, role: str = "button") -> "Visitor":
        self.control(name, role).click()
        return self

    def control(self, name: str, role: str = "button") -> Locator:
        return self.page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]

    def sees(self, text: str | re.Pattern[str]) -> "Visitor":
        expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def sees_title(self, title: str) -> "Visitor":
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self

    def settles(self) -> "Visitor":
        """Waits until the page shows what it has loaded."""
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator("[class*='awsui_spinner']")).to_have_count(0)
        return self

    def sees_not(self, text: str | re.Pattern[str]) -> "Visitor":
        expect(self.page.get_by_text(text)).to_have_count(0)
        return self

    def is_asked_to_sign_in(self) -> "Visitor":
        return self.sees_title("Sign in to Sekisho")

    def fills_in(self, person: Person, password: str | None = None) -> "Visitor":
        self.types("Account ID or alias", person.account)
        self.types("User name", person.name)
        self.types("Password", person.password if password is None else password)
        return self

    def signs_in(self, person: Person, at: str = "/console") -> "Visitor":
        """Through the form, until the form is gone."""
        self.goes(at).fills_in(person).clicks("Sign in")
        expect(self.page.locator("#header")).to_contain_text(person.name)
        return self

    def chooses(self, item: str) -> "Visitor":
        """From the menu under one's name in the header."""
        self.page.locator("#header").get_by_role("button", name=" @ ").click()
        self.page.get_by_role("menuitem", name=item).click()
        return self

    def signs_in_quietly(self, person: Person) -> "Visitor":
        """Without the form, in whatever language the page is."""
        form = {"account": person.account, "user": person.name, "password": person.password}
        assert self.page.request.post("/console/api/sign-in", data=form).ok
        return self.goes("/console")

    def asks_for_role(self, account: str, role: str, display: str = "") -> "Visitor":
        """Fills in the form and sends it."""
        self.goes_within("/console/switch-role")
        self.types("Account ID or alias", account).types("IAM role name", role)
        self.page.get_by_label("Display name", exact=False).fill(display)
        return self.clicks("Switch role")

    def switches(self, account: str, role: str, display: str) -> "Visitor":
        self.asks_for_role(account, role, display)
        self.acts_as(display)
        return self

    def acts_as(self, display: str) -> "Visitor":
        expect(self.page.locator(".acting .name")).to_have_text(display)
        return self

    def acts_as_oneself(self) -> "Visitor":
        expect(self.page.locator(".acting")).to_have_count(0)
        return self

    def goes_within(self, path: str) -> "Visitor":
        """To another page without loading the console anew."""
        self.page.evaluate(GO_WITHIN, path)
        return self

    def alert(self) -> Locator:
        return self.page.locator("[class*='awsui_alert']").first

    @property
    def path(self) -> str:
        url: str = self.page.evaluate("location.pathname + location.search")
        return url
