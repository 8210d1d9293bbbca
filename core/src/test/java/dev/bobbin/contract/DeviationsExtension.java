package dev.bobbin.contract;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Turns the checks round that are listed with {@link Deviates}. */
final class DeviationsExtension implements InvocationInterceptor {
  /** Returns all that is listed of the class and its superclasses. */
  static List<Deviates> listOf(Class<?> tested) {
    var list = new ArrayList<Deviates>();
    for (Class<?> type = tested; type != null; type = type.getSuperclass()) {
      list.addAll(List.of(type.getDeclaredAnnotationsByType(Deviates.class)));
    }
    return list;
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    String check = invocationContext.getExecutable().getName();
    Optional<Deviates> listed = listOf(context.getRequiredTestClass()).stream()
        .filter(deviation -> deviation.in().equals(check))
        .findAny();
    if (listed.isEmpty()) {
      invocation.proceed();
      return;
    }
    Patience.isShort();
    try {
      invocation.proceed();
    } catch (TestAbortedException doesNotApply) {
      throw doesNotApply;
    } catch (Throwable expected) {
      return;
    } finally {
      Patience.isLong();
    }
    throw new AssertionFailedError(
        "%s is listed as failing '%s' (%s), and passes it. Strike it from the list."
            .formatted(
                context.getRequiredTestClass().getSimpleName(),
                check,
                listed.get().because()));
  }
}
