"""Who may see what, case by case."""

import pytest

from eventlog.credentials import Credential
from gateway.policy import (
    ANYONE,
    KeyNeeded,
    NotSeen,
    Viewer,
    require_whole,
    sees_event,
    sees_payment,
    sees_whole,
    viewer_of,
)
from tests.builders import DEVON, SALFORD

SALFORDS = Viewer(account="person/o", organisation=SALFORD, roles=frozenset({"reader"}))


def test_a_credential_makes_a_viewer_and_none_makes_anyone() -> None:
    assert viewer_of(None) == ANYONE
    assert viewer_of(Credential("person/o", "o", SALFORD, frozenset({"reader"}))) == SALFORDS


@pytest.mark.parametrize(
    ("pence", "seen"),
    [
        (50_000, False),
        (50_001, True),
        (-50_000, False),
        (-50_001, True),
        (0, False),
        (499_99, False),
        (9_999_999, True),
    ],
)
def test_anyone_sees_payments_over_500_pounds(pence: int, *, seen: bool) -> None:
    assert sees_payment(ANYONE, SALFORD, pence) is seen
    assert sees_payment(SALFORDS, DEVON, pence) is seen
    assert sees_payment(SALFORDS, SALFORD, pence) is True


def test_a_key_without_a_role_in_its_organisation_opens_nothing() -> None:
    powerless = Viewer(account="person/x", organisation=SALFORD)
    assert not sees_whole(powerless, SALFORD)
    with pytest.raises(KeyNeeded):
        require_whole(powerless, SALFORD)


def test_what_is_not_published_needs_the_organisations_key() -> None:
    require_whole(SALFORDS, SALFORD)
    require_whole(SALFORDS, None)
    with pytest.raises(NotSeen):
        require_whole(SALFORDS, DEVON)
    for organisation in (SALFORD, "GB-LAE-XXX", None):
        with pytest.raises(KeyNeeded):
            require_whole(ANYONE, organisation)


def test_events_are_for_their_organisation_and_accounts_for_auditors() -> None:
    assert sees_event(SALFORDS, SALFORD, "spend")
    assert not sees_event(SALFORDS, DEVON, "spend")
    assert not sees_event(ANYONE, SALFORD, "spend")
    assert not sees_event(SALFORDS, SALFORD, "access")
    auditor = Viewer(account="person/a", organisation=SALFORD, roles=frozenset({"auditor"}))
    assert sees_event(auditor, SALFORD, "access")
