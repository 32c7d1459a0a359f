"""The offline page of the API documentation."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

# Its addresses are relative: the server may stand under a prefix that only a proxy knows.
DOCS_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST API - backprop playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="vendor/swagger-ui-dist/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

# A file of its own, since the Content-Security-Policy forbids inline scripts.
DOCS_JS = """SwaggerUIBundle({
  url: "openapi.json",
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
