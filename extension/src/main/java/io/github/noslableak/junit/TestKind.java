package io.github.noslableak.junit;

import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.UniqueId;

/** What a context is the context of. */
public enum TestKind {
  /** A test method, or one invocation of several. */
  TEST,
  /** A method that makes dynamic tests, all of which are its body. */
  FACTORY,
  /** What has no run of its own: a class, a dynamic test, a template around its invocations. */
  OTHER;

  /** Tells of which kind a context is. */
  public static TestKind of(ExtensionContext context) {
    if (context.getTestMethod().isEmpty()
        || UniqueId.parse(context.getUniqueId())
            .getLastSegment()
            .getType()
            .equals("test-template")) {
      return OTHER;
    }
    return AnnotationSupport.isAnnotated(context.getTestMethod(), TestFactory.class)
        ? FACTORY
        : TEST;
  }
}
