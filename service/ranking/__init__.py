"""Says which sentences of an article carry it (extractive summarization). No model weights."""
