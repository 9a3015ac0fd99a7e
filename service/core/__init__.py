"""The use cases (translate, summarize), the ports they need, and the domain errors. Standard library only."""
