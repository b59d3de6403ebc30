"""The rows of the transcripts that have a source: the text, stream and exit code of real hosts.

A `·` is a blank at the end of a line.
"""

from __future__ import annotations

from tests.lab.windows.cases import Case

_RUNNING = """
SERVICE_NAME: BvSshServer·
        TYPE               : 10  WIN32_OWN_PROCESS··
        STATE              : 4  RUNNING·
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0
""".replace("·", " ")
_STOPPED = """
SERVICE_NAME: scmbus·
        TYPE               : 10  WIN32_OWN_PROCESS··
        STATE              : 1  STOPPED·
        WIN32_EXIT_CODE    : 1077  (0x435)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0
""".replace("·", " ")
_PROCESS = "        PID                : {}\n        FLAGS              : \n"
_STARTING = """
SERVICE_NAME: scmbus·
        TYPE               : 10  WIN32_OWN_PROCESS··
        STATE              : 2  START_PENDING·
                                (NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
        WIN32_EXIT_CODE    : 1077  (0x435)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x7d0
""".replace("·", " ")
_STOPPING = """
SERVICE_NAME: BvSshServer·
        TYPE               : 10  WIN32_OWN_PROCESS··
        STATE              : 3  STOP_PENDING·
                                (NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x2
        WAIT_HINT          : 0xbb8
""".replace("·", " ")
_NO_SERVICE = "The specified service does not exist as an installed service.\n\n"

SERVICES = [
    Case("sc query BvSshServer", _RUNNING),
    Case("sc.exe query bvsshserver", _RUNNING),
    Case("sc query scmbus", _STOPPED),
    Case("sc query nope", f"[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\n{_NO_SERVICE}", code=1060),
    Case("sc queryex BvSshServer", _RUNNING + _PROCESS.format(3976)),
    Case("sc queryex scmbus", _STOPPED + _PROCESS.format(0)),
    Case("sc start scmbus", _STARTING + _PROCESS.format(8240)),
    Case(
        "sc start BvSshServer",
        "[SC] StartService FAILED 1056:\n\nAn instance of the service is already running.\n\n",
        code=1056,
    ),
    Case("sc start nope", f"[SC] StartService: OpenService FAILED 1060:\n\n{_NO_SERVICE}", code=1060),
    Case("sc stop BvSshServer", _STOPPING),
    Case("sc stop scmbus", "[SC] ControlService FAILED 1062:\n\nThe service has not been started.\n\n", code=1062),
    Case(
        "sc stop HTTP",
        "[SC] ControlService FAILED 1051:\n\n"
        "A stop control has been sent to a service that other running services are dependent on.\n\n",
        code=1051,
    ),
    Case("sc stop nope", f"[SC] OpenService FAILED 1060:\n\n{_NO_SERVICE}", code=1060),
    Case('sc getkeyname "docker engine"', "[SC] GetServiceKeyName SUCCESS\nName = docker\n\n"),
    Case(
        'net start "SCM Bus"',
        "The SCM Bus service is starting.\nThe SCM Bus service was started successfully.\n\n",
    ),
    Case(
        "net stop docker",
        "The Docker Engine service is stopping.\nThe Docker Engine service was stopped successfully.\n\n",
    ),
    Case(
        "net start docker",
        err="The requested service has already been started.\n\nMore help is available by typing NET HELPMSG 2182.\n\n",
        code=2,
    ),
    Case(
        "net stop scmbus",
        err="The SCM Bus service is not started.\n\nMore help is available by typing NET HELPMSG 3521.\n\n",
        code=2,
    ),
    Case(
        "net stop nope",
        err="The service name is invalid.\n\nMore help is available by typing NET HELPMSG 2185.\n\n",
        code=2,
    ),
    Case("net start locked", err="System error 5 has occurred.\n\nAccess is denied.\n\n", code=2),
    Case(
        "net stop HTTP",
        "The following services are dependent on the HTTP Service service.\n"
        "Stopping the HTTP Service service will also stop these services.\n\n   SSDP Discovery\n\n"
        "Do you want to continue this operation? (Y/N) [N]: Y\n"
        "The SSDP Discovery service is stopping.\nThe SSDP Discovery service was stopped successfully.\n\n"
        "The HTTP Service service is stopping.\nThe HTTP Service service was stopped successfully.\n\n",
        stdin=b"Y\r\n",
    ),
]

FILES = [
    Case("xcopy C:\\work\\a.txt sub\\", "C:\\work\\a.txt\n1 File(s) copied\n"),
    Case("xcopy a.txt sub", "C:a.txt\n1 File(s) copied\n"),
    Case("xcopy a.txt new\\", "C:a.txt\n1 File(s) copied\n"),
    Case(
        "echo F | xcopy a.txt other.txt",
        "Does other.txt specify a file name\nor directory name on the target\n(F = file, D = directory)? F\n"
        "C:a.txt\n1 File(s) copied\n",
    ),
    Case("xcopy /e /i sub other", "sub\\x.txt\n1 File(s) copied\n", before=("copy a.txt sub\\x.txt",)),
    Case("xcopy *.dtd sub\\", "0 File(s) copied\n", "File not found - *.dtd\n", 4),
    Case("copy a.txt new.txt", "        1 file(s) copied.\n"),
    Case("copy nope.txt x", "        0 file(s) copied.\n", "The system cannot find the file specified.\n", 1),
    Case("copy a.txt A.TXT", "        0 file(s) copied.\n", "The file cannot be copied onto itself.\n", 1),
    Case("copy a.txt b.txt", "Overwrite b.txt? (Yes/No/All): \n        0 file(s) copied.\n", code=1),
    Case("move a.txt new.txt", "        1 file(s) moved.\n"),
    Case("move nope.txt new.txt", err="The system cannot find the file specified.\n", code=1),
    Case("move", err="The syntax of the command is incorrect.\n", code=1),
    Case("mkdir SUB", err="A subdirectory or file SUB already exists.\n", code=1),
    Case("del C:\\work\\Temp.txt", err="Could Not Find C:\\work\\Temp.txt\n"),
    Case("del a.txt"),
    Case("cd nowhere", err="The system cannot find the path specified.\n", code=1),
    Case("fc /b a.txt same.txt", "Comparing files a.txt and SAME.TXT\nFC: no differences encountered\n\n"),
    Case("fc /b a.txt nope.bin", "FC: cannot open NOPE.BIN - No such file or folder\n", code=2),
    Case(
        "icacls a.txt",
        "a.txt NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\n      BUILTIN\\Administrators:(I)(OI)(CI)(F)\n"
        "      BUILTIN\\Users:(I)(CI)(WD,AD,WEA,WA)\n\n"
        "Successfully processed 1 files; Failed processing 0 files\n",
    ),
    Case(
        "icacls a.txt /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F",
        "processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n",
    ),
    Case(
        "icacls nope.txt",
        "Successfully processed 0 files; Failed processing 1 files\n",
        "nope.txt: The system cannot find the file specified.\n",
        2,
    ),
    Case(
        "icacls a.txt /grant Name:F",
        "Successfully processed 0 files; Failed processing 1 files\n",
        "Name: No mapping between account names and security IDs was done.\n",
        1332,
    ),
    Case("icacls a.txt /nope", err='Invalid parameter "/nope"\n', code=87),
]

_EXISTS = (
    "EncodeToFile returned The file exists. 0x80070050 (WIN32: 80 ERROR_FILE_EXISTS)\n"
    "CertUtil: {} command FAILED: 0x80070050 (WIN32: 80 ERROR_FILE_EXISTS)\nCertUtil: The file exists.\n"
)
_MISSING = (
    "DecodeFile returned The system cannot find the file specified. 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\n"
    "CertUtil: {} command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\n"
    "CertUtil: The system cannot find the file specified.\n"
)
_DIGEST = "98ab4d3aeab1e120560e942e2df6a0db1147bf94bafcf1590000ffb3c2b6fc80"
_ENCODED = "Input Length = 13\nOutput Length = 78\nCertUtil: -encode command completed successfully.\n"
_KEY = "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\AU"
_BINDING = """
SSL Certificate bindings:
-------------------------

    IP:port                      : 0.0.0.0:443
    Certificate Hash             : 5226dc6c54559761cd471b86eb51c096252c90f2
    Application ID               : {4dc3e181-e14b-4a21-b022-59fc669b0914}
    Certificate Store Name       : My
    Verify Client Certificate Revocation : Enabled
    Verify Revocation Using Cached Client Certificate Only : Disabled
    Usage Check                  : Enabled
    Revocation Freshness Time    : 0
    URL Retrieval Timeout        : 0
    Ctl Identifier               : (null)
    Ctl Store Name               : (null)
    DS Mapper Usage              : Disabled
    Negotiate Client Certificate : Disabled
    Reject Connections           : Disabled

"""

TOOLS = [
    Case("certutil -encode a.txt a.b64", _ENCODED),
    Case("certutil -encode a.txt b.txt", _EXISTS.format("-encode"), code=-2147024816),
    Case(
        "certutil -decode a.b64 b.txt",
        _EXISTS.format("-decode"),
        code=-2147024816,
        before=("certutil -encode a.txt a.b64",),
    ),
    Case("certutil -encode nope x", _MISSING.format("-encode"), code=-2147024894),
    Case("certutil -decode nope x", _MISSING.format("-decode"), code=-2147024894),
    Case("certutil -encode -f a.txt b.txt", _ENCODED),
    Case(
        "certutil -hashfile a.txt SHA256",
        f"SHA256 hash of a.txt:\n{_DIGEST}\nCertUtil: -hashfile command completed successfully.\n",
    ),
    Case("certutil -hashfile nope SHA256", _MISSING.partition("\n")[2].format("-hashfile"), code=-2147024894),
    Case(
        "certutil -hashfile a.txt BOGUS",
        "CertUtil: -hashfile command FAILED: 0xd0000225 (NT: 0xc0000225 STATUS_NOT_FOUND)\n"
        "CertUtil: The object was not found.\n",
        code=-805305819,
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Policies\\AU",
        f"{_KEY}\n    DetectionFrequency    REG_DWORD    0x10\n{_KEY}\\Deeper\n",
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Policies\\AU /v detectionfrequency",
        f"{_KEY}\n    DetectionFrequency    REG_DWORD    0x10\n\n",
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Policies\\AU\\Deeper",
        f"{_KEY}\\Deeper\n    (Default)    REG_SZ    x\n    M    REG_MULTI_SZ    a\\0b\n\n",
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Policies\\AU /v nope",
        "\n\n",
        "ERROR: The system was unable to find the specified registry key or value.\n",
        1,
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Nope",
        err="ERROR: The system was unable to find the specified registry key or value.\n",
        code=1,
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Java /reg:64",
        err="ERROR: The system was unable to find the specified registry key or value.\n",
        code=1,
    ),
    Case(
        "reg query HKLM\\SOFTWARE\\Java /reg:32 /v Options",
        "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Java\n    Options    REG_SZ    -Dx=y\n\n",
    ),
    Case("reg query NOPE\\x", err='ERROR: Invalid key name.\nType "REG QUERY /?" for usage.\n', code=1),
    Case("netsh http show sslcert ipport=0.0.0.0:443", _BINDING),
    Case("netsh http show sslcert", _BINDING),
    Case(
        "netsh http show sslcert nonsense",
        "One or more essential parameters were not entered.\nVerify the required parameters, and reenter them.\n"
        "The syntax supplied for this command is not valid. Check help for the correct syntax.\n\n",
        code=1,
    ),
    Case("where nope", err="INFO: Could not find files for the given pattern(s).\n", code=1),
    Case("where sc", "C:\\Windows\\system32\\sc.exe\n"),
    Case("hostname", "CVP1\n"),
    Case("whoami", "lab\\runbook\n"),
]

CMD = [
    Case(
        "typer",
        err="'typer' is not recognized as an internal or external command,\noperable program or batch file.\n",
        code=1,
    ),
    Case("echo out && echo err>&2 && exit 1", "out \n", "err \n", 1),
    Case("echo %UNDEFINED%", "%UNDEFINED%\n"),
    Case("echo " + "x" * 8187, err="The command line is too long.\n", code=1),
    Case('"echo "param 1" > out.txt', '"param 1 > out.txt\n'),
]
