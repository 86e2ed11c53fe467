package io.github.noslableak.jvm;

import io.github.noslableak.jvm.boot.OpenHook;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has the methods that open something call {@link OpenHook} where they begin and where they return.
 *
 * <p>It rewrites them with the library of ASM that is part of these JDKs, and is not exported: an
 * agent may export it to itself. A library of our own would be one more on the class path of those
 * who use this, and would have to learn each new form of class files.
 */
final class WatchingTransformer implements ClassFileTransformer {

  private static final String ASM = "jdk.internal.org.objectweb.asm";
  private static final String TREE = ASM + ".tree";

  private static final String HOOK = OpenHook.class.getName().replace('.', '/');

  // Numbers of the JVM's specification, chapter 6.
  private static final int SIPUSH = 17;
  private static final int IRETURN = 172;
  private static final int RETURN = 177;
  private static final int INVOKESTATIC = 184;

  private static final int COMPUTE_MAXS = 1;

  private @Nullable Throwable failure;

  WatchingTransformer(Instrumentation instrumentation) {
    Internals.export(instrumentation, ASM, TREE);
  }

  /** Returns what went wrong, for the JVM hides it. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  @SuppressWarnings("NullAway") // Null is the JVM's word for "as it is".
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader != null || name == null) {
      return null;
    }
    Map<String, Integer> methods = OpeningMethods.of(name.replace('/', '.'));
    if (methods.isEmpty()) {
      return null;
    }
    try {
      return watching(bytes, methods);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      failure = e;
      return null;
    }
  }

  private static byte[] watching(byte[] bytes, Map<String, Integer> methods)
      throws ReflectiveOperationException {
    Class<?> visitor = type(ASM + ".ClassVisitor");
    Object node = constructor(TREE + ".ClassNode").newInstance();
    Object reader = constructor(ASM + ".ClassReader", byte[].class).newInstance((Object) bytes);
    reader.getClass().getMethod("accept", visitor, int.class).invoke(reader, node, 0);
    for (Object method : (List<?>) node.getClass().getField("methods").get(node)) {
      Integer number = methods.get(method.getClass().getField("name").get(method));
      if (number != null) {
        watch(method.getClass().getField("instructions").get(method), number);
      }
    }
    Object writer = constructor(ASM + ".ClassWriter", int.class).newInstance(COMPUTE_MAXS);
    node.getClass().getMethod("accept", visitor).invoke(node, writer);
    return (byte[]) writer.getClass().getMethod("toByteArray").invoke(writer);
  }

  /** A method without instructions is native, and called by one that has some. */
  private static void watch(Object instructions, int number) throws ReflectiveOperationException {
    Class<?> list = instructions.getClass();
    Class<?> instruction = type(TREE + ".AbstractInsnNode");
    Object[] all = (Object[]) list.getMethod("toArray").invoke(instructions);
    if (all.length == 0) {
      return;
    }
    Method before = list.getMethod("insertBefore", instruction, instruction);
    for (Object each : all) {
      int code = (int) instruction.getMethod("getOpcode").invoke(each);
      if (code >= IRETURN && code <= RETURN) {
        before.invoke(instructions, each, push(number));
        before.invoke(instructions, each, call("ends"));
      }
    }
    before.invoke(instructions, all[0], push(number));
    before.invoke(instructions, all[0], call("begins"));
  }

  private static Object push(int number) throws ReflectiveOperationException {
    return constructor(TREE + ".IntInsnNode", int.class, int.class).newInstance(SIPUSH, number);
  }

  private static Object call(String name) throws ReflectiveOperationException {
    return constructor(
            TREE + ".MethodInsnNode",
            int.class,
            String.class,
            String.class,
            String.class,
            boolean.class)
        .newInstance(INVOKESTATIC, HOOK, name, "(I)V", false);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, null);
  }

  private static Constructor<?> constructor(String type, Class<?>... parameters)
      throws ReflectiveOperationException {
    return type(type).getConstructor(parameters);
  }
}
