"""What makes a finding the same whenever it is computed: the rule, and the contract or supplier that is its cause."""

from hashlib import sha256


def finding_id(code: str, cause: str, cause_id: str) -> str:
    """A digest of rule and cause, in sixteen hexadecimal digits."""
    return sha256(f"{code}\n{cause}\n{cause_id}".encode()).hexdigest()[:16]
