package org.headlight.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

/** The directions of the design, over all modules. */
class ArchitectureTest {
    private static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("org.headlight");

    @Test
    void numbersKnowNothingOfToolkits() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.headlight.engine..",
                        "org.headlight.analysis..",
                        "org.headlight.assets..",
                        "org.headlight.viz.raster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "java.awt..", "javax.swing..")
                .check(ALL);
    }

    @Test
    void modulesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage("org.headlight.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.headlight.analysis..", "org.headlight.viz..", "org.headlight.app..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("org.headlight.analysis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.headlight.viz..", "org.headlight.app..", "ai.onnxruntime..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("org.headlight.viz..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.headlight.app..")
                .check(ALL);
    }

    /** Java2D draws exported figures, and JavaFX canvases through JFreeChart; nothing else. */
    @Test
    void javaTwoDStaysWithFiguresAndCharts() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.headlight.viz.export..",
                        "org.headlight.viz.chart..",
                        "org.headlight.viz.control.profile..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.swing..", "org.jfree..")
                .check(ALL);
    }

    @Test
    void viewModelsUseOnlyTheBaseOfTheToolkit() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("ViewModel")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "javafx.scene..",
                        "javafx.stage..",
                        "javafx.application..",
                        "javafx.animation..",
                        "javafx.css..",
                        "javafx.geometry..")
                .check(ALL);
    }

    @Test
    void thePlatformIsAskedInTwoPlacesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.headlight.app.task..", "org.headlight.viz.control..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("javafx.application.Platform")
                .check(ALL);
    }

    @Test
    void packagesOfTheWindowFormNoCycle() {
        slices().matching("org.headlight.app.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void nothingMutableIsStatic() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("org.headlight.engine.onnx.proto..")
                .should()
                .beFinal()
                .check(ALL);
    }

    /** The doctor may ask how wide the processor's vectors are. */
    @Test
    void theVectorModuleStaysWithTheKernels() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.headlight.engine.kernel..")
                .and()
                .doNotHaveFullyQualifiedName("org.headlight.app.cli.DoctorCommand")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(ALL);
    }

    @Test
    void skinsAreNotPublic() {
        classes().that().haveSimpleNameEndingWith("Skin").should().notBePublic().check(ALL);
    }
}
