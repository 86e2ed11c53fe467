package io.github.noslableak;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test an empty file system of its own, and fails the test if it cannot be unmounted when
 * the test is over.
 *
 * <pre>{@code
 * @Test
 * void storesAFile(@PrivateMount Path dir) throws IOException { ... }
 * }</pre>
 *
 * <p>It finds what no counter of slab objects shows: a reference that the kernel takes to one and
 * the same file again and again, and does not return, keeps the mount busy. If umount(2) still
 * answers EBUSY after {@code noslableak.linger}, all processes are searched. One that uses the
 * mount is named, with what it uses; if there is none, a reference has leaked. Either way the test
 * fails with a {@link MountLeakError} and the mount is detached. Nothing is judged where the test
 * failed or was aborted.
 *
 * <p>It goes on a {@link java.nio.file.Path}: a parameter of a test, a constructor or a lifecycle
 * method, or a field, which may be anything but final. Each annotated parameter or field gets a
 * mount of its own, which lives as long as the {@code @TempDir} in its place would: as a rule until
 * the end of the test, after {@code @AfterEach}, but for the class where it is a static field, or a
 * parameter of {@code @BeforeAll} or of the constructor of an instance that the tests share. Under
 * {@link NoSlabLeak}, the mount of a test is made after the first count and unmounted before the
 * last, so its own objects and the files left on it are not counted against the test.
 *
 * <p>The directory is below {@code /run/noslableak}, where only this user may enter. Set-user-id
 * bits and device files have no effect there, and mounts do not propagate to it or from it. What a
 * killed JVM leaves mounted, the next use on this machine removes.
 *
 * <p>Where this process may not mount, the test is aborted with a message that says what is
 * missing; with the configuration parameter {@code noslableak.unmeasurable=fail} it fails.
 */
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(PrivateMountExtension.class)
@SuppressWarnings("exports") // JUnit makes the extension, and nobody else.
public @interface PrivateMount {

  /** What is mounted. */
  enum Type {
    /** A file system in memory. */
    TMPFS,
    /**
     * An ext4 on a loop device, over an image in memory. Needs mke2fs, of the package e2fsprogs,
     * and Linux 5.8.
     */
    EXT4
  }

  /**
   * What is mounted.
   *
   * @return the type, by default a tmpfs
   */
  Type type() default Type.TMPFS;

  /**
   * How much it holds; the memory is taken only as it fills.
   *
   * @return the size in MiB, 1 or more, and 8 or more for an ext4
   */
  int mebibytes() default 64;
}
