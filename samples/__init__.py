"""Sample products of the exchange: marine data made from physics, and two that must be refused."""
