"""Made-up children, staff and files for demo, tests and benchmarks: nobody here is real."""
