"""The known picture sets: what they are, whose they are, and getting one into a folder that ingest reads.

What there is to know about a set stands in its folder under `datasets/`: dataset.toml and README.md.
"""
