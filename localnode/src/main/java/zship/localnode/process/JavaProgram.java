package zship.localnode.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another program of this one's class path, run by the same JVM with the same options: its start-up cache is only used when
 * both agree with those of the rehearsal that made it.
 */
public final class JavaProgram {
    private JavaProgram() {
    }

    /**
     * The command line that runs it in any working folder, without its arguments.
     *
     * @param main name of the class to run
     * @param properties such as {@code -Dname=value}
     */
    public static List<String> command(String main, List<String> properties) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(JavaProgram::isShared)
                .forEach(command::add);
        command.addAll(List.of("-Xlog:disable", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(properties);
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), main));
        return command;
    }

    /**
     * What this JVM was told about memory, compiler and cache, and where native libraries and temporary files are. The room that a short command
     * takes for much at once is not for programs that run long.
     */
    private static boolean isShared(String option) {
        return option.startsWith("-XX:") && !option.startsWith("-XX:NewSize=") || option.startsWith("--add-exports=")
                || option.startsWith("-Dorg.sqlite.lib.path=") || option.startsWith("-Dorg.xerial.snappy.lib.path=")
                || option.startsWith("-Djava.io.tmpdir=") || option.startsWith("-DZstdNativePath=")
                || option.startsWith("-Dzship.sodium=");
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(":")) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(":", entries);
    }
}
