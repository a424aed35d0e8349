"""Columns of the sheet on which a person fills in which contract each payment is on."""

PAYMENT, CONTRACT, SHARE = "PaymentId", "ContractId", "ShareOfAmount"
AT_ONCE = 1_000
"""Payments that are decided of all or none."""
