"""One output per distinct input: keys, cache, single flight, checks, second tries."""
