package dev.bobbin.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.bobbin.api.ThreadPoolConfig;
import dev.bobbin.spi.Plugin;
import java.io.Serializable;
import java.util.List;

/** Who may see whom. This module alone sees all the others. */
@AnalyzeClasses(packages = "dev.bobbin", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  private static final String[] CORE = {"dev.bobbin.core..", "dev.bobbin.guice.."};
  private static final String[] PLUGIN_MODULES = {"dev.bobbin.context..", "dev.bobbin.logging.."};

  /** Guards the rules below: one about a package that is not there says nothing. */
  @ArchTest
  static void everyModule_isLookedAt(JavaClasses all) {
    for (String name :
        List.of("api", "spi", "core", "guice", "context", "logging", "testkit", "examples")) {
      String room = "dev.bobbin." + name;
      assertTrue(all.stream().anyMatch(type -> type.getPackageName().equals(room)), room);
    }
  }

  @ArchTest
  static final ArchRule api_seesOnlyTheJdkAndJSpecify = classes()
      .that()
      .resideInAPackage("dev.bobbin.api..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage("dev.bobbin.api..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule spi_seesOnlyApiTheJdkAndAnnotations = classes()
      .that()
      .resideInAPackage("dev.bobbin.spi..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
          "dev.bobbin.spi..",
          "dev.bobbin.api..",
          "java..",
          "org.jspecify..",
          "com.google.auto.service..");

  @ArchTest
  static final ArchRule testkit_seesOnlyTheContractsAndJUnit = classes()
      .that()
      .resideInAPackage("dev.bobbin.testkit..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
          "dev.bobbin.testkit..",
          "dev.bobbin.spi..",
          "dev.bobbin.api..",
          "java..",
          "org.jspecify..",
          "org.junit.jupiter.api..",
          "org.opentest4j..",
          "org.apiguardian..");

  @ArchTest
  static final ArchRule pluginModules_neverSeeEachOther =
      slices().matching("dev.bobbin.(context|logging)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule pluginModule_neverSeesCore = noClasses()
      .that()
      .resideInAnyPackage(PLUGIN_MODULES)
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(CORE);

  @ArchTest
  static final ArchRule plugin_neverSeesCore = noClasses()
      .that()
      .implement(Plugin.class)
      .and(not(resideInAnyPackage(CORE)))
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(CORE);

  @ArchTest
  static final ArchRule core_neverSeesAPluginModuleOrAnExample = noClasses()
      .that()
      .resideInAnyPackage(CORE)
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "dev.bobbin.context..",
          "dev.bobbin.logging..",
          "dev.bobbin.testkit..",
          "dev.bobbin.examples..");

  @ArchTest
  static final ArchRule poolWithoutGuice_neverSeesGoogle = noClasses()
      .that()
      .resideInAPackage("dev.bobbin.core..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("com.google..");

  @ArchTest
  static final ArchRule poolWithoutGuice_neverSeesTheDoorWithGuice = noClasses()
      .that()
      .resideInAPackage("dev.bobbin.core..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.bobbin.guice..");

  @ArchTest
  static final ArchRule guice_isSeenByItsDoorAndTheExamplesOnly = noClasses()
      .that(not(resideInAnyPackage("dev.bobbin.guice..", "dev.bobbin.examples..")))
      .should()
      .dependOnClassesThat()
      .resideInAPackage("com.google.inject..");

  @ArchTest
  static final ArchRule guice_isSeenThroughItsOwnAnnotationsOnly = noClasses()
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("javax.inject..", "jakarta.inject..");

  /** Fault 27: what cannot be read from a stream cannot be forged in one. */
  @ArchTest
  static final ArchRule fault27_nothingIsSerializable_butTheConfigurationExceptionsAndEnums =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.bobbin.examples..")
          .and(not(assignableTo(Throwable.class)))
          .and(not(assignableTo(Enum.class)))
          .and(not(assignableTo(ThreadPoolConfig.class)))
          .and(not(resideInAPackage("dev.bobbin.api").and(simpleName("Form"))))
          .should()
          .beAssignableTo(Serializable.class);

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("dev.bobbin.(**)").should().beFreeOfCycles();
}
