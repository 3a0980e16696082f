"""Money: whole minor units and a currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.ground.money import Money, digits


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("128.45", "BRL", 12845),
        (" 7 ", "CNY", 700),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("-3.5", "EUR", -350),
    ],
)
def test_amounts_are_read_in_the_minor_units_of_their_currency(amount, currency, minor):
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(("amount", "minor"), [("0.125", 12), ("0.135", 14), ("-0.125", -12)])
def test_a_half_goes_to_the_even_neighbour(amount, minor):
    assert Money.parse(amount, "EUR").minor == minor


@pytest.mark.parametrize("amount", ["", "1,234.5", "1.234,5", "R$ 5", "NaN", "Infinity", "-inf"])
def test_what_is_no_plain_number_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        Money.parse(amount, "BRL")


@given(st.integers(-(10**15), 10**15), st.sampled_from(["BRL", "JPY", "KWD"]))
def test_an_amount_goes_there_and_back(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money.amount), currency) == money
    assert money.amount == Decimal(minor) / 10 ** digits(currency)
