package dev.bobbin.context;

/** A value whose {@code toString} throws an error, or returns null if it has none to throw. */
record Hostile(Error error) {
  @Override
  public String toString() {
    if (error != null) {
      throw error;
    }
    return null;
  }
}
