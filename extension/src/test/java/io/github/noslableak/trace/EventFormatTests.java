package io.github.noslableak.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.alloc.EventFormats;
import io.github.noslableak.trace.alloc.GfpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventFormatTests {

  @Test
  void fields_are_as_the_kernel_says() {
    EventFormat alloc = Formats.V6_18.get("kmem_cache_alloc");
    assertThat(alloc.id()).isEqualTo(659);
    assertThat(alloc.field("ptr"))
        .isEqualTo(new EventFormat.Field("ptr", "const void *", 16, 8, false));
    assertThat(alloc.field("name").isDynamic()).isTrue();
    assertThat(alloc.field("common_pid").signed()).isTrue();
    assertThat(Formats.V6_18.get("task_newtask").field("comm"))
        .isEqualTo(new EventFormat.Field("comm", "char", 12, 16, false));
    assertThat(Formats.V6_18.get("kernel_stack").field("caller").offset()).isEqualTo(16);
  }

  @Test
  void allocations_name_their_cache_on_newer_kernels() {
    assertThat(Formats.V6_18.allocationsNameTheirCache()).isTrue();
    assertThat(Formats.V6_1.allocationsNameTheirCache()).isFalse();
  }

  @Test
  void flags_are_found_in_both_spellings() {
    GfpFlags newer = GfpFlags.of(Formats.V6_18.get("kmalloc"));
    GfpFlags older = GfpFlags.of(Formats.V6_1.get("kmalloc"));
    assertThat(newer).isEqualTo(older).isEqualTo(new GfpFlags(1, 0x10, 0x400000));
  }

  @Test
  void what_is_missing_is_named() {
    EventFormat free = Formats.V6_18.get("kmem_cache_free");
    assertThatThrownBy(() -> free.field("bytes_alloc"))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("the kernel's event kmem_cache_free has no field bytes_alloc");
    assertThatThrownBy(() -> EventFormats.of(List.of(free)).get("kmem_cache_alloc"))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("this kernel has no trace event kmem_cache_alloc");
    assertThatThrownBy(() -> GfpFlags.of(free))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessageContaining("does not explain __GFP_RECLAIMABLE");
    assertThatThrownBy(() -> EventFormat.parse(""))
        .isInstanceOf(MalformedKernelDataException.class);
  }

  @Test
  void records_of_another_form_are_refused() {
    String page = Formats.text("vm-6.18/trace/header_page.txt");
    String event = Formats.text("vm-6.18/trace/header_event.txt");
    assertThatThrownBy(() -> PageLayout.parse(page, event.replace("27 bits", "26 bits")))
        .isInstanceOf(MalformedKernelDataException.class);
    assertThatThrownBy(() -> PageLayout.parse(page, event.replace("== 30", "== 28")))
        .isInstanceOf(MalformedKernelDataException.class);
    assertThatThrownBy(() -> PageLayout.parse(page.replace("commit", "missing"), event))
        .isInstanceOf(MalformedKernelDataException.class);
    assertThatThrownBy(() -> PageLayout.parse("", ""))
        .isInstanceOf(MalformedKernelDataException.class);
  }

  @Test
  void losses_are_summed() {
    assertThat(
            TraceInstance.lost(
                "entries: 129\noverrun: 5\ncommit overrun: 1\nbytes: 5256\ndropped events: 2\n"))
        .isEqualTo(8);
    assertThatThrownBy(() -> TraceInstance.lost("entries: 129"))
        .isInstanceOf(MalformedKernelDataException.class);
  }
}
