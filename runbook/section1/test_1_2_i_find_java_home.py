"""Step 1.2.i."""

from fixtures.actions.perform import Perform
from fixtures.hosts.cce import CceHost
from fixtures.tables.steps import step


@step("1.2.i", "Find the Java home")
def test_find_java_home(ads: CceHost, perform: Perform) -> None:
    """`CCE_JAVA_HOME` if it is set, else `JAVA_HOME`; keytool comes from it, and until 12.5 the trust store too."""
    perform(ads.find_java_home())
    assert ads.java_home
