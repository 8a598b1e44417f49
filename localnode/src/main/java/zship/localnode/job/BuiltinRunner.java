package zship.localnode.job;

/** Runs a builtin: its value or error becomes the only message and the data of the result. */
final class BuiltinRunner implements Runner {

    private static final System.Logger LOG = System.getLogger(BuiltinRunner.class.getName());

    private final Builtin builtin;

    BuiltinRunner(Builtin builtin) {
        this.builtin = builtin;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        Outcome outcome = call(job.command());
        job.say(Outcome.JSON, Message.CHUNK | (outcome.succeeded() ? Message.SUCCESS : Message.FAILURE),
                outcome.data());
        return outcome;
    }

    private Outcome call(Command command) throws InterruptedException {
        try {
            return Outcome.json(builtin.run(new Arguments(command, "struct", CommandException.FAILED)));
        } catch (CommandException refused) {
            return Outcome.failure(refused.code(), refused.text());
        } catch (RuntimeException unexpected) {
            LOG.log(System.Logger.Level.ERROR, "command " + command.command() + " failed", unexpected);
            return Outcome.failure(CommandException.FAILED, "runtime error: " + unexpected.getMessage());
        }
    }
}
