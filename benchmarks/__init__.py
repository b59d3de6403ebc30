"""What is measured, and against what; see benchmarks/README.md for the figures."""
