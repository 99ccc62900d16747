"""Market surveillance: what trades and offered prices show that somebody should look at."""
