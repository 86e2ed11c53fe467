package io.github.noslableak.cli;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabUnmeasurableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what a command leaves, as a test's body is measured. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a command and says what kernel objects it left: a script, a program of C or Go, a test of"
          + " any kind. Its process and all that descend from it count as the test. Where it is under"
          + " suspicion it is run again, as often as needed to be sure. Needs root.",
      "",
      "What is found is written to the standard error stream. The command's own streams are left to it;"
          + " its standard input is empty, since it may run more than once."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the command ended with 0 and left nothing",
      "1:it leaks",
      "2:an option cannot be used, or the command not be started",
      "3:the numbers decide nothing",
      "4:slab objects cannot be counted here",
      "5:the command failed; its own exit code is told",
      "70:this program itself is broken"
    })
final class RunCommand implements Callable<Integer> {

  @Option(
      names = "--caches",
      paramLabel = "NAME",
      split = ",",
      description =
          "Slab caches to watch: names, globs, @files, @sockets, @io, @kmalloc, @all. Default: @io")
  private List<String> caches = new ArrayList<>(List.of("@io"));

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "How often the command runs before it is counted. Default: 1")
  private int iterations = 1;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "How often it runs before the measurement. Default: 0")
  private int warmup;

  @Option(
      names = "--tolerance",
      paramLabel = "N",
      description = "Objects of each cache that may be left. Default: 0")
  private long tolerance;

  @Option(
      names = "--linger",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to wait for objects to go away, such as 500ms. Default: 2s")
  private @Nullable Duration linger;

  @Option(
      names = "--no-confirm",
      description = "Does not run the command again where it is under suspicion.")
  private boolean once;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes what was found to a file, too.")
  private @Nullable Path json;

  @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command, after --.")
  private List<String> command = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (linger != null) {
      System.setProperty("noslableak.linger", linger.toMillis() + " ms");
    }
    if (json != null) {
      Files.writeString(json, ""); // What cannot be written is told before anything runs.
    }
    PrintWriter out = spec.commandLine().getErr();

    Program program = new Program(command);
    Found found = measure(program);
    out.println(found.text());
    if (json != null) {
      Files.writeString(json, RunJson.of(command, program, found));
    }
    return found.exit().code();
  }

  private Found measure(Program program) throws IOException {
    SlabGuard guard =
        SlabGuard.watching(caches.toArray(String[]::new))
            .named(program.name())
            .iterations(iterations)
            .warmup(warmup)
            .tolerating(tolerance)
            .confirming(!once);
    try {
      SlabGrowth growth = guard.measure(program::run);
      return Found.of(growth, program);
    } catch (Program.Failed e) {
      return new Found(ExitCode.COMMAND_FAILED, String.valueOf(e.getMessage()), null);
    } catch (SlabUnmeasurableException e) {
      return new Found(ExitCode.UNMEASURABLE, String.valueOf(e.getMessage()), null);
    }
  }
}
