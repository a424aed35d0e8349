"""Where are registers handed in? `POST /registers`, the file's bytes as they are."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from doors.bodies import body_of
from doors.problems import BadRequest
from doors.tables import cleaned
from eventlog import clock
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.contracts.dates import LONDON, stated_on
from services.contracts.importing import Import, import_register

ROLE = "register-editor"
LARGEST = 16 * 2**20  # bytes; the largest register met so far has 100 KB

editor = requires(ROLE)

FileName = Annotated[
    str, Query(min_length=1, max_length=255, description="What the file is called; it decides nothing.")
]
StatedOn = Annotated[
    date | None, Query(description="The day the publisher stated this; else from the name, else today.")
]


def doors(log: EventLog) -> APIRouter:
    """The doors of this service."""
    router = APIRouter(tags=["registers"])
    # Imports that wait for each other in the database would hold every connection of the pool.
    one_at_a_time = asyncio.Lock()

    @router.post("/registers", summary="Import a published contract register")
    async def registers(
        request: Request,
        credential: Annotated[Credential, Depends(editor)],
        file_name: FileName,
        day: Annotated[StatedOn, Query(alias="stated_on")] = None,
    ) -> dict[str, object]:
        now = clock.now()
        name, stated = _name_and_day(file_name, day, now.astimezone(LONDON).date())
        sent = Import(
            organisation=credential.organisation,
            file_name=name,
            raw=await body_of(request, LARGEST),
            stated_on=stated,
            actor=credential.actor(ROLE),
            received_at=now,
        )
        async with one_at_a_time:
            return await import_register(log, sent)

    return router


def _name_and_day(file_name: str, given: date | None, today: date) -> tuple[str, date]:
    name = cleaned(file_name)
    if not name:
        raise BadRequest(422, "not-valid", "The file name is blank.", field="file_name")
    day = stated_on(name, given, today)
    if day > today or day.year < 1900:
        raise BadRequest(
            422,
            "not-valid",
            f"A register cannot have been stated on {day}.",
            field="stated_on",
            remedy="Give the day on which the council stated it, at the latest today.",
        )
    return name, day
