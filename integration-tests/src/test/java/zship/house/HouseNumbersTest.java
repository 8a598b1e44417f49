package zship.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Parses all main sources and holds them against the numbers of the house. */
class HouseNumbersTest {
    private static final List<String> FORBIDDEN_NAMES = List.of("Util", "Utils", "Manager", "Helper", "Impl");
    private static Findings findings;

    @BeforeAll
    static void parse() throws IOException {
        findings = new Findings();
        Path home = Path.of(System.getProperty("zship.home"));
        List<Path> files;
        try (Stream<Path> tree = Files.walk(home)) {
            files = tree.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> home.relativize(file).toString().contains("src/main/java")).toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                findings.scan(unit, DocTrees.instance(task));
            }
        }
    }

    @Test
    void methodsAreShort() {
        assertThat(findings.longMethods).as("methods over 60 lines").isEmpty();
        assertThat(percentile(findings.methodLines)).as("95th percentile of method lines").isLessThanOrEqualTo(20);
    }

    @Test
    void filesAreShort() {
        assertThat(findings.longFiles).as("files over 600 lines").isEmpty();
        assertThat(percentile(findings.fileLines)).as("95th percentile of file lines").isLessThanOrEqualTo(320);
    }

    @Test
    void parametersAreFew() {
        assertThat(findings.manyParameters).as("more than 6 parameters").isEmpty();
    }

    @Test
    void nothingStaticChanges() {
        assertThat(findings.mutableStatics).isEmpty();
    }

    @Test
    void mostFieldsAreFinal() {
        assertThat(findings.openFields).as("fields that are not final, of " + findings.fields)
                .hasSizeLessThanOrEqualTo(findings.fields / 10);
    }

    @Test
    void noCatchIsEmpty() {
        assertThat(findings.emptyCatches).isEmpty();
    }

    @Test
    void importsNameWhatTheyImport() {
        assertThat(findings.wildcards).isEmpty();
    }

    @Test
    void publicTypesAndMethodsAreExplained() {
        assertThat(findings.unexplained).isEmpty();
    }

    @Test
    void namesComeFromTheField() {
        assertThat(findings.vagueNames).isEmpty();
    }

    private static int percentile(List<Integer> values) {
        List<Integer> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1);
    }

    private static final class Findings extends TreePathScanner<Void, Void> {
        private final List<String> longMethods = new ArrayList<>();
        private final List<String> longFiles = new ArrayList<>();
        private final List<String> manyParameters = new ArrayList<>();
        private final List<String> mutableStatics = new ArrayList<>();
        private final List<String> emptyCatches = new ArrayList<>();
        private final List<String> wildcards = new ArrayList<>();
        private final List<String> unexplained = new ArrayList<>();
        private final List<String> vagueNames = new ArrayList<>();
        private final List<Integer> methodLines = new ArrayList<>();
        private final List<Integer> fileLines = new ArrayList<>();
        private final List<String> openFields = new ArrayList<>();
        private int fields;
        private CompilationUnitTree unit;
        private DocTrees docs;

        void scan(CompilationUnitTree unit, DocTrees docs) {
            this.unit = unit;
            this.docs = docs;
            try {
                int lines = (int) unit.getSourceFile().getCharContent(true).toString().lines().count();
                fileLines.add(lines);
                if (lines > 600) {
                    longFiles.add(unit.getSourceFile().getName() + ": " + lines);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            scan(unit, (Void) null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (method.getBody() != null) {
                int lines = (int) (line(end(method)) - line(start(method)) + 1);
                methodLines.add(lines);
                if (lines > 60) {
                    longMethods.add(where(method) + method.getName() + ": " + lines);
                }
            }
            if (method.getParameters().size() > 6 && !isRecordConstructor()) {
                manyParameters.add(where(method) + method.getName());
            }
            explained(method, method.getModifiers().getFlags(), method.getName().toString(),
                    method.getModifiers().getAnnotations().stream()
                            .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override")));
            return super.visitMethod(method, unused);
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            String name = type.getSimpleName().toString();
            explained(type, type.getModifiers().getFlags(), name, false);
            if (FORBIDDEN_NAMES.stream().anyMatch(name::endsWith)) {
                vagueNames.add(where(type) + name);
            }
            if (type.getKind() != Kind.RECORD && type.getKind() != Kind.INTERFACE) {
                type.getMembers().stream().filter(VariableTree.class::isInstance).map(VariableTree.class::cast)
                        .filter(field -> docs.getSourcePositions().getStartPosition(unit, field) >= 0)
                        .filter(field -> type.getKind() != Kind.ENUM || field.getType().toString().isEmpty()
                                || !field.getType().toString().equals(name))
                        .forEach(this::field);
            }
            return super.visitClass(type, unused);
        }

        private void field(VariableTree field) {
            Set<Modifier> flags = field.getModifiers().getFlags();
            if (flags.contains(Modifier.STATIC) && !flags.contains(Modifier.FINAL)) {
                mutableStatics.add(where(field) + field.getName());
            }
            boolean injected = field.getModifiers().getAnnotations().stream()
                    .anyMatch(it -> Set.of("Option", "Parameters", "ParentCommand", "Mixin", "Spec")
                            .contains(it.getAnnotationType().toString()));
            if (!flags.contains(Modifier.STATIC) && !injected) {
                fields++;
                if (!flags.contains(Modifier.FINAL)) {
                    openFields.add(where(field) + field.getName());
                }
            }
        }

        @Override
        public Void visitCatch(CatchTree tree, Void unused) {
            if (tree.getBlock().getStatements().isEmpty()) {
                emptyCatches.add(where(tree) + tree.getParameter());
            }
            return super.visitCatch(tree, unused);
        }

        @Override
        public Void visitImport(ImportTree tree, Void unused) {
            if (tree.getQualifiedIdentifier().toString().endsWith(".*")) {
                wildcards.add(where(tree) + tree.getQualifiedIdentifier());
            }
            return super.visitImport(tree, unused);
        }

        private void explained(Tree tree, Set<Modifier> flags, String name, boolean overrides) {
            boolean canonical = name.equals("<init>") && isRecordConstructor();
            if (flags.contains(Modifier.PUBLIC) && !overrides && !canonical && enclosingTypesArePublic()
                    && docs.getDocComment(getCurrentPath()) == null) {
                unexplained.add(where(tree) + name);
            }
        }

        private boolean enclosingTypesArePublic() {
            for (TreePath path = getCurrentPath(); path != null; path = path.getParentPath()) {
                if (path.getLeaf() instanceof ClassTree type
                        && !type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                        && !isMemberOfInterface(path)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isMemberOfInterface(TreePath path) {
            return path.getParentPath().getLeaf().getKind() == Kind.INTERFACE;
        }

        private boolean isRecordConstructor() {
            return getCurrentPath().getParentPath().getLeaf().getKind() == Kind.RECORD;
        }

        private String where(Tree tree) {
            return unit.getSourceFile().getName().replaceFirst(".*/src/main/java/", "") + ":" + line(start(tree)) + " ";
        }

        private long start(Tree tree) {
            return docs.getSourcePositions().getStartPosition(unit, tree);
        }

        private long end(Tree tree) {
            return docs.getSourcePositions().getEndPosition(unit, tree);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
