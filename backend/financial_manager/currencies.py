"""Currencies: how many decimals their minor unit has (ISO 4217), and amounts as integers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from backend.sdk.errors import FieldProblem, InvalidInput

_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO = (
    "AED AFN ALL AMD ANG AOA ARS ATS AUD AWG AZN BAM BBD BDT BEF BGN BMD BND BOB BRL BSD BTN BWP BYN BYR BZD CAD CDF "
    "CHF CNH CNY COP CRC CUP CVE CZK DEM DKK DOP DZD EEK EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL GHS GIP GMD GRD "
    "GTQ GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IRR ITL JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL LUF LVL "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NLG NOK NPR NZD PAB PEN PGK PHP PKR PLN PTE "
    "QAR ROL RON RSD RUB RUR SAR SBD SCR SDG SEK SGD SHP SIT SKK SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRL TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWL"
)
EXPONENT: dict[str, int] = {code: n for n, codes in _EXPONENTS.items() for code in codes.split()}
KNOWN: frozenset[str] = frozenset(EXPONENT) | frozenset(_TWO.split())

SYMBOLS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "US$": "USD",
    "R$": "BRL",
    "AU$": "AUD",
    "A$": "AUD",
    "CA$": "CAD",
    "C$": "CAD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "NT$": "TWD",
    "MX$": "MXN",
    "S$": "SGD",
    "円": "JPY",
    "元": "CNY",
    "원": "KRW",
    "₩": "KRW",
    "￦": "KRW",
    "₫": "VND",
    "₪": "ILS",
    "₦": "NGN",
    "฿": "THB",
    "₱": "PHP",
    "₸": "KZT",
    "₡": "CRC",
    "₲": "PYG",
    "₼": "AZN",
    "₾": "GEL",
    "৳": "BDT",
    "₵": "GHS",
    "GH₵": "GHS",
    "KSh": "KES",
    "S/": "PEN",
    "R": "ZAR",
    "Rp": "IDR",
    "RM": "MYR",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "лв": "BGN",
    "TL": "TRY",
    "lei": "RON",
    "Lei": "RON",
    "kn": "HRK",
    "KM": "BAM",
    "руб": "RUB",
    "грн": "UAH",
}
"""Signs that mean one currency. "$", "¥", "kr" and "Rs." mean several: an amount may carry them, they say nothing."""

_NAMES = {
    "人民币": "CNY",
    "人民币元": "CNY",
    "人民幣": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "歐元": "EUR",
    "港币": "HKD",
    "港幣": "HKD",
    "英镑": "GBP",
    "日元": "JPY",
    "日圓": "JPY",
    "新台幣": "TWD",
    "新臺幣": "TWD",
}
"""What currencies are called in cells of their own, besides their signs."""

_OF_COUNTRY = {
    "EUR": "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC MT NL PT SI SK SM VA XK ME AD",
    "CHF": "CH LI",
    "GBP": "GB",
    "PLN": "PL",
    "CZK": "CZ",
    "SEK": "SE",
    "NOK": "NO",
    "DKK": "DK FO GL",
    "HUF": "HU",
    "RON": "RO",
    "BGN": "BG",
    "TRY": "TR",
    "ISK": "IS",
}
_COUNTRY_CURRENCY = {country: code for code, countries in _OF_COUNTRY.items() for country in countries.split()}

LARGEST = 10**15
"""No household's amount is larger (minor units)."""


def exponent(currency: str | None) -> int:
    """Return the number of decimals of a currency's minor unit; 2 where it is not known."""
    return EXPONENT.get(currency or "", 2)


def code_of(text: str) -> str | None:
    """Return the code of a currency that a cell names by its code, its name or its sign, or None.

    Signs of plain letters ("R", "KM") are none alone in a cell: they mean anything there.
    """
    code = text.upper()
    return code if code in KNOWN else _NAMES.get(text) or (None if text.isascii() else SYMBOLS.get(text))


def currency_of_unit(unit: str) -> str | None:
    """Return the code of what stands beside a number ("EUR", "Euro", "€", "kr."), or None where it means several."""
    if unit in KNOWN:
        return unit
    return "EUR" if unit[:3].casefold() == "eur" else SYMBOLS.get(unit.rstrip("."))


def currency_of_iban(iban: str | None) -> str | None:
    """Return the usual currency of an IBAN's country, or None."""
    return _COUNTRY_CURRENCY.get((iban or "")[:2])


def check_currency(currency: str, field: str = "body.currency") -> None:
    """Refuse a currency that does not exist."""
    if currency not in KNOWN:
        told = f"{currency} is no currency."
        raise InvalidInput(fields=[FieldProblem(field, told, "Use the three letters, such as EUR.")])


class AmountTooLarge(InvalidInput):
    """The amount is beyond anything that an account holds."""

    code, message = "amount_too_large", "This amount is beyond anything an account holds."


def to_minor(amount: Decimal, currency: str | None, *, where: str = "amount") -> tuple[int, bool]:
    """Return an amount in minor units, and whether it had to be rounded (half up).

    Raises `AmountTooLarge`, naming the place, for what no account holds.
    """
    scaled = amount.scaleb(exponent(currency)) if amount.is_finite() and abs(amount) < LARGEST else None
    if scaled is None or abs(scaled) > LARGEST:
        told = f"{str(amount)[:40]} is beyond anything an account holds."
        raise AmountTooLarge(fields=[FieldProblem(where, told, "Check the amount.")])
    whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
    return int(whole), whole != scaled


def minor_text(amount_minor: int, currency: str | None) -> str:
    """Return "-12.34" for -1234 minor units of a currency with two decimals."""
    digits = exponent(currency)
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"
