"""Caches for finished segments: process memory, SQLite, and tiers of them. All implement `service.core.ports.Cache`."""
