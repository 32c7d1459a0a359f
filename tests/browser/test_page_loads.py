from playwright.sync_api import ConsoleMessage, Page


def complaints_of(page: Page) -> list[str]:
    """A list that fills with what the page complains about from now on: errors, warnings, failed requests."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    return complaints


def test_page_loads_without_a_complaint(page: Page) -> None:
    complaints = complaints_of(page)
    page.goto("/", wait_until="networkidle")
    assert complaints == []


def test_api_documentation_needs_no_other_host(page: Page, live_server: str) -> None:
    complaints = complaints_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/docs")
    page.get_by_text("/api/v1/health").wait_for()
    assert [url for url in asked if not url.startswith((live_server, "data:", "blob:"))] == []
    assert complaints == []


def test_every_module_of_the_first_visit_is_linked_by_the_page(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    linked = page.locator("link[rel=modulepreload]").evaluate_all("(links) => links.map((link) => link.href)")
    assert sorted(url for url in set(asked) if url.endswith(".js")) == sorted(linked)
