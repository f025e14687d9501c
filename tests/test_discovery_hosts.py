"""Whose URL it is: the gateway's, a look-alike's, or anyone's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.discovery.hosts import gateway_of, host_of, lookalike, may_name_a_host, named_host, names_a_host
from tokenrouter_video.gateways import TOKENROUTER


@pytest.mark.parametrize(
    "url",
    [
        "https://api.tokenrouter.com",
        "https://api.tokenrouter.com/",
        "https://api.tokenrouter.com/v1",
        "https://api.tokenrouter.com/v1/chat/completions?x=1#y",
        "http://api.tokenrouter.com/v1",
        "https://api.tokenrouter.com:443/v1",
        "http://api.tokenrouter.com:80",
        "https://api.tokenrouter.com:/v1",
        "HTTPS://API.TokenRouter.COM/v1",
        "https://open.palebluedot.ai/v1",
        "  https://open.palebluedot.ai\n",
    ],
)
def test_the_gateways_own_urls(url: str) -> None:
    assert gateway_of(url) is TOKENROUTER
    assert lookalike(url) is None


@pytest.mark.parametrize(
    ("url", "host", "reason"),
    [
        ("https://api.tokenrouter.io/v1", "api.tokenrouter.io", "not a host of TokenRouter"),
        ("https://tokenrouter.com/v1", "tokenrouter.com", "not a host of TokenRouter"),
        ("https://www.tokenrouter.com", "www.tokenrouter.com", "not a host of TokenRouter"),
        ("https://www.palebluedot.ai", "www.palebluedot.ai", "not a host of TokenRouter"),
        ("https://api.palebluedot.ai", "api.palebluedot.ai", "not a host of TokenRouter"),
        ("https://open.palebluedot.ai.", "open.palebluedot.ai.", "not a host of TokenRouter"),
        ("https://api.tokenrouter.com.evil.example", "api.tokenrouter.com.evil.example", "not a host of TokenRouter"),
        ("https://api.tokenrouter.example.com/", "api.tokenrouter.example.com", "not a host of TokenRouter"),
        ("https://xapi.tokenrouter.com/v1", "xapi.tokenrouter.com", "not a host of TokenRouter"),
        ("wss://api.tokenrouter.io/v1", "api.tokenrouter.io", "not a host of TokenRouter"),
        ("https://api.tokenrouter.com@evil.example/", "evil.example", "not a host of TokenRouter"),
        ("https://api.tokenrouter.com\\@evil.example/", "evil.example", "not a host of TokenRouter"),
        (
            "https://api.tokenrouter.com%2eevil.example/",
            "api.tokenrouter.com%2eevil.example",
            "not a host of TokenRouter",
        ),
        ("https://me@api.tokenrouter.com/", "api.tokenrouter.com", "a user part stands in front of the host"),
        ("https://me:pw@open.palebluedot.ai", "open.palebluedot.ai", "a user part stands in front of the host"),
        ("https://api.tokenrouter.com:8443/v1", "api.tokenrouter.com", "port 8443 is not the gateway's"),
        ("https://api.tokenrouter.com:80/v1", "api.tokenrouter.com", "port 80 is not the gateway's"),
        ("http://api.tokenrouter.com:443", "api.tokenrouter.com", "port 443 is not the gateway's"),
        ("https://api.tokenrouter.com:0", "api.tokenrouter.com", "port 0 is not the gateway's"),
    ],
)
def test_look_alikes_are_not_the_gateway(url: str, host: str, reason: str) -> None:
    found = lookalike(url)
    assert gateway_of(url) is None
    assert found is not None
    assert (found.host, found.reason) == (host, reason)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://api.openai.com/v1", id="another service"),
        pytest.param("https://api.tokenroute.io", id="a name that only begins alike"),
        pytest.param("https://beta.token-router.org", id="a name with a hyphen"),
        pytest.param("https://github.com/tokenrouter/examples", id="the brand in a path"),
        pytest.param("wss://api.tokenrouter.com", id="the right host with a scheme of its own"),
        pytest.param("see https://api.tokenrouter.com", id="a sentence"),
        pytest.param("api.tokenrouter.com", id="a host name without a scheme"),
        pytest.param("https://", id="nothing behind the scheme"),
        pytest.param("", id="nothing"),
    ],
)
def test_neither_gateway_nor_look_alike(text: str) -> None:
    assert (gateway_of(text), lookalike(text)) == (None, None)


def test_a_bare_host_counts_where_an_address_is_due() -> None:
    found = lookalike("api.tokenrouter.io/v1", bare=True)
    assert found is not None
    assert found.host == "api.tokenrouter.io"
    assert lookalike("api.tokenrouter.com", bare=True) is None
    assert lookalike("config/tokenrouter.yaml", bare=True) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.example.com:80/x", "api.example.com"),
        ("https://me@api.example.com", "api.example.com"),
        ("ftp://api.example.com", None),
        ("${URL}/v1", None),
    ],
)
def test_host_of_any_url(url: str, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("data", "names", "may"),
    [
        (b"x https://api.tokenrouter.com y", True, True),
        (b"API.TOKENROUTER.COM", True, True),
        (rb"https:\/\/api\u002etokenrouter\u002ecom", True, True),
        (b"https%3A%2F%2Fopen.palebluedot.ai", False, True),
        (b"xapi.tokenrouter.com", False, True),
        (b"api.tokenrouter.community", False, False),
        (b"https://api.tokenrouter.io", False, True),
        (b"TOKENROUTER_API_KEY", False, False),
        (b"import tokenrouter.client", False, False),
    ],
)
def test_first_look_at_bytes(data: bytes, names: bool, may: bool) -> None:
    assert (names_a_host(data), may_name_a_host(data)) == (names, may)


def test_a_host_in_a_text() -> None:
    assert named_host("go to https://API.tokenrouter.com/v1 now") == "api.tokenrouter.com"
    assert named_host("api.tokenrouter.io") is None


_PARTS = st.sampled_from(
    [
        *("https://", "http:", "//", "/", "\\", "@", ":", "443", "?", "#", ".", "%2e", " ", "\t", "evil.example"),
        *("api.tokenrouter.com", "open.palebluedot.ai", "tokenrouter", "me", "\u3002", "\uff0e"),
    ]
)


@settings(max_examples=400)
@given(st.lists(_PARTS, max_size=8).map("".join))
def test_what_passes_has_the_gateways_authority_and_nothing_else(url: str) -> None:
    if gateway_of(url) is None:
        return
    scheme, _, rest = url.strip().partition("://")
    authority = rest.split("/")[0].split("?")[0].split("#")[0]
    assert scheme in ("http", "https")
    assert authority.partition(":")[0] in TOKENROUTER.hosts
    assert authority.partition(":")[2] in ("", "443" if scheme == "https" else "80")
