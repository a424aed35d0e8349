"""What may a ledger say of a purchase order, and of a supplier in its master data?"""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, RootModel
from pydantic_core import PydanticCustomError

from doors.bodies import Body, Text
from schemas.spend import PurchaseOrderRaised, SupplierMasterStated
from services.spend.feeds.payment_input import MOST_PAYMENTS, CompanyNumber, Day, Line, Pounds, ProClass

Code = Annotated[str, Field(pattern=r"^[\x21-\x7e]( ?[\x21-\x7e])*$", max_length=100)]
"""A number or code of the ledger's own: visible ASCII characters, with single spaces between them."""


def _vat_number(value: str) -> str:
    plain = re.sub(r"[ .-]", "", value.upper())
    if not re.fullmatch(r"(GB|XI)?[0-9]{9}([0-9]{3})?", plain):
        raise PydanticCustomError("vat_number", "this is no VAT number of the United Kingdom")
    return plain


VatNumber = Annotated[str, Field(max_length=30), AfterValidator(_vat_number)]


ORDER: dict[str, JsonValue] = {
    "purchase_order": "PO-4500",
    "raised_on": "2022-06-01",
    "supplier_name": "Acme Limited",
    "supplier_code": "10042",
    "contract_reference": "S1",
    "net": "1900.00",
    "description": "Grounds maintenance, summer",
}
SUPPLIER: dict[str, JsonValue] = {
    "supplier_code": "10042",
    "name": "Acme Limited",
    "company_number": "01234567",
    "vat_number": "GB123456789",
    "postcode": "M5 4WU",
}


class OrderInput(Body):
    """A purchase order as the ledger states it; sent again otherwise, what was sent last stands."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [ORDER]})

    purchase_order: Code
    """Its number, as payments carry it."""
    raised_on: Day
    supplier_name: Text
    supplier_code: Code | None = None
    """The ledger's own code of the supplier."""
    company_number: CompanyNumber | None = None
    contract_reference: Text | None = None
    """The contract under which it was raised, as the register writes its reference: payments under the order are
    judged by it."""
    net: Pounds | None = None
    """What was ordered, without VAT."""
    department: Line = ""
    description: Line = ""
    proclass_code: ProClass | None = None
    """What was ordered, in ProClass 17."""

    @property
    def identity(self) -> str:
        """The order's number."""
        return self.purchase_order

    def fact(self) -> PurchaseOrderRaised:
        """What goes on the record."""
        return PurchaseOrderRaised(
            purchase_order=self.purchase_order,
            raised_on=self.raised_on,
            supplier_name=self.supplier_name,
            supplier_code=self.supplier_code,
            company_number=self.company_number,
            contract_reference=self.contract_reference,
            net_pence=self.net,
            department=self.department,
            description=self.description,
            proclass_code=self.proclass_code,
        )


class SupplierInput(Body):
    """A supplier as the ledger's master data state it; sent again otherwise, what was sent last stands."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [SUPPLIER]})

    supplier_code: Code
    name: Text
    trading_name: Text | None = None
    company_number: CompanyNumber | None = None
    charity_number: Annotated[str, Field(pattern=r"^(SC[0-9]{6}|NIC[0-9]{6}|[0-9]{6,7}(-[0-9]{1,3})?)$")] | None = None
    """Of England and Wales, of Scotland (SC…) or of Northern Ireland (NIC…)."""
    vat_number: VatNumber | None = None
    postcode: Annotated[str, Field(min_length=5, max_length=8)] | None = None
    """Of the address to which remittances and orders go."""
    site_postcode: Annotated[str, Field(min_length=5, max_length=8)] | None = None
    """Of the place from which it trades."""

    @property
    def identity(self) -> str:
        """The ledger's own code."""
        return self.supplier_code

    def fact(self) -> SupplierMasterStated:
        """What goes on the record."""
        return SupplierMasterStated(
            supplier_code=self.supplier_code,
            name=self.name,
            trading_name=self.trading_name,
            company_number=self.company_number,
            charity_number=self.charity_number,
            vat_number=self.vat_number,
            postcode=self.postcode,
            site_postcode=self.site_postcode,
        )


class ManyOrders(RootModel[Annotated[list[OrderInput], Field(min_length=1, max_length=MOST_PAYMENTS)]]):
    """Several orders, all or nothing."""


class ManySuppliers(RootModel[Annotated[list[SupplierInput], Field(min_length=1, max_length=MOST_PAYMENTS)]]):
    """Several suppliers, all or nothing."""
