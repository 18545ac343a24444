"""What several benchmarks share; none of it is run by itself."""
