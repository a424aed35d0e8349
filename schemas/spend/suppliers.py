"""What the spend service publishes of suppliers: who is behind a name that was paid, and what the ledger says of them."""

from datetime import date
from typing import Literal

from schemas.fact import Fact


class SupplierMatched(Fact, personal=("supplier_name",)):
    """A payee's name is known to be a supplier on the register."""

    payee_id: str
    supplier_id: str
    supplier_name: str
    """The payee's name as paid."""
    basis: Literal[
        "company_number",
        "identifier",
        "supplier_master",
        "charity_register",
        "normalised_name",
        "name_evidence",
        "person",
    ]
    """On whose word: a number on the payment, the supplier master's, the charity register's, the name's, a person's."""
    evidence: str | None = None
    """Why, in plain words, where names are not the same to the letter."""
    score: int | None = None
    """Of a thousand: how alike the names are in the form in which they were compared."""
    rules_dated: date | None = None
    """Of the rules by which names were compared."""


class SupplierLinkProposed(Fact, personal=("supplier_name",)):
    """A payee's name is like that of suppliers on the register; a person is asked. Nothing rests on it before."""

    payee_id: str
    supplier_name: str
    """The payee's name as paid."""
    candidates: tuple[str, ...]
    """Suppliers, the likeliest first, at most ten; none where nothing is proposed any more."""
    evidence: tuple[str, ...]
    """Why, of each candidate."""
    scores: tuple[int, ...]
    """Of a thousand, of each candidate."""
    rules_dated: date


class SupplierLinkDecided(Fact, personal=("supplier_name", "reason")):
    """A person decided whether a payee is a supplier of the register; what was decided last of the two stands."""

    payee_id: str
    supplier_id: str
    supplier_name: str
    """The payee's name as paid."""
    decision: Literal["accepted", "rejected", "withdrawn"]
    """withdrawn: as if it had never been decided; the rules say again who the payee is."""
    reason: str


class SupplierMerged(Fact, personal=("reason",)):
    """A person decided that two suppliers of the register are one: what is paid to either is paid to the second."""

    supplier_id: str
    merged_into: str
    """The supplier that both are from now on."""
    reason: str


class SupplierSplit(Fact, personal=("reason",)):
    """A person decided that two suppliers that had been merged are two after all, as if they never had been one."""

    supplier_id: str
    split_from: str
    """The supplier into which it had been merged."""
    reason: str


class PayeeWithholdingDecided(Fact, personal=("reason",)):
    """A person decided that nobody outside the organisation is to know a payee; what was decided last stands.

    The Local Government Transparency Code 2015 asks for payments, and data protection law for no more of a person than
    that needs.
    """

    payee_id: str
    decision: Literal["withheld", "withdrawn"]
    """withdrawn: as if it had never been decided; the rules say again whether the name is a person's."""
    reason: str


class SupplierUnmatched(Fact, personal=("supplier_name",)):
    """A payee that was matched no longer is: the register has since told more of who bears its name."""

    payee_id: str
    supplier_name: str
    """The payee's name as paid."""
    several: bool
    """Several companies on the register bear this name; false when none of them can be the payee."""


class SupplierMasterStated(Fact, personal=("name", "trading_name", "postcode", "site_postcode")):
    """A supplier as the ledger's master data state it; where it is stated otherwise later, what was last stands."""

    supplier_code: str
    """The ledger's own code."""
    name: str
    trading_name: str | None
    company_number: str | None
    charity_number: str | None
    vat_number: str | None
    postcode: str | None
    """Of the address to which remittances and orders go."""
    site_postcode: str | None = None
    """Of the place from which it trades, where the ledger knows one."""


class PurchaseOrderRaised(Fact, personal=("supplier_name", "description")):
    """A purchase order, as the ledger states it; where it is stated otherwise later, what was stated last stands."""

    purchase_order: str
    """Its number, as payments carry it."""
    raised_on: date
    supplier_name: str
    supplier_code: str | None
    """The ledger's own code of the supplier."""
    company_number: str | None
    contract_reference: str | None
    """The contract under which it was raised, as the register writes its reference."""
    net_pence: int | None
    """What was ordered, without VAT."""
    department: str
    description: str
    proclass_code: str | None = None
    """What was ordered, in ProClass 17."""
