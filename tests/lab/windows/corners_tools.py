"""The corners of registry, access and tools. Texts without a captured source are guesses."""

from __future__ import annotations

from tests.lab.windows.cases import Case

CORNERS = [
    Case("chcp abc", err=("Invalid code page\n"), code=1),
    Case("chcp 437", out=("Active code page: 437\n")),
    Case("hostname x", err=("sethostname: Use the Network Control Panel Applet to set hostname.\n"), code=1),
    Case("whoami /x", err=("ERROR: Invalid argument/option - '/x'.\nType \"WHOAMI /?\" for usage.\n"), code=1),
    Case("where", err=('ERROR: Invalid argument or option.\nType "WHERE /?" for usage help.\n'), code=2),
    Case("where C:\\x\\y", err=('ERROR: Invalid pattern is specified in "path:pattern".\n'), code=2),
    Case("where /q sc"),
    Case("where /x sc", err=('ERROR: Invalid argument or option.\nType "WHERE /?" for usage help.\n'), code=2),
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
        err=("ERROR: The system was unable to find the specified registry key or value.\n"),
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
            "EncodeToFile returned The system cannot find the path specified. 0x80070003 (WIN32: "
            "3 ERROR_PATH_NOT_FOUND)\n"
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
            "DecodeFile returned The system cannot find the drive specified. 0x8007000f (WIN32: "
            "15 ERROR_INVALID_DRIVE)\n"
            "CertUtil: -encode command FAILED: 0x8007000f (WIN32: 15 ERROR_INVALID_DRIVE)\n"
            "CertUtil: The system cannot find the drive specified.\n"
        ),
        code=-2147024881,
    ),
    Case("icacls", err=('Invalid parameter ""\n'), code=87),
    Case("icacls a.txt /grant nonsense", err=('Invalid parameter "nonsense"\n'), code=87),
    Case("icacls a.txt /t x", err=('Invalid parameter "x"\n'), code=87),
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
    Case("icacls a.txt /q /grant Everyone:R", out=("Successfully processed 1 files; Failed processing 0 files\n")),
    Case(
        "icacls a.txt /grant *S-1-5-99-1:(R,W)",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case(
        "icacls a.txt /grant *X:R",
        out=("Successfully processed 0 files; Failed processing 1 files\n"),
        err=("*X: No mapping between account names and security IDs was done.\n"),
        code=1332,
    ),
    Case(
        "icacls none\\x",
        out=("Successfully processed 0 files; Failed processing 1 files\n"),
        err=("none\\x: The system cannot find the path specified.\n"),
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
    Case("netsh x", out=("The following command was not found: x.\n"), code=1),
    Case(
        "keytool",
        err=("'keytool' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        code=1,
    ),
    Case(
        "icacls a.txt /remove Everyone /c",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case(
        "netsh http show sslcert ipport=0.0.0.1:1",
        out=(
            "\nSSL Certificate bindings:\n-------------------------\n\nThe system cannot find the file specified.\n\n"
        ),
        code=1,
    ),
    Case(
        "icacls a.txt /grant Everyone:R /grant Everyone:R",
        out=("processed file: a.txt\nSuccessfully processed 1 files; Failed processing 0 files\n"),
    ),
    Case(
        "reg query HKLM\\Software\\Policies\\AU\\Deeper /v m",
        out=("\nHKEY_LOCAL_MACHINE\\Software\\Policies\\AU\\Deeper\n    M    REG_MULTI_SZ    a\\0b\n\n"),
    ),
    Case(
        "certutil -hashfile none\\x",
        out=(
            "CertUtil: -hashfile command FAILED: 0x80070003 (WIN32: 3 ERROR_PATH_NOT_FOUND)\n"
            "CertUtil: The system cannot find the path specified.\n"
        ),
        code=-2147024893,
    ),
    Case("chcp", out=("Active code page: 65001\n")),
    Case("reg query HKLM\\Software\\Empty", out=("\n")),
]
