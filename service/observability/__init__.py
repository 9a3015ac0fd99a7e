"""What operators see: metrics (prometheus-client) and logs (logging). Neither ever carries text of users."""
