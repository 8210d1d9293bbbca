package dev.bobbin.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@code java.util.concurrent} promises of an executor and its futures, and what people expect
 * of one although it is not promised. Any executor is put under it by a subclass that makes it; what
 * that executor fails, the subclass lists with {@link Deviates}.
 */
@ExtendWith(DeviationsExtension.class)
abstract class ExecutorServiceContract
    implements ExecuteContract,
        SubmitContract,
        GetContract,
        OutcomeNowContract,
        CancelContract,
        InvokeAllContract,
        InvokeAnyContract,
        ShutdownContract,
        ShutdownNowContract,
        TerminationContract,
        CloseContract,
        MemoryContract,
        CompletionServiceContract,
        AsyncStagesContract,
        FutureAsStageContract {

  @Test
  void deviations_nameChecksThatExist() {
    List<String> checks = Arrays.stream(getClass().getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(method -> method.getName())
        .toList();
    List<String> unknown = DeviationsExtension.listOf(getClass()).stream()
        .map(Deviates::in)
        .filter(name -> !checks.contains(name))
        .toList();
    assertEquals(List.of(), unknown);
  }
}
