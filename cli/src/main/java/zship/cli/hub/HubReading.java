package zship.cli.hub;

import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubMirrors;

/** A command that only reads, from the first hub that answers and has it. */
abstract class HubReading extends HubCall {
    @Override
    final void run(Session session, HubOptions hubs) {
        HubMirrors mirrors = hubs.readers(session);
        mirrors.read(hub -> read(session, hub)).run();
    }

    @Override
    final void run(Session session, HubClient hub) {
        read(session, hub).run();
    }

    /** Asks a hub; what is returned shows the answer. */
    abstract Runnable read(Session session, HubClient hub);
}
