package io.github.noslableak.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What the program did.
 *
 * @param exit with what it ended
 * @param out what it printed
 * @param err what it said beside that
 */
record Cli(int exit, String out, String err) {

  /** Runs it in this JVM. */
  static Cli run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit = command.execute(arguments);
    return new Cli(exit, out.toString(), err.toString());
  }
}
