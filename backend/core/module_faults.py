"""Which faults of a module's start pass by themselves, so that it is tried again without anybody asking."""

from __future__ import annotations

import errno

from backend.sdk.db.errors import DatabaseBusy, DatabaseDamaged, DatabaseUnreachable, StorageFull

_SHORT = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.ENOSPC, errno.EDQUOT)
_SHORTAGE = "This computer is short of memory, disk space or open files just now."


def passing_fault(error: Exception) -> str:
    """Return what the module waits for, as a sentence for people; empty for a fault that stays until it is mended.

    A disk that is full or away, a database server that starts later than Homie, and a shortage pass. A damaged database
    and a mistake in the code do not.
    """
    if isinstance(error, (DatabaseBusy, DatabaseUnreachable, StorageFull)):
        return "" if isinstance(error, DatabaseDamaged) else error.message
    short = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _SHORT)
    return _SHORTAGE if short or str(error) == "can't start new thread" else ""
