package io.github.noslableak;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tolerates growth of one slab cache in a test with {@link NoSlabLeak}, in place of {@link
 * NoSlabLeak#tolerance()}.
 *
 * <pre>{@code
 * @Test
 * @NoSlabLeak
 * @CacheTolerance(cache = "dentry", objects = 2, because = "the resolver keeps /etc/hosts watched")
 * void resolves() throws IOException { ... }
 * }</pre>
 *
 * <p>On a class it applies to each of its tests. A method's tolerance wins over its class's for the
 * caches it matches, and in one place a name wins over a glob, and the longer glob over the
 * shorter. Exactly one of {@link #objects()} and {@link #bytes()} is given. The report lists which
 * tolerances let growth pass and which were not needed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Repeatable(CacheTolerance.List.class)
public @interface CacheTolerance {

  /**
   * The cache: a name as in /sys/kernel/slab, or a glob ({@code *}, {@code ?}); no group.
   *
   * @return the name or glob
   */
  String cache();

  /**
   * How many objects may be left.
   *
   * @return objects, 0 or more; -1 where bytes are given
   */
  long objects() default -1;

  /**
   * How many bytes of slab may be left; rounded down to whole objects.
   *
   * @return bytes, 0 or more; -1 where objects are given
   */
  long bytes() default -1;

  /**
   * What the amount is for.
   *
   * @return the whole test by default
   */
  Per per() default Per.TEST;

  /**
   * The reason, for whoever reads the report.
   *
   * @return the reason, not blank
   */
  String because();

  /** What the amount of a tolerance is for. */
  enum Per {
    /** For all iterations together. */
    TEST,
    /** For each iteration. */
    ITERATION
  }

  /** Several tolerances in one place. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @Inherited
  @Documented
  @interface List {

    /**
     * The tolerances.
     *
     * @return one for each cache or glob
     */
    CacheTolerance[] value();
  }
}
