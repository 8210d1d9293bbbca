package dev.bobbin.guice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the door with Guice must not touch, so that one jar serves three lines of Guice. */
class BoundariesTest {
  private final JavaClasses classes = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("dev.bobbin.core", "dev.bobbin.guice");

  @Test
  void guiceDoor_touchesNeitherOfTheInjectPackages() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.inject..", "jakarta.inject..")
        .check(classes);
  }

  @Test
  void guiceDoor_usesNoBytecodeGeneration_andNothingInternal() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.google.inject.internal..", "com.google.inject.matcher..", "org.aopalliance..")
        .check(classes);
  }

  @Test
  void core_doesNotKnowThatThereIsGuice() {
    noClasses()
        .that()
        .resideInAPackage("dev.bobbin.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google..", "dev.bobbin.guice..")
        .check(classes);
  }
}
