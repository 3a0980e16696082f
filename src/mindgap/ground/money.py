"""Money as integer minor units with a currency (ISO 4217)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

_NO_MINOR = frozenset(
    {
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    }
)
_THREE = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def digits(currency: str) -> int:
    """Decimal places of a currency's minor unit."""
    return 0 if currency in _NO_MINOR else 3 if currency in _THREE else 2


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency`."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Money":
        """`"128.45"` in BRL is 12845 centavos; anything that is no finite decimal number raises `ValueError`."""
        try:
            value = Decimal(amount.strip())
        except InvalidOperation as problem:
            raise ValueError(
                f"{amount!r} is no amount of money; write 1234.56 without separators"
            ) from problem
        if not value.is_finite():
            raise ValueError(f"{amount!r} is no amount of money")
        scaled = (value * 10 ** digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-digits(self.currency))
