"""What exactly is an event, where does it stand, and how is it checked without trusting us?"""

import json
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from eventlog.tlog.tiles import HASH, WIDTH, tile_path
from gateway import money, reads
from gateway.pages import words
from gateway.pages.asked import Asked, asked
from gateway.pages.rendering import Cell, Crumb, page
from gateway.places import name_of
from gateway.reads import StoredEvent

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
OWN_LOG = "access"


async def _stored(asked: Asked, event_id: str) -> StoredEvent:
    found = await reads.event(asked.db, asked.viewer, event_id)
    if found is None:
        raise HTTPException(404, "There is no such event on record that you may read. Events name who acted.")
    return found


@router.get("/events/{event_id}.json")
async def bytes_of(event_id: str, asked: Ask) -> Response:
    """The exact bytes."""
    found = await _stored(asked, event_id)
    return Response(
        found.envelope,
        media_type="application/cloudevents+json",
        headers={"Content-Disposition": f'attachment; filename="{found.event.event_id}.json"'},
    )


@router.get("/events/{event_id}")
async def event(event_id: str, asked: Ask) -> Response:
    """The envelope as stored, its position, and how to check it."""
    found = await _stored(asked, event_id)
    organisation = found.event.organisation
    return await page(
        asked,
        "event.html",
        words.fact(found.event.type),
        organisation=organisation,
        here="event",
        crumbs=[
            Crumb("Organisations", asked.to.home()),
            Crumb(name_of(organisation), asked.to.organisation(organisation)),
        ],
        rows=_stated(asked, found),
        said=_said(found.envelope),
        envelope=json.dumps(json.loads(found.envelope), indent=2, ensure_ascii=False),
        size=len(found.envelope),
        download=f"/events/{found.event.event_id}.json",
        event_id=found.event.event_id,
        service=found.event.service,
        leaf=sha256(b"\0" + found.envelope).hexdigest(),
        offset=found.event.log_index % WIDTH * HASH,
        tile=_tile(asked, found),
    )


def _stated(asked: Asked, stored: StoredEvent) -> list[tuple[str, Cell]]:
    event = stored.event
    return [
        (
            "Position",
            Cell(event.position, mono=True, note="Log, and place in it; places are counted from 0 without a gap."),
        ),
        ("Happened", Cell(words.moment(event.happened_at))),
        ("Learnt", Cell(words.moment(event.recorded_at))),
        ("Who", Cell(stored.actor, mono=True)),
        ("About", _subject(asked, stored)),
        ("Type", Cell(event.type, mono=True)),
        ("Event", Cell(event.event_id, mono=True)),
    ]


_PAGES = {
    "payment": "payments",
    "supplier": "suppliers",
    "contract": "contracts",
    "file": "files",
    "register": "files",
}


def _subject(asked: Asked, stored: StoredEvent) -> Cell:
    event = stored.event
    kind, _, key = event.stream.partition("/")
    href = asked.to.one(event.organisation, _PAGES[kind], key) if kind in _PAGES else None
    if kind == "payee":
        href = asked.to.under(event.organisation, "payments", supplier=key)
    return Cell(event.stream, href, mono=True, note=f"Its change number {event.version}")


def _said(envelope: bytes) -> list[tuple[str, Cell]]:
    """The fact's own fields, one below the other."""
    fields = json.loads(envelope)["data"]
    return [(name.replace("_", " ").capitalize(), _cell(name, value)) for name, value in fields.items()]


def _cell(name: str, value: object) -> Cell:
    if name.endswith("_pence") and isinstance(value, int):
        return Cell(money.pounds(value), note=f"{value:,} pence")
    return Cell(_value(value))


def _value(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(each) for each in value) or "none"
        case _:
            return str(value)


def _tile(asked: Asked, stored: StoredEvent) -> str:
    """Where the hash tile of the event's leaf is served, as wide as it must be to hold the leaf."""
    event = stored.event
    settings = asked.request.app.state.settings
    door = settings.public_url if event.service == OWN_LOG else settings.doors.get(event.service, "")
    number, place = divmod(event.log_index, WIDTH)
    path = tile_path(number) if place == WIDTH - 1 else f"{tile_path(number)}.p/{place + 1}"
    return f"{door}/log/{event.organisation}/tile/0/{path}"
