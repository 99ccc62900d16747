"""Writing a made table as the file that a supplier would bring."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import netCDF4
import numpy as np
import polars as pl

from tests.exchange.inspection.labelled.case import Made


def write(made: Made, folder: Path) -> Path:
    """Write the table into the folder and return the file."""
    path = folder / f"data{made.suffix}"
    if made.suffix == ".parquet":
        pl.DataFrame(dict(made.columns)).write_parquet(path)
    elif made.suffix == ".nc":
        _write_netcdf(made, path)
    else:
        path.write_bytes(_delimited(made).encode(made.encoding))
    return path


def _delimited(made: Made) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(made.columns)
    writer.writerows(zip(*made.columns.values(), strict=True))
    return sheet.getvalue()


def _write_netcdf(made: Made, path: Path) -> None:
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.setncatts(dict(made.attributes))
        dataset.createDimension("row", len(next(iter(made.columns.values()))))
        for name, cells in made.columns.items():
            variable = dataset.createVariable(name, "f8", ("row",))
            variable[:] = np.array(cells, dtype=np.float64)
