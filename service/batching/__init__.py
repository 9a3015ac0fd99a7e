"""One bounded queue per model, and the threads that share the cores among all. Knows engines by their port only."""
