"""Parcels: tasks and chunks as they travel to other processes, and what comes back.

Every executor that leaves the process packs and opens in this one way, so that whatever cannot
travel is refused in the same words, and an error arrives as the task raised it and not within
an error of the executor.
"""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from pricing.errors import BadInput, PricingError

Pack = Callable[[object], bytes]
"""`dumps` of a pickle that can carry what a script defines, such as cloudpickle."""


def packed(what: str, value: object, pack: Pack) -> bytes:
    """Return the value as bytes, or raise `BadInput` saying what cannot travel."""
    try:
        return pack(value)
    except Exception as error:  # pickling runs whatever the value's class says
        raise BadInput(f"{what}: cannot be sent to another process: {error}") from error


def packed_chunks(chunks: Sequence[object], pack: Pack) -> list[bytes]:
    """Return the chunks as bytes, or raise `BadInput` naming the first that cannot travel."""
    return [packed(f"chunks[{i}]", chunk, pack) for i, chunk in enumerate(chunks)]


def carried_out(task: bytes, chunk: bytes, pack: Pack) -> bytes:
    """Run a packed task on a packed chunk; return its answer or its error, packed.

    This is what a worker runs.  It raises nothing that a task may raise.
    """
    try:
        answer = pickle.loads(task)(pickle.loads(chunk))  # noqa: S301 - packed by the caller
        return packed("answer", (answer, None), pack)
    except Exception as error:  # noqa: BLE001 - it surfaces where the parcel is opened
        return _failure(error, pack)


def opened(parcel: bytes) -> Any:  # noqa: ANN401 - whatever the task answers
    """Return the answer that a worker packed, or raise the error as the task raised it.

    The error's notes say where in the worker it was raised.
    """
    answer, error = pickle.loads(parcel)  # noqa: S301 - packed by `carried_out`
    if error is not None:
        raise error
    return answer


def _failure(error: Exception, pack: Pack) -> bytes:
    trace = "".join(traceback.format_exception(error))
    error.add_note(f"in a worker:\n{trace}")
    try:
        parcel = pack((None, error))
        pickle.loads(parcel)  # noqa: S301 - an error that takes arguments may not be made again
    except Exception as why:  # noqa: BLE001 - the class of an error is anybody's
        told = PricingError(
            f"{type(error).__name__}: {error} (the error itself cannot leave its process: {why})"
        )
        told.add_note(f"in a worker:\n{trace}")
        return pickle.dumps((None, told))
    return parcel
