"""A real PostgreSQL, a real Kafka and every process of the platform, on this machine."""
