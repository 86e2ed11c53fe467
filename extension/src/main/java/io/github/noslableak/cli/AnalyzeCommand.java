package io.github.noslableak.cli;

import io.github.noslableak.diagnosis.Diagnosis;
import io.github.noslableak.diagnosis.Moments;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.DumpReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what dumps of a machine, or this machine now, tell of a leak. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Says whether slab is what fills a machine, which caches, how fast and until when, and which"
          + " test would have found it.",
      "",
      "A FILE is what crash's kmem -i and kmem -s printed, slabinfo, meminfo, slabtop"
          + " -o, a supportconfig archive or a sos report (tar, packed by gzip, xz or bzip2), or the"
          + " directory that one was unpacked into. Files of one moment belong together; files of"
          + " two moments tell a growth."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no leak is told",
      "1:slab leaks, or grows from one dump to the next",
      "2:a file or an option cannot be used",
      "70:this program itself is broken"
    })
final class AnalyzeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "Dumps of one machine.", arity = "0..*")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--live", description = "Looks at this machine, now. Needs root.")
  private boolean live;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Looks at this machine again and again, such as each 60s, until it is stopped.")
  private @Nullable Duration every;

  @Option(
      names = "--looks",
      paramLabel = "N",
      description = "With --every: stops after so many looks.")
  private @Nullable Integer looks;

  @Option(
      names = "--apart",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "How long it is from one dump to the other, such as 3d, where they do not tell.")
  private @Nullable Duration apart;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    boolean machine = live || every != null;
    if (machine != files.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          machine
              ? "Files and this machine cannot be looked at in one go."
              : "Which FILE, or --live for this machine?");
    }
    Diagnosis diagnosis;
    if (every != null) {
      diagnosis = watch(every);
    } else if (live) {
      diagnosis = Diagnosis.of(DumpReader.ofThisMachine());
    } else {
      diagnosis = Moments.diagnose(read(), Optional.ofNullable(apart));
    }
    print(diagnosis);
    return (diagnosis.conclusion().isFinding() ? ExitCode.LEAK : ExitCode.CLEAN).code();
  }

  private List<Dump> read() throws IOException {
    List<Dump> dumps = new ArrayList<>();
    for (Path file : files) {
      ReadProgress progress = new ReadProgress(file.toString(), spec.commandLine().getErr());
      dumps.add(DumpReader.read(file, progress));
      progress.end();
    }
    return dumps;
  }

  private Diagnosis watch(Duration interval) throws IOException {
    if (interval.toMillis() < 100 || interval.toDays() > 30) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--every should be 100ms or more, and 30d at most.");
    }
    return new Watch(
            interval, looks == null ? Integer.MAX_VALUE : looks, spec.commandLine().getErr())
        .run(this::print);
  }

  private void print(Diagnosis diagnosis) {
    spec.commandLine()
        .getOut()
        .println(json ? DiagnosisJson.of(diagnosis) : DiagnosisText.of(diagnosis));
    spec.commandLine().getOut().flush();
  }
}
