package zship.flist.mount;

/** Lets a piece go as soon as it is in the cache. */
record Unattended(Runnable whenSettled) implements PieceFetcher.Waiter {
    @Override
    public void arrived(CachedPiece piece) {
        piece.close();
        whenSettled.run();
    }

    @Override
    public void failed() {
        whenSettled.run();
    }
}
