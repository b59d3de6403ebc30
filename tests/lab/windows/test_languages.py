"""Hosts that speak other languages: their words are complete, and printed in the code page of each program."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import lab.windows
from lab.errors import LabError
from lab.site.site import load
from lab.windows import texts
from lab.windows.spoken import LANGUAGES, words_of
from tests.lab.hosts.labs import DUO
from tests.lab.windows.host import Host, make_host

FOREIGN = [name for name in LANGUAGES if name != "en"]
_FOLDER = Path(str(lab.windows.__file__)).parent
SAID_IN_ENGLISH = {
    node.value
    for file in [*_FOLDER.glob("programs/**/*.py"), _FOLDER / "texts.py"]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def speaking(language: str, folder: Path) -> Host:
    host = make_host(folder)
    host.machine.language = language
    return host


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_belongs_to_one_of_the_programs_and_has_the_same_places(language: str) -> None:
    words = words_of(language)
    assert set(words.system) == set(texts.SYSTEM)
    assert {*words.said, *words.labels} <= SAID_IN_ENGLISH
    for english, said in words.said.items():
        assert re.findall(r"\{.*?\}", english) == re.findall(r"\{.*?\}", said)


@pytest.mark.parametrize("language", FOREIGN)
def test_what_programs_say_most_is_said_in_every_language(language: str) -> None:
    said = set(words_of(language).said)
    common = set.intersection(*(set(words_of(one).said) for one in FOREIGN))
    left_english = said ^ common
    assert left_english <= {
        *("FAILED {}:", "SUCCESS", "GROUP INFORMATION", "SSL Certificate bindings:", "Type", "Alias", "Everyone"),
        *(one for one in SAID_IN_ENGLISH if "\\" in one),  # accounts
    }


# What real hosts print: captures of `sc query` (es, pt) and of one line of others.
CAPTURED = {
    "es": (
        "sc queryex HTTP",
        """
NOMBRE_SERVICIO: HTTP 
        TIPO               : 10  WIN32_OWN_PROCESS  
        ESTADO             : 4  RUNNING 
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        CÓD_SALIDA_WIN32   : 0  (0x0)
        CÓD_SALIDA_SERVICIO: 0  (0x0)
        PUNTO_COMPROB.     : 0x0
        INDICACIÓN_INICIO  : 0x0
        PID                : 4000
        MARCAS             : 
""",  # noqa: W291 - sc prints it
    ),
    "pt": (
        "sc query HTTP",
        """
NOME_DO_SERVIÇO: HTTP 
    TIPO                       : 10  WIN32_OWN_PROCESS  
    ESTADO                     : 4  RUNNING 
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
    CÓDIGO_DE_SAÍDA_DO_WIN32   : 0  (0x0)
    CÓDIGO_DE_SAÍDA_DO_SERVIÇO : 0  (0x0)
    PONTO_DE_VERIFICAÇÃO       : 0x0
    AGUARDAR_DICA              : 0x0
""",  # noqa: W291 - sc prints it
    ),
    "fr": (
        "sc query nope",
        "[SC] EnumQueryServicesStatus:OpenService échec(s) 1060 :\n\n{}\n\n".format(
            "Le service spécifié n’existe pas en tant que service installé."
        ),
    ),
    "de": (
        "sc stop locked",
        "[SC] ControlService FEHLER 1062:\n\nDer Dienst wurde nicht gestartet.\n\n",
    ),
    "ja": (
        "certutil -hashfile a.txt SHA256",
        f"SHA256 ハッシュ (対象 a.txt):\n{'0' * 64}\nCertUtil: -hashfile コマンドは正常に完了しました。\n",
    ),
    "zh-cn": ("move a.txt c.txt", "移动了         1 个文件。\n"),
}


@pytest.mark.parametrize("language", CAPTURED)
def test_hosts_print_what_real_ones_do(language: str, tmp_path: Path) -> None:
    line, printed = CAPTURED[language]
    answer = speaking(language, tmp_path).run(line)
    assert re.sub(r"\b[0-9a-f]{64}\b", "#", answer.text) == re.sub(r"\b[0-9a-f]{64}\b", "#", printed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_of_cmd_are_the_system_s_own_words(language: str, tmp_path: Path) -> None:
    host = speaking(language, tmp_path)
    assert host.run("type nope.txt").error == f"{words_of(language).error(2)}\n"
    assert host.run(r"copy a.txt \nope\a.txt").error == f"{words_of(language).error(3)}\n"
    assert host.run(r"type < \nope\a.txt").error == f"{words_of(language).error(3)}\n"
    assert host.run("nope").error.partition("nope")[2] != ""


@pytest.mark.parametrize("language", FOREIGN)
def test_some_programs_print_in_the_system_s_page_whatever_the_console_has(language: str, tmp_path: Path) -> None:
    host, spoken = speaking(language, tmp_path), LANGUAGES[language]
    groups = host.run("whoami /groups").out
    assert words_of(language)("Well-known group").encode(f"cp{spoken.oem}") in groups
    assert words_of(language)("Active code page: {}", 65001) in host.run("chcp").text
    own = host.run("chcp", codepage=spoken.oem).out.decode(f"cp{spoken.oem}")
    assert own == words_of(language)("Active code page: {}", spoken.oem) + "\r\n"


def test_keytool_speaks_the_system_s_language_unless_it_is_told_another(tmp_path: Path) -> None:
    host = speaking("de", tmp_path)
    line = r'@"%JAVA_HOME%\bin\keytool.exe" {} -list -keystore nope.jks -storepass changeit'
    assert host.run(line.format("")).out.decode("cp1252").startswith("Keytool-Fehler: ")
    english = host.run(line.format("-J-Duser.language=en -J-Duser.country=US"))
    assert english.text == "keytool error: java.lang.Exception: Keystore file does not exist: nope.jks\n"


REFUSED = {
    "unknown": ("role: ads, side: A,", "role: ads, side: A, language: it,", "language: cannot be 'it'"),
    "an appliance": (
        "  - {fqdn: cvpa",
        "  - {fqdn: ucm.duo.example, role: cucm, language: de}\n  - {fqdn: cvpa",
        "Windows",
    ),
}


@pytest.mark.parametrize("old, new, words", REFUSED.values(), ids=REFUSED)
def test_a_language_that_cannot_be_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(DUO.replace(old, new), encoding="utf-8")
    with pytest.raises(LabError, match=words):
        load(str(file))
