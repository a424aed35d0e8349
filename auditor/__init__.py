"""A second program, which shares no code with the first: it recomputes figures from exported logs."""
