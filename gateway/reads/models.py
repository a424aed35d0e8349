"""Which read models does an answer stand on? While one of them has something parked, the answer may change."""

CONTRACTS = ("contract_register",)
PAYMENTS = ("compliance", "supplier_spend", "contract_register")
SUPPLIERS = ("contract_register", "supplier_spend", "compliance")
FILES = ("source_files", "compliance", "contract_register")
LEDGER = ("ledger", "compliance")
OUTCOMES = ("outcomes",)
SUMMARY = ("compliance", "contract_register", "supplier_spend", "source_files")
