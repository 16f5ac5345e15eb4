"""What a rule of the household says: conditions on a bank line, how they go together, one action.

The same shape in the database, the API and files. Rules look at what the bank wrote, never at what another rule made
of it: that is why running them again changes nothing. Money in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from backend.financial_manager.categories.patterns import compiled_regex
from backend.financial_manager.categories.text import plain
from backend.financial_manager.currencies import KNOWN
from backend.sdk.http.reading import invalid_input
from backend.sdk.names import plain_name

MOST_RULES = 1000
MOST_CONDITIONS = 20
MOST_VALUES = 100
MOST_MINOR = 2**53 - 1
_Text = Annotated[str, Field(min_length=1, max_length=300)]
_Texts = Annotated[list[_Text], Field(min_length=1, max_length=MOST_VALUES)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Condition(_Part):
    negate: bool = Field(False, description="Whether the opposite is meant.")


def _known_currencies(values: list[str]) -> list[str]:
    found = [value.strip().upper() for value in values]
    if not all(one in KNOWN for one in found):
        raise ValueError("A currency is written like EUR.")
    return found


class TextCondition(_Condition):
    """What the line says; case and accents do not count. `part`: payee, purpose, or both together."""

    what: Literal["text"] = "text"
    part: Literal["any", "payee", "purpose"] = "any"
    how: Literal["contains", "is", "begins", "regex"] = "contains"
    values: _Texts = Field(description="One of these must fit.")

    @model_validator(mode="after")
    def _possible(self) -> TextCondition:
        for value in self.values:
            if self.how == "regex":
                compiled_regex(value)
            elif not plain(value):
                raise ValueError("A text to look for has letters, digits or signs.")
        return self


class IbanCondition(_Condition):
    """The other side's account is one of these."""

    what: Literal["iban"] = "iban"
    values: _Texts

    @field_validator("values")
    @classmethod
    def _plain(cls, values: list[str]) -> list[str]:
        found = ["".join(value.split()).upper() for value in values]
        if not all(5 <= len(one) <= 34 and one.isalnum() for one in found):
            raise ValueError("An IBAN is written like AT61 1904 3002 3457 3201.")
        return found


class AmountCondition(_Condition):
    """The amount without its sign lies within bounds, both included, in the currency that the bounds are in."""

    what: Literal["amount"] = "amount"
    at_least: int | None = Field(None, ge=0, le=MOST_MINOR, description="Minor units.")
    at_most: int | None = Field(None, ge=0, le=MOST_MINOR, description="Minor units.")
    currency: str | None = Field(
        None, max_length=10, description="What the bounds are in (ISO 4217); without, they count in every one alike."
    )

    @model_validator(mode="after")
    def _bounds(self) -> AmountCondition:
        if self.at_least is None and self.at_most is None:
            raise ValueError("Give the smallest or the largest amount.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("The smallest amount is larger than the largest.")
        return self

    @field_validator("currency")
    @classmethod
    def _one_currency(cls, value: str | None) -> str | None:
        return None if value is None else _known_currencies([value])[0]


class DirectionCondition(_Condition):
    """Money came in, or went out."""

    what: Literal["direction"] = "direction"
    value: Literal["in", "out"]


class AccountCondition(_Condition):
    """The line is on one of these accounts of the household (ids)."""

    what: Literal["account"] = "account"
    values: _Texts


class CurrencyCondition(_Condition):
    """The line is in one of these currencies (ISO 4217)."""

    what: Literal["currency"] = "currency"
    values: _Texts

    @field_validator("values")
    @classmethod
    def _known(cls, values: list[str]) -> list[str]:
        return _known_currencies(values)


Condition = Annotated[
    TextCondition | IbanCondition | AmountCondition | DirectionCondition | AccountCondition | CurrencyCondition,
    Field(discriminator="what"),
]


class RuleAction(_Part):
    """What the line gets: a category, a plain name for the payee, tags; at least one of them."""

    category_id: str | None = Field(None, min_length=1, max_length=100)
    payee: str | None = Field(None, min_length=1, max_length=200)
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)] = []

    @field_validator("payee", "tags")
    @classmethod
    def _readable(cls, given: str | list[str] | None) -> str | list[str] | None:
        if given is None:
            return None
        found = [plain_name(one) for one in ([given] if isinstance(given, str) else given)]
        if not all(found):
            raise ValueError("The name is empty.")
        return found[0] if isinstance(given, str) else list(dict.fromkeys(found))

    @model_validator(mode="after")
    def _does_something(self) -> RuleAction:
        if self.category_id is None and self.payee is None and not self.tags:
            raise ValueError("The rule does nothing. Choose a category, a payee's name or a tag.")
        return self


class RuleDefinition(_Part):
    """A rule with its name, as it is stored and edited."""

    name: str = Field(min_length=1, max_length=120)
    enabled: bool = True
    match: Literal["all", "any"] = "all"
    conditions: Annotated[list[Condition], Field(min_length=1, max_length=MOST_CONDITIONS)]
    action: RuleAction

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        found = plain_name(name)
        if not found:
            raise ValueError("The name is empty.")
        return found


def read_rule(data: Mapping[str, Any], place: str = "body") -> RuleDefinition:
    """Return a rule from its JSON form; raises `InvalidInput`, whose fields name each culprit below `place`."""
    try:
        return RuleDefinition.model_validate(data)
    except ValidationError as error:
        raise invalid_input(error, place, data) from None
