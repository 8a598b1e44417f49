package zship.house;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "zship", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().matching("zship.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule BUILDER_STANDS_ALONE = noClasses().that().resideInAPackage("zship.builder..").should()
            .dependOnClassesThat()
            .resideInAnyPackage("zship.flist..", "zship.deployer..", "zship.localnode..", "zship.cli..");

    @ArchTest
    static final ArchRule FLIST_STANDS_ALONE = noClasses().that().resideInAPackage("zship.flist..").should()
            .dependOnClassesThat()
            .resideInAnyPackage("zship.builder..", "zship.deployer..", "zship.localnode..", "zship.cli..");

    @ArchTest
    static final ArchRule DEPLOYER_KNOWS_ONLY_FLIST = noClasses().that().resideInAPackage("zship.deployer..").should()
            .dependOnClassesThat().resideInAnyPackage("zship.builder..", "zship.localnode..", "zship.cli..");

    @ArchTest
    static final ArchRule LOCALNODE_KNOWS_ONLY_FLIST = noClasses().that().resideInAPackage("zship.localnode..").should()
            .dependOnClassesThat().resideInAnyPackage("zship.builder..", "zship.deployer..", "zship.cli..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses().that().resideOutsideOfPackage("zship.cli..")
            .should()
            .accessField(System.class, "out").orShould().accessField(System.class, "err");
}
