package io.github.noslableak.jvm;

import io.github.noslableak.jvm.boot.OpenHook;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Gets this JVM's instrumentation, and the class that watched methods call into its boot loader.
 */
final class Agents {

  /** By its name: in this JVM it may lack what it needs. */
  private static final String LOADER = "io.github.noslableak.jvm.AgentLoader";

  private static final int LONGEST_SECONDS = 20;

  private static final String REMEDY =
      "; to have it, start the tests' JVM with -javaagent: and the path of this library's jar";

  /** What a JVM takes options from that its command line has not. */
  private static final List<String> OPTIONS =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static @Nullable Field listener;
  private static @Nullable String failure;

  private Agents() {}

  /** Returns the instrumentation of this JVM, where it has an agent of ours already. */
  static Optional<Instrumentation> present() {
    try {
      // Agents are of the system loader, which may not be the one of this class.
      Class<?> agent =
          Class.forName(OpenAgent.class.getName(), true, ClassLoader.getSystemClassLoader());
      return Optional.ofNullable((Instrumentation) agent.getMethod("instrumentation").invoke(null));
    } catch (ReflectiveOperationException e) {
      return Optional.empty(); // That loader has none.
    }
  }

  /**
   * Returns the instrumentation of this JVM; where it has no agent of ours, another JVM loads it.
   *
   * @throws IOException if that fails
   */
  static synchronized Instrumentation get() throws IOException {
    Optional<Instrumentation> present = present();
    if (present.isPresent()) {
      return present.get();
    }
    if (failure != null) {
      throw new IOException(failure); // It would fail again, and take as long.
    }
    try {
      load();
      return present().orElseThrow(() -> new IOException("an agent was loaded and is not there"));
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      throw e;
    }
  }

  private static void load() throws IOException {
    Path directory = Files.createTempDirectory("noslableak"); // For this user alone.
    Path jar = directory.resolve("agent.jar");
    Path output = directory.resolve("output.txt");
    try {
      write(jar);
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              jar.toString(),
              LOADER,
              String.valueOf(ProcessHandle.current().pid()),
              jar.toString());
      builder.environment().keySet().removeAll(OPTIONS); // For JVMs that run the product.
      run(builder.redirectErrorStream(true).redirectOutput(output.toFile()), output);
    } finally {
      for (Path made : List.of(jar, output, directory)) {
        boolean ignored = Files.deleteIfExists(made);
      }
    }
  }

  private static void run(ProcessBuilder builder, Path output) throws IOException {
    Process other = builder.start();
    try {
      other.getOutputStream().close();
      if (!other.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("no agent was loaded within " + LONGEST_SECONDS + " s" + REMEDY);
      }
      if (other.exitValue() != 0) {
        throw new IOException("no agent can be loaded (" + firstLine(output) + ")" + REMEDY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while an agent was loaded", e);
    } finally {
      Process ignored = other.destroyForcibly();
    }
  }

  private static String firstLine(Path output) throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("WARNING"))
        .findFirst()
        .map(line -> line.replaceFirst("^Exception in thread .main. ", ""))
        .orElse("nothing says why");
  }

  /**
   * Has watched methods tell somebody, instead of whom they told before.
   *
   * @throws IOException if the class that they call cannot be had
   */
  static void tell(Instrumentation instrumentation, IntConsumer told) throws IOException {
    try {
      listener(instrumentation).set(null, told);
    } catch (ReflectiveOperationException e) {
      throw new IOException("cannot reach the hook", e);
    }
  }

  private static synchronized Field listener(Instrumentation instrumentation)
      throws IOException, ReflectiveOperationException {
    if (listener == null) {
      listener = hook(instrumentation).getField("listener");
    }
    return listener;
  }

  /** Another copy of this library, of another loader, may have it loaded. */
  private static Class<?> hook(Instrumentation instrumentation)
      throws IOException, ReflectiveOperationException {
    try {
      return Class.forName(OpenHook.class.getName(), true, null);
    } catch (ClassNotFoundException e) {
      String internal = "jdk.internal.misc";
      Internals.export(instrumentation, internal);
      Class<?> unsafe = Class.forName(internal + ".Unsafe", true, null);
      byte[] bytes = bytes(OpenHook.class.getName());
      // A jar for the boot loader would do too, and make the JVM print a warning.
      return (Class<?>)
          unsafe
              .getMethod(
                  "defineClass",
                  String.class,
                  byte[].class,
                  int.class,
                  int.class,
                  ClassLoader.class,
                  ProtectionDomain.class)
              .invoke(
                  unsafe.getMethod("getUnsafe").invoke(null),
                  OpenHook.class.getName(),
                  bytes,
                  0,
                  bytes.length,
                  null,
                  null);
    }
  }

  private static byte[] bytes(String type) throws IOException {
    try (InputStream bytes = Agents.class.getResourceAsStream("/" + fileName(type))) {
      if (bytes == null) {
        throw new IOException("the class " + type + " is missing");
      }
      return bytes.readAllBytes();
    }
  }

  private static String fileName(String type) {
    return type.replace('.', '/') + ".class";
  }

  private static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Agent-Class", OpenAgent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (String type : List.of(OpenAgent.class.getName(), LOADER)) {
        out.putNextEntry(new ZipEntry(fileName(type)));
        out.write(bytes(type));
      }
    }
  }
}
