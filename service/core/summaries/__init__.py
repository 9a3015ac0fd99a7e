"""Summaries: which sentences, in which language, resting on what."""
