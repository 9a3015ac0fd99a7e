"""Depesche's own API, version 1."""
