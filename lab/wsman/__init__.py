"""A WS-Management server (MS-WSMV) for one host of the lab: the remote shell of Windows, over real sockets."""

from lab.wsman.server import WsManServer, start_wsman
from lab.wsman.settings import Audit, Behaviour, Quotas

__all__ = ["Audit", "Behaviour", "Quotas", "WsManServer", "start_wsman"]
