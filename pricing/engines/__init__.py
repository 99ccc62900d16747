"""Engines: the built-in appraisers and strategies, registered in pyproject.toml as any other."""
