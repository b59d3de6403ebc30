"""The corners of cmd.exe: what it refuses, and forms that are seldom written."""

from __future__ import annotations

from tests.lab.windows.cases import Case

CORNERS = [
    Case("echo %JAVA_HOME:~0x3,4%", out=("Prog\n")),
    Case(
        "echo %JAVA_HOME:~-5,2% %JAVA_HOME:~% %JAVA_HOME:nope%",
        out=("0_ C:\\Program Files (x86)\\Java\\jre1.8.0_221 %JAVA_HOME:nope%\n"),
    ),
    Case("echo %JAVA_HOME:*nope=X%", out=("C:\\Program Files (x86)\\Java\\jre1.8.0_221\n")),
    Case("echo %CMDEXTVERSION%", out=("2\n")),
    Case("if cmdextversion 2 echo a", out=("a\n")),
    Case("if 0x10 equ 16 echo a", out=("a\n")),
    Case("if D:\\x==D:\\x echo same", out=("same\n")),
    Case("if exist D:\\x echo a"),
    Case('for %x in ("a b" c) do @echo %~x-%nope', out=("a b-%nope\nc-%nope\n")),
    Case("for %x in (a) do @if exist a.txt (echo %x) else echo no", out=("a\n")),
    Case("for %x in (a) do @(echo %x & echo %x> %x.out) & type %x.out", out=("a \na\n")),
    Case("for %x in (1) do @for %y in (2) do @echo %x%y", out=("12\n")),
    Case("for %x in (a.b) do @echo %~dx", err=("The lab's cmd.exe does not do this: %~dx\n"), code=1),
    Case("for %x in (sub\\*.txt *.t?t) do @echo %x", out=("a.txt\nb.txt\nSame.TXT\n")),
    Case("for /l %i in (1,0,2) do echo %i", err=("The lab's cmd.exe does not do this: FOR /L with step 0\n"), code=1),
    Case('for /f "usebackq skip=1 eol=g" %a in (`type b.txt`) do @echo %a'),
    Case("for /f \"usebackq\" %a in ('text') do @echo %a", out=("text\n")),
    Case('for /f "delims=" %a in ("  a b") do @echo [%a]', out=("[  a b]\n")),
    Case('for /f "tokens=2" %a in ("a") do @echo [%a]'),
    Case('for /f "tokens=1-2*" %a in ("a b") do @echo [%a %b %c]', out=("[a b ]\n")),
    Case(
        "for /f %a in (nope) do @echo [%a]",
        err=("The lab's cmd.exe does not do this: The system cannot find the file specified.\n"),
        code=1,
    ),
    Case("for %x", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("for", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("for x in (a) do echo", err=("x was unexpected at this time.\n"), code=255),
    Case("for %x on (a) do echo", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("for %x in a do echo", err=("a was unexpected at this time.\n"), code=255),
    Case("for %x in (a", code=255),
    Case("for %x in (a) to echo", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("for %x in (a) do", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("@", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("( )", err=(") was unexpected at this time.\n"), code=255),
    Case("(echo a) b", err=("b was unexpected at this time.\n"), code=255),
    Case("(((echo a)))", out=("a\n")),
    Case("echo a 3>x 3>&1", out=("a  \n")),
    Case("echo a >&x", err=("x was unexpected at this time.\n"), code=255),
    Case("echo a >", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("echo a <nul & more <nul", out=("a  \n")),
    Case("echo a 2>&1 >nul"),
    Case("if a", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("if exist", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("if a==", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("if a==b", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("if not", err=("The syntax of the command is incorrect.\n"), code=255),
    Case(
        '"a',
        err=("'a' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        code=1,
    ),
    Case('""'),
    Case(
        'a"b',
        err=("'a\"b' is not recognized as an internal or external command,\noperable program or batch file.\n"),
        code=1,
    ),
    Case(
        '"C:\\Windows\\System32\\sc.exe" query scmbus & "x"',
        err=(
            "'C:\\Windows\\System32\\sc.exe\" query scmbus & \"x' is not recognized as an internal or "
            "external command,\n"
            "operable program or batch file.\n"
        ),
        code=1,
    ),
    Case(
        '"C:\\Windows\\System32\\host name.exe"',
        err=(
            "'C:\\Windows\\System32\\host' is not recognized as an internal or external command,\n"
            "operable program or batch file.\n"
        ),
        code=1,
    ),
    Case(
        "C:\\Windows\\System32\\nope",
        err=(
            "'C:\\Windows\\System32\\nope' is not recognized as an internal or external command,\n"
            "operable program or batch file.\n"
        ),
        code=1,
    ),
    Case(
        "C:\\work\\*.exe",
        err=(
            "'C:\\work\\*.exe' is not recognized as an internal or external command,\noperable program or batch file.\n"
        ),
        code=1,
    ),
    Case(
        "..\\work\\nope.exe",
        err=(
            "'..\\work\\nope.exe' is not recognized as an internal or external command,\n"
            "operable program or batch file.\n"
        ),
        code=1,
    ),
    Case("D:\\x.exe", err=("The system cannot find the drive specified.\n"), code=1),
    Case(
        "echo D| xcopy a.txt dir3",
        out=(
            "Does dir3 specify a file name\n"
            "or directory name on the target\n"
            "(F = file, D = directory)? D\n"
            "C:a.txt\n"
            "1 File(s) copied\n"
        ),
    ),
    Case("set =x", err=("The syntax of the command is incorrect.\n"), code=1),
    Case("set /p X=", err=("The lab's cmd.exe does not do this: SET /A and SET /P\n"), code=1),
    Case("set Q=", code=1),
    Case("set Q=1 & set Q= & set Q", out=("Q= \n")),
    Case("cmd", err=("The lab's cmd.exe does not do this: cmd without /c, or with /k or /v:on\n"), code=1),
    Case(
        "cmd /v:on /c echo a", err=("The lab's cmd.exe does not do this: cmd without /c, or with /k or /v:on\n"), code=1
    ),
    Case("cmd /q /d /c echo a", out=("a\n")),
    Case("title x & cls"),
    Case("exit /b & echo no"),
    Case(
        "echo F| xcopy D:\\x y",
        out=("0 File(s) copied\n"),
        err=("The system cannot find the drive specified.\n"),
        code=4,
    ),
    Case("echo %A::=x%", out=("%A::=x%\n")),
    Case("echo %:%", out=("%:%\n")),
    Case("(echo a) | more", out=("a\n")),
    Case("for %x in (%JAVA_HOME%) do echo %x", err=("The syntax of the command is incorrect.\n"), code=255),
    Case("for /f \"delims=; tokens=1,3\" %a in ('echo 1;2;3') do @echo %a%c", out=("1%c\n")),
    Case("for %x in (a b.t) do @echo %~nx %~nxx %~xx", out=("a a \nb b.t .t\n")),
    Case("@rem x"),
    Case('echo %RANDOM%| findstr /r /x "[0-9]*" > nul && echo number', out=("number\n")),
    Case("if not defined NOPE echo a", out=("a\n")),
    Case("& echo a", err=("& was unexpected at this time.\n"), code=255),
    Case("for %x in (a) do @rem %x"),
    Case("for %x in (*) do @echo %x", out=("a.txt\nb.txt\nSame.TXT\n")),
    Case("(echo a) <nope", err=("The system cannot find the file specified.\n"), code=1),
    Case("echo a > a.txt\\x", err=("The system cannot find the path specified.\n"), code=1),
    Case("set JAVA_HOME=& set JAVA", err=("Environment variable JAVA not defined\n"), code=1),
    Case('ver | findstr /c:"10.0"', out=("Microsoft Windows [Version 10.0.17763.1]\n")),
    Case("echo n| xcopy a.txt b.txt", out=("Overwrite C:\\work\\b.txt (Yes/No/All)? \n0 File(s) copied\n")),
    Case("echo y| xcopy a.txt b.txt", out=("Overwrite C:\\work\\b.txt (Yes/No/All)? \nC:a.txt\n1 File(s) copied\n")),
    Case("echo y| rmdir /s sub", out=("sub, Are you sure (Y/N)? \n")),
    Case(
        "echo y| del sub", out=("C:\\work\\sub\\*, Are you sure (Y/N)? \n"), err=("Could Not Find C:\\work\\sub\\*\n")
    ),
    Case("echo a| copy a.txt b.txt", out=("Overwrite b.txt? (Yes/No/All): \n        1 file(s) copied.\n")),
    Case("call :label", err=("Invalid attempt to call batch label outside of batch script.\n"), code=1),
    Case("> x & dir /b x", out=("x\n")),
    Case("(echo a) else echo b", err=("else was unexpected at this time.\n"), code=255),
    Case("echo a > sub", err=("Access is denied.\n"), code=1),
    Case("echo ab>x& echo ac>y& fc /b x y", out=("Comparing files x and Y\n00000001: 62 63\n\n"), code=1),
    Case("C:"),
    Case("(> y) & type y && echo there", out=("there\n")),
]
