"""Storage: SQLModel rows, and the SQL implementations of the ports.

Only `exchange.venue` imports this package.  Rows are built from domain objects and turned back
into them here; a row never leaves.
"""
