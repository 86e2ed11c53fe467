package io.github.noslableak.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program of the runnable jar. */
@Command(
    name = "noslableak",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Finds leaks of Linux kernel slab objects: in dumps, and in what a command leaves.",
    subcommands = {AnalyzeCommand.class, RunCommand.class, AutoComplete.GenerateCompletion.class},
    footer = {
      "",
      "Bash completion: alias noslableak='java -jar noslableak-cli.jar',",
      "then source <(noslableak generate-completion)."
    })
public final class Main {

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "noslableak "
            + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("of a working tree")
      };
    }
  }

  private Main() {}

  /** Runs the program, and ends the JVM with one of {@link ExitCode}. */
  public static void main(String[] arguments) throws IOException {
    int exit;
    try {
      exit =
          SmallJvm.isWanted(arguments) ? SmallJvm.run(arguments) : commandLine().execute(arguments);
    } catch (OutOfMemoryError e) {
      exit = ExitCode.BROKEN.code();
    }
    System.exit(exit);
  }

  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Main());
    command.getSubcommands().values().forEach(Main::brokenIsNoLeak);
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::refuse)
        .setExecutionExceptionHandler(Main::fail);
  }

  /** What is thrown ends the program with 1 otherwise, which means a leak. */
  private static void brokenIsNoLeak(CommandLine command) {
    command.getCommandSpec().exitCodeOnExecutionException(ExitCode.BROKEN.code());
  }

  private static int refuse(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println(
            sentence(e)
                + "\n"
                + command.getCommandSpec().qualifiedName()
                + " --help says what can be given.");
    return ExitCode.USAGE.code();
  }

  private static int fail(Exception e, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    if (e instanceof IOException || e instanceof IllegalArgumentException) {
      command.getErr().println(sentence(e));
      return ExitCode.USAGE.code();
    }
    throw e;
  }

  private static String sentence(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is not there";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + " may not be read by this user";
    }
    // A message may hold what a stranger wrote: nothing that a terminal would obey.
    return String.valueOf(e.getMessage() == null ? e : e.getMessage())
        .replaceAll("[^\\x20-\\x7e\\n]", "?");
  }
}
