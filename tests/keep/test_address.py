"""Addresses: those that lead where they seem to, and the many that do not (A2, A7)."""

import pytest

from mindgap.keep import address

HOSTS = ("shop.example.com", "Other.example.org")


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example.com",
        "https://shop.example.com/",
        "HTTPS://SHOP.example.com/thanks?order={{hidden.order}}#top",
        "https://shop.example.com:443/a%20b",
        "https://other.example.org/x",
    ],
)
def test_an_https_address_of_an_allowed_host_is_allowed(text):
    assert address.is_allowed(text, HOSTS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:msgbox(1)",
        "http://shop.example.com/",
        "//shop.example.com/",
        "https:shop.example.com",
        "https:/shop.example.com",
        "https:///shop.example.com",
        "/\\shop.example.com",
        "https:\\\\shop.example.com",
        "https://shop.example.com\\@evil.example",
        "https://shop.example.com@evil.example/",
        "https://user@shop.example.com/",
        "https://shop.example.com:8443/",
        "https://shop.example.com:x/",
        "https://shop.example.com%0d%0aLocation:https://evil.example",
        "https://shop.example.com/%0D%0Aset-cookie:a=b",
        "https://shop.example.com/\r\nset-cookie:a=b",
        "https://shop.example.com/ x",
        "https://shop.example.com\n",
        "https://{{q1}}/",
        "https://{{q1}}.example.com/",
        "https://shop.example.com.evil.example/",
        "https://evil.example/?https://shop.example.com",
        "https://evil.example#@shop.example.com",
        "https://evil.example/shop.example.com",
        "https://sub.shop.example.com/",
        "https://shop.example.com./",
        "https://shop．example．com/",
        "https://[::1]/",
        "https://[/",
        "https://127.0.0.1/",
        'https://shop.example.com/"onload="x',
        "https://shop.example.com/<svg>",
        "https://shop.example.com/" + "a" * 3000,
    ],
)
def test_anything_else_is_not(text):
    assert not address.is_allowed(text, HOSTS)


def test_the_host_is_told_as_a_browser_would_read_it():
    assert address.host_of("HTTPS://Shop.Example.com/a") == "shop.example.com"
    assert address.host_of("https://xn--fiq228c.example/") == "xn--fiq228c.example"


@pytest.mark.parametrize(
    "name", ["", "localhost", "*.example.com", "a..b", "-a.example", "a.example/", "A.example"]
)
def test_a_host_is_a_plain_name(name):
    assert not address.is_host(name)
