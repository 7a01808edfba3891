"""What the pages show, put together with a fixed number of queries."""
