"""The detectors that come with the exchange, registered as a stranger's would be."""
