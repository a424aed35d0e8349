"""Who may see what? The one place that answers, for GraphQL and for the pages.

Anyone sees what the law has councils publish: the contract register, payments over £500 once
names that the publisher withheld and persons' are withheld, and the organisations and suppliers that appear in those. All else
belongs to an organisation, and needs a key that acts for it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from schemas.individuals import is_individual

if TYPE_CHECKING:
    from eventlog.credentials import Credential

PUBLIC_ABOVE_PENCE = 50_000
"""Local Government Transparency Code 2015: expenditure that exceeds £500; credits alike."""

_READS_ACCOUNTS = frozenset({"auditor", "administrator"})


class NotSeen(Exception):
    """What was asked for is not for this caller; it may or may not exist."""

    code: ClassVar[str] = "FORBIDDEN"


class KeyNeeded(NotSeen):
    """What was asked for is for nobody without a key."""

    code: ClassVar[str] = "UNAUTHENTICATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whoever asks: nobody in particular, or an account acting for one organisation."""

    account: str | None = None
    organisation: str | None = None
    roles: frozenset[str] = frozenset()

    @property
    def whole(self) -> list[str]:
        """Organisations whose records this viewer sees whole."""
        return [self.organisation] if self.organisation is not None and self.roles else []


ANYONE = Viewer()


def viewer_of(credential: "Credential | None") -> Viewer:
    """The viewer that a verified credential stands for; anyone without one."""
    if credential is None:
        return ANYONE
    return Viewer(
        account=credential.account,
        organisation=credential.organisation,
        roles=frozenset(credential.roles),
    )


def sees_whole(viewer: Viewer, organisation: str) -> bool:
    """May this viewer see everything that this organisation has on record?"""
    return organisation in viewer.whole


def sees_payment(viewer: Viewer, organisation: str, net_pence: int) -> bool:
    """May this viewer see this payment?"""
    return sees_whole(viewer, organisation) or abs(net_pence) > PUBLIC_ABOVE_PENCE


def sees_payee(viewer: Viewer, organisation: str, supplier_name: str, *, withheld: bool) -> bool:
    """Whether the viewer may know whom a payment was made to: not where it was withheld, or it is a person.

    The publisher withholds it on a row; a person withholds a payee, on all that it was ever paid.
    """
    return sees_whole(viewer, organisation) or not (withheld or is_individual(supplier_name))


def sees_event(viewer: Viewer, organisation: str, service: str) -> bool:
    """May this viewer read an event as stored? Events name the officer who acted."""
    if service == "access":
        return sees_whole(viewer, organisation) and bool(viewer.roles & _READS_ACCOUNTS)
    return sees_whole(viewer, organisation)


def require_whole(viewer: Viewer, organisation: str | None) -> None:
    """Refuse a question about what is not published.

    Without an organisation the question is about the viewer's own. Raises KeyNeeded or NotSeen,
    the same whether or not such an organisation exists.
    """
    if not viewer.whole:
        raise KeyNeeded
    if organisation is not None and not sees_whole(viewer, organisation):
        raise NotSeen
