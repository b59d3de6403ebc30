"""The corners of sc and net. Texts without a captured source are guesses."""

from __future__ import annotations

from tests.lab.windows.cases import Case

_USAGE = (
    "DESCRIPTION:\n        SC is a command line program used for communicating with the\n"
    "        Service Control Manager and services.\nUSAGE:\n"
    "        sc <server> [command] [service name] <option1> <option2>...\n"
)

CORNERS = [
    Case("sc query state= bogus", out=_USAGE, code=1639),
    Case(
        "sc query state= inactive",
        out=(
            "\n"
            "SERVICE_NAME: scmbus \n"
            "DISPLAY_NAME: SCM Bus\n"
            "        TYPE               : 10  WIN32_OWN_PROCESS  \n"
            "        STATE              : 1  STOPPED \n"
            "        WIN32_EXIT_CODE    : 1077  (0x435)\n"
            "        SERVICE_EXIT_CODE  : 0  (0x0)\n"
            "        CHECKPOINT         : 0x0\n"
            "        WAIT_HINT          : 0x0\n"
            "\n"
            "SERVICE_NAME: W3SVC \n"
            "DISPLAY_NAME: World Wide Web Publishing\n"
            "        TYPE               : 10  WIN32_OWN_PROCESS  \n"
            "        STATE              : 1  STOPPED \n"
            "        WIN32_EXIT_CODE    : 1077  (0x435)\n"
            "        SERVICE_EXIT_CODE  : 0  (0x0)\n"
            "        CHECKPOINT         : 0x0\n"
            "        WAIT_HINT          : 0x0\n"
            "\n"
            "SERVICE_NAME: locked \n"
            "DISPLAY_NAME: Locked Service\n"
            "        TYPE               : 10  WIN32_OWN_PROCESS  \n"
            "        STATE              : 1  STOPPED \n"
            "        WIN32_EXIT_CODE    : 1077  (0x435)\n"
            "        SERVICE_EXIT_CODE  : 0  (0x0)\n"
            "        CHECKPOINT         : 0x0\n"
            "        WAIT_HINT          : 0x0\n"
            "\n"
        ),
    ),
    Case("sc start", out=_USAGE, code=1639),
    Case("sc stop", out=_USAGE, code=1639),
    Case("sc start locked", out=("[SC] StartService: OpenService FAILED 5:\n\nAccess is denied.\n\n"), code=5),
    Case(
        "sc stop locked", out=("[SC] ControlService FAILED 1062:\n\nThe service has not been started.\n\n"), code=1062
    ),
    Case("sc enumdepend", out=_USAGE, code=1639),
    Case(
        "sc enumdepend nope",
        out=(
            "[SC] EnumDependentServices:OpenService FAILED 1060:\n"
            "\n"
            "The specified service does not exist as an installed service.\n"
            "\n"
        ),
        code=1060,
    ),
    Case(
        "sc getkeyname nope",
        out=(
            "[SC] GetServiceKeyName FAILED 1060:\n\nThe specified service does not exist as an installed service.\n\n"
        ),
        code=1060,
    ),
    Case("sc getdisplayname http", out=("[SC] GetServiceDisplayName SUCCESS\nName = HTTP Service\n\n")),
    Case(
        "sc getdisplayname nope",
        out=(
            "[SC] GetServiceDisplayName FAILED 1060:\n"
            "\n"
            "The specified service does not exist as an installed service.\n"
            "\n"
        ),
        code=1060,
    ),
    Case(
        "sc qc ssdpsrv",
        out=(
            "[SC] QueryServiceConfig SUCCESS\n"
            "\n"
            "SERVICE_NAME: SSDPSRV\n"
            "        TYPE               : 10  WIN32_OWN_PROCESS \n"
            "        START_TYPE         : 2   AUTO_START\n"
            "        ERROR_CONTROL      : 1   NORMAL\n"
            "        BINARY_PATH_NAME   : C:\\Services\\SSDPSRV.exe\n"
            "        LOAD_ORDER_GROUP   : \n"
            "        TAG                : 0\n"
            "        DISPLAY_NAME       : SSDP Discovery\n"
            "        DEPENDENCIES       : HTTP\n"
            "        SERVICE_START_NAME : LocalSystem\n"
        ),
    ),
    Case(
        "net",
        err=(
            "The syntax of this command is:\n"
            "\n"
            "NET\n"
            "    [ ACCOUNTS | COMPUTER | CONFIG | CONTINUE | FILE | GROUP | HELP |\n"
            "      HELPMSG | LOCALGROUP | PAUSE | SESSION | SHARE | START |\n"
            "      STATISTICS | STOP | TIME | USE | USER | VIEW ]\n"
            "\n"
        ),
        code=1,
    ),
    Case(
        "net start",
        out=(
            "These Windows services are started:\n"
            "\n"
            "   Bitvise SSH Server\n"
            "   Docker Engine\n"
            "   HTTP Service\n"
            "   SSDP Discovery\n"
            "\n"
            "The command completed successfully.\n"
            "\n"
        ),
    ),
    Case(
        "net explode",
        err=(
            "The syntax of this command is:\n"
            "\n"
            "NET\n"
            "    [ ACCOUNTS | COMPUTER | CONFIG | CONTINUE | FILE | GROUP | HELP |\n"
            "      HELPMSG | LOCALGROUP | PAUSE | SESSION | SHARE | START |\n"
            "      STATISTICS | STOP | TIME | USE | USER | VIEW ]\n"
            "\n"
        ),
        code=1,
    ),
    Case("net stop http extra", err=("The syntax of this command is:\n\nNET STOP\nservice\n\n"), code=1),
    Case(
        'net start "docker engine"',
        err=(
            "The requested service has already been started.\n\nMore help is available by typing NET HELPMSG 2182.\n\n"
        ),
        code=2,
    ),
    Case(
        "net stop w3svc",
        err=(
            "The World Wide Web Publishing service is not started.\n"
            "\n"
            "More help is available by typing NET HELPMSG 3521.\n"
            "\n"
        ),
        code=2,
    ),
    Case('sc queryex type= service state= all | findstr /c:"SERVICE_NAME: docker"', out=("SERVICE_NAME: docker \n")),
    Case(
        "net stop nope & net stop locked",
        err=(
            "The service name is invalid.\n"
            "\n"
            "More help is available by typing NET HELPMSG 2185.\n"
            "\n"
            "The Locked Service service is not started.\n"
            "\n"
            "More help is available by typing NET HELPMSG 3521.\n"
            "\n"
        ),
        code=2,
    ),
    Case(
        'sc qc ""',
        out=("[SC] OpenService FAILED 1060:\n\nThe specified service does not exist as an installed service.\n\n"),
        code=1060,
    ),
    Case(
        "net stop http /n",
        out=(
            "The following services are dependent on the HTTP Service service.\n"
            "Stopping the HTTP Service service will also stop these services.\n"
            "\n"
            "   SSDP Discovery\n"
            "\n"
            "Do you want to continue this operation? (Y/N) [N]: \n"
        ),
        err=("No valid response was provided.\n"),
        code=2,
    ),
    Case("sc explode", out="*** Unrecognized Command ***\n" + _USAGE, code=1639),
]
