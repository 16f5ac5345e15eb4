"""Values of securities and trades on the wire, as fields take them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from backend.financial_manager.days import EARLIEST, LATEST
from backend.financial_manager.schemas import LARGEST

Quantity = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,10})?$", max_length=26)]
Rate = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$", max_length=22)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern="^([A-Z]{2})?$")]
Day = Annotated[dt.date, Field(ge=EARLIEST, le=LATEST)]
"""A day in any household's time."""
Reference = Annotated[str, Field(min_length=1, max_length=64)]
MoneyIn = Annotated[int, Field(ge=0, le=LARGEST)]
KeptIn = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
"""A tax that the bank kept; below zero on a sale: paid back."""
