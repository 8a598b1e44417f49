package zship.flist.mount;

import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Asks for one piece after the other, a few at a time, and with patience when the store does not give them. */
record Prefetch(PieceFetcher fetcher, Collection<PieceFetcher.Wanted> pieces, BooleanSupplier wanted)
        implements
            Runnable {
    private static final int AT_ONCE = 4;
    private static final long PAUSE_MILLIS = 5000;

    @Override
    public void run() {
        Semaphore places = new Semaphore(AT_ONCE);
        try {
            for (PieceFetcher.Wanted piece : pieces) {
                if (!wanted.getAsBoolean() || !fetcher.hasRoom()) {
                    return;
                }
                if (!fetcher.isPresent(piece.block())) {
                    places.acquire();
                    fetch(piece, places);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(PieceFetcher.Wanted piece, Semaphore places) throws InterruptedException {
        fetcher.obtain(piece, PieceFetcher.Urgency.IDLE, new PieceFetcher.Waiter() {
            @Override
            public void arrived(CachedPiece cached) {
                cached.close();
                places.release();
            }

            @Override
            public void failed() {
                Thread.ofVirtual().start(() -> {
                    pause();
                    places.release();
                });
            }
        });
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
