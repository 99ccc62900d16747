"""Physics of coastal water, as far as the samples need it.

Formulas are those of the papers named; amplitudes are of the size observed off Qingdao, not
fitted to any measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

GRAVITY: Final = 9.81  # m/s²
EARTH_RADIUS_KM: Final = 6371.0
# Periods in hours of the four largest constituents (Schureman 1958, table 2).
TIDES: Final = {"M2": 12.4206012, "S2": 12.0, "K1": 23.93447213, "O1": 25.81933871}


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A tidal current of one constituent: semi-axes in cm/s, inclination and phase in radians."""

    major: float
    minor: float
    inclination: float
    phase: float


# Semi-diurnal currents dominate the western Yellow Sea and run along the coast, north-east.
ELLIPSES: Final = {
    "M2": Ellipse(28.0, -6.0, 0.95, 0.4),
    "S2": Ellipse(9.0, -2.0, 0.95, 1.3),
    "K1": Ellipse(5.0, 1.2, 0.80, 2.1),
    "O1": Ellipse(3.5, 0.8, 0.80, 0.2),
}


def tidal_current(hours: Numbers, lag: Numbers) -> tuple[Numbers, Numbers]:
    """Return eastward and northward current in cm/s; `lag` is the local phase in radians."""
    east = np.zeros(np.broadcast(hours, lag).shape)
    north = np.zeros_like(east)
    for name, ellipse in ELLIPSES.items():
        angle = 2 * np.pi * hours / TIDES[name] - ellipse.phase - lag
        along, across = ellipse.major * np.cos(angle), ellipse.minor * np.sin(angle)
        cosine, sine = np.cos(ellipse.inclination), np.sin(ellipse.inclination)
        east += along * cosine - across * sine
        north += along * sine + across * cosine
    return east, north


def wind(chance: np.random.Generator, steps: int, hours_per_step: float) -> tuple[Numbers, Numbers]:
    """Return a winter monsoon, mean 6 m/s from the north-west, as a first-order Markov process."""
    memory = np.exp(-hours_per_step / 18.0)  # weather off Qingdao keeps for about 18 hours
    gusts = chance.normal(0.0, 3.0 * np.sqrt(1 - memory**2), (steps, 2))
    state = np.zeros(2)
    path = np.empty((steps, 2))
    for step in range(steps):
        state = memory * state + gusts[step]
        path[step] = state
    return path[:, 0] + 4.2, path[:, 1] - 4.2


def wind_drift(east: Numbers, north: Numbers) -> tuple[Numbers, Numbers]:
    """Return the surface drift in cm/s: 3 % of the wind, 15° to its right (Ekman 1905 observed)."""
    turn = -np.deg2rad(15.0)
    share = 3.0  # cm/s for each m/s of wind
    return (
        share * (east * np.cos(turn) - north * np.sin(turn)),
        share * (east * np.sin(turn) + north * np.cos(turn)),
    )


def wave_height(speed: Numbers, fetch_m: Numbers) -> Numbers:
    """Return the significant wave height in m: JONSWAP growth (Hasselmann 1973), bounded.

    H = 0.0016 (g F / U²)^½ U² / g, and 0.21 U² / g at most (Pierson and Moskowitz 1964).
    """
    scale = speed**2 / GRAVITY
    growing = 0.0016 * np.sqrt(GRAVITY * fetch_m / np.maximum(speed, 0.5) ** 2) * scale
    return np.asarray(np.minimum(growing, 0.21 * scale))


def oxygen_saturation(celsius: Numbers, salinity: Numbers) -> Numbers:
    """Return the solubility of oxygen in µmol/kg (Garcia and Gordon 1992, Benson and Krause)."""
    scaled = np.log((298.15 - celsius) / (273.15 + celsius))
    fresh = (5.80871, 3.20291, 4.17887, 5.10006, -9.86643e-2, 3.80369)
    salty = (-7.01577e-3, -7.70028e-3, -1.13864e-2, -9.51519e-3)
    powers = np.polynomial.polynomial.polyval
    exponent = powers(scaled, fresh) + salinity * powers(scaled, salty)
    return np.asarray(np.exp(exponent - 2.75915e-7 * salinity**2))


def destination(
    longitude: float, latitude: float, bearing: Numbers, range_km: Numbers
) -> tuple[Numbers, Numbers]:
    """Return longitude and latitude of points on a sphere; bearings in degrees from north."""
    angle, turn = range_km / EARTH_RADIUS_KM, np.deg2rad(bearing)
    here = np.deg2rad(latitude)
    there = np.arcsin(np.sin(here) * np.cos(angle) + np.cos(here) * np.sin(angle) * np.cos(turn))
    east = np.arctan2(
        np.sin(turn) * np.sin(angle) * np.cos(here),
        np.cos(angle) - np.sin(here) * np.sin(there),
    )
    return longitude + np.rad2deg(east), np.rad2deg(there)
