"""What may be wrong with an output: one small function each. None can say that a translation is right."""
