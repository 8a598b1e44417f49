package zship.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import zship.cli.completion.CompletionCommand;
import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.cli.render.Output;
import zship.cli.render.Progress;
import zship.cli.session.ResultStream;
import zship.cli.session.Terminal;
import zship.flist.disk.DiskFaults;

/** The entry point of the {@code zship} command. */
public final class Main {
    private static final Set<String> VERSION = Set.of("-V", "--version");

    private Main() {
    }

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        QuietLibraries.prepare(arguments);
        ResultStream.install();
        int code = run(arguments);
        if (code != ExitCode.OK || hasOtherThreads()) {
            System.exit(code);
        }
    }

    /**
     * Whether threads are left that the JVM would wait for. Where there are none it ends by itself, and sooner: an exit that is
     * asked for is logged since JDK 21 (as {@code java.lang.Runtime}), and for that all libraries are looked through for a logger.
     */
    private static boolean hasOtherThreads() {
        Thread[] threads = new Thread[Thread.activeCount() + 1];
        int count = Thread.enumerate(threads);
        return count == threads.length
                || Arrays.stream(threads, 0, count).filter(thread -> !thread.isDaemon()).count() > 1;
    }

    /**
     * Runs a command with the environment and the streams of this process.
     *
     * @param arguments the command line
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String... arguments) {
        return run(Terminal.ofProcess(), arguments);
    }

    /**
     * Runs a command.
     *
     * @param terminal the environment and the streams it works with
     * @param arguments the command line
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(Terminal terminal, String... arguments) {
        int code = commandLine(terminal, commands(arguments), arguments).execute(arguments);
        return code == ExitCode.OK && !hasWritten(terminal) ? ExitCode.FAILED : code;
    }

    /** Whoever reads a part of a result must not take it for the whole. */
    private static boolean hasWritten(Terminal terminal) {
        try {
            if (terminal.out() instanceof ResultStream results) {
                results.finish();
            }
            return true;
        } catch (IOException e) {
            new Output(terminal.err(), terminal.err(), Progress.PLAIN, InstantSource.system())
                    .failure(new Failure(ExitCode.FAILED, "cannot write to the standard output", DiskFaults.reason(e),
                            DiskFaults.hint(e, "check where the output goes")));
            return false;
        }
    }

    /** All commands with their options. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, ZshipCommand.COMMANDS);
    }

    /**
     * The commands that a command line needs: only its own where it begins with one. Looking into all of them costs more
     * than most commands themselves. The version needs none.
     */
    private static List<Class<?>> commands(String... arguments) {
        if (arguments.length == 1 && VERSION.contains(arguments[0])) {
            return List.of();
        }
        if (arguments.length > 0) {
            for (Class<?> command : ZshipCommand.COMMANDS) {
                if (command != CompletionCommand.class
                        && command.getAnnotation(Command.class).name().equals(arguments[0])) {
                    return List.of(command);
                }
            }
        }
        return ZshipCommand.COMMANDS;
    }

    private static CommandLine commandLine(Terminal terminal, List<Class<?>> commands, String... arguments) {
        ZshipCommand root = new ZshipCommand(terminal);
        CommandLine line = new CommandLine(root);
        commands.forEach(line::addSubcommand);
        line.getSubcommands().values().forEach(command -> addMethods(command, arguments));
        line.setExecutionExceptionHandler(failures(root))
                .setParameterExceptionHandler(misuse(terminal)).setUsageHelpWidth(110)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(Help.defaultColorScheme(colors(terminal)))
                .setExitCodeExceptionMapper(e -> ExitCode.DEFECT)
                .setUsageHelpLongOptionsMaxWidth(34).setCaseInsensitiveEnumValuesAllowed(true);
        // Scripts of that time abbreviate its options.
        CommandLine zflist = line.getSubcommands().get("zflist");
        if (zflist != null) {
            zflist.setAbbreviatedOptionsAllowed(true);
        }
        return line;
    }

    /** Where a command's own commands are methods: all of them, or only the one that is called. */
    private static void addMethods(CommandLine command, String... arguments) {
        if (command.getCommandSpec().isAddMethodSubcommands()) {
            return;
        }
        Class<?> type = command.getCommand().getClass();
        String called = arguments.length > 1 && arguments[0].equals(command.getCommandName()) ? arguments[1] : "";
        List<Method> methods = CommandLine.getCommandMethods(type, called);
        for (Method method : methods.isEmpty() ? CommandLine.getCommandMethods(type, null) : methods) {
            command.addSubcommand(method.getName(), method);
        }
    }

    private static Help.Ansi colors(Terminal terminal) {
        boolean plain = terminal.environment().containsKey("NO_COLOR")
                || terminal.environment().getOrDefault("TERM", "dumb").equals("dumb");
        return terminal.interactive() && !plain ? Help.Ansi.ON : Help.Ansi.OFF;
    }

    private static IExecutionExceptionHandler failures(ZshipCommand root) {
        return (exception, command, parsed) -> {
            Failure failure = adapted(command, Failures.of(exception, root.folders()));
            root.errors().failure(failure);
            if (root.debug()) {
                exception.printStackTrace(command.getErr());
            }
            return failure.code();
        };
    }

    private static IParameterExceptionHandler misuse(Terminal terminal) {
        return (exception, arguments) -> {
            List<String> words = Arrays.asList(arguments);
            Failure failure = adapted(exception.getCommandLine(), misuse(exception));
            boolean json = words.contains("--json") || words.contains("--progress=json");
            new Output(terminal.out(), terminal.err(), json ? Progress.JSON : Progress.PLAIN, InstantSource.system())
                    .failure(failure);
            return failure.code();
        };
    }

    /** Scripts for zflist know that it failed by the code 1 and by no other. */
    private static Failure adapted(CommandLine command, Failure failure) {
        return command.getCommandName().equals("zflist") && failure.code() != ExitCode.DEFECT
                ? new Failure(ExitCode.FAILED, failure.what(), failure.why(), failure.hint())
                : failure;
    }

    private static Failure misuse(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String help = name + " --help";
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            List<String> suggestions = unmatched.getSuggestions();
            String hint = suggestions.isEmpty() || word.length() < 2
                    ? help
                    : "did you mean " + suggestions.getFirst() + "? See " + help;
            return new Failure(ExitCode.USAGE, "cannot use " + word,
                    unmatched.isUnknownOption()
                            ? name + " has no such option"
                            : command.getSubcommands().isEmpty()
                                    ? name + " does not expect it"
                                    : name + " has no such command",
                    hint);
        }
        String what = exception instanceof MissingParameterException
                ? "incomplete command"
                : "cannot use this command line";
        return new Failure(ExitCode.USAGE, what, String.valueOf(exception.getMessage()), help);
    }
}
