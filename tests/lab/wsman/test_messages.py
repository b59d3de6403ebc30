"""Envelopes: what is refused with which fault, and that nothing a client sends does more than that."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.wsman import Quotas, messages
from lab.wsman.faults import FaultError, NotUnderstoodError
from lab.wsman.messages import CMD, SHELL, TRANSFER, tag
from tests.lab.wsman.machine import PASSWORD, USER, FakeHost

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.wsman.conftest import Served, Start

NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in messages._NAMESPACES.items())
BOMB = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
ANY_SHELL = '<w:SelectorSet><w:Selector Name="ShellId">X</w:Selector></w:SelectorSet>'


def envelope(action: str, body: str = "", header: str = "", resource: str = CMD) -> bytes:
    return (
        f"<s:Envelope {NAMESPACES}><s:Header><a:MessageID>uuid:1</a:MessageID>"
        f'<a:Action s:mustUnderstand="true">{action}</a:Action><w:ResourceURI>{resource}</w:ResourceURI>{header}'
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


@pytest.fixture
def served(serve: Start, tmp_path: Path) -> Served:
    quotas = Quotas(envelope_bytes=20_000)
    return serve(secure=True, host=FakeHost(tmp_path / "users", basic_allowed=True), quotas=quotas)


def post(served: Served, data: bytes) -> tuple[int, ET.Element]:
    answer = requests.post(
        served.url,
        data=data,
        verify=served.ca_file,
        timeout=5,
        headers={"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()},
    )
    return answer.status_code, ET.fromstring(answer.content)  # noqa: S314 - our own server's


def fault_code(answer: ET.Element) -> int | None:
    fault = next((element for element in answer.iter() if element.tag.endswith("}WSManFault")), None)
    return int(fault.attrib["Code"]) if fault is not None else None


STREAM = '<rsp:Send><rsp:Stream Name="{name}" CommandId="{command}">{text}</rsp:Stream></rsp:Send>'
FAULTS = {
    "no xml": (b"hello", 2150858817),
    "no utf-8": (b"\xff\xfe<\x00a\x00", 2150858817),
    "entity bomb": (BOMB, 2150858817),
    "another root": (b"<a/>", 2150858817),
    "no body": (f"<s:Envelope {NAMESPACES}><s:Header/></s:Envelope>".encode(), 2150858817),
    "unknown action": (envelope("urn:nothing"), 2150858771),
    "PowerShell": (envelope(f"{TRANSFER}/Create", "<rsp:Shell/>", resource=f"{SHELL}/powershell"), 2150858811),
    "no shell element": (envelope(f"{TRANSFER}/Create"), 2150858817),
    "no selector": (envelope(f"{TRANSFER}/Delete"), 2150858843),
    "another shell": (envelope(f"{TRANSFER}/Delete", header=ANY_SHELL), 2150858843),
    "no desired stream": (envelope(f"{SHELL}/Receive", "<rsp:Receive/>"), 2150858817),
    "no known stream": (
        envelope(f"{SHELL}/Receive", "<rsp:Receive><rsp:DesiredStream>x</rsp:DesiredStream></rsp:Receive>"),
        87,
    ),
    "no line": (envelope(f"{SHELL}/Command", "<rsp:CommandLine/>"), 87),
    "odd command id": (
        envelope(f"{SHELL}/Command", "<rsp:CommandLine CommandId='\"'><rsp:Command>x</rsp:Command></rsp:CommandLine>"),
        87,
    ),
    "bad duration": (
        envelope(f"{TRANSFER}/Create", "<rsp:Shell><rsp:IdleTimeOut>soon</rsp:IdleTimeOut></rsp:Shell>"),
        2150858817,
    ),
    "bad code page": (
        envelope(
            f"{TRANSFER}/Create",
            "<rsp:Shell/>",
            '<w:OptionSet><w:Option Name="WINRS_CODEPAGE">utf-8</w:Option></w:OptionSet>',
        ),
        87,
    ),
    "too large": (envelope(f"{TRANSFER}/Create", f"<rsp:Shell>{' ' * 20_000}</rsp:Shell>"), 2150858825),
}


@pytest.mark.parametrize("data, code", FAULTS.values(), ids=FAULTS)
def test_a_bad_envelope_gets_a_fault(served: Served, data: bytes, code: int) -> None:
    status, answer = post(served, data)

    assert status == 500
    assert fault_code(answer) == code
    assert len(served.server.shells) == 0


def test_bad_input_of_a_live_shell_gets_a_fault(served: Served) -> None:
    _, created = post(served, envelope(f"{TRANSFER}/Create", "<rsp:Shell/>"))
    shell = created.findtext(f".//{tag('rsp:ShellId')}")
    selector = ANY_SHELL.replace("X", str(shell))
    line = "<rsp:CommandLine CommandId='C'><rsp:Command>wait 9</rsp:Command></rsp:CommandLine>"
    assert post(served, envelope(f"{SHELL}/Command", line, selector))[0] == 200
    expected = {
        STREAM.format(name="stdin", command="C", text="!"): 2150858817,
        STREAM.format(name="stdin", command="D", text=""): 2150858843,
        STREAM.format(name="stdout", command="C", text=""): 87,
        "<rsp:Send><rsp:Stream Name='stdin'/></rsp:Send>": 87,
    }

    found = {body: fault_code(post(served, envelope(f"{SHELL}/Send", body, selector))[1]) for body in expected}

    assert found == expected
    receive = "<rsp:Receive><rsp:DesiredStream CommandId='C'>stdout</rsp:DesiredStream></rsp:Receive>"
    limits = "<w:MaxEnvelopeSize>much</w:MaxEnvelopeSize><w:OperationTimeout>PT0S</w:OperationTimeout>"
    timed_out = envelope(f"{SHELL}/Receive", receive, selector + limits.replace("much", "9999"))
    assert fault_code(post(served, timed_out)[1]) == 2150858793


def test_a_header_that_must_be_understood_and_is_not_is_named(served: Served) -> None:
    header = '<q:Secret xmlns:q="urn:q" s:mustUnderstand="true"/>'

    status, answer = post(served, envelope(f"{TRANSFER}/Create", "<rsp:Shell/>", header))

    assert status == 500
    assert answer.findtext(f".//{tag('s:Code')}/{tag('s:Value')}") == "s:MustUnderstand"
    named = answer.find(f".//{tag('s:NotUnderstood')}")
    assert named is not None
    assert named.get("qname") == "h:Secret"
    assert answer.findtext(f".//{tag('a:RelatesTo')}") == "uuid:1"


def test_a_fault_looks_as_windows_writes_it(served: Served) -> None:
    _, answer = post(served, envelope(f"{TRANSFER}/Delete", header=ANY_SHELL))

    assert answer.findtext(f".//{tag('a:Action')}") == "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
    assert answer.findtext(f".//{tag('a:RelatesTo')}") == "uuid:1"
    assert answer.findtext(f".//{tag('s:Subcode')}/{tag('s:Value')}") == "w:InvalidSelectors"
    assert answer.findtext(f".//{tag('w:FaultDetail')}", "").endswith("/faultDetail/UnexpectedSelectors")


@pytest.mark.parametrize(
    "text, expected",
    [("PT20S", 20.0), ("PT60.000S", 60.0), ("P0DT1H2M3.5S", 3723.5), ("P1D", 86400.0), ("PT0S", 0.0)],
)
def test_durations_are_seconds(text: str, expected: float) -> None:
    assert messages.seconds(text) == expected


@given(st.text(max_size=30))
def test_other_durations_are_faults(text: str) -> None:
    with suppress(FaultError):
        assert messages.seconds(text) >= 0


def use(data: bytes) -> None:
    """All that is done with an envelope before an operation sees it."""
    request = messages.parse(data)
    request.check_understood()
    assert request.max_envelope_size != -1
    assert request.operation_timeout != -1


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_at_worst_a_fault(data: bytes) -> None:
    with pytest.raises((FaultError, NotUnderstoodError)):
        use(data)


@given(
    st.sampled_from(["a:Action", "w:OperationTimeout", "w:MaxEnvelopeSize", "w:OptionSet", "w:SelectorSet", "q:Q"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.integers(0, 600),
)
@settings(max_examples=200)
def test_arbitrary_headers_and_cuts_are_at_worst_a_fault(name: str, text: str, cut: int) -> None:
    header = f'<{name} xmlns:q="urn:q" s:mustUnderstand="true"><![CDATA[{text.replace("]]>", "")}]]></{name}>'
    data = envelope("x", header=header)
    for piece in (data, data[:cut] + data[cut + 1 :]):
        try:
            use(piece)
        except (FaultError, NotUnderstoodError) as error:
            ET.fromstring(_answer(error))  # noqa: S314 - our own


def _answer(error: FaultError | NotUnderstoodError) -> bytes:
    if isinstance(error, FaultError):
        return messages.fault(error.fault, 'a<&"', 'host"<&')
    return messages.not_understood(error, 'a<&"')
