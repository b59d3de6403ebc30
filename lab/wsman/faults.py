"""WS-Management faults with the texts and codes that Windows sends.

The texts were seen on real hosts; where a comment says "guess", only the meaning is known.
"""

from __future__ import annotations

from dataclasses import dataclass

_DETAIL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"
_PROCESS = "The WS-Management service cannot process the request. "


@dataclass(frozen=True)
class Fault:
    """One fault. `message` is the text in WSManFault beyond the reason; `provider` if the cmd plug-in raised it."""

    code: int
    subcode: str
    reason: str
    message: str = ""
    detail: str = ""
    receiver: bool = False
    provider: bool = False


class FaultError(Exception):
    """Raised to answer a request with this fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


class NotUnderstoodError(Exception):
    """A header that must be understood is not: a fault of SOAP itself, without a code. `name` is (namespace, name)."""

    def __init__(self, namespace: str, name: str) -> None:
        super().__init__(name)
        self.namespace = namespace
        self.name = name


NOT_UNDERSTOOD = (
    "The WS-Management service cannot process a SOAP header in the request that is marked as mustUnderstand by the "
    "client.  This could be caused by the use of a version of the protocol which is not supported, or may be an "
    "incompatibility  between the client and server implementations. "
)
_SELECTORS = _PROCESS[:-2] + " because the request contained invalid selectors for the resource. "
_TIMED_OUT = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  "
_PARAMETER = "The parameter is incorrect. "

TIMED_OUT = Fault(2150858793, "w:TimedOut", _TIMED_OUT, receiver=True)
ACCESS_DENIED = Fault(5, "w:AccessDenied", "Access is denied.", "Access is denied. ")
INVALID_PARAMETER = Fault(87, "w:InvalidParameter", _PARAMETER, detail="InvalidValue", provider=True)
# Guess: the code is known, the text is that of the Win32 error.
ABORTED = Fault(
    995,
    "w:InternalError",
    "The I/O operation has been aborted because of either a thread exit or an application request. ",
    receiver=True,
)
COMMAND_NOT_FOUND = Fault(
    2150858843,
    "w:InvalidSelectors",
    _SELECTORS,
    "The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. "
    "Either the command has completed execution or the client specified an invalid command identifier. ",
    detail="UnexpectedSelectors",
)
# The codes of the next four are winerror's; subcodes are those of DSP0226; the texts are guesses.
ENVELOPE_TOO_LARGE = Fault(
    2150858825,
    "w:EncodingLimit",
    _PROCESS + "The request exceeds the maximum envelope size that the service allows. ",
    detail="ServiceEnvelopeLimit",
)
UNKNOWN_RESOURCE = Fault(
    2150858811,
    "a:DestinationUnreachable",
    _PROCESS + "The resource URI is missing or has an incorrect format. ",
    detail="InvalidResourceURI",
)
UNKNOWN_ACTION = Fault(
    2150858771, "a:ActionNotSupported", _PROCESS + "The action is not supported by the service. ", detail="InvalidValue"
)
TOO_MANY_PROCESSES = Fault(
    1816, "w:QuotaLimit", "Not enough quota is available to process this command. ", provider=True
)


def shell_not_found(shell_id: str) -> Fault:
    """Return the fault for an id without a shell: closed, expired, or never there."""
    return Fault(
        2150858843,
        "w:InvalidSelectors",
        _SELECTORS,
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not found on "
        "the server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the "
        "server. Provide the correct ShellId or create a new shell and retry the operation. ",
        detail="UnexpectedSelectors",
    )


def invalid_schema(what: str) -> Fault:
    """Return the fault for an envelope that is none, or lacks what the operation needs.

    `what` finishes "The SOAP packet contains".
    """
    return Fault(
        2150858817,
        "w:SchemaValidationError",
        "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML and "
        "retry. ",
        f"The Windows Remote Shell cannot process the request. The SOAP packet contains {what}. Retry the request "
        "with the correct XML element. ",
    )


def too_many_shells(allowed: int) -> Fault:
    """Return the fault for a user whose quota of shells is used up."""
    return Fault(
        2150859173,
        "w:QuotaLimit",
        _PROCESS + "The maximum number of concurrent shells for this user has been exceeded. Close existing shells or "
        "raise the quota for this user. ",
        _PROCESS + f"This user is allowed a maximum number of {allowed} concurrent shells, which has been exceeded. "
        "Close existing shells or raise the quota for this user. ",
    )


def too_many_operations(allowed: int) -> Fault:
    """Return the fault for a user whose quota of operations is used up."""
    return Fault(
        2150859174,
        "w:QuotaLimit",
        _PROCESS + "The maximum number of concurrent operations for this user has been exceeded. Close existing "
        "operations for this user, or raise the quota for this user. ",
        _PROCESS + f"This user is allowed a maximum number of {allowed} concurrent operations, which has been "
        "exceeded. Close existing operations for this user, or raise the quota for this user. ",
    )


def too_many_commands(allowed: int) -> Fault:
    """Return the fault for a shell whose quota of commands is used up.

    Ended commands count until they are cleaned up. The text is a guess.
    """
    return Fault(
        2150859241,
        "w:QuotaLimit",
        _PROCESS + "The maximum number of concurrent commands per shell has been exceeded. ",
        _PROCESS + f"This user is allowed a maximum number of {allowed} concurrent commands per shell, which has been "
        "exceeded. Retry the request later or close existing commands. ",
    )


def detail_uri(fault: Fault) -> str:
    """Return the w:FaultDetail of a fault, empty if it has none."""
    return _DETAIL + fault.detail if fault.detail else ""
