package dev.bobbin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Proves that the proofs can fail. Each variant is the engine as it stands, with one of the rules in the
 * team's overview broken in its byte code; the proofs of that rule must find it, and must not find
 * anything in the engine as it is, written and run in the same way. The fence variants are in
 * {@code MemoryOrderTest}.
 */
@Tag("proof")
class BrokenVariantsTest {
  private static final long BOUND_SECONDS = 120;

  /** That the proofs pass here is to show that they run; the same are run at length by themselves. */
  private static final List<String> BRIEFLY = List.of("-Dbobbin.proof.interleavings=30");

  private static final List<Variant> VARIANTS = List.of(
      new Variant(
          "a worker that has counted itself idle does not look (rule 1)",
          Team.class,
          1,
          team -> team.leaveOut("countIdle", "Team.look"),
          "TeamRacesTest#race01_submitAgainstPark_strandsNoTask"),
      new Variant(
          "a worker counts itself idle before it is on the stack (rule 1)",
          Team.class,
          2,
          team -> team.leaveOut("publishIdle", "Slots.push")
              .beforeReturns("publishIdle", BrokenVariantsTest::pushSlot),
          "TeamRacesTest#race01_submitAgainstPark_strandsNoTask"),
      new Variant(
          "a worker that has taken a task does not look for a second one (rule 2)",
          Team.class,
          2,
          team -> team.leaveOut("lookAfterTake", "Team.look"),
          "TeamRacesTest#race02_submitAgainstATakerWhoseTaskNeverEnds_strandsNoTask"),
      new Variant(
          "a resize leaves the epoch as it is (rule 6)",
          TeamState.class,
          1,
          state -> state.answerAlways("nextEpoch", 0),
          "TeamRacesTest#race06_resizeAgainstRetire_keepsTheMinimumThatIsInForce"),
      new Variant(
          "a worker that leaves with the waking bit does not look (rule 8)",
          Team.class,
          2,
          team -> team.leaveOut("leave", "Team.look"),
          "TeamRacesTest#race08_retireAgainstWake_strandsNoTask"),
      new Variant(
          "a worker that leaves takes the waking bit with it (rule 8)",
          Team.class,
          1,
          team -> team.answerRead("leave", "holdsWaking", false),
          "TeamRacesTest#race08_retireAgainstWake_strandsNoTask"),
      new Variant(
          "a stop closes the backlog last (rule 9)",
          Team.class,
          2,
          team -> team.leaveOut("close", "Backlog.close")
              .beforeReturns("close", BrokenVariantsTest::closeBacklog),
          "TeamRacesTest#race09_submitAgainstStopOfANewTeam_discardsOrRefuses"),
      new Variant(
          "a worker that has begun a task does not ask whether the stop has given up (rules 10, 13)",
          Team.class,
          1,
          team -> team.answer("run", "TeamState.phase", 1, TeamState.RUNNING),
          "TeamSteppedRacesTest#race10_takenTaskRunsInterrupted_whenTheStopGivesUpBetweenItsTakeAndItsRun"),
      new Variant(
          "a task is claimed in two steps (rule 12)",
          PoolFuture.class,
          1,
          future -> future.redirect("claim", "VarHandle.compareAndSet", Broken.class),
          "TeamRacesTest#race12_cancelAgainstTake_endsTheTaskOnce"),
      new Variant(
          "a submitter that got no thread does not see to those who trusted it (rule 14)",
          Team.class,
          1,
          team -> team.leaveOut("makeFirst", "Team.makeUp"),
          "TeamRacesTest#race14_submittersWithoutAnyThread_areAllTold"),
      new Variant(
          "a worker that parks does not look whether somebody waits for idleness (rule 16)",
          Team.class,
          1,
          team -> team.leaveOut("countIdle", "IdleWatch.look"),
          "TeamRacesTest#race16_awaitIdleAgainstPark_isTold"),
      new Variant(
          "a maker does not look a second time (rule 18)",
          Team.class,
          1,
          team -> team.answer("makeIfStillNeeded", "Backlog.hasMoreThan", 1, 1),
          "TeamSteppedRacesTest#race18_placeIsGivenBack_whenTheTaskIsGoneAtTheLastLook"),
      new Variant(
          "the idle stack has no versions (rule 20)",
          Slots.class,
          1,
          slots -> slots.replaceConstants("versionAfter"::equals, 1L << 32, 0L),
          "TeamRacesTest#race20_popAgainstPopAndPush_losesNoSlotAndDoublesNone"));

  /** Puts {@code slots.push(worker.slot())} there. */
  private static void pushSlot(InsnList code) {
    code.add(new VarInsnNode(Opcodes.ALOAD, 0));
    code.add(field("slots", Slots.class));
    code.add(new VarInsnNode(Opcodes.ALOAD, 1));
    code.add(call(Worker.class, "slot", Type.getType(Slot.class)));
    code.add(call(Slots.class, "push", Type.VOID_TYPE, Type.getType(Slot.class)));
  }

  /** Puts {@code backlog.close()} there. */
  private static void closeBacklog(InsnList code) {
    code.add(new VarInsnNode(Opcodes.ALOAD, 0));
    code.add(field("backlog", Backlog.class));
    code.add(call(Backlog.class, "close", Type.VOID_TYPE));
  }

  private static FieldInsnNode field(String name, Class<?> type) {
    return new FieldInsnNode(
        Opcodes.GETFIELD, Type.getInternalName(Team.class), name, Type.getDescriptor(type));
  }

  private static MethodInsnNode call(Class<?> owner, String name, Type result, Type... arguments) {
    return new MethodInsnNode(
        Opcodes.INVOKEVIRTUAL,
        Type.getInternalName(owner),
        name,
        Type.getMethodDescriptor(result, arguments));
  }

  static Stream<Variant> variants() {
    return VARIANTS.stream();
  }

  /** The same proofs, run in the same way on the classes as they are. */
  @BeforeAll
  static void proofsPass_onTheClassesAsTheyAre() throws Exception {
    var proofs = new TreeSet<String>();
    Path folder = Fork.folder("untouched");
    for (Variant variant : VARIANTS) {
      ByteCode.of(variant.type).writeTo(folder);
      proofs.addAll(variant.proofs);
    }
    Fork untouched = prove(folder, proofs.size(), List.copyOf(proofs), BRIEFLY);
    assertEquals(0, untouched.exit(), untouched::output);
    assertFalse(untouched.output().contains(ProofRunner.FAILED), untouched::output);
    for (String proof : proofs) {
      assertTrue(untouched.output().contains(ProofRunner.PASSED + proof), untouched::output);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void brokenVariant_isCaught(Variant variant) throws Exception {
    ByteCode code = variant.change.apply(ByteCode.of(variant.type));
    assertEquals(variant.places, code.changes(), "places changed; was something renamed?");
    Path folder = Fork.folder("variant-" + VARIANTS.indexOf(variant));
    code.writeTo(folder);
    for (String proof : variant.proofs) {
      Fork run = prove(folder, 1, List.of(proof), List.of());
      boolean caught = run.exit() == Fork.HUNG || run.output().contains(ProofRunner.FAILED + proof);
      assertTrue(caught, () -> proof + " did not notice that " + variant + "\n" + run.output());
    }
  }

  private static Fork prove(Path folder, int proofs, List<String> names, List<String> more)
      throws Exception {
    var arguments = new ArrayList<>(names);
    var options = new ArrayList<>(more);
    options.addAll(List.of("-XX:+EnableDynamicAgentLoading", "-XX:TieredStopAtLevel=1"));
    return Fork.run(
        folder, folder, options, ProofRunner.class.getName(), arguments, proofs * BOUND_SECONDS);
  }

  private static final class Variant {
    final String says;
    final Class<?> type;
    final int places;
    final UnaryOperator<ByteCode> change;
    final List<String> proofs;

    Variant(
        String says, Class<?> type, int places, UnaryOperator<ByteCode> change, String... proofs) {
      this.says = says;
      this.type = type;
      this.places = places;
      this.change = change;
      this.proofs = List.of(proofs);
    }

    @Override
    public String toString() {
      return says;
    }
  }
}
