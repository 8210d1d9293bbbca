package dev.bobbin.examples.checksums;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {
  @TempDir
  Path folder;

  @Test
  void walk_findsFilesAtEveryDepth() throws IOException {
    make("a");
    make("b/c/d");

    assertEquals(Set.of("a", "b/c/d"), walk(folder));
  }

  @Test
  void walk_leavesOutGitTargetAndTheOutput() throws IOException {
    make("kept");
    make("SHA256SUMS");
    make(".git/config");
    make("module/target/classes/A.class");
    make("worktree/.git");
    make("worktree/target.txt");
    make("docs/target/file");
    make("script/x/target-of-x");

    assertEquals(Set.of("kept", "worktree/target.txt", "script/x/target-of-x"), walk(folder));
  }

  @Test
  void walk_keepsAFile_whenItIsCalledTarget() throws IOException {
    make("bin/target");

    assertEquals(Set.of("bin/target"), walk(folder));
  }

  @Test
  void walk_looksIntoItsFolder_whenThatIsCalledTarget() throws IOException {
    make("target/a");

    assertEquals(Set.of("a"), walk(folder.resolve("target")));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a privilege there")
  void walk_leavesOutSymbolicLinks() throws IOException {
    make("dir/file");
    Files.createSymbolicLink(folder.resolve("link-to-file"), folder.resolve("dir/file"));
    Files.createSymbolicLink(folder.resolve("link-to-folder"), folder.resolve("dir"));
    Files.createSymbolicLink(folder.resolve("circle"), folder);
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));

    assertEquals(Set.of("dir/file"), walk(folder));
  }

  @Test
  void walk_tellsWhatCouldNotBeLookedInto() throws IOException {
    Path missing = folder.resolve("missing");

    List<FoundFile> found = FolderWalk.of(missing, folder.resolve("SHA256SUMS"));

    assertEquals(1, found.size());
    assertEquals(missing, found.get(0).path());
    assertInstanceOf(NoSuchFileException.class, found.get(0).trouble());
  }

  private Set<String> walk(Path root) throws IOException {
    var names = new TreeSet<String>();
    for (FoundFile file : FolderWalk.of(root, folder.resolve("SHA256SUMS"))) {
      names.add(root.relativize(file.path()).toString().replace('\\', '/'));
    }
    return names;
  }

  private void make(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
