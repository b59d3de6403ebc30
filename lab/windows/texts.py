"""Texts of Windows: the system's by Win32 error number, and the messages that several programs share."""

from __future__ import annotations

SYSTEM: dict[int, str] = {
    1: "Incorrect function.",
    2: "The system cannot find the file specified.",
    3: "The system cannot find the path specified.",
    5: "Access is denied.",
    13: "The data is invalid.",
    15: "The system cannot find the drive specified.",
    31: "A device attached to the system is not functioning.",
    32: "The process cannot access the file because it is being used by another process.",
    53: "The network path was not found.",
    80: "The file exists.",
    87: "The parameter is incorrect.",
    112: "There is not enough space on the disk.",
    123: "The filename, directory name, or volume label syntax is incorrect.",
    145: "The directory is not empty.",
    183: "Cannot create a file when that file already exists.",
    206: "The filename or extension is too long.",
    234: "More data is available.",
    267: "The directory name is invalid.",
    1051: "A stop control has been sent to a service that other running services are dependent on.",
    1052: "The requested control is not valid for this service.",
    1053: "The service did not respond to the start or control request in a timely fashion.",
    1056: "An instance of the service is already running.",
    1058: (
        "The service cannot be started, either because it is disabled or because it has no enabled devices "
        "associated with it."
    ),
    1060: "The specified service does not exist as an installed service.",
    1061: "The service cannot accept control messages at this time.",
    1062: "The service has not been started.",
    1069: "The service did not start due to a logon failure.",
    1332: "No mapping between account names and security IDs was done.",
}

WIN32_NAMES: dict[int, str] = {
    2: "ERROR_FILE_NOT_FOUND",
    3: "ERROR_PATH_NOT_FOUND",
    5: "ERROR_ACCESS_DENIED",
    13: "ERROR_INVALID_DATA",
    15: "ERROR_INVALID_DRIVE",
    32: "ERROR_SHARING_VIOLATION",
    53: "ERROR_BAD_NETPATH",
    80: "ERROR_FILE_EXISTS",
    112: "ERROR_DISK_FULL",
    123: "ERROR_INVALID_NAME",
}

SYNTAX = "The syntax of the command is incorrect."
UNKNOWN_COMMAND = "'{}' is not recognized as an internal or external command,\noperable program or batch file."
LINE_TOO_LONG = "The command line is too long."
INPUT_TOO_LONG = "The input line is too long."
UNEXPECTED = "{} was unexpected at this time."
INVALID_SWITCH = 'Invalid switch - "{}".'
NOT_RUNNABLE = "The system cannot execute the specified program."
LAB_LACKS = "The lab's cmd.exe does not do this: {}"
