"""The corners of services, registry and tools. Texts without a captured source are guesses."""

from __future__ import annotations

from tests.lab.windows.cases import Case

CORNERS = [
    Case("chcp abc", err="Invalid code page\n", code=1),
    Case("chcp 437", out="Active code page: 437\n"),
    Case("hostname x", err="sethostname: Use the Network Control Panel Applet to set hostname.\n", code=1),
    Case("whoami /x", err=("ERROR: Invalid argument/option - '/x'.\nType \"WHOAMI /?\" for usage.\n"), code=1),
    Case("where", err=('ERROR: Invalid argument or option.\nType "WHERE /?" for usage help.\n'), code=2),
    Case("where C:\\x\\y", err='ERROR: Invalid pattern is specified in "path:pattern".\n', code=2),
    Case("where /q sc"),
    Case("where /x sc", err=('ERROR: Invalid argument or option.\nType "WHERE /?" for usage help.\n'), code=2),
    Case(
        "sc query state= bogus",
        out=(
            "DESCRIPTION:\n"
            "        SC is a command line program used for communicating with the\n"
            "        Service Control Manager and services.\n"
            "USAGE:\n"
            "        sc <server> [command] [service name] <option1> <option2>...\n"
        ),
        code=1639,
    ),
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
    Case(
        "sc start",
        out=(
            "DESCRIPTION:\n"
            "        SC is a command line program used for communicating with the\n"
            "        Service Control Manager and services.\n"
            "USAGE:\n"
            "        sc <server> [command] [service name] <option1> <option2>...\n"
        ),
        code=1639,
    ),
    Case(
        "sc stop",
        out=(
            "DESCRIPTION:\n"
            "        SC is a command line program used for communicating with the\n"
            "        Service Control Manager and services.\n"
            "USAGE:\n"
            "        sc <server> [command] [service name] <option1> <option2>...\n"
        ),
        code=1639,
    ),
    Case("sc start locked", out=("[SC] StartService: OpenService FAILED 5:\n\nAccess is denied.\n\n"), code=5),
    Case(
        "sc stop locked", out=("[SC] ControlService FAILED 1062:\n\nThe service has not been started.\n\n"), code=1062
    ),
    Case(
        "sc enumdepend",
        out=(
            "DESCRIPTION:\n"
            "        SC is a command line program used for communicating with the\n"
            "        Service Control Manager and services.\n"
            "USAGE:\n"
            "        sc <server> [command] [service name] <option1> <option2>...\n"
        ),
        code=1639,
    ),
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
    Case("reg", err=('ERROR: Invalid syntax.\nType "REG /?" for usage.\n'), code=1),
    Case("reg query", err=('ERROR: Invalid syntax.\nType "REG QUERY /?" for usage.\n'), code=1),
    Case("reg add HKLM\\x", err=('ERROR: Invalid syntax.\nType "REG /?" for usage.\n'), code=1),
    Case(
        "reg query HKLM\\Software\\Policies\\AU /s",
        out=(
            "\n"
            "HKEY_LOCAL_MACHINE\\Software\\Policies\\AU\n"
            "    DetectionFrequency    REG_DWORD    0x10\n"
            "\n"
            "HKEY_LOCAL_MACHINE\\Software\\Policies\\AU\\Deeper\n"
            "    (Default)    REG_SZ    x\n"
            "    M    REG_MULTI_SZ    a\\0b\n"
            "\n"
        ),
    ),
    Case("reg query HKLM\\Software\\Policies\\AU /s /v nope", out=("\nEnd of search: 0 match(es) found.\n"), code=1),
    Case(
        "reg query HKLM\\Software\\Policies\\AU /ve",
        out=("\nHKEY_LOCAL_MACHINE\\Software\\Policies\\AU\n    (Default)    REG_SZ    (value not set)\n\n"),
    ),
    Case(
        "reg query HKLM\\Software\\Policies\\AU /f x",
        err=('ERROR: Invalid syntax.\nType "REG QUERY /?" for usage.\n'),
        code=1,
    ),
    Case(
        "reg query HKLM\\nope /s",
        err="ERROR: The system was unable to find the specified registry key or value.\n",
        code=1,
    ),
    Case("certutil", out=("CertUtil: Missing argument\n\nUsage:\n  CertUtil [Options] [-dump] [File]\n"), code=1),
    Case(
        "certutil -encode a.txt",
        out=(
            "Expected at least 2 args, received 1\n"
            "CertUtil: Missing argument\n"
            "\n"
            "Usage:\n"
            "  CertUtil [Options] [-dump] [File]\n"
        ),
        code=1,
    ),
    Case(
        "certutil -encode a b c",
        out=(
            "Expected no more than 2 args, received 3\n"
            "CertUtil: Too many arguments\n"
            "\n"
            "Usage:\n"
            "  CertUtil [Options] [-dump] [File]\n"
        ),
        code=1,
    ),
    Case(
        "certutil -decode a.txt x.bin",
        out=(
            "DecodeFile returned The data is invalid. 0x8007000d (WIN32: 13 ERROR_INVALID_DATA)\n"
            "CertUtil: -decode command FAILED: 0x8007000d (WIN32: 13 ERROR_INVALID_DATA)\n"
            "CertUtil: The data is invalid.\n"
        ),
        code=-2147024883,
    ),
    Case(
        "certutil -encode a.txt none\\x",
        out=(
            "Input Length = 13\n"
            "EncodeToFile returned The system cannot find the path specified. 0x80070003 (WIN32: 3 ERROR_PATH_NOT_FOUND)\n"
            "CertUtil: -encode command FAILED: 0x80070003 (WIN32: 3 ERROR_PATH_NOT_FOUND)\n"
            "CertUtil: The system cannot find the path specified.\n"
        ),
        code=-2147024893,
    ),
    Case(
        "certutil -hashfile a.txt",
        out=(
            "SHA1 hash of a.txt:\n"
            "7abaaac58c4f7c7a23e0ed72baf014c21abc8f20\n"
            "CertUtil: -hashfile command completed successfully.\n"
        ),
    ),
    Case(
        "certutil -encode D:\\x y",
        out=(
            "DecodeFile returned The system cannot find the drive specified. 0x8007000f (WIN32: 15 ERROR_INVALID_DRIVE)\n"
            "CertUtil: -encode command FAILED: 0x8007000f (WIN32: 15 ERROR_INVALID_DRIVE)\n"
            "CertUtil: The system cannot find the drive specified.\n"
        ),
        code=-2147024881,
    ),
    Case("icacls", err='Invalid parameter ""\n', code=87),
    Case("icacls a.txt /grant nonsense", err='Invalid parameter "nonsense"\n', code=87),
    Case("icacls a.txt /t x", err='Invalid parameter "x"\n', code=87),
    Case(
        "icacls sub /t",
        out=(
            "sub NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\n"
            "    BUILTIN\\Administrators:(I)(OI)(CI)(F)\n"
            "    BUILTIN\\Users:(I)(CI)(WD,AD,WEA,WA)\n"
            "\n"
            "Successfully processed 1 files; Failed processing 0 files\n"
        ),
    ),
    Case("icacls a.txt /q /grant Everyone:R", out="Successfully processed 1 files; Failed processing 0 files\n"),
    Case(
        "icacls a.txt /grant *S-1-5-99-1:(R,W)",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case(
        "icacls a.txt /grant *X:R",
        out="Successfully processed 0 files; Failed processing 1 files\n",
        err="*X: No mapping between account names and security IDs was done.\n",
        code=1332,
    ),
    Case(
        "icacls none\\x",
        out="Successfully processed 0 files; Failed processing 1 files\n",
        err="none\\x: The system cannot find the path specified.\n",
        code=3,
    ),
    Case(
        "icacls a.txt /inheritance:d",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case(
        "icacls *.txt /reset",
        out=(
            "processed file: a.txt\n"
            "processed file: b.txt\n"
            "processed file: Same.TXT\n"
            "Successfully processed 3 files; Failed processing 0 files\n"
        ),
    ),
    Case("netsh x", out="The following command was not found: x.\n", code=1),
    Case(
        "keytool",
        err=("'keytool' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        code=1,
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
    Case(
        "icacls a.txt /remove Everyone /c",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case('sc queryex type= service state= all | findstr /c:"SERVICE_NAME: docker"', out="SERVICE_NAME: docker \n"),
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
        "netsh http show sslcert ipport=0.0.0.1:1",
        out=(
            "\nSSL Certificate bindings:\n-------------------------\n\nThe system cannot find the file specified.\n\n"
        ),
        code=1,
    ),
]
