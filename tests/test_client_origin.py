"""Where the key may go, decided by parsed URLs."""

from __future__ import annotations

import pytest

from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.origin import loopback_origin, may_see_key, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.9.8.7:1", "http://127.9.8.7:1"),
        ("https://127.0.0.1", "https://127.0.0.1:443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[::ffff:127.0.0.1]:8080", "http://[::ffff:127.0.0.1]:8080"),
        ("HTTP://LOCALHOST:8080", "http://localhost:8080"),
    ],
)
def test_loopback_is_taken(url: str, origin: str) -> None:
    assert loopback_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://api.tokenrouter.com", id="the real gateway"),
        pytest.param("http://10.0.0.1:8080", id="another machine"),
        pytest.param("http://0.0.0.0:8080", id="any address"),
        pytest.param("http://localhost.example:8080", id="a name that begins like localhost"),
        pytest.param("http://127.0.0.1.example:8080", id="a name that begins like an address"),
        pytest.param("http://2130706433:8080", id="an address as one number"),
        pytest.param("http://0x7f.1:8080", id="an address in hexadecimal"),
        pytest.param("http://127.1:8080", id="an address with parts left out"),
        pytest.param("http://127.0.0.1@evil.example:8080", id="a user part that looks like an address"),
        pytest.param("http://evil.example:80@127.0.0.1:8080", id="a user part"),
        pytest.param("http://127.0.0.1:8080\\@evil.example", id="a backslash"),
        pytest.param("http://127.0.0.1:8080/v1", id="a path"),
        pytest.param("http://127.0.0.1:8080?x=1", id="a query"),
        pytest.param("http://127.0.0.1:8080#x", id="a fragment"),
        pytest.param("http://127.0.0.1:99999", id="no port"),
        pytest.param("ftp://127.0.0.1", id="another scheme"),
        pytest.param("127.0.0.1:8080", id="no scheme"),
        pytest.param("http://127.0.0.1:8080 ", id="a space"),
        pytest.param("http://127.0.0.1\n:8080", id="a line break"),
        pytest.param("http://[::1%25eth0]:8080", id="a zone"),
        pytest.param("http://ⅼocalhost:8080", id="a letter that looks like another"),
        pytest.param("", id="nothing"),
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        loopback_origin(url)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        pytest.param("https://gateway.example/v1/videos/t/content", True, id="its own content"),
        pytest.param("https://GATEWAY.example:443/x?y=z", True, id="spelled otherwise"),
        pytest.param("http://gateway.example/x", False, id="without encryption"),
        pytest.param("https://gateway.example:8443/x", False, id="another port"),
        pytest.param("https://cdn.gateway.example/x", False, id="below its name"),
        pytest.param("https://gateway.example.evil.example/x", False, id="above its name"),
        pytest.param("https://gateway.example@evil.example/x", False, id="as a user part"),
        pytest.param("https://gateway.example\\@evil.example/x", False, id="behind a backslash"),
        pytest.param("https://gateway.example/v1/tasks/t/artifacts/video/content?access=abc", False, id="a ticket"),
        pytest.param("https://gateway.example/x?access=", False, id="an empty ticket"),
        pytest.param("https://gateway.example/x?accessory=1", True, id="a name that only begins like one"),
        pytest.param("data:video/mp4;base64,AAAA", False, id="no web address"),
    ],
)
def test_the_key_goes_to_its_own_origin_only(url: str, allowed: bool) -> None:
    assert may_see_key(url, "https://gateway.example") == allowed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://gateway.example", "https://gateway.example:443/x"),
        ("http://gateway.example:80", "http://GATEWAY.example"),
    ],
)
def test_equal_origins_compare_equal(one: str, other: str) -> None:
    assert origin_of(one) == origin_of(other)
