/**
 * Contract tests for those who write plugins: what Bobbin relies on, as tests that a plugin's own test
 * class inherits.
 *
 * <p>Begin with the contract of your kind of plugin: {@link
 * dev.bobbin.testkit.ContextPropagatorContract}, {@link dev.bobbin.testkit.FailureReporterContract} or
 * {@link dev.bobbin.testkit.WorkerThreadFactoryContract}. A subclass says how to get at the plugin and at
 * what it does; the tests are run by JUnit 5, on the thread that JUnit chooses and on threads of their
 * own, which end with the test. A contract is passed by every plugin that comes with Bobbin.
 */
@NullMarked
package dev.bobbin.testkit;

import org.jspecify.annotations.NullMarked;
