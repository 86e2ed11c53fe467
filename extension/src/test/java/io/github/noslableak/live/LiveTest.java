package io.github.noslableak.live;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against the running kernel. Where it cannot be measured, the test is skipped with a loud
 * reason; with NOSLABLEAK_LIVE=required in the environment it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("live")
@ExtendWith(LiveKernelCondition.class)
public @interface LiveTest {}
