"""Sample products made from physics and one seed: the same seed gives the same bytes.

    python -m samples.generate OUT_DIR --seed 20260105

Writes a folder for each product with its data, its sheet and the evidence the sheet names.
The bytes repeat with the same versions of numpy, DuckDB and netCDF4; other versions may round,
compress or sign their files differently.  samples/README.md describes every product.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import netCDF4
import numpy as np
import numpy.typing as npt

from samples import seawater

SEED: Final = 20260105
START: Final = np.datetime64("2026-01-05T00:00:00", "s")
HERE: Final = Path(__file__).parent

Progress = Callable[[str], None]
Columns = Mapping[str, npt.NDArray[Any]]


def generate(out: Path, *, seed: int = SEED, progress: Progress | None = None) -> list[Path]:
    """Write every product into a folder of `out` and return the data files, in order.

    Each product has its own stream of chance, so that a change to one leaves the others alone.
    """
    made = []
    for number, (product, (name, make)) in enumerate(PRODUCTS.items()):
        folder = out / product
        folder.mkdir(parents=True, exist_ok=True)
        for document in sorted((HERE / product).iterdir()):
            shutil.copyfile(document, folder / document.name)
        target = folder / name
        target.unlink(missing_ok=True)
        make(target, np.random.default_rng([seed, number]))
        made.append(target)
        if progress is not None:
            progress(f"{product}/{name}")
    return made


def radar(path: Path, chance: np.random.Generator) -> None:
    """Observe radial surface currents from two radar stations, hourly for two days (CSV)."""
    hours = np.arange(48)
    wind_east, wind_north = seawater.wind(chance, hours.size, 1.0)
    drift_east, drift_north = seawater.wind_drift(wind_east, wind_north)
    parts = []
    for station, longitude, latitude, first, last in STATIONS:
        bearings, ranges = np.arange(first, last, 5.0), np.arange(4.0, 84.0, 4.0)
        hour, bearing, reach = (
            axis.ravel() for axis in np.meshgrid(hours, bearings, ranges, indexing="ij")
        )
        cell_lon, cell_lat = seawater.destination(longitude, latitude, bearing, reach)
        lag = 0.35 * (cell_lat - 36.0) + 0.20 * (cell_lon - 121.0)
        east, north = seawater.tidal_current(hour.astype(float), lag)
        east, north = east + drift_east[hour], north + drift_north[hour]
        turn = np.deg2rad(bearing)
        # The echo weakens with range; what is weak is noisy, and what is weakest is lost.
        snr = 42.0 - 0.38 * reach + chance.normal(0.0, 4.0, hour.size)
        noise = 1.5 + 14.0 * np.exp(-snr / 8.0)
        radial = (
            east * np.sin(turn) + north * np.cos(turn) + chance.normal(0.0, 1.0, hour.size) * noise
        )
        flag = np.where(snr < 12.0, 4, np.where(snr < 18.0, 3, 1))
        kept = chance.random(hour.size) < 1.0 / (1.0 + np.exp((10.0 - snr) / 2.5))
        if station == "RZHF":
            kept &= (hour < 21) | (hour > 24)  # the station was without power
        parts.append(
            {
                "station": np.full(kept.sum(), station),
                "time": np.datetime_as_string(
                    START + hour[kept].astype("timedelta64[h]"), unit="s"
                ),
                "longitude": cell_lon[kept].round(5),
                "latitude": cell_lat[kept].round(5),
                "range": reach[kept].round(1),
                "bearing": bearing[kept].round(1),
                "radial_velocity": radial[kept].round(2),
                "eastward_velocity": (radial * np.sin(turn))[kept].round(2),
                "northward_velocity": (radial * np.cos(turn))[kept].round(2),
                "snr": snr[kept].round(1),
                "flag": flag[kept],
            }
        )
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    table["time"] = np.char.add(table["time"], "Z")
    _write_csv(path, table)


# Code, longitude, latitude, and the bearings that look out to sea.
STATIONS: Final = (
    ("QDHF", 120.35, 36.05, 75.0, 220.0),
    ("RZHF", 119.56, 35.40, 20.0, 160.0),
)


def forecast(path: Path, chance: np.random.Generator) -> None:
    """Forecast current, temperature, salinity and waves for 72 hours (NetCDF-4, CF-1.8)."""
    hours = np.arange(73)
    latitudes, longitudes = np.linspace(35.0, 36.9, 25), np.linspace(119.8, 122.2, 25)
    hour, latitude, longitude = np.meshgrid(
        hours.astype(float), latitudes, longitudes, indexing="ij"
    )
    east_km = (longitude - 121.0) * 111.2 * np.cos(np.deg2rad(36.0))
    north_km = (latitude - 36.0) * 111.2
    # A Gaussian eddy in geostrophic balance: u = -g/f dη/dy, v = g/f dη/dx.
    coriolis = 2 * 7.2921e-5 * np.sin(np.deg2rad(latitude))
    drifted = east_km - 1.1 * hour  # the eddy moves east by some 26 km a day
    height = 0.06 * np.exp(-(drifted**2 + north_km**2) / (2 * 45.0**2))
    slope = seawater.GRAVITY / coriolis * height / (45.0e3**2) * 1e3
    wind_east, wind_north = (part[hours][:, None, None] for part in seawater.wind(chance, 73, 1.0))
    drift = seawater.wind_drift(wind_east, wind_north)
    tide = seawater.tidal_current(hour, 0.35 * (latitude - 36.0) + 0.20 * (longitude - 121.0))
    u = slope * north_km + (tide[0] + drift[0]) / 100
    v = -slope * drifted + (tide[1] + drift[1]) / 100
    fetch = 60.0e3 + 900.0 * np.maximum(east_km + 110.0, 0.0)  # off a lee shore, so from the west
    waves = seawater.wave_height(np.hypot(wind_east, wind_north), fetch)
    day = np.cos(2 * np.pi * (hour - 6.5) / 24)  # warmest at 14:30 local time, which is 06:30 UTC
    warm = 7.5 - 1.1 * (latitude - 36.0) + 0.5 * (longitude - 121.0) + 0.25 * day + 3.0 * height
    salt = 31.4 + 0.35 * (longitude - 121.0) - 0.2 * np.exp(-((latitude - 36.05) ** 2) / 0.02)
    land = (longitude[0] < 120.35) & (latitude[0] > 36.05 + 0.9 * (longitude[0] - 120.35))
    fields = {
        "sea_water_temperature": (warm, "degree_Celsius", "sea_water_temperature", 0.001),
        "salinity": (salt + 0 * hour, "1e-3", "sea_water_practical_salinity", 0.001),
        "eastward_current": (u, "m s-1", "eastward_sea_water_velocity", 0.001),
        "northward_current": (v, "m s-1", "northward_sea_water_velocity", 0.001),
        "wave_height": (waves, "m", "sea_surface_wave_significant_height", 0.01),
    }
    with netCDF4.Dataset(str(path), "w", format="NETCDF4") as file:
        file.setncatts(FORECAST_ATTRIBUTES)
        for name, axis, unit in (
            ("time", hours.astype(float), "hours since 2026-01-05 00:00:00"),
            ("latitude", latitudes, "degrees_north"),
            ("longitude", longitudes, "degrees_east"),
        ):
            file.createDimension(name, axis.size)
            variable = file.createVariable(name, "f8", (name,))
            variable.setncatts({"units": unit, "standard_name": name, "axis": name[0].upper()})
            variable[:] = axis
        file.variables["time"].calendar = "standard"
        file.createVariable("crs", "i4", ()).setncatts(CRS)
        for name, (values, unit, standard, step) in fields.items():
            variable = file.createVariable(
                name, "i2", ("time", "latitude", "longitude"), zlib=True, fill_value=-32767
            )
            variable.setncatts(
                {
                    "units": unit,
                    "standard_name": standard,
                    "scale_factor": step,
                    "add_offset": 0.0 if unit != "1e-3" else 30.0,
                    "grid_mapping": "crs",
                }
            )
            variable[:] = np.ma.array(values, mask=np.broadcast_to(land, values.shape))


FORECAST_ATTRIBUTES: Final = {
    "Conventions": "CF-1.8",
    "title": "Qingdao coastal waters, 72 hour forecast (synthetic)",
    "institution": "Qingdao Ocean (sample participant)",
    "source": "geostrophic eddy, tidal ellipses, Ekman drift, JONSWAP wave growth",
    "history": "made by samples.generate",
    "comment": "Synthetic. Not for navigation.",
}
CRS: Final = {
    "grid_mapping_name": "latitude_longitude",
    "semi_major_axis": 6378137.0,
    "inverse_flattening": 298.257222101,
    "long_name": "CGCS2000",
}


def ranch(path: Path, chance: np.random.Generator) -> None:
    """Sample a marine ranch: five buoys, three depths, every ten minutes (Parquet)."""
    minutes = np.arange(0, 24 * 24 * 60, 10)
    buoy, depth, minute = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(5), np.array([1.0, 6.0, 12.0]), minutes, indexing="ij")
    )
    hour = minute / 60.0
    day = np.cos(2 * np.pi * (hour - 6.5) / 24) * np.exp(-depth / 5.0)  # the sun warms the top
    season = -1.2 * hour / (24 * 24)  # January: the sea loses 1.2 °C in these weeks
    tide = np.cos(2 * np.pi * hour / seawater.TIDES["M2"] - 0.3 * buoy)
    celsius = 6.4 + season + 0.35 * day - 0.02 * depth + 0.15 * tide + 0.05 * buoy
    salinity = 31.2 + 0.12 * tide + 0.008 * depth - 0.03 * buoy
    bloom = 2.6 + 0.9 * np.exp(-(((hour - 300) / 80) ** 2)) - 0.08 * depth
    chlorophyll = np.maximum(bloom + 0.25 * day, 0.05)
    # Algae make oxygen by day; the bottom water has a little less than it could hold.
    share = 0.985 + 0.012 * chlorophyll * (0.3 + 0.5 * day) - 0.004 * depth
    density = 1.0249  # kg/l, winter water of salinity 31
    oxygen = seawater.oxygen_saturation(celsius, salinity) * share * density * 31.9988e-3
    acidity = 8.08 + 0.25 * (share - 0.985) + 0.01 * (celsius - 6.0)
    turbidity = 3.0 + 0.25 * depth * (1 + 0.6 * tide**2)
    noise = {"celsius": 0.01, "salinity": 0.01, "oxygen": 0.04, "ph": 0.008, "algae": 0.06}

    def read(
        values: npt.NDArray[np.float64], spread: float, places: int
    ) -> npt.NDArray[np.float64]:
        return np.asarray(np.round(values + chance.normal(0.0, spread, values.size), places))

    oxygen_read = read(oxygen, noise["oxygen"], 2)
    oxygen_read[(buoy == 3) & (depth == 12.0) & (hour > 400) & (hour < 412)] = np.nan  # fouled
    table = {
        "buoy": np.char.add("MR-", (buoy + 1).astype(str)).astype(object),
        "time": START.astype("datetime64[us]") + minute.astype("timedelta64[m]"),
        "longitude": np.round(120.71 + 0.004 * buoy, 4),
        "latitude": np.round(36.21 + 0.003 * (buoy % 3), 4),
        "depth": depth,
        "temperature": read(celsius, noise["celsius"], 3),
        "salinity": read(salinity, noise["salinity"], 3),
        "dissolved_oxygen": oxygen_read,
        "ph": read(acidity, noise["ph"], 3),
        "chlorophyll": np.maximum(read(chlorophyll, noise["algae"], 2), 0.0),
        "turbidity": np.maximum(read(turbidity, 0.3, 2), 0.0),
    }
    _write_parquet(path, table)


def staff(path: Path, chance: np.random.Generator) -> None:
    """List a staff of nobody: personal data by form, no person's by construction (CSV).

    The area code 379999 has never been assigned, so no identity number here can be anybody's,
    though each carries its true check digit; the mobile numbers end in a plain count.
    """
    count = 360
    given = ["海一", "海二", "岛三", "潮四", "浪五", "波六", "帆七", "鸥八", "礁九", "汐十"]
    surnames = "王李张刘陈杨赵黄周吴徐孙"
    born = np.datetime64("1960-01-01") + chance.integers(0, 14_000, count).astype("timedelta64[D]")
    joined = np.datetime64("2015-01-01") + chance.integers(0, 4_000, count).astype("timedelta64[D]")
    posts = np.array(["潜水员", "投饵员", "船长", "化验员", "值班员"])
    bodies = [
        f"379999{str(date).replace('-', '')}{serial % 1000:03d}" for serial, date in enumerate(born)
    ]
    table = {
        "姓名": np.array([surnames[i % 12] + given[i // 12 % 10] for i in range(count)]),
        "身份证号": np.array([body + _check_digit(body) for body in bodies]),
        "手机号": np.array(
            [f"{(139, 158, 176, 188, 199)[i % 5]}0000{i:04d}" for i in range(count)]
        ),
        "岗位": posts[chance.integers(0, posts.size, count)],
        "入职日期": joined.astype(str),
    }
    _write_csv(path, table)


def _check_digit(body: str) -> str:
    """Return the last character of a resident identity number (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def seabed(path: Path, chance: np.random.Generator) -> None:
    """Survey a sea bed at a posting of five metres: far finer than may be published (CSV)."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(210) * 5.0, np.arange(210) * 5.0))
    profile = 8.0 + 0.10 * x ** (2 / 3)  # equilibrium profile, h = A x^(2/3) (Dean 1977)
    waves = 0.8 * np.sin(2 * np.pi * (x + 0.3 * y) / 180.0)  # sand waves across the tide
    rock = 3.5 * np.exp(-((x - 620.0) ** 2 + (y - 480.0) ** 2) / (2 * 40.0**2))
    depth = profile - waves - rock + chance.normal(0.0, 0.04, x.size)
    table = {
        "longitude": np.round(120.52 + x / (111_200 * np.cos(np.deg2rad(36.0))), 7),
        "latitude": np.round(35.98 + y / 111_200, 7),
        "depth": np.round(depth, 2),
        # Total vertical uncertainty of the special order (IHO S-44): a² + (b d)², square root.
        "uncertainty": np.round(np.sqrt(0.25**2 + (0.0075 * depth) ** 2), 3),
    }
    _write_csv(path, table)


def _write_csv(path: Path, table: Columns) -> None:
    """Write with a line feed after each row, numbers in their shortest form."""
    cells = [[str(value) for value in column.tolist()] for column in table.values()]
    lines = [",".join(table), *map(",".join, zip(*cells, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _write_parquet(path: Path, table: Columns) -> None:
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.register("made", dict(table))
        columns = ", ".join(
            f"CASE WHEN isfinite({name}) THEN {name} END AS {name}"
            if column.dtype.kind == "f"
            else name
            for name, column in table.items()
        )
        place = str(path).replace("'", "''")
        connection.execute(
            f"COPY (SELECT {columns} FROM made) TO '{place}'"  # noqa: S608 - our own column names
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
        ).fetchall()


PRODUCTS: Final[dict[str, tuple[str, Callable[[Path, np.random.Generator], None]]]] = {
    "hf-radar": ("radials.csv", radar),
    "ocean-forecast": ("forecast.nc", forecast),
    "marine-ranch": ("water-quality.parquet", ranch),
    "ranch-staff": ("staff.csv", staff),
    "seabed-survey": ("depths.csv", seabed),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate into the folder named on the command line; remarks go to stderr."""
    parser = argparse.ArgumentParser(prog="samples.generate", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the products")
    parser.add_argument("--seed", type=int, default=SEED, help=f"default {SEED}")
    given = parser.parse_args(arguments)
    sys.stderr.write(f"seed {given.seed}\n")
    for path in generate(given.out, seed=given.seed, progress=_remark):
        sys.stdout.write(f"{path}\n")
    return 0


def _remark(made: str) -> None:
    sys.stderr.write(f"{made}\n")


if __name__ == "__main__":
    raise SystemExit(main())
