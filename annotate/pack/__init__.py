"""Packs: one file that a member works on without the store, and brings back as often as wanted, in any order."""
