package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The byte code of one class of the main code, to be changed before it is written elsewhere. Methods and
 * calls are named, so that what was renamed is not found; each change counts the places it has changed.
 * A call is named by its simple class and method, as in {@code "Team.look"}.
 */
final class ByteCode {
  private final Class<?> type;
  private final ClassNode node = new ClassNode();
  private int changes;

  private ByteCode(Class<?> type) {
    this.type = type;
    try (InputStream code = type.getResourceAsStream(fileName())) {
      new ClassReader(code).accept(node, 0);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static ByteCode of(Class<?> type) {
    return new ByteCode(type);
  }

  private String fileName() {
    return type.getName().substring(type.getPackageName().length() + 1) + ".class";
  }

  /** Returns how many places were changed. */
  int changes() {
    return changes;
  }

  /** Writes the class below this folder, as a class path wants it. */
  void writeTo(Path folder) {
    var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    Path file = folder.resolve(node.name + ".class");
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, writer.toByteArray());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  // ------------------------------------------------------------------ changes

  /** Leaves these calls in the method out; what they would have returned must be nothing. */
  ByteCode leaveOut(String method, String call) {
    return leaveOut(method, call, 1);
  }

  /** As {@link #leaveOut(String, String)}, from the {@code first} on. */
  ByteCode leaveOut(String method, String call, int first) {
    return replaceCalls(method, call, from(first), found -> popArguments(found, null));
  }

  private static Predicate<MethodInsnNode> from(int first) {
    var seen = new int[1];
    return found -> ++seen[0] >= first;
  }

  /** Has these calls in the method answer this without having been made, from the {@code first} on. */
  ByteCode answer(String method, String call, int first, int answer) {
    return replaceCalls(
        method,
        call,
        from(first),
        found -> popArguments(found, new InsnNode(Opcodes.ICONST_0 + answer)));
  }

  /** Has the method do nothing but answer this. */
  ByteCode answerAlways(String name, int answer) {
    MethodNode method = method(name);
    method.instructions = list(new InsnNode(Opcodes.ICONST_0 + answer));
    method.instructions.add(new InsnNode(Opcodes.IRETURN));
    method.tryCatchBlocks.clear();
    method.localVariables = null;
    changes++;
    return this;
  }

  /** Has these calls in the method go to the static method of the same name in this class. */
  ByteCode redirect(String method, String call, Class<?> to) {
    return replaceCalls(
        method, call, any -> true, found -> list(toStatic(to, found.name, withReceiver(found))));
  }

  /** Has each write of the field in the method go to the static method of {@link Broken}. */
  ByteCode redirectWrite(String method, String field, String to) {
    for (AbstractInsnNode insn : instructions(method)) {
      if (insn instanceof FieldInsnNode write
          && write.getOpcode() == Opcodes.PUTFIELD
          && write.name.equals(field)) {
        String descriptor = "(L" + write.owner + ";" + write.desc + ")V";
        replace(method(method), insn, list(toStatic(Broken.class, to, descriptor)));
      }
    }
    return this;
  }

  /** Has each read of the boolean field in the method answer this. */
  ByteCode answerRead(String method, String field, boolean answer) {
    for (AbstractInsnNode insn : instructions(method)) {
      if (insn instanceof FieldInsnNode read
          && read.getOpcode() == Opcodes.GETFIELD
          && read.name.equals(field)) {
        var to = list(new InsnNode(Opcodes.POP));
        to.add(new InsnNode(answer ? Opcodes.ICONST_1 : Opcodes.ICONST_0));
        replace(method(method), insn, to);
      }
    }
    return this;
  }

  /** Inserts these instructions at each return of the method. */
  ByteCode beforeReturns(String method, Consumer<InsnList> code) {
    for (AbstractInsnNode insn : instructions(method)) {
      if (insn.getOpcode() == Opcodes.RETURN) {
        var before = new InsnList();
        code.accept(before);
        method(method).instructions.insertBefore(insn, before);
        changes++;
      }
    }
    return this;
  }

  /** Replaces this constant wherever the class's own methods of these names load it. */
  ByteCode replaceConstants(Predicate<String> methods, Object from, Object to) {
    for (MethodNode method : node.methods) {
      if (methods.test(method.name)) {
        for (AbstractInsnNode insn : method.instructions.toArray()) {
          if (from.equals(constant(insn))) {
            replace(method, insn, list(new LdcInsnNode(to)));
          }
        }
      }
    }
    return this;
  }

  /** Returns the constant that this instruction loads, or null. */
  private static Object constant(AbstractInsnNode insn) {
    if (insn instanceof LdcInsnNode load) {
      return load.cst;
    }
    int code = insn.getOpcode();
    if (code >= Opcodes.ICONST_M1 && code <= Opcodes.ICONST_5) {
      return code - Opcodes.ICONST_0;
    }
    if (code == Opcodes.LCONST_0 || code == Opcodes.LCONST_1) {
      return (long) (code - Opcodes.LCONST_0);
    }
    return insn instanceof org.objectweb.asm.tree.IntInsnNode push
            && (code == Opcodes.BIPUSH || code == Opcodes.SIPUSH)
        ? push.operand
        : null;
  }

  // ------------------------------------------------------------------ how

  private interface Replacement {
    InsnList of(MethodInsnNode found);
  }

  private ByteCode replaceCalls(
      String method, String call, Predicate<MethodInsnNode> which, Replacement replacement) {
    for (AbstractInsnNode insn : instructions(method)) {
      if (insn instanceof MethodInsnNode found && names(call, found) && which.test(found)) {
        replace(method(method), insn, replacement.of(found));
      }
    }
    return this;
  }

  private void replace(MethodNode method, AbstractInsnNode insn, InsnList to) {
    method.instructions.insert(insn, to);
    method.instructions.remove(insn);
    changes++;
  }

  private static boolean names(String call, MethodInsnNode found) {
    String owner = found.owner.substring(found.owner.lastIndexOf('/') + 1);
    return call.equals(owner + "." + found.name);
  }

  private MethodNode method(String name) {
    List<MethodNode> found =
        node.methods.stream().filter(method -> method.name.equals(name)).toList();
    assertTrue(found.size() == 1, () -> type + " has " + found.size() + " methods " + name);
    return found.get(0);
  }

  private List<AbstractInsnNode> instructions(String method) {
    return List.of(method(method).instructions.toArray());
  }

  private static InsnList list(AbstractInsnNode insn) {
    var list = new InsnList();
    list.add(insn);
    return list;
  }

  private static MethodInsnNode toStatic(Class<?> owner, String name, String descriptor) {
    return new MethodInsnNode(
        Opcodes.INVOKESTATIC, Type.getInternalName(owner), name, descriptor, false);
  }

  private static String withReceiver(MethodInsnNode call) {
    return call.getOpcode() == Opcodes.INVOKESTATIC
        ? call.desc
        : "(L" + call.owner + ";" + call.desc.substring(1);
  }

  /** Takes what the call wants off the stack, and puts its answer there if it has one. */
  private static InsnList popArguments(MethodInsnNode call, AbstractInsnNode answer) {
    var code = new InsnList();
    var arguments = new ArrayList<>(List.of(Type.getArgumentTypes(withReceiver(call))));
    while (!arguments.isEmpty()) {
      Type last = arguments.remove(arguments.size() - 1);
      code.add(new InsnNode(last.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
    }
    boolean wantsAnswer = Type.getReturnType(call.desc) != Type.VOID_TYPE;
    assertTrue(wantsAnswer == (answer != null), () -> "what " + call.name + " returns");
    if (answer != null) {
      code.add(answer);
    }
    return code;
  }
}
