"""Three published results, found again inside simulated markets (docs/learning-from-markets.md).

    python -m samples.markets.lessons docs/images

draws the figures of the page and prints its figures.  Each lesson plays the market file of its name
with the kernel that plays every market, on paper (`samples.markets.lessons.paper`), and reads the
result off the wishes of the trace.
"""
