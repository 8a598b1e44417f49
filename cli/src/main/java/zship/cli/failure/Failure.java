package zship.cli.failure;

/**
 * A failure as a user sees it: three lines of text and an exit code.
 *
 * @param code the exit code of the process, see {@link ExitCode}
 * @param what what was tried, with its value
 * @param why why it failed, as reported
 * @param hint the next command to run
 */
public record Failure(int code, String what, String why, String hint) {
}
