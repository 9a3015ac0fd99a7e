"""Running models: the batcher, the tokenizers and the engines. Importing this package loads no inference library."""
