"""How often does Python look for cyclic garbage? Seldom, where batches of records live and die."""

import gc

_calm = False


def calm_collector() -> None:
    """Leave what was made at start alone, and look a hundred times less often.

    A batch keeps some 100,000 objects alive; walking them again and again took 40 % of the time of
    a projection. Records are in no cycles, but clients' messages are: who calms the collector calls it
    itself from time to time.
    """
    global _calm  # noqa: PLW0603 - the collector is the process's own
    if not _calm:
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 20, 100)
        _calm = True
