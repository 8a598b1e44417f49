package zship.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code zship hub}: what is on a hub. */
@Command(name = "hub", description = "Looks at and changes what is on a hub, or is one.", subcommands = {HubLs.class,
    HubInfo.class,
    HubChanges.Login.class, HubChanges.Rm.class, HubChanges.Rename.class, HubChanges.Link.class,
    HubChanges.Crosslink.class, HubChanges.Promote.class, HubChanges.Tag.class, HubChanges.Untag.class,
    HubChanges.Crosstag.class, HubChanges.Merge.class, HubTransfers.Get.class, HubTransfers.Upload.class,
    HubTransfers.Convert.class, HubGc.class, HubServe.class, HubTokenCommand.class})
public final class HubCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "hub needs one of: " + String.join(", ",
                spec.subcommands().keySet()));
    }
}
