package zship.localnode.container;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The part of TOML that 0-core reads (measured). */
class StartupTomlTest {
    @ParameterizedTest
    @ValueSource(strings = {"a.b = 1\n", "[t]\nx.y = 'z'\n", "a = \"tab\there\"\n", "a = \"\"\"\nsay \"hi\"\n\"\"\"\n",
        "a = \n", "[t\n"})
    void whatANodeRefusesIsRefused(String text) {
        assertThatThrownBy(() -> StartupToml.read(text)).isInstanceOf(StartupException.class)
                .hasMessageStartingWith("syntax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a.b]\nc = 1.5\n", "a = 'tab\there'\n", "a = '''\nsay \"hi\"\n'''\n",
        "a = \"\"\"\nsay \\\"hi\\\"\n\"\"\"\n", "# a.b = \"\tx\"\na = 1\n", "a = [\n  1.5,\n  2.5\n]\n",
        "a = {b = 1.5}\n", "\"a.b\" = 1\n", "a = \"x # y = z.w\"\n", "a = 1 # it's\nb = 2\n"})
    void whatANodeReadsIsRead(String text) throws StartupException {
        assertThat(StartupToml.read(text).isEmpty()).isFalse();
    }

    @Test
    void placeOfTheFaultIsNamed() {
        assertThatThrownBy(() -> StartupToml.read("a = '''\n\n'''\n\nb.c = 1\n")).hasMessageContaining("line 5");
    }

    @Test
    void commandsOfPluginsAreNamedByDomainAndFunction() throws StartupException {
        assertThat(PluginFile.read("[plugin.demo]\npath = '/bin/demo'\nqueue = true\nexports = ['a', 'b']\n"))
                .extracting(PluginFile.Plugin::command).containsExactly("demo.a", "demo.b");
        assertThatThrownBy(() -> PluginFile.read("[plugin.demo]\nfile = 'x'\n")).hasMessageContaining("unknown field");
        assertThatThrownBy(() -> PluginFile.read("[other]\n")).hasMessageContaining("unknown table");
    }
}
