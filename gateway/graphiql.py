"""A page on which to try queries: GraphiQL, with every asset from here."""

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse

FOLDER = Path(__file__).parent / "static" / "graphiql"
SCHEMA = Path(__file__).parent / "schema.graphql"
ASSETS = {
    "graphiql.min.js": "text/javascript",
    "graphiql.min.css": "text/css",
    "react.production.min.js": "text/javascript",
    "react-dom.production.min.js": "text/javascript",
    "start.js": "text/javascript",
    "page.css": "text/css",
}
# GraphiQL writes style attributes and carries small images in its style sheet; nothing else is looser.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Try a query – localpound</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/graphiql/graphiql.min.css">
<link rel="stylesheet" href="/graphiql/page.css">
</head>
<body>
<main id="graphiql"><p>This page needs JavaScript. Without it, send a query by POST to /graphql;
<a href="/schema.graphql">the schema</a> says what can be asked.</p></main>
<script src="/graphiql/react.production.min.js"></script>
<script src="/graphiql/react-dom.production.min.js"></script>
<script src="/graphiql/graphiql.min.js"></script>
<script src="/graphiql/start.js"></script>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/graphiql")
async def graphiql() -> HTMLResponse:
    """The page."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@router.get("/graphiql/{name}")
async def asset(name: str) -> Response:
    """One of its assets."""
    media = ASSETS.get(name)
    if media is None:
        return PlainTextResponse("There is no such file.", status_code=404)
    return FileResponse(FOLDER / name, media_type=media, headers={"Cache-Control": "public, max-age=3600"})


@router.get("/schema.graphql")
async def schema() -> FileResponse:
    """The schema in GraphQL's own language."""
    return FileResponse(SCHEMA, media_type="text/plain; charset=utf-8")
