"""What a browser did while nobody looked: whom it asked, and what the page's policy stopped."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

# Runs before any script of a page, so that nothing is stopped unseen.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  reportViolation(`${event.violatedDirective}: ${event.blockedURI} at ${event.sourceFile}`);
});
"""
# A refusal of the server is what journeys look for; the browser's line on it is no fault.
EXPECTED = ("Failed to load resource",)


# Without slots, since Playwright keeps what it makes of handlers on their owner.
@dataclass
class Watch:
    """Of one browser context: every request, and every complaint."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("page", self._opened)
        context.expose_function("reportViolation", self._stopped)
        context.add_init_script(REPORT_VIOLATIONS)

    def foreign(self, endpoint: str) -> list[str]:
        """Requests to anybody but the server. Blobs and data come from the page itself."""
        home = urlsplit(endpoint).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("blob", "data") and urlsplit(url).netloc != home
        ]

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _failed(self, failed: WebError) -> None:
        self.complaints.append(f"script: {failed.error}")

    def _stopped(self, violation: str) -> None:
        self.complaints.append(f"stopped by the page's policy: {violation}")

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(f"console: {message.text}")
