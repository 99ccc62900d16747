"""Formats: spec sheets and listings of elsewhere, read from and written to files."""
