"""Backups of a workspace, and putting them back. What a backup file is belongs to `curator.store`."""
