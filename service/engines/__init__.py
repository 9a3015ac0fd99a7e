"""Running models: tokenizers, engines, decoding, calibration. Importing this package loads no inference library."""
