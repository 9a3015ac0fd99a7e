"""Says which sentences of an article carry it, and what in a summary isn't backed by the article. No model weights."""
