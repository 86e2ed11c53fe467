package io.github.noslableak;

import io.github.noslableak.engine.Following;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.mount.PrivateFileSystem;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The mounts of one context. Each stands in the context's store by itself, which unmounts it when
 * it ends.
 *
 * <p>A mount is made when it is asked for and not at the first callback. So it comes into the store
 * after the measurement of {@link NoSlabLeak}, in whichever order both annotations are found, and
 * is unmounted before the measurement counts for the last time.
 */
final class PrivateMounts {

  private static final Namespace NAMESPACE = Namespace.create(PrivateMounts.class);

  /** With the context's id: a nested context sees the stores of those around it. */
  private record MountOf(AnnotatedElement declaration, String contextId) {}

  private record MountsOf(String contextId) {}

  private final ExtensionContext context;
  private final Settings settings;
  private volatile boolean insideFailed;

  private PrivateMounts(ExtensionContext context) {
    this.context = context;
    this.settings = Settings.from(context::getConfigurationParameter);
  }

  /** Returns those of a context. */
  static PrivateMounts of(ExtensionContext context) {
    try {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              new MountsOf(context.getUniqueId()),
              id -> new PrivateMounts(context),
              PrivateMounts.class);
    } catch (IllegalArgumentException e) {
      throw Refusals.misuse(PrivateMount.class, e);
    }
  }

  /** Refuses a test, or all tests of a class, where nothing can be mounted. */
  static void requireRights(ExtensionContext context) {
    Optional<Obstacle> obstacle = PrivateFileSystem.obstacle();
    if (obstacle.isPresent()) {
      throw of(context)
          .refusal(
              new SlabUnmeasurableException(
                  "NoSlabLeak cannot mount here, so leaked references would go unseen:\n  "
                      + obstacle.get().sentence()));
    }
  }

  /** Tells the contexts around one that failed, which do not learn of it. */
  static void failedInside(ExtensionContext failedContext) {
    for (Optional<ExtensionContext> at = failedContext.getParent();
        at.isPresent();
        at = at.get().getParent()) {
      PrivateMounts around =
          at.get()
              .getStore(NAMESPACE)
              .get(new MountsOf(at.get().getUniqueId()), PrivateMounts.class);
      if (around != null) {
        around.insideFailed = true;
      }
    }
  }

  /**
   * Returns the mount of a declaration: the same one where a body is run again.
   *
   * @throws SlabUnmeasurableException if it cannot be mounted here
   */
  Path mount(PrivateMount annotation, AnnotatedElement declaration) {
    try {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              new MountOf(declaration, context.getUniqueId()),
              id -> open(annotation),
              MountedDirectory.class)
          .directory();
    } catch (IllegalArgumentException e) {
      throw Refusals.misuse(PrivateMount.class, e);
    }
  }

  /** As {@link #mount}, where JUnit can be told to abort the test. */
  Path mountOrRefuse(PrivateMount annotation, AnnotatedElement declaration) {
    try {
      return mount(annotation, declaration);
    } catch (SlabUnmeasurableException e) {
      throw refusal(e);
    }
  }

  private RuntimeException refusal(SlabUnmeasurableException e) {
    return Refusals.unmeasurable(settings, e);
  }

  /** Under {@link NoSlabLeak}, the mount is there while its measurement counts, and is no leak. */
  private MountedDirectory open(PrivateMount annotation) {
    Optional<TestEntry> test = NoSlabLeakExtension.find(context);
    return test.isPresent()
        ? test.get().setAside(() -> MountedDirectory.open(annotation, this, test.get().modules()))
        : MountedDirectory.open(annotation, this, modules());
  }

  private Optional<List<String>> modules() {
    return settings.following() == Following.NEVER ? Optional.empty() : Optional.of(List.of());
  }

  /** Returns whether a test that uses the mounts has failed, so that they are not judged. */
  boolean haveFailed() {
    return insideFailed || context.getExecutionException().isPresent();
  }

  /** Returns how long a mount may stay in use at the end. */
  Duration linger() {
    return settings.linger();
  }
}
