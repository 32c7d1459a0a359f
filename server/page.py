"""Where the files of the page are, and the offline page of the API documentation."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response


def find_static() -> Path:
    """The directory of index.html: inside the package when installed, beside it in a checkout.

    Raises
    ------
    FileNotFoundError
        when neither has the page.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "static", package.parent / "static"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"The page is missing: no directory 'static' in {package} or {package.parent}. Install the project again."
    )


DOCS_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST API - backprop playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/vendor/swagger-ui-dist/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# A file of its own, since the Content-Security-Policy forbids inline scripts.
DOCS_JS = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


def add_docs(app: FastAPI) -> None:
    """Serve /docs with local files only, so that it works without a network."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(DOCS_HTML)

    @app.get("/docs/start.js", include_in_schema=False)
    async def docs_start() -> Response:
        return Response(DOCS_JS, media_type="text/javascript")
