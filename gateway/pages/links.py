"""Where does a page lead? Every address of the pages is made here, and keeps the times that were asked for."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as they are seen from one page."""

    as_known_at: str = ""
    """As it was asked; empty for the present."""
    as_of: str = ""
    """The last day whose payments count, as it was asked; empty for all."""

    def to(self, path: str, **query: object) -> str:
        """An address with a query; what is None is left out."""
        asked = {name: str(value) for name, value in query.items() if value is not None} | self.times
        return f"{path}?{urlencode(asked)}" if asked else path

    @property
    def times(self) -> dict[str, str]:
        """The times that were asked for, as an address says them."""
        said = {"as_known_at": self.as_known_at, "as_of": self.as_of}
        return {name: value for name, value in said.items() if value}

    def home(self) -> str:
        """The organisations."""
        return self.to("/")

    def organisation(self, organisation: str) -> str:
        """An organisation's summary."""
        return self.to(f"/organisations/{quote(organisation, safe='')}")

    def under(self, organisation: str, part: str, **query: object) -> str:
        """A list of an organisation: payments, contracts, suppliers, names, outcomes, files, rejects, search; or its `.csv`, `.xlsx`."""
        return self.to(f"/organisations/{quote(organisation, safe='')}/{part}", **query)

    def one(self, organisation: str, part: str, key: str) -> str:
        """One payment, contract, supplier, commitment or file."""
        return self.under(organisation, f"{part}/{quote(key, safe='')}")

    def event(self, event_id: str) -> str:
        """An event as stored; it was never otherwise, so no instant goes with it."""
        return f"/events/{quote(event_id, safe='')}"
