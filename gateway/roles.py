"""Which roles are there, and who may give them?"""

import re

PLATFORM = "localpound"
"""The organisation that operates the platform; facts of accounts and keys are in its log."""

ROLES = frozenset(
    {
        "register-editor",
        "payments-recorder",
        "commitments-recorder",
        "claimant",
        "verifier",
        "reader",
        "operator",
        "auditor",
        "administrator",
        "feed-reader",
    }
)
ONLY_FOR_PLATFORM = frozenset({"feed-reader"})
"""Roles of the platform's own machines."""

ADMINISTRATOR = "administrator"

ACCOUNT = re.compile(r"(person|machine)/[a-z0-9][a-z0-9._-]{0,62}")
CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
ORGANISATION = re.compile(r"localpound|[A-Z]{2}-[A-Z]{3}-[A-Za-z0-9]{1,40}")
