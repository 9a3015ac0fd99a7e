"""Splits text into sentences and clauses without losing a character. Knows nothing of models, HTTP or caches."""
