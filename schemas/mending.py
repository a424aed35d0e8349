"""How does a rejected row travel to whoever mends it, and back? These columns stand before the row's own cells."""

LINE, FIELD, VALUE, REASON, REMEDY = (
    "localpound line", "localpound field", "localpound value", "localpound reason", "localpound remedy",
)  # fmt: skip
COLUMNS = (LINE, FIELD, VALUE, REASON, REMEDY)
