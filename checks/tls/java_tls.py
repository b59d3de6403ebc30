"""The versions of TLS that a Java speaks as a client by default, judged by the output of `java -version`.

TLS 1.3: from 11 on; in 8 since 8u261 (OpenJDK 8u272), but offered by default only since 8u341 (OpenJDK 8u352;
`jdk.tls.client.protocols`). TLS 1.0 and 1.1: switched off since 8u291, 11.0.11 and 16.0.1 (java.security,
`jdk.tls.disabledAlgorithms`). TLS 1.2: in every Java that this procedure meets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

TLS_1_2, TLS_1_3 = "TLSv1.2", "TLSv1.3"
_VERSION = re.compile(r'\bversion "(?:1\.)?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:_(\d{1,9}))?')
# The first updates of Java 8 that have TLS 1.3, and that offer it by default: Oracle's, OpenJDK's.
_THERE, _OFFERED = (261, 272), (341, 352)
_WITHOUT_1_0 = ((8, 291), (11, 11), (16, 1))  # the train, and its first update without TLS 1.0 and 1.1


class Speaks(Enum):
    """Whether a Java speaks a version of TLS."""

    YES = "speaks it"
    IF_TOLD = "speaks it only where its settings say so"
    NO = "does not speak it"


@dataclass(frozen=True)
class Java:
    """A Java version: train 8 and update 221 for `1.8.0_221`, train 17 and update 13 for `17.0.13`."""

    name: str
    train: int
    update: int
    of_openjdk: bool

    def speaks(self, protocol: str) -> Speaks:
        """Return the answer for a version of TLS, by OpenSSL's name, with this Java as the client."""
        if protocol == TLS_1_2:
            return Speaks.YES
        if protocol != TLS_1_3:
            off = any(self.train == train and self.update >= update for train, update in _WITHOUT_1_0)
            return Speaks.IF_TOLD if off or self.train > _WITHOUT_1_0[-1][0] else Speaks.YES
        if self.train != 8:
            return Speaks.YES if self.train >= 11 else Speaks.NO
        if self.update < _THERE[self.of_openjdk]:
            return Speaks.NO
        return Speaks.YES if self.update >= _OFFERED[self.of_openjdk] else Speaks.IF_TOLD


def parse_java_version(text: str) -> Java | None:
    """Parse the output of `java -version` (on standard error); None for anything else."""
    found = _VERSION.search(text)
    if found is None:
        return None
    train, *rest = (int(part or 0) for part in found.groups())
    name = found[0].partition('"')[2]
    update = rest[2] if train == 8 else rest[1]
    return Java(name, train, update, of_openjdk="openjdk" in text.lower())
