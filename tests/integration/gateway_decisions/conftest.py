"""The gateway's way to read models of their own, on which these tests record what they need."""

from tests.integration.gateway_graphql.conftest import ask, ledger, reads

__all__ = ["ask", "ledger", "reads"]
