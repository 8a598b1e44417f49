package zship.cli;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.cli.render.Output;
import zship.cli.render.Progress;
import zship.cli.session.Session;

/** The entry point of the {@code zship} command. */
public final class Main {

    private Main() {
    }

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command line
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String... arguments) {
        ZshipCommand root = new ZshipCommand();
        return new CommandLine(root).setExecutionExceptionHandler(failures(root))
                .setParameterExceptionHandler(misuse()).setUsageHelpWidth(110)
                .setExitCodeExceptionMapper(e -> ExitCode.DEFECT)
                .setUsageHelpLongOptionsMaxWidth(34).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
    }

    private static IExecutionExceptionHandler failures(ZshipCommand root) {
        return (exception, command, parsed) -> {
            Session session = root.session();
            Failure failure = Failures.of(exception, session.folders());
            session.output().failure(failure);
            if (root.debug()) {
                exception.printStackTrace(command.getErr());
            }
            return failure.code();
        };
    }

    private static IParameterExceptionHandler misuse() {
        return (exception, arguments) -> {
            boolean json = Arrays.asList(arguments).contains("--json");
            new Output(System.out, System.err, json ? Progress.JSON : Progress.PLAIN, InstantSource.system())
                    .failure(misuse(exception));
            return ExitCode.USAGE;
        };
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
