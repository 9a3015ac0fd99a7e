"""Segmentation and language identification. Knows nothing of models, HTTP or caches."""
