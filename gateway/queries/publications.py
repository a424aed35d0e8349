"""What was published of each quarter's payments, as anyone sees it."""

import strawberry

from gateway.asking import Info
from gateway.reads.publications import Edition, editions
from gateway.reads.times import Times
from gateway.scalars import Day, Pence
from schemas.legal_days import Quarter


@strawberry.type(description="A published file, whose bytes never change.")
class PublishedFile:
    name: str = strawberry.field(description="As payments-over-500.csv.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hexadecimal.")
    rows: int = strawberry.field(description="How many rows it has.")
    net_pence: Pence = strawberry.field(description="What its payments add up to; 0 for other lists.")
    path: str = strawberry.field(description="Its address at this gateway; as JSON where the name ends in .json.")


@strawberry.type(description="Payments of the quarter that are in no file, for one reason.")
class LeftOut:
    reason: str = strawberry.field(description="Why, as not over £500.")
    payments: int = strawberry.field(description="How many.")
    net_pence: Pence = strawberry.field(description="What they add up to.")


@strawberry.type(description="A quarter's payments as a person approved them for publication.")
class Publication:
    publication_id: str = strawberry.field(description="Quarter and edition, as 2021-Q2/1.")
    quarter: str = strawberry.field(description="Of the calendar year: 2021-Q2 is April to June 2021.")
    edition: int = strawberry.field(
        description="The first is 1; one more each time that the quarter is published again."
    )
    reason: str | None = strawberry.field(description="Why it was published again.")
    due_on: Day = strawberry.field(description="The last day of the month after the quarter.")
    approved_on: Day = strawberry.field(description="The day of approval.")
    published_known_at: str = strawberry.field(description="What was known then is what was published.")
    rules_dated: Day = strawberry.field(description="Of the rules for what is published, withheld and left out.")
    control_payments: int = strawberry.field(description="All payments of the quarter on record.")
    control_pence: Pence = strawberry.field(description="What they add up to: all files and all that is left out.")
    published_files: list[PublishedFile] = strawberry.field(description="Its files.")
    left_out: list[LeftOut] = strawberry.field(description="What is in none of them, and why.")


@strawberry.type(description="What was published, the newest quarter and edition first.")
class Publications:
    count: int = strawberry.field(description="How many editions there are.")
    nodes: list[Publication] = strawberry.field(description="The first of them.")


async def publications_of(info: Info, organisation: str, first: int, times: Times) -> Publications:
    """Resolve `publications`."""
    found = await editions(info.context.db, organisation, times=times)
    return Publications(count=len(found), nodes=[_publication(organisation, each) for each in found[:first]])


def _publication(organisation: str, each: Edition) -> Publication:
    folder = f"/organisations/{organisation}/publications/{each.quarter}"
    return Publication(
        publication_id=each.publication_id,
        quarter=each.quarter,
        edition=each.edition,
        reason=each.reason,
        due_on=Day(Quarter.read(each.quarter).due_on),
        approved_on=Day(each.approved_on),
        published_known_at=each.published_known_at,
        rules_dated=Day(each.rules_dated),
        control_payments=each.control_payments,
        control_pence=Pence(each.control_pence),
        published_files=[
            PublishedFile(name=file.name, sha256=file.digest, rows=file.rows, net_pence=Pence(file.net_pence),
                          path=f"{folder}/{file.name}?edition={each.edition}")
            for file in each.files
        ],
        left_out=[
            LeftOut(reason=part.reason, payments=part.payments, net_pence=Pence(part.net_pence))
            for part in each.left_out
        ],
    )  # fmt: skip
