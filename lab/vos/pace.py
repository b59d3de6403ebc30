"""The durations and peculiarities of a node that tests and rehearsals may change."""

from __future__ import annotations

from dataclasses import dataclass

from lab.tables.vos_roles import CertificateCommands


@dataclass(frozen=True)
class Pace:
    """Durations in seconds. The defaults cost a rehearsal no time; the comments give those of real nodes."""

    first_prompt: float = 0.0  # from the login to the first prompt: 8 to 60 and more
    answer: float = 0.0  # before a command's output: 4
    paste: float = 0.0  # after the request for a certificate; anything pasted earlier is lost: 5
    restart: float = 0.0  # of a service: 240 to 600
    reboot: float = 0.0  # of the appliance: 300
    patience: float = 2.0  # until a restart command returns to the prompt although the service has not started yet
    idle: float = 1800.0  # until a silent session is ended


@dataclass(frozen=True)
class Quirks:
    """Differences between nodes that a client cannot know in advance."""

    prompt_twice: bool = True
    prompt_after_newline: bool = False  # no prompt at all until the client sends a newline
    tells_started: bool = True  # a restart command waits for `[STARTED]`; else it returns while the service starts
    ecdsa_leaf: bool = False  # the tomcat ports have a second, elliptic leaf for clients that want it
    tls: str = ""  # versions of TLS on its ports, as a site file names them (`lab.tls`)
    certificate_commands: CertificateCommands | None = None  # instead of the role's
