"""Whether everything that is on record can be asked for: counted, never taken from what was heard last."""

from time import monotonic
from typing import Any

import httpx

from localpound.client import Client
from localpound.settling import wait_until_settled, waiting_events


def statuses(*, contracts: int = 10, taken: tuple[int, int] = (6, 4), backlog: int = 0) -> dict[str, Any]:
    log = {"backlog": backlog, "sizes": {"GB-LAE-SLF": contracts - 3, "GB-LAE-DEV": 3}}
    positions = {f"contracts.events/{partition}": number for partition, number in enumerate(taken)}
    return {
        "contracts": {"log": log},
        "reporting": {
            "projections": {
                "contract_register": {"positions": positions, "lag": {"contracts.events/0": 0}},
                "last_error": None,
            }
        },
    }


def test_nothing_waits_when_all_events_were_taken_in() -> None:
    assert waiting_events(statuses()) == 0


def test_an_event_waits_until_it_was_taken_in_whatever_the_lag_says() -> None:
    assert waiting_events(statuses(taken=(6, 3))) == 1


def test_a_lag_that_is_not_known_is_not_taken_for_none() -> None:
    told = statuses(taken=(6, 3))
    told["reporting"]["projections"]["contract_register"]["lag"] = None
    assert waiting_events(told) == 1


def test_an_append_waits_for_its_place() -> None:
    assert waiting_events(statuses(backlog=2)) == 2


def test_topics_that_a_read_model_does_not_read_are_left_out() -> None:
    assert waiting_events({**statuses(), "spend": {"log": {"backlog": 0, "sizes": {"GB-LAE-SLF": 9}}}}) == 0


def test_it_is_over_when_nothing_waits_in_two_looks_running() -> None:
    answers = [statuses(taken=(6, 3)), statuses(), statuses(taken=(5, 4)), statuses(), statuses()]
    asked: list[str] = []

    def status(request: httpx.Request) -> httpx.Response:
        process = request.url.host
        asked.append(process)
        answer = answers[(len(asked) - 1) // 2]
        return httpx.Response(200, json=answer[process])

    addresses = {"contracts": "http://contracts", "reporting": "http://reporting"}
    client = Client(addresses, None, httpx.MockTransport(status))
    assert wait_until_settled(client, shown=False) is True
    assert asked == ["contracts", "reporting"] * 5


def test_a_process_that_does_not_come_back_ends_the_patience() -> None:
    client = Client({"contracts": "http://contracts"}, None, httpx.MockTransport(lambda _: httpx.Response(503)))
    assert wait_until_settled(client, shown=False, patience=0.3) is False


def test_while_fewer_and_fewer_wait_it_is_patient() -> None:
    began = monotonic()

    def status(_: httpx.Request) -> httpx.Response:
        left = max(0, 10 - int(20 * (monotonic() - began)))
        return httpx.Response(200, json={"log": {"backlog": left, "sizes": {}}})

    client = Client({"contracts": "http://contracts"}, None, httpx.MockTransport(status))
    assert wait_until_settled(client, shown=False, patience=0.3) is True
    assert monotonic() - began > 0.3, "longer than its patience"
