"""Columns of text out of the engine as buffers that NumPy can read, nothing copied.

DuckDB hands a result on through the Arrow C stream interface, a structure in memory that needs
no library to be read (Apache Arrow, "The Arrow C stream interface").  This reads as much of it
as a single column of strings needs, or nothing but its length.  A Python object for each of a
million cells costs more than all the checks that are then made of them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyRelation

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

_NAME: Final = b"arrow_array_stream"


class _Schema(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.POINTER(ctypes.c_void_p)),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
        ("private_data", ctypes.c_void_p),
    ]


class _Array(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.POINTER(ctypes.c_void_p)),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
        ("private_data", ctypes.c_void_p),
    ]


class _Stream(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)),
        ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)),
        ("release", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
        ("private_data", ctypes.c_void_p),
    ]


_pointer: Final = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def strings(relation: DuckDBPyRelation) -> Iterator[tuple[Bytes, Offsets]]:
    """Yield the one VARCHAR column of `relation` in pieces: UTF-8 bytes, and where cells begin.

    A piece has one offset more than it has cells; a NULL is an empty cell.  The buffers are
    the engine's and valid until the next piece is asked for.
    """
    capsule = relation.__arrow_c_stream__()
    stream = _Stream.from_address(_pointer(capsule, _NAME))
    wide = _is_wide(stream)
    for array in _arrays(stream):
        yield _buffers(_Array.from_address(array.children[0]), wide=wide)


def lengths(relation: DuckDBPyRelation) -> Iterator[int]:
    """Yield how many rows each piece of `relation` has, all of its values handed over unread."""
    capsule = relation.__arrow_c_stream__()
    for array in _arrays(_Stream.from_address(_pointer(capsule, _NAME))):
        yield array.length


def _arrays(stream: _Stream) -> Iterator[_Array]:
    """Yield the pieces of a stream, each until the next is asked for."""
    address = ctypes.addressof(stream)
    while True:
        array = _Array()
        place = ctypes.addressof(array)
        if stream.get_next(address, place):
            raise RuntimeError("the engine's stream broke off")
        if not array.release:
            return
        try:
            yield array
        finally:
            array.release(place)


def _is_wide(stream: _Stream) -> bool:
    address, schema = ctypes.addressof(stream), _Schema()
    place = ctypes.addressof(schema)
    if stream.get_schema(address, place):
        raise RuntimeError("the engine did not describe its stream")
    try:
        kind = _Schema.from_address(schema.children[0]).format
    finally:
        schema.release(place)
    if kind not in {b"u", b"U"}:
        raise RuntimeError(f"a column of text arrived as Arrow type {kind!r}")
    return bool(kind == b"U")


def _buffers(column: _Array, *, wide: bool) -> tuple[Bytes, Offsets]:
    kind = ctypes.c_int64 if wide else ctypes.c_int32
    first, count = column.offset, column.length
    held = ctypes.cast(column.buffers[1], ctypes.POINTER(kind))
    offsets = np.ctypeslib.as_array(held, (first + count + 1,))[first:].astype(np.int64)
    if not column.buffers[2] or offsets[-1] == 0:
        return np.zeros(0, np.uint8), offsets
    whole = ctypes.cast(column.buffers[2], ctypes.POINTER(ctypes.c_uint8))
    data = np.ctypeslib.as_array(whole, (int(offsets[-1]),))
    return data[offsets[0] :], offsets - offsets[0]
