package io.github.noslableak.trace.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.trace.Formats;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reference ledger asks of the kernel. */
class ReferenceLedgerTests {

  private static final ReferenceFunction.Machine X86 =
      ReferenceFunction.Machine.of("amd64").orElseThrow();

  private static final List<KernelModule> MODULES =
      KernelModule.parse(Formats.text("trace-6.1/modules.txt").lines().toList());

  @Test
  void probes_record_objects_and_callers() {
    assertThat(ReferenceFunction.PATH_GET.probe("noslableak_1_2_3", X86))
        .isEqualTo(
            "p:noslableak_1_2_3/path_get path_get mount=+0(%di):x64 dentry=+8(%di):x64"
                + " caller=$stack0:x64 name=+0(+40(+8(%di))):string");
    assertThat(ReferenceFunction.DGET_PARENT.probe("noslableak_1_2_3", X86))
        .isEqualTo(
            "r:noslableak_1_2_3/dget_parent dget_parent object=$retval:x64"
                + " name=+0(+40($retval)):string");
    assertThat(ReferenceFunction.DPUT.probe("noslableak_1_2_3", X86))
        .isEqualTo("p:noslableak_1_2_3/dput dput object=%di:x64 caller=$stack0:x64");
    assertThat(ReferenceFunction.FGET.probe("noslableak_1_2_3", X86))
        .isEqualTo("r:noslableak_1_2_3/fget fget object=$retval:x64");
  }

  @Test
  void arm64_has_registers_of_its_own_and_other_machines_are_refused() {
    ReferenceFunction.Machine arm = ReferenceFunction.Machine.of("aarch64").orElseThrow();

    assertThat(ReferenceFunction.PATH_PUT.probe("g", arm))
        .isEqualTo("p:g/path_put path_put mount=+0(%x0):x64 dentry=+8(%x0):x64 caller=%x30:x64");
    assertThat(ReferenceFunction.Machine.of("riscv64")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ReferenceFunction.Family.class)
  void each_family_takes_and_returns(ReferenceFunction.Family family) {
    assertThat(List.of(ReferenceFunction.values()))
        .filteredOn(function -> function.family() == family)
        .extracting(ReferenceFunction::takes)
        .contains(true, false);
  }

  @Test
  void modules_are_read_with_their_addresses() {
    assertThat(MODULES).hasSize(7);
    assertThat(MODULES.get(0)).isEqualTo(new KernelModule("leaky", 0xffffffffc037d000L, 16384));
  }

  @Test
  void callers_are_filtered_by_where_modules_are() {
    assertThat(KernelModule.filter("caller", MODULES.subList(0, 1)))
        .isEqualTo("caller >= 0xffffffffc037d000 && caller < 0xffffffffc0381000");
    assertThat(KernelModule.filter("caller", MODULES))
        .isEqualTo("caller >= 0xffffffffc0370000 && caller < 0xffffffffc03ab000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "leaky", "leaky 16384 0 - Live", "leaky x 0 - Live 0xffffffffc037d000"})
  void a_line_that_is_no_module_is_refused(String line) {
    assertThatThrownBy(() -> KernelModule.parse(List.of(line)))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a line of /proc/modules is \"" + line + "\"");
  }

  @Test
  void a_module_that_is_not_loaded_is_named() {
    assertThat(ReferenceLedger.obstacle(MODULES, List.of())).isEmpty();
    assertThat(ReferenceLedger.obstacle(MODULES, List.of("leaky", "virtio"))).isEmpty();
    assertThat(ReferenceLedger.obstacle(MODULES, List.of("leaky", "scanner")))
        .map(Obstacle::what)
        .hasValue("no kernel module scanner is loaded");
    assertThat(ReferenceLedger.obstacle(List.of(), List.of()))
        .map(Obstacle::what)
        .hasValue("no kernel module is loaded, and the kernel's own references are not followed");
  }

  @Test
  void hidden_addresses_are_an_obstacle() {
    List<KernelModule> hidden =
        KernelModule.parse(List.of("leaky 16384 0 - Live 0x0000000000000000 (OE)"));

    assertThat(ReferenceLedger.obstacle(hidden, List.of()))
        .map(Obstacle::remedy)
        .hasValue("run the build as root, with: sysctl kernel.kptr_restrict=1");
  }

  @Test
  void probes_of_dead_processes_are_told_from_all_others() {
    List<String> lines =
        List.of(
            "p:noslableak_100_7_1/dput dput object=%di:x64 caller=$stack0:x64",
            "r10:noslableak_100_8_1/fget fget object=$retval:x64",
            "r:noslableak_200_7_12/fget fget object=$retval:x64",
            "p:noslableak_100_9/dput dput",
            "p:kprobes/noslableak_100_9_1 dput",
            "p:noslableak/dput dput");

    assertThat(ProbeGroup.stale(lines, (pid, start) -> Set.of("100 7").contains(pid + " " + start)))
        .containsExactly("noslableak_100_8_1/fget", "noslableak_200_7_12/fget");
  }

  @Test
  void misses_of_its_own_probes_are_counted() {
    List<String> lines =
        List.of(
            "  path_get                                                 406               2",
            "  path_put                                                 406               1",
            "  others                                                    17              99");

    assertThat(ProbeGroup.missed(lines, Set.of("path_get", "path_put", "dput"))).isEqualTo(3);
    assertThat(ProbeGroup.missed(List.of(), Set.of("path_get"))).isZero();
  }
}
