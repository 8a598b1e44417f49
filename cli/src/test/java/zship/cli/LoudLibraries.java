package zship.cli;

import java.util.logging.Logger;

import org.slf4j.LoggerFactory;

/** A program that logs as libraries and as zship, for {@link QuietLibrariesTest}. */
final class LoudLibraries {
    private LoudLibraries() {
    }

    public static void main(String[] arguments) {
        QuietLibraries.prepare(arguments);
        for (String name : new String[]{"io.lettuce.core.RedisChannelHandler", "io.netty.channel.Channel",
            "reactor.core.X",
            "okhttp3.OkHttpClient", "zship.flist.mount"}) {
            Logger.getLogger(name).warning("said by " + name);
        }
        LoggerFactory.getLogger("org.sqlite.JDBC").warn("said by org.sqlite");
    }
}
