"""How keys are kept."""

from gateway import hashing


def test_a_key_matches_its_hash_and_no_other() -> None:
    kept = hashing.hash_secret("the key")
    assert hashing.matches("the key", kept)
    assert not hashing.matches("the keY", kept)
    assert "the key" not in kept


def test_one_key_hashed_twice_looks_different() -> None:
    assert hashing.hash_secret("the key") != hashing.hash_secret("the key")


async def test_nobody_has_the_hash_of_nobody() -> None:
    assert not await hashing.matches_soon("", None)
    assert not await hashing.matches_soon("the key", None)
    assert await hashing.matches_soon("the key", hashing.hash_secret("the key"))


def test_drawn_keys_have_256_bits_and_differ() -> None:
    drawn = {hashing.draw_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(key) for key in drawn} == {43}
