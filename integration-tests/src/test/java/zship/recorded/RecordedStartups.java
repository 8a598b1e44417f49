package zship.recorded;

import java.util.Map;
import java.util.TreeMap;

/** Start-up files with the services that the recorded results speak of. */
final class RecordedStartups {

    static final Map<String, String> ALL = all();

    static final String PLUGIN = """
            [plugin.demo]
            path = "/bin/demo"
            exports = ["hello", "fail"]
            """;
    static final String PLUGIN_PROGRAM = """
            #!/bin/sh
            case $1 in
              hello) echo plain line; echo "20::{\\"fn\\": \\"$1\\", \\"args\\": $2}" ;;
              fail) echo '20::"bad"'; exit 4 ;;
            esac
            """;

    private static final String RESTARTS = """
            [startup.retry]
            name = "bash"
            max_restart = 3
            [startup.retry.args]
            script = "echo retry >> /data/retry; exit 1"
            [startup.CamelCase]
            Name = "core.system"
            MaxRestart = 1
            [startup.CamelCase.Args]
            name = "sleep"
            args = ["100000"]
            [startup.recur]
            name = "bash"
            recurring_period = 2
            [startup.recur.args]
            script = "echo recur >> /data/recur"
            [startup.prot]
            name = "bash"
            protected = true
            [startup.prot.args]
            script = "echo prot >> /data/prot; exit 0"
            """;
    private static final String DEPS = """
            [startup.first]
            name = "bash"
            running_match = "READY"
            [startup.first.args]
            script = "echo first > /data/order; sleep 1; echo READY; sleep 100000"
            [startup.second]
            name = "bash"
            after = ["first"]
            [startup.second.args]
            script = "echo second env={FOO} cmd={development} miss={NOPE} >> /data/order; sleep 100000"
            [startup.third]
            name = "bash"
            after = ["second", "boot"]
            running_delay = -1
            [startup.third.args]
            script = "echo third >> /data/order"
            [startup.fourth]
            name = "bash"
            after = ["third"]
            running_delay = 30
            [startup.fourth.args]
            script = "echo fourth >> /data/order"
            [startup.failing]
            name = "bash"
            running_delay = 30
            [startup.failing.args]
            script = "exit 1"
            [startup.afterfailing]
            name = "bash"
            after = ["failing"]
            [startup.afterfailing.args]
            script = "echo afterfailing >> /data/order"
            [startup.onlyif]
            name = "bash"
            condition = "and(development, not(ghostflag))"
            [startup.onlyif.args]
            script = "echo onlyif >> /data/order"
            """;
    private static final String CONDITIONAL = """
            [startup.a]
            name = "bash"
            [startup.a.args]
            "FOO|script" = "echo a-foo > /data/a"
            "not(FOO)|script" = "echo a-plain > /data/a"
            [startup.b]
            name = "bash"
            [startup.b.args]
            "console|script" = "echo b-console > /data/b"
            "not(console)|script" = "echo b-plain > /data/b"
            [startup.c]
            name = "bash"
            condition = "FOO"
            [startup.c.args]
            script = "echo c > /data/c"
            [startup.d]
            name = "core.system"
            [startup.d.args]
            name = "sh"
            args = ["-c", "echo {FOO} ttyS0 k $OWN > /data/d"]
            env = {OWN = "own-{FOO}"}
            """;
    private static final String TERMS = """
            [startup.bsh]
            name = "bash"
            [startup.bsh.args]
            script = '''
            trap 'echo bash-term >> /data/out; exit 0' TERM
            echo bash-up >> /data/out
            while true; do sleep 1; done
            '''
            [startup.sys]
            name = "core.system"
            [startup.sys.args]
            name = "sh"
            args = ["-c", 'trap "echo sys-term >> /data/out; exit 0" TERM; echo sys-up >> /data/out; while true; do sleep 1; done']
            """;

    private RecordedStartups() {
    }

    private static Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        all.put("icecast", service("main", "core.system",
                "name = '/bin/httpd'\nargs = ['-f', '-p', '8000', '-h', '/data']"));
        all.put("svcok", service("main", "core.system",
                "name = 'sh'\nargs = ['-c', 'echo started $FOO; exec sleep 100000']"));
        all.put("svcfail", service("main", "bash", "script = 'echo going down; echo on stderr >&2; exit 3'"));
        all.put("svcmissing", service("main", "core.system", "name = '/bin/does-not-exist'"));
        all.put("svcunknowncmd", service("main", "no.such.command", "a = 1"));
        all.put("nodelay", service("main", "core.system", "name = 'sh'\nargs = ['-c', 'sleep 3; echo finished']")
                .replace("name = \"core.system\"", "name = \"core.system\"\nrunning_delay = -1"));
        all.put("ignoreterm", service("sys", "core.system",
                "name = 'sh'\nargs = ['-c', \"trap '' TERM; while true; do sleep 1; done\"]"));
        all.put("badtoml", "[startup.main\nname = \n");
        all.put("unknownkey", service("main", "bash", "script = 'true'").replace("name =", "workdir = '/'\nname ="));
        all.put("unknowntop", "[service.main]\nname = \"bash\"\n");
        all.put("unknowndep", "[startup.a]\nname = \"bash\"\nafter = [\"ghost\"]\n");
        all.put("cyclic",
                "[startup.a]\nname = \"bash\"\nafter = [\"b\"]\n[startup.b]\nname = \"bash\"\nafter = [\"a\"]\n");
        all.put("mlquote", service("main", "bash", "script = \"\"\"\necho \"quoted\"\n\"\"\""));
        all.put("dotted", "startup.main.name = \"bash\"\nstartup.main.args.script = \"true\"\n");
        all.put("restarts", RESTARTS);
        all.put("deps", DEPS);
        all.put("condargs", CONDITIONAL);
        all.put("terms", TERMS);
        all.put("noetc", "");
        all.put("noshell", "");
        return all;
    }

    private static String service(String key, String command, String arguments) {
        return "[startup." + key + "]\nname = \"" + command + "\"\n[startup." + key + ".args]\n" + arguments + "\n";
    }
}
