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
    "invoice_number": ("invoicenumber", "invoiceno", "invoicereference", "supplierinvoicenumber"),
    "invoice_date": ("invoicedate", "dateofinvoice"),
    "received_date": ("receiveddate", "datereceived", "invoicereceiveddate", "dateinvoicereceived"),
    "purchase_order": (
        "purchaseorder", "purchaseordernumber", "purchaseorderno", "ponumber", "pono", "ordernumber",
    ),
    "cost_centre": ("costcentre", "costcentrecode", "costcentrename", "costcenter"),
    "irrecoverable_vat": ("irrecoverablevat", "irrecoverablevatamount"),
    "charity_number": (
        "charitynumber", "charitycommissionnumber", "supplierregisteredcharitynumber", "registeredcharitynumber",
    ),
    "vat_number": (
        "vatnumber", "vatregistrationnumber", "suppliervatnumber", "suppliervatregistrationnumber", "vatregno",
    ),
    "proclass_code": ("proclasscode", "proclassclassification", "procurementclassificationcode"),
    "cpv_code": ("cpvcode", "cpv"),
}  # fmt: skip
BOOKED = (
    "invoice_number", "invoice_date", "received_date", "purchase_order", "cost_centre", "irrecoverable_vat",
    "charity_number", "vat_number", "proclass_code", "cpv_code",
)  # fmt: skip
"""Of these the meanings that say how a payment was booked, and not which payment it is."""
