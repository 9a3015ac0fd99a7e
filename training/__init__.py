"""How Depesche's own German-English model is made, from pairs of sentences to a snapshot the service can import.

Not part of the service: nothing in `service/` may import it. Each step is a command; README.md gives their order.
"""
