package zship.cli.session;

/** The root command as its subcommands see it: it knows the options that all commands share. */
public interface SessionSource {

    /** What a command works with, made of the shared options. */
    Session session();
}
