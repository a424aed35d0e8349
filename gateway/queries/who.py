"""Who is paid, by each definition: as partners see it."""

import strawberry

from gateway import who
from gateway.asking import Info
from gateway.reads.times import Times
from gateway.reads.who import paid_by_supplier
from gateway.scalars import Day, Pence


@strawberry.type(description="Pounds that are meant, are not, or may be.")
class KnownParts:
    yes: Pence = strawberry.field(description="Paid to suppliers of whom the source says so.")
    no: Pence = strawberry.field(description="Paid to suppliers of whom it says otherwise.")
    unknown: Pence = strawberry.field(description="Paid to suppliers of whom it says nothing: never counted as no.")


@strawberry.type(description="What one definition comes to.")
class DefinedShare:
    key: str = strawberry.field(description="The definition, as borough_office.")
    name: str = strawberry.field(description="Who is meant.")
    basis: str = strawberry.field(description="On whose word, and by which rule.")
    of_all: KnownParts = strawberry.field(description="Of all that was paid.")
    of_contract_spend: KnownParts = strawberry.field(description="Of contract spend.")


@strawberry.type(description="What was paid to suppliers in one ward of the organisation's own area.")
class WardPart:
    code: str = strawberry.field(
        description="GSS code of the ward; empty for all that lies elsewhere, unknown for what nobody can place."
    )
    net_pence: Pence = strawberry.field(description="Of all that was paid.")
    contract_pence: Pence = strawberry.field(description="Of contract spend.")


@strawberry.type(description="Who is paid, under each definition, and how concentrated contract spend is.")
class Who:
    rules_dated: Day = strawberry.field(description="The date of the definitions.")
    shares: list[DefinedShare] = strawberry.field(description="Every definition that there is for this organisation.")
    wards: list[WardPart] = strawberry.field(
        description="By ward of the registered office, else of the contract register's postcode: own wards, elsewhere, unknown."
    )
    suppliers: int = strawberry.field(description="How many suppliers contract spend was paid to.")
    concentration_index: int = strawberry.field(
        description="Herfindahl-Hirschman index of contract spend by supplier: 0 is many small ones, 10,000 is one."
    )
    tail_suppliers: int = strawberry.field(
        description="The smallest suppliers that together receive at most a fifth of contract spend."
    )
    tail_pence: Pence = strawberry.field(description="What they receive.")


async def who_of(info: Info, organisation: str, times: Times) -> Who:
    """Resolve `who`."""
    asking = info.context
    suppliers = await paid_by_supplier(asking.db, asking.viewer, organisation, times=times)
    found = who.concentration(each.contract_pence for each in suppliers)
    return Who(
        rules_dated=Day(who.RULES_DATED),
        shares=[_share(each) for each in who.shares(organisation, suppliers)],
        wards=[
            WardPart(code=each.code, net_pence=Pence(each.net_pence), contract_pence=Pence(each.contract_pence))
            for each in who.by_ward(organisation, suppliers)
        ],
        suppliers=found.suppliers,
        concentration_index=found.index,
        tail_suppliers=found.tail_suppliers,
        tail_pence=Pence(found.tail_pence),
    )


def _share(share: who.Share) -> DefinedShare:
    return DefinedShare(
        key=share.definition.key,
        name=share.definition.name,
        basis=share.definition.basis,
        of_all=_parts(share.of_all),
        of_contract_spend=_parts(share.of_contract_spend),
    )


def _parts(parts: who.Parts) -> KnownParts:
    return KnownParts(yes=Pence(parts.yes), no=Pence(parts.no), unknown=Pence(parts.unknown))
