package io.github.noslableak.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Test cases that fail on purpose. Only {@link TestKit} runs them: a selection of tests such as
 * {@code -Dtest='!...'} makes surefire find nested classes too, which it leaves alone otherwise.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf("io.github.noslableak.testkit.TestKit#isRunning")
@interface MeantToFail {}
