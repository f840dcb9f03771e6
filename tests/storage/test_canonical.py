"""Do the same values give the same bytes, and other values other bytes?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from storage.canonical import canonical, canonical_digest, parse

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_example_of_rfc_8785_gives_the_bytes_of_rfc_8785() -> None:
    value: JsonValue = json.loads(
        r'{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r' "string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}'
    )
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(JSON)
def test_what_was_read_back_has_the_same_bytes(value: JsonValue) -> None:
    assert canonical(parse(canonical(value))) == canonical(value)


@given(st.dictionaries(st.text(), NUMBERS, min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, JsonValue]) -> None:
    turned: dict[str, JsonValue] = dict(reversed(value.items()))
    assert canonical_digest(turned) == canonical_digest(value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53])
def test_a_number_that_json_cannot_carry_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical({"number": number})
