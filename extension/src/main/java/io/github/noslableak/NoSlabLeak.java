package io.github.noslableak;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Fails a test that leaves more objects in the Linux kernel's slab caches than it found.
 *
 * <pre>{@code
 * @Test
 * @NoSlabLeak(caches = {"dentry", "sock_inode_cache"})
 * void relaysAFile() throws IOException { ... }
 * }</pre>
 *
 * <p>On a class it applies to each of its tests, also nested and inherited ones; of several
 * annotations the nearest wins. It may be used as a meta-annotation. Everything that belongs to the
 * test lies inside the measurement: its constructor (with the default lifecycle),
 * {@code @BeforeEach}, {@code @AfterEach}, other extensions and the deletion of {@code @TempDir}. A
 * test that fails or is aborted is not judged. An annotated test runs alone, while no other test of
 * its JVM and no other annotated test of this machine runs.
 *
 * <p>Where this machine cannot be measured, the test is aborted with a message that says what is
 * missing; with the configuration parameter {@code noslableak.unmeasurable=fail} it fails.
 *
 * @see SlabGuard
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(NoSlabLeakExtension.class)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else.
@ResourceLock(Resources.GLOBAL)
public @interface NoSlabLeak {

  /**
   * The slab caches to watch: names as in /sys/kernel/slab, globs ({@code *}, {@code ?}) and the
   * groups {@code @files}, {@code @sockets}, {@code @io} (both), {@code @kmalloc} and {@code @all}.
   * A name, glob or group without a cache on this kernel is a configuration error.
   *
   * @return the caches, by default {@code @io}
   */
  String[] caches() default "@io";

  /**
   * How many objects of each cache may be left after the test.
   *
   * @return objects per cache, 0 or more
   */
  long tolerance() default 0;

  /**
   * How often the body runs inside the measurement, with {@code @BeforeEach} and {@code @AfterEach}
   * around each run. Test instance, {@code @TempDir} and the callbacks of other extensions are not
   * renewed, and {@code @Timeout} covers all runs together.
   *
   * @return iterations, 1 or more; 1 for a {@code @TestFactory}
   */
  int iterations() default 1;

  /**
   * How often the body runs before the measurement, so that what is allocated once is not counted.
   *
   * @return iterations, 0 or more; 0 for a {@code @TestFactory}
   */
  int warmup() default 0;

  /**
   * Whether the body may be run again where growth was seen that outlasts the linger: as often as
   * {@code iterations} says, then twice as often, until it is clear whether the growth repeats and
   * scales. Test instance, {@code @TempDir} and the callbacks of other extensions are not renewed.
   * A body that fails when it is run again, and a {@code @TestFactory}, are run again as a whole
   * test, with all that is not renewed otherwise, by JUnit's launcher where that is on the class
   * path and the class has no fixtures for all of its tests. Where that fails too, the first
   * finding stands.
   *
   * @return false where the body cannot be run twice; growth that comes only once is then taken for
   *     a leak
   */
  boolean confirm() default true;

  /**
   * When allocations are followed, so that a failure says who allocated what leaked.
   *
   * @return by default as the setting {@code noslableak.attribution} says
   */
  Attribution attribution() default Attribution.DEFAULT;

  /**
   * Names of processes whose allocations count as the test's own, beside this JVM, its descendants
   * and the kernel. Where some are named, those of all other processes do not count; where none is,
   * another process counts as a leak only if it grows with the iterations and not while nothing
   * runs. A name that no process bears, before or after the test, leaves it inconclusive.
   *
   * @return names as in /proc/PID/comm
   */
  String[] processes() default {};

  /**
   * The kernel modules whose references on names, mounts and files are followed when a body under
   * suspicion is run again, where the kernel has kprobes: so that the failure names the function
   * that took a reference and did not return it.
   *
   * @return names as lsmod lists them; none for all modules
   */
  String[] modules() default {};
}
