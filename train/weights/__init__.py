"""`train weights`: released weights fetched, listed, verified and converted."""
