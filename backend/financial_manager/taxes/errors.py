"""What can be wrong with tax packs and the facts that are handed to them; each error names the field and the remedy.

InvalidInput
├── TaxPackMissing      tax_pack_missing       no pack for this country and year
└── TaxFactInvalid      tax_fact_invalid       a fact that the pack cannot place
HomieError
└── TaxPackDamaged      internal_error         a pack of the installation breaks its own rules
"""

from __future__ import annotations

from backend.sdk.errors import FieldProblem, HomieError, InvalidInput


class TaxPackMissing(InvalidInput):
    """There is no pack for a country and year; the remedy names those that there are."""

    code = "tax_pack_missing"

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(problem, fields=[FieldProblem(field, problem, remedy)])


class TaxFactInvalid(InvalidInput):
    """A fact cannot be placed: unknown purpose, or an amount that its purpose cannot have. `source_id` names it."""

    code = "tax_fact_invalid"

    def __init__(self, field: str, problem: str, remedy: str, *, source_id: str = "") -> None:
        self.field, self.source_id = field, source_id
        super().__init__(problem, fields=[FieldProblem(field, problem, remedy)])


class TaxPackDamaged(HomieError):
    """A pack that is part of the installation cannot be used; the reason is for the log, not for people."""

    code, status, message = "tax_pack_damaged", 500, "A tax pack of this installation is damaged."
