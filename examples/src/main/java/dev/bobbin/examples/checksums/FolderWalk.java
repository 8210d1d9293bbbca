package dev.bobbin.examples.checksums;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of a folder and of the folders in it.
 *
 * <p>Left out are whatever is called {@code .git}, folders called {@code target}, the list that is to
 * be written, and all that is not a regular file. Symbolic links are among these: what they lead to
 * is either in the folder, and found there, or does not belong to it.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private final Path folder;
  private final Path output;
  private final List<FoundFile> found = new ArrayList<>();

  private FolderWalk(Path folder, Path output) {
    this.folder = folder;
    this.output = output;
  }

  static List<FoundFile> of(Path folder, Path output) throws IOException {
    var walk = new FolderWalk(folder, output);
    Files.walkFileTree(folder, walk);
    return List.copyOf(walk.found);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    boolean leftOut =
        !directory.equals(folder) && (isNamed(directory, ".git") || isNamed(directory, "target"));
    return leftOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isRegularFile() && !isNamed(file, ".git") && !isOutput(file)) {
      found.add(new FoundFile(file, null));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException trouble) {
    found.add(new FoundFile(path, trouble));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException trouble) {
    if (trouble != null) {
      found.add(new FoundFile(directory, trouble));
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean isOutput(Path file) throws IOException {
    return Files.exists(output) && Files.isSameFile(file, output);
  }

  private static boolean isNamed(Path path, String name) {
    Path last = path.getFileName();
    return last != null && last.toString().equals(name);
  }
}
