package dev.bobbin.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** Fault 22: a wall clock that jumps has no effect, since nobody reads one. */
class ClockRuleTest {
  @Test
  void fault22_nobodyReadsTheWallClock() {
    var classes = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("dev.bobbin.api", "dev.bobbin.spi", "dev.bobbin.core");
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class, Date.class)
        .check(classes);
  }
}
