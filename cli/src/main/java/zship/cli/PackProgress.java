package zship.cli;

import java.util.Map;

import zship.cli.render.Output;
import zship.flist.pack.PackEvent;
import zship.flist.pack.PackEvents;

/** Prints what happens while packing: warnings for people, everything for programs. */
record PackProgress(Output output) implements PackEvents {
    @Override
    public void on(PackEvent event) {
        switch (event) {
            case PackEvent.Read it -> output.event("read", Map.of("files", it.files(), "bytes", it.bytes()));
            case PackEvent.Reused it -> output.event("reused", Map.of("chunks", it.chunks(), "bytes", it.bytes()));
            case PackEvent.Sent it -> output.event("sent", Map.of("chunks", it.chunks(), "bytes", it.bytes()));
            case PackEvent.Warned it -> output.note("warning: %s: %d, such as %s".formatted(it.loss().text(),
                    it.count(), it.example()));
        }
    }
}
