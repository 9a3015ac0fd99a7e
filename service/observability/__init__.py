"""What operators see: metrics (prometheus-client) and logs (structlog). Neither ever carries text of users."""
