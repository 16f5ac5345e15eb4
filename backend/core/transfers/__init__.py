"""Files on their way in and out over plain HTTP: short-lived links, pictures, folders as zip, resumable uploads.

Everything outside of this package uses `Transfers` (service.py); the wire is in `api.py` (JSON), `tus.py` (uploads) and
`site.py` (what opens without logging in, below `/transfers/`).
"""

from backend.core.transfers.service import Transfers

__all__ = ["Transfers"]
