"""How do ledgers and integrations send payments, orders, suppliers and pay runs?"""
