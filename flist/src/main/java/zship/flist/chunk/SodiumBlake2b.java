package zship.flist.chunk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The BLAKE2b of libsodium, which is faster than what the just-in-time compiler makes of {@link Blake2b}, and so from the first
 * byte on. Its digests are the same.
 *
 * <p>The library is the one that the system property {@value #PROPERTY} names; without it, or where it cannot be loaded, there is
 * none. Its code need not be compiled here, which makes up for loading it where there are contents to hash, but not for names.
 */
final class SodiumBlake2b {
    /** Names the file of the library. */
    static final String PROPERTY = "zship.sodium";
    /** The shortest message that is worth a call, in bytes. */
    static final int WORTH = 4 * 1024;
    /** The longest, in bytes: while arrays are lent to the library, threads that stop for the garbage collector wait for it. */
    static final int MOST = 1 << 20;

    /** {@code sodium_init}: 0 when the library was made ready, 1 when it already was, -1 when it cannot be. */
    private static final FunctionDescriptor INIT = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    /** {@code crypto_generichash_blake2b(out, outlen, in, inlen, key, keylen)}: 0 when done. */
    private static final FunctionDescriptor HASH = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG);

    private final MethodHandle hash;

    private SodiumBlake2b(MethodHandle hash) {
        this.hash = hash;
    }

    /** The library of this process, which is loaded when it is first asked for. */
    private static final class Loaded {
        private static final Optional<SodiumBlake2b> LIBRARY = Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(file -> !file.isEmpty()).flatMap(file -> load(Path.of(file)));
    }

    /** The library for a message of so many bytes, if there is one and the message is for it. */
    static Optional<SodiumBlake2b> forMessage(int length) {
        return length >= WORTH && length <= MOST ? Loaded.LIBRARY : Optional.empty();
    }

    /** The library in {@code file}; empty when it cannot be loaded, such as one for other machines. */
    static Optional<SodiumBlake2b> load(Path file) {
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(file, Arena.global());
            Linker linker = Linker.nativeLinker();
            int ready = (int) linker.downcallHandle(library.findOrThrow("sodium_init"), INIT).invokeExact();
            if (ready < 0) {
                throw new IllegalStateException("libsodium cannot be made ready");
            }
            // Critical calls take arrays as they are.
            return Optional.of(new SodiumBlake2b(linker.downcallHandle(
                    library.findOrThrow("crypto_generichash_blake2b"), HASH, Linker.Option.critical(true))));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            System.getLogger(SodiumBlake2b.class.getName()).log(System.Logger.Level.DEBUG, "no libsodium: {0}",
                    e.toString());
            return Optional.empty();
        }
    }

    /** The digest of {@code message}, of 16 to 64 bytes. */
    byte[] hash(Slice message, int digestBytes) {
        byte[] digest = new byte[digestBytes];
        MemorySegment input = MemorySegment.ofArray(message.array()).asSlice(message.offset(), message.length());
        try {
            int result = (int) hash.invokeExact(MemorySegment.ofArray(digest), (long) digestBytes, input,
                    (long) message.length(), MemorySegment.NULL, 0L);
            if (result != 0) {
                throw new IllegalStateException("libsodium does not make digests of " + digestBytes + " bytes");
            }
            return digest;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libsodium cannot be called", e);
        }
    }
}
