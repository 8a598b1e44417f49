package zship.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Brings libraries that were compiled for Java 5, such as picocli, to the form of later class files. The JVM's AOT cache takes
 * none that its old verifier would have to look at, and loading those of picocli one by one took a quarter of the time of short
 * commands. The launcher does this to its own copies after a build, before the {@link Rehearsal}.
 *
 * <p>By the way picocli's search for Groovy is answered: there is none here, but to find that out all libraries were opened with
 * every command.
 */
final class OldClasses {
    /** The first version whose classes the cache takes is that of Java 6; Java 8 has no instructions that are obsolete. */
    private static final int WANTED = ClassFile.JAVA_8_VERSION;

    private static final String GROOVY_SEARCHER = "picocli/CommandLine$DefaultFactory";
    private static final String SEARCH_FOR_GROOVY = "loadClosureClass";

    /** Code is only copied, but its stack maps, which old classes do not have, are made. */
    private static final ClassTransform RENEWED = (builder, element) -> {
        switch (element) {
            case ClassFileVersion version -> builder.withVersion(WANTED, 0);
            case MethodModel method when isSearchForGroovy(method) ->
                builder.withMethodBody(method.methodName(), method.methodType(), method.flags().flagsMask(),
                        code -> code.aconst_null().areturn());
            case MethodModel method ->
                builder.transformMethod(method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
            default -> builder.with(element);
        }
    };

    private OldClasses() {
    }

    private static boolean isSearchForGroovy(MethodModel method) {
        return method.methodName().equalsString(SEARCH_FOR_GROOVY)
                && method.parent().orElseThrow().thisClass().asInternalName().equals(GROOVY_SEARCHER);
    }

    /**
     * Renews the libraries in a folder.
     *
     * @param arguments the folder; the class path must have them
     */
    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                if (hasOld(jar)) {
                    Path renewed = Path.of(jar + ".new");
                    renew(jar, renewed);
                    Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Whether any class of a library is older than the cache takes. */
    static boolean hasOld(Path jar) throws IOException {
        try (ZipFile library = new ZipFile(jar.toFile())) {
            return library.stream().anyMatch(entry -> isOld(entry, bytes(library, entry)));
        }
    }

    /** Writes a library again, its old classes in a later form and all else as it is. */
    static void renew(Path jar, Path renewed) throws IOException {
        ClassFile format = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS);
        try (ZipFile library = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(renewed);
                ZipOutputStream out = new ZipOutputStream(file)) {
            List<? extends ZipEntry> entries = library.stream().toList();
            for (ZipEntry entry : entries) {
                byte[] bytes = bytes(library, entry);
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(isOld(entry, bytes) ? format.transformClass(format.parse(bytes), RENEWED) : bytes);
            }
        }
    }

    private static boolean isOld(ZipEntry entry, byte[] bytes) {
        return entry.getName().endsWith(".class") && bytes.length > 7 && bytes[7] < ClassFile.JAVA_6_VERSION;
    }

    private static byte[] bytes(ZipFile library, ZipEntry entry) {
        try {
            return library.getInputStream(entry).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
