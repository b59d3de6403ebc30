"""The corners of commands on files. Texts without a captured source are guesses."""

from __future__ import annotations

from tests.lab.windows.cases import Case

CORNERS = [
    Case("type D:\\x", err=("The system cannot find the drive specified.\n"), code=1),
    Case("type a<b", err=("The system cannot find the file specified.\n"), code=1),
    Case(
        "mkdir a|b",
        err=("'b' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        code=1,
    ),
    Case("mkdir", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("mkdir a.txt\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("mkdir D:\\x", err=("The system cannot find the drive specified.\n"), code=1),
    Case('mkdir "a:b"', err=("The system cannot find the drive specified.\n"), code=1),
    Case("rmdir", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("rmdir /x", err=('Invalid switch - "x".\n'), code=1),
    Case("rmdir a.txt", err=("The directory name is invalid.\n"), code=267),
    Case("rmdir none\\x", err=("The system cannot find the path specified.\n"), code=3),
    Case("rmdir \\", err=("Access is denied.\n"), code=5),
    Case("rmdir /s sub", out=("sub, Are you sure (Y/N)? \n")),
    Case("del", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("del /z x", err=('Invalid switch - "z".\n'), code=1),
    Case("del none\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("del /q sub", err=("Could Not Find C:\\work\\sub\\*\n")),
    Case("del D:\\x", err=("The system cannot find the drive specified.\n"), code=1),
    Case("del sub", out=("C:\\work\\sub\\*, Are you sure (Y/N)? \n")),
    Case("cd /q", err=("The system cannot find the path specified.\n"), code=1),
    Case("cd a.txt", err=("The directory name is invalid.\n"), code=1),
    Case("cd D:\\", err=("The system cannot find the drive specified.\n"), code=1),
    Case("cd", out=("C:\\work\n")),
    Case("pushd & popd", code=1),
    Case("pushd nope", err=("The system cannot find the path specified.\n"), code=1),
    Case("pushd sub & pushd \\ & pushd", out=("C:\\work\\sub\nC:\\work\n")),
    Case("copy", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("copy +,,", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("copy nul x & dir /b x", out=("        1 file(s) copied.\nx\n")),
    Case(
        "copy a.txt+nope x",
        out=("        0 file(s) copied.\n"),
        err=("The system cannot find the file specified.\n"),
        code=1,
    ),
    Case(
        "copy sub\\none.txt x",
        out=("        0 file(s) copied.\n"),
        err=("The system cannot find the file specified.\n"),
        code=1,
    ),
    Case(
        "copy sub x", out=("        0 file(s) copied.\n"), err=("The system cannot find the file specified.\n"), code=1
    ),
    Case("copy a.txt+b.txt Same.txt", out=("Overwrite Same.txt? (Yes/No/All): \n        0 file(s) copied.\n"), code=1),
    Case("copy a.txt nul", out=("        1 file(s) copied.\n")),
    Case("copy *.txt x.out", out=("a.txt\nb.txt\nSame.TXT\n        1 file(s) copied.\n")),
    Case(
        "copy D:\\x y",
        out=("        0 file(s) copied.\n"),
        err=("The system cannot find the drive specified.\n"),
        code=1,
    ),
    Case("ren a.txt new.txt & dir /b new.txt", out=("new.txt\n")),
    Case("ren a.txt sub", err=("A duplicate file name exists, or the file\ncannot be found.\n"), code=1),
    Case("ren none x", err=("The system cannot find the file specified.\n"), code=1),
    Case("ren a.txt sub\\x", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("ren a.txt", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("move /x a", err=('Invalid switch - "x".\n'), code=1),
    Case("move *.txt sub", out=("C:\\work\\a.txt\nC:\\work\\b.txt\nC:\\work\\Same.TXT\n        3 file(s) moved.\n")),
    Case("move *.txt x", err=("Cannot move multiple files to a single file.\n"), code=1),
    Case("move a.txt b.txt", out=("Overwrite C:\\work\\b.txt? (Yes/No/All): \n        0 file(s) moved.\n"), code=1),
    Case("move a.txt none\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("move none\\a.txt x", err=("The system cannot find the path specified.\n"), code=1),
    Case("move sub none\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("type", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("type nul"),
    Case("type none\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("type sub", err=("Access is denied.\n"), code=1),
    Case(
        "type a.txt nope",
        out=("alpha\nbeta\n"),
        err=("\na.txt\n\n\nThe system cannot find the file specified.\nError occurred while processing: nope.\n"),
        code=1,
    ),
    Case(
        "type *.txt",
        out=("alpha\nbeta\nalpha\ngamma\nalpha\nbeta\n"),
        err=("\na.txt\n\n\n\nb.txt\n\n\n\nSame.TXT\n\n\n"),
    ),
    Case("more /x", err=("Invalid switch: /x\n"), code=1),
    Case("more D:\\x", err=("The system cannot find the drive specified.\n"), code=1),
    Case("dir /b /o-n", out=("sub\nSame.TXT\nb.txt\na.txt\n")),
    Case("dir /b /od", out=("sub\na.txt\nb.txt\nSame.TXT\n")),
    Case("dir /b /os", out=("a.txt\nSame.TXT\nb.txt\nsub\n")),
    Case("dir /b /ogn", out=("sub\na.txt\nb.txt\nSame.TXT\n")),
    Case("dir /b /ad", out=("sub\n")),
    Case(
        "dir *.zip",
        out=(" Volume in drive C has no label.\n Volume Serial Number is F852-7C0F\n"),
        err=("File Not Found\n"),
        code=1,
    ),
    Case("xcopy", out=("0 File(s) copied\n"), err=("Invalid number of parameters\n"), code=4),
    Case("xcopy a.txt a.txt", out=("0 File(s) copied\n"), err=("File cannot be copied onto itself\n"), code=4),
    Case("xcopy a.txt b.txt", out=("Overwrite C:\\work\\b.txt (Yes/No/All)? \n0 File(s) copied\n"), code=4),
    Case("xcopy /d a.txt sub\\ & xcopy /d a.txt sub\\", out=("C:a.txt\n1 File(s) copied\n0 File(s) copied\n")),
    Case("xcopy D:\\x y", out=("0 File(s) copied\n"), err=("The system cannot find the drive specified.\n"), code=4),
    Case(
        "xcopy a.txt none\\x\\y.txt",
        out=(
            "Does none\\x\\y.txt specify a file name\n"
            "or directory name on the target\n"
            "(F = file, D = directory)? \n"
            "0 File(s) copied\n"
        ),
        code=4,
    ),
    Case("fc /q a b", err=("FC: Invalid Switch\n"), code=-1),
    Case("fc *.txt b", err=("FC: Insufficient number of file specifications\n"), code=-1),
    Case("fc /b a.txt a.txt", out=("Comparing files a.txt and A.TXT\nFC: no differences encountered\n\n")),
    Case("findstr", err=("FINDSTR: Bad command line\n"), code=2),
    Case("findstr /x", err=("FINDSTR: Bad command line\n"), code=2),
    Case('findstr /i "ALPHA GAM" a.txt b.txt', out=("a.txt:alpha\nb.txt:alpha\nb.txt:gamma\n")),
    Case("findstr /m alpha a.txt b.txt", out=("a.txt\nb.txt\n")),
    Case('findstr /r /c:"^[a-b]*\\.*$" a.txt', code=1),
    Case('findstr /r "[^a" a.txt', code=1),
    Case('findstr /r "\\<beta\\>" a.txt', out=("beta\n")),
    Case('findstr /r "[^abet]" a.txt', out=("alpha\n")),
    Case('findstr /c:"a.pha" a.txt', code=1),
    Case('findstr /r "*a" a.txt', code=1),
    Case("type a.txt | findstr /m beta", out=("\n")),
    Case("type nul > x & xcopy a.txt sub\\ /r", out=("C:a.txt\n1 File(s) copied\n")),
    Case('xcopy "sub" "new" /i', out=("0 File(s) copied\n")),
    Case("type D:\\x 2>nul || echo failed", out=("failed\n")),
    Case("more a.txt b.txt", out=("alpha\nbeta\nalpha\ngamma\n")),
    Case(
        "copy a.txt sub\\x & copy a.txt sub\\y & copy /y sub x",
        out=("        1 file(s) copied.\n        1 file(s) copied.\nsub\\x\nsub\\y\n        1 file(s) copied.\n"),
    ),
    Case("xcopy /s . \\out\\", out=(".\\a.txt\n.\\b.txt\n.\\Same.TXT\n3 File(s) copied\n")),
    Case(
        "copy a.txt a.txt\\x",
        out=("        0 file(s) copied.\n"),
        err=("The system cannot find the path specified.\n"),
        code=1,
    ),
    Case("type a.txt\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("type \\\\?\\C:\\work\\a.txt", out=("alpha\nbeta\n")),
    Case("fc a.txt nul.txt", out=("FC: cannot open NUL.TXT - No such file or folder\n"), code=2),
    Case("more < none\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case('findstr /r "[z-a]" a.txt', code=1),
    Case("xcopy /o a.txt new\\", out=("C:a.txt\n1 File(s) copied\n")),
    Case("xcopy /e /i /o sub out", out=("0 File(s) copied\n")),
    Case(
        "type none\\*",
        err=("The system cannot find the path specified.\nError occurred while processing: none\\*.\n"),
        code=1,
    ),
]

_LOCKED = ("attrib +r a.txt",)
_DENIED = "Access is denied.\n"
_JAVA = "C:\\PROGRA~1\\Java\\JRE18~1.0_2"  # the only folder there with such a name

ATTRIBUTES = [
    Case("attrib a.txt", out="A            C:\\work\\a.txt\n"),
    Case("attrib a.txt", out="A    R       C:\\work\\a.txt\n", before=_LOCKED),
    Case("attrib nope", out="File not found - nope\n"),
    Case("attrib -r a.txt & echo x>a.txt&type a.txt", out="x\n", before=_LOCKED),
    Case(
        "attrib +h a.txt", err="The lab's cmd.exe does not do this: attrib of others than R, or with switches\n", code=1
    ),
    Case("echo x>a.txt", err=_DENIED, code=1, before=_LOCKED),
    Case("echo x>>a.txt", err=_DENIED, code=1, before=_LOCKED),
    Case("move /y b.txt a.txt", err=_DENIED, code=1, before=_LOCKED),
    Case(
        "move a.txt new.txt & attrib new.txt",
        out="        1 file(s) moved.\nA    R       C:\\work\\new.txt\n",
        before=_LOCKED,
    ),
    Case("copy /y b.txt a.txt", out="        0 file(s) copied.\n", err=_DENIED, code=1, before=_LOCKED),
    Case("copy /b a.txt+,,", out="        0 file(s) copied.\n", err=_DENIED, code=1, before=_LOCKED),
    Case("copy a.txt new & attrib new", out="        1 file(s) copied.\nA    R       C:\\work\\new\n", before=_LOCKED),
    Case("del a.txt", err="C:\\work\\a.txt\nAccess is denied.\n", before=_LOCKED),
    Case("del /f a.txt & dir /b a.txt", err="File Not Found\n", code=1, before=_LOCKED),
    Case("xcopy /y b.txt a.txt", out="0 File(s) copied\n", err=_DENIED, code=4, before=_LOCKED),
    Case(
        "xcopy /y /r b.txt a.txt & attrib a.txt",
        out="C:b.txt\n1 File(s) copied\nA            C:\\work\\a.txt\n",
        before=_LOCKED,
    ),
    Case(
        "xcopy a.txt sub & attrib sub\\a.txt",
        out="C:a.txt\n1 File(s) copied\nA            C:\\work\\sub\\a.txt\n",
        before=_LOCKED,
    ),
    Case(
        "xcopy /k a.txt sub & attrib sub\\a.txt",
        out="C:a.txt\n1 File(s) copied\nA    R       C:\\work\\sub\\a.txt\n",
        before=_LOCKED,
    ),
    Case("for %i in (a.txt sub nope) do @echo [%~ai]", out="[-ra------]\n[d--------]\n[]\n", before=_LOCKED),
]

SHORT_NAMES = [
    Case(f"for %i in ({_JAVA}) do @echo %~fi %~si", out=f"{_JAVA} {_JAVA}\n"),
    Case('for %i in ("%JAVA_HOME%\\bin") do @echo %~fsi', out=f"{_JAVA}\\bin\n"),
    Case('for %i in ("c:\\program files (x86)\\nope\\a b") do @echo %~sfi', out="C:\\PROGRA~1\\nope\\a b\n"),
    Case("for %i in (Same.TXT) do @echo %~si", out="C:\\work\\Same.TXT\n"),
    Case(f"dir /b {_JAVA}\\bin", out="keytool.exe\n"),
    Case("mkdir longer-name & mkdir longer-still & for %i in (longer-still) do @echo %~si", out="C:\\work\\LONGER~2\n"),
]
