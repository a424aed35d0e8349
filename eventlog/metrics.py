"""What a process measures of itself; each name with what a high value means."""

from prometheus_client import CollectorRegistry, Gauge

registry = CollectorRegistry()

backlog = Gauge(
    "localpound_log_backlog_appends",
    "Appends that have no place in the log yet. High: the sequencer is slow or stopped.",
    registry=registry,
)
oldest_pending = Gauge(
    "localpound_log_oldest_pending_seconds",
    "Age of the oldest append without a place. Over 5: the sequencer is stopped.",
    registry=registry,
)
log_size = Gauge(
    "localpound_log_size_events",
    "Events in the log of an organisation.",
    ["organisation"],
    registry=registry,
)
relay_behind = Gauge(
    "localpound_relay_behind_events",
    "Sequenced events that the broker has not acknowledged. High: broker away or relay slow.",
    registry=registry,
)
lag = Gauge(
    "localpound_projection_lag_records",
    "Records of the topics that a projection has not applied. High: it is slow, stopped or blocked."
    " NaN: unknown, the broker has not answered lately.",
    ["projection"],
    registry=registry,
)
parked = Gauge(
    "localpound_projection_parked_records",
    "Records set aside because they, or an earlier one of their stream, could not be applied."
    " Above 0: answers are incomplete until they are mended and retried.",
    ["projection"],
    registry=registry,
)
