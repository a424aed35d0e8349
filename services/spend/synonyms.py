"""What do publishers call the columns that are read? By meaning, as `name_of` writes a name."""

from collections.abc import Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "paid_on": (
        "dateofpayment", "paymentdate", "invoicepaymentdate", "paiddate", "datepaid", "paydate", "transactiondate",
        "date", "effectivedate",
    ),
    "net": (
        "net", "netamount", "amountnet", "netvalue", "amountexcvat", "amountexvat", "amountexcludingvat",
        "invoicelinevaluenetofvat", "amount", "value",
    ),
    "gross": ("gross", "grossamount", "amountgross"),
    "vat": ("vat", "vatamount"),
    "document": (
        "documentno", "documentnumber", "transactionnumber", "transactionno", "transactionid", "transno", "docno",
        "internalrefnumber", "vouchernumber",
    ),
    "supplier": (
        "vendorname", "suppliername", "supplierbeneficiaryname", "beneficiaryname", "payeename", "creditorname",
        "supplier", "beneficiary", "vendor", "payee",
    ),
    "department": (
        "servicearea", "expensearea", "organisationalunit", "department", "directorate", "servicelabel", "service",
    ),
    "purpose": (
        "gldescription", "expensetype", "expensestype", "purpose", "summaryofpurpose", "purposeofspendsummary",
        "accountdescription", "detailedexpendituretype", "detailedexpensestype", "description", "expenditurecategory",
        "account", "narrative",
    ),
    "company": ("companynumber", "companieshouseregistrationnumber", "companyregistrationnumber",
                "supplierregisteredcompanynumber"),
    "reference": ("contractref", "contractreference", "contractnumber"),
}  # fmt: skip
