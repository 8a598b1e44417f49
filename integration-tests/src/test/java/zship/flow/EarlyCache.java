package zship.flow;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Begins to fill the shared cache when the JVM starts, beside those tests that do not need it. */
public final class EarlyCache implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("zship.cache.seed") != null) {
            Thread.ofPlatform().daemon().name("shared cache").start(Zship::sharedCache);
        }
    }
}
