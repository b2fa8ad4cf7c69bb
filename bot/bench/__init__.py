"""Our own benchmarks, each beside its yardstick in the same run."""
