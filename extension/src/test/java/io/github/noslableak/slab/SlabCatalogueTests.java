package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Captures;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlabCatalogueTests {

  private static final List<String> KERNELS =
      List.of("vm-6.18", "debian-6.1", "debian-6.1-slab_nomerge", "debian-6.1-slub_debug");

  private static List<String> watched(String kernel, String... patterns) {
    return names(Captures.catalogue(kernel).select(List.of(patterns)));
  }

  private static List<String> names(CacheSelection selection) {
    return selection.watched().stream().map(SlabCache::name).toList();
  }

  private static List<String> leftOut(String kernel, String... patterns) {
    return Captures.catalogue(kernel).select(List.of(patterns)).leftOut().stream()
        .map(left -> left.name() + " <- " + String.join(" ", left.aliases()))
        .toList();
  }

  private static SlabCache only(CacheSelection selection) {
    assertThat(selection.watched()).hasSize(1);
    return selection.watched().get(0);
  }

  /** A catalogue of caches that stand alone, and of aliases {@code name>directory}. */
  private static SlabCatalogue catalogue(String... entries) {
    Map<String, String> directories = new HashMap<>();
    for (String entry : entries) {
      String[] link = entry.split(">", 2);
      directories.put(link[0], link[link.length - 1]);
    }
    return new SlabCatalogue(directories);
  }

  @Test
  void captures_are_read_in_full() {
    assertThat(Captures.directories("vm-6.18")).hasSize(430).containsEntry("dentry", "dentry");
    assertThat(Captures.directories("debian-6.1"))
        .hasSize(274)
        .containsEntry("filp", ":A-0000256")
        .containsEntry(":A-0000256", ":A-0000256");
    assertThat(Captures.directories("debian-6.1-slab_nomerge"))
        .hasSize(212)
        .allSatisfy((name, directory) -> assertThat(name).isEqualTo(directory));
  }

  @Nested
  class Aliases {

    @Test
    void a_cache_that_stands_alone_is_its_own_directory() {
      SlabCache dentry = only(Captures.catalogue("vm-6.18").select(List.of("dentry")));

      assertThat(dentry).isEqualTo(new SlabCache("dentry", List.of("dentry"), List.of()));
    }

    @Test
    void an_alias_is_followed_to_its_directory_and_names_its_co_tenants() {
      SlabCache mounts = only(Captures.catalogue("vm-6.18").select(List.of("mnt_cache")));

      assertThat(mounts)
          .isEqualTo(
              new SlabCache("mnt_cache", List.of(":A-0000384"), List.of("posix_timers_cache")));
    }

    @Test
    void filp_is_merged_on_6_1() {
      SlabCache files = only(Captures.catalogue("debian-6.1").select(List.of("filp")));

      assertThat(files.directories()).containsExactly(":A-0000256");
      assertThat(files.aliases())
          .containsExactly("io_kiocb", "ip6_dst_cache", "posix_timers_cache");
    }

    @Test
    void nothing_is_shared_without_merging() {
      CacheSelection all = Captures.catalogue("debian-6.1-slab_nomerge").select(List.of("*"));

      assertThat(all.watched()).hasSize(212).allMatch(cache -> cache.aliases().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm-6.18", "debian-6.1", "debian-6.1-slub_debug"})
    void co_tenants_are_mutual(String kernel) {
      SlabCatalogue catalogue = Captures.catalogue(kernel);

      for (String name : Captures.directories(kernel).keySet()) {
        if (!name.startsWith(":")) {
          for (String other : only(catalogue.select(List.of(name))).aliases()) {
            assertThat(only(catalogue.select(List.of(other))).aliases())
                .as("%s, which shares with %s", other, name)
                .contains(name)
                .doesNotContain(other);
          }
        }
      }
    }

    @Test
    void two_aliases_of_one_slab_are_one_row_under_the_name_given_first() {
      SlabCatalogue catalogue = Captures.catalogue("vm-6.18");

      assertThat(only(catalogue.select(List.of("posix_timers_cache", "mnt_cache"))))
          .isEqualTo(
              new SlabCache("posix_timers_cache", List.of(":A-0000384"), List.of("mnt_cache")));
      assertThat(only(catalogue.select(List.of("mnt_cache", "posix_timers_cache"))).name())
          .isEqualTo("mnt_cache");
    }

    @Test
    void a_name_given_twice_is_one_row() {
      assertThat(watched("vm-6.18", "dentry", " dentry ", "dentr?")).containsExactly("dentry");
    }

    @Test
    void the_users_own_name_stands_before_that_of_a_glob_or_group() {
      assertThat(watched("vm-6.18", "@sockets"))
          .contains("UDP", "UDPv6")
          .doesNotContain("PINGv6", "UDPLITEv6");
      assertThat(watched("vm-6.18", "@sockets", "UDP*6", "PINGv6"))
          .contains("PINGv6", "UDPv6")
          .doesNotContain("UDP", "UDPLITEv6");
    }

    @Test
    void a_unique_identifier_is_accepted_as_a_name() {
      SlabCache slab = only(Captures.catalogue("vm-6.18").select(List.of(":A-0000384")));

      assertThat(slab)
          .isEqualTo(
              new SlabCache(
                  ":A-0000384", List.of(":A-0000384"), List.of("mnt_cache", "posix_timers_cache")));
    }

    @Test
    void a_unique_identifier_is_not_taken_for_a_co_tenant() {
      for (String kernel : KERNELS) {
        assertThat(Captures.catalogue(kernel).select(List.of("*")).watched())
            .allSatisfy(
                cache -> assertThat(cache.aliases()).noneMatch(name -> name.startsWith(":")));
      }
    }

    @Test
    void names_sharing_a_counter_are_all_of_them_or_none() {
      SlabCatalogue catalogue = Captures.catalogue("vm-6.18");

      assertThat(catalogue.namesSharing("mnt_cache"))
          .containsExactly("mnt_cache", "posix_timers_cache");
      assertThat(catalogue.namesSharing("dentry")).containsExactly("dentry");
      assertThat(catalogue.namesSharing("no_such_cache")).isEmpty();
    }
  }

  @Nested
  class Groups {

    @Test
    void io_on_6_18() {
      assertThat(watched("vm-6.18", "@io"))
          .containsExactly(
              "MPTCP",
              "MPTCPv6",
              "PING",
              "RAW",
              "RAWv6",
              "TCP",
              "TCPv6",
              "UDP", // and PINGv6, UDP-Lite
              "UDPv6", // and UDPLITEv6
              "bfilp",
              "btrfs_inode",
              "dentry",
              "ep_head",
              "ext4_inode_cache",
              "filp",
              "fuse_inode",
              "hugetlbfs_inode_cache",
              "inode_cache",
              "mnt_cache",
              "mqueue_inode_cache",
              "net_namespace",
              "ovl_inode",
              "shmem_inode_cache",
              "sock_inode_cache",
              "squashfs_inode_cache",
              "xfs_inode");
    }

    @Test
    void io_on_6_18_leaves_out_what_unrelated_caches_blur() {
      assertThat(leftOut("vm-6.18", "@io"))
          .containsExactly(
              "UNIX <- UNIX-STREAM signal_cache",
              "eventpoll_epi <- fib6_node pte_list_desc tcp_bind2_bucket tcp_bind_bucket",
              "eventpoll_pwq <- anon_vma_chain fs_cache",
              "file_lock_cache <- aio_kiocb inet_peer mfc6_cache mfc_cache rtable"
                  + " skbuff_ext_cache xsk_generic_xmit_cache",
              "inotify_inode_mark <- dnotify_mark fanotify_mark sigqueue");
    }

    @Test
    void io_on_6_1() {
      assertThat(watched("debian-6.1", "@io"))
          .containsExactly(
              "MPTCP",
              "MPTCPv6",
              "PINGv6",
              "RAW",
              "RAWv6",
              "TCP",
              "TCPv6",
              "UDPv6", // and UDPLITEv6
              "UNIX", // and PING, UNIX-STREAM
              "dentry",
              "ep_head",
              "ext4_inode_cache",
              "file_lock_cache",
              "hugetlbfs_inode_cache",
              "inode_cache",
              "mnt_cache",
              "mqueue_inode_cache",
              "net_namespace",
              "shmem_inode_cache",
              "sock_inode_cache");
    }

    @Test
    void io_on_6_1_leaves_out_what_unrelated_caches_blur() {
      assertThat(leftOut("debian-6.1", "@io"))
          .containsExactly(
              "UDP <- UDP-Lite signal_cache",
              "eventpoll_epi <- fib6_nodes pid task_delay_info tcp_bind_bucket",
              "eventpoll_pwq <- anon_vma_chain fs_cache tcp_bind2_bucket",
              "filp <- io_kiocb ip6_dst_cache posix_timers_cache",
              "inotify_inode_mark <- dnotify_mark sigqueue");
    }

    @Test
    void io_on_6_1_without_merging_leaves_nothing_out() {
      assertThat(leftOut("debian-6.1-slab_nomerge", "@io")).isEmpty();
      assertThat(watched("debian-6.1-slab_nomerge", "@io"))
          .containsExactly(
              "MPTCP",
              "MPTCPv6",
              "PING",
              "PINGv6",
              "RAW",
              "RAWv6",
              "TCP",
              "TCPv6",
              "UDP",
              "UDP-Lite",
              "UDPLITEv6",
              "UDPv6",
              "UNIX",
              "UNIX-STREAM",
              "dentry",
              "ep_head",
              "eventpoll_epi",
              "eventpoll_pwq",
              "ext4_inode_cache",
              "file_lock_cache",
              "filp",
              "hugetlbfs_inode_cache",
              "inode_cache",
              "inotify_inode_mark",
              "mnt_cache",
              "mqueue_inode_cache",
              "net_namespace",
              "shmem_inode_cache",
              "sock_inode_cache");
    }

    static Stream<Arguments> kernels() {
      return KERNELS.stream().map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void io_is_files_and_sockets(String kernel) {
      Set<String> both = new HashSet<>(watched(kernel, "@files"));
      both.addAll(watched(kernel, "@sockets"));

      assertThat(watched(kernel, "@io")).containsExactlyInAnyOrderElementsOf(both);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void every_kernel_has_the_caches_of_files_and_sockets_that_stand_alone(String kernel) {
      assertThat(watched(kernel, "@files"))
          .contains("dentry", "inode_cache", "mnt_cache", "shmem_inode_cache")
          .doesNotContain("sock_inode_cache", "TCP");
      assertThat(watched(kernel, "@sockets"))
          .contains("dentry", "sock_inode_cache", "TCP", "TCPv6", "net_namespace")
          .doesNotContain("inode_cache", "mnt_cache");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void io_leaves_out_the_observers_own_caches_and_those_that_linger(String kernel) {
      CacheSelection io = Captures.catalogue(kernel).select(List.of("@io"));

      assertThat(names(io))
          .doesNotContain(
              "proc_inode_cache",
              "debugfs_inode_cache",
              "tracefs_inode_cache",
              "lsm_inode_cache",
              "tw_sock_TCP",
              "tw_sock_TCPv6",
              "tcp_bind_bucket",
              "skbuff_head_cache",
              "buffer_head",
              "radix_tree_node",
              "cred");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void kmalloc_is_every_general_purpose_cache(String kernel) {
      Set<String> expected =
          Captures.directories(kernel).keySet().stream()
              .filter(name -> name.startsWith("kmalloc-"))
              .collect(Collectors.toSet());

      assertThat(expected).contains("kmalloc-8", "kmalloc-8k", "kmalloc-cg-256");
      assertThat(tenants(Captures.catalogue(kernel).select(List.of("@kmalloc"))))
          .containsAll(expected);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void all_is_every_slab_once(String kernel) {
      CacheSelection all = Captures.catalogue(kernel).select(List.of("@all"));

      assertThat(all.watched().stream().flatMap(cache -> cache.directories().stream()))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              new HashSet<>(Captures.directories(kernel).values()));
      assertThat(all.leftOut()).isEmpty();
    }

    /** The promise of a group: each member is judged or named as not judged. */
    @ParameterizedTest
    @MethodSource("kernels")
    void no_member_of_a_group_goes_unwatched_in_silence(String kernel) {
      for (CacheGroup group : CacheGroup.values()) {
        CacheSelection selection = Captures.catalogue(kernel).select(List.of(group.label()));
        Set<String> spokenOf = new HashSet<>(tenants(selection));
        selection
            .leftOut()
            .forEach(
                left -> {
                  spokenOf.add(left.name());
                  spokenOf.addAll(left.aliases());
                });
        List<String> members =
            Captures.directories(kernel).keySet().stream()
                .filter(name -> !name.startsWith(":") && group.has(name))
                .toList();

        assertThat(members).as(group.label()).isNotEmpty();
        assertThat(spokenOf).as(group.label()).containsAll(members);
      }
    }

    @Test
    void a_member_named_beside_its_group_is_judged_after_all() {
      CacheSelection selection =
          Captures.catalogue("debian-6.1").select(List.of("@io", "filp", "eventpoll_epi"));

      assertThat(names(selection)).contains("filp", "eventpoll_epi");
      assertThat(selection.leftOut())
          .extracting(CacheSelection.LeftOut::name)
          .containsExactly("UDP", "eventpoll_pwq", "inotify_inode_mark");
    }

    @Test
    void a_member_judged_under_another_of_its_names_is_not_said_to_be_left_out() {
      CacheSelection selection =
          Captures.catalogue("debian-6.1").select(List.of("@files", "io_kiocb"));

      assertThat(names(selection)).contains("io_kiocb").doesNotContain("filp");
      assertThat(selection.leftOut())
          .extracting(CacheSelection.LeftOut::name)
          .containsExactly("inotify_inode_mark");
    }

    @Test
    void a_quiet_co_tenant_blurs_nothing() {
      SlabCatalogue catalogue =
          catalogue(
              ":A-0000384",
              "mnt_cache>:A-0000384",
              "posix_timers_cache>:A-0000384",
              ":A-0000256",
              "filp>:A-0000256",
              "cred_jar>:A-0000256");

      CacheSelection files = catalogue.select(List.of("@files"));

      assertThat(names(files)).containsExactly("mnt_cache");
      assertThat(files.leftOut())
          .containsExactly(new CacheSelection.LeftOut("filp", List.of("cred_jar")));
    }

    @Test
    void busy_groups_leave_nothing_out() {
      SlabCatalogue catalogue =
          catalogue(":0000256", "kmalloc-256>:0000256", "cred_jar>:0000256", "dentry");

      assertThat(names(catalogue.select(List.of("@kmalloc")))).containsExactly("kmalloc-256");
      assertThat(catalogue.select(List.of("@all")).leftOut()).isEmpty();
    }

    @Test
    void a_group_of_which_nothing_can_be_judged_is_an_error() {
      SlabCatalogue catalogue = catalogue(":A-0000256", "filp>:A-0000256", "cred_jar>:A-0000256");

      assertThatThrownBy(() -> catalogue.select(List.of("@files")))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage(
              "@files has no member that this kernel can tell apart from unrelated caches: boot it"
                  + " with slab_nomerge, or name the caches themselves");
    }

    @Test
    void a_group_without_member_is_an_error() {
      assertThatThrownBy(() -> catalogue("dentry").select(List.of("@kmalloc")))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage("The group @kmalloc has no member on this kernel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@file", "@", "@IO", "@io*"})
    void an_unknown_group_is_an_error_that_lists_the_groups(String group) {
      assertThatThrownBy(() -> watched("vm-6.18", group))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage(
              "There is no group \""
                  + group
                  + "\"; groups are @files, @sockets, @io, @kmalloc, @all");
    }

    private static Collection<String> tenants(CacheSelection selection) {
      Set<String> names = new HashSet<>();
      selection
          .watched()
          .forEach(
              cache -> {
                names.add(cache.name());
                names.addAll(cache.directories());
                names.addAll(cache.aliases());
              });
      return names;
    }
  }

  @Nested
  class Globs {

    @Test
    void a_glob_watches_each_slab_that_it_matches_once() {
      assertThat(watched("debian-6.1", "*_inode_cache"))
          .containsExactly(
              "ext4_inode_cache",
              "hugetlbfs_inode_cache",
              "lsm_inode_cache",
              "mqueue_inode_cache",
              "proc_inode_cache",
              "shmem_inode_cache",
              "sock_inode_cache");
      assertThat(watched("debian-6.1", "UDP*")).containsExactly("UDP", "UDPLITEv6");
      assertThat(watched("debian-6.1", "TCP??")).containsExactly("TCPv6");
    }

    @Test
    void a_glob_means_what_it_says_and_leaves_nothing_out() {
      CacheSelection selection = Captures.catalogue("debian-6.1").select(List.of("fil?"));

      assertThat(names(selection)).containsExactly("filp");
      assertThat(selection.leftOut()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.github.noslableak.slab.SlabCatalogueTests$Groups#kernels")
    void a_star_watches_as_many_slabs_as_all(String kernel) {
      assertThat(watched(kernel, "*")).isEqualTo(watched(kernel, "@all"));
    }

    @Test
    void a_slab_whose_names_were_taken_over_by_another_is_watched_by_its_identifier() {
      // A second cache of the same name and another size takes the link (mm/slub.c,
      // sysfs_slab_alias).
      SlabCatalogue catalogue = catalogue(":0000192", ":0000256", "twice>:0000256");

      assertThat(names(catalogue.select(List.of("@all")))).containsExactly(":0000192", "twice");
    }

    @Test
    void a_glob_that_matches_nothing_is_an_error() {
      assertThatThrownBy(() -> watched("vm-6.18", "sock_inodes*"))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage(
              "No slab cache matches \"sock_inodes*\" on this kernel. List them with: ls"
                  + " /sys/kernel/slab");
    }

    @Test
    void a_glob_in_another_letter_case_is_an_error_that_names_what_is_meant() {
      assertThatThrownBy(() -> watched("vm-6.18", "mptcp*"))
          .hasMessage(
              "No slab cache matches \"mptcp*\" on this kernel. Did you mean MPTCP, MPTCPv6, TCP?"
                  + " List them with: ls /sys/kernel/slab");
    }
  }

  @Nested
  class RandomCopies {

    private final SlabCatalogue catalogue =
        catalogue(
            "kmalloc-256",
            "kmalloc-rnd-01-256",
            "kmalloc-rnd-02-256",
            "kmalloc-rnd-15-256",
            "kmalloc-2k",
            "kmalloc-rnd-01-2k",
            "kmalloc-cg-256",
            "kmalloc-rnd-01-96",
            "dentry");

    @Test
    void a_kmalloc_cache_is_the_sum_of_its_random_copies() {
      SlabCache cache = only(catalogue.select(List.of("kmalloc-256")));

      assertThat(cache)
          .isEqualTo(
              new SlabCache(
                  "kmalloc-256",
                  List.of(
                      "kmalloc-256",
                      "kmalloc-rnd-01-256",
                      "kmalloc-rnd-02-256",
                      "kmalloc-rnd-15-256"),
                  List.of()));
    }

    @Test
    void a_group_sums_the_copies_and_counts_none_twice() {
      CacheSelection selection = catalogue.select(List.of("@kmalloc"));

      assertThat(names(selection))
          .containsExactly("kmalloc-256", "kmalloc-2k", "kmalloc-cg-256", "kmalloc-rnd-01-96");
      assertThat(selection.watched().stream().flatMap(cache -> cache.directories().stream()))
          .containsExactlyInAnyOrder(
              "kmalloc-256",
              "kmalloc-rnd-01-256",
              "kmalloc-rnd-02-256",
              "kmalloc-rnd-15-256",
              "kmalloc-2k",
              "kmalloc-rnd-01-2k",
              "kmalloc-cg-256",
              "kmalloc-rnd-01-96");
    }

    @Test
    void a_glob_for_the_copies_watches_each_of_them() {
      CacheSelection selection = catalogue.select(List.of("kmalloc-rnd-*"));

      assertThat(selection.watched())
          .allSatisfy(cache -> assertThat(cache.directories()).containsExactly(cache.name()));
      assertThat(names(selection))
          .containsExactly(
              "kmalloc-rnd-01-256",
              "kmalloc-rnd-01-2k",
              "kmalloc-rnd-01-96",
              "kmalloc-rnd-02-256",
              "kmalloc-rnd-15-256");
    }

    @Test
    void one_copy_can_be_named() {
      assertThat(only(catalogue.select(List.of("kmalloc-rnd-02-256"))).directories())
          .containsExactly("kmalloc-rnd-02-256");
    }

    @Test
    void a_glob_over_part_of_the_family_sums_it_too() {
      CacheSelection selection = catalogue.select(List.of("kmalloc-*256"));

      assertThat(names(selection)).containsExactly("kmalloc-256", "kmalloc-cg-256");
      assertThat(selection.watched().get(0).directories()).hasSize(4);
    }
  }

  @Nested
  class Unknown {

    @Test
    void an_empty_list_is_an_error() {
      assertThatThrownBy(() -> watched("vm-6.18"))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage(
              "No slab cache is named. Name caches, globs or groups: @files, @sockets, @io,"
                  + " @kmalloc, @all");
    }

    static Stream<Arguments> nearMisses() {
      return Stream.of(
          Arguments.of("dentri", " Did you mean dentry?"),
          Arguments.of("DENTRY", " Did you mean dentry, ext4_fc_dentry_update?"),
          Arguments.of("sock_inode", " Did you mean sock_inode_cache?"),
          Arguments.of("mnt-cache", " Did you mean mnt_cache?"),
          Arguments.of("no_such_thing", ""),
          Arguments.of("", ""));
    }

    @ParameterizedTest
    @MethodSource("nearMisses")
    void an_unknown_name_is_an_error_that_names_close_ones(String name, String hint) {
      assertThatThrownBy(() -> watched("vm-6.18", name))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessage(
              "There is no slab cache \""
                  + name
                  + "\" on this kernel."
                  + hint
                  + " List them with: ls /sys/kernel/slab");
    }

    @Test
    void the_closest_names_come_first_where_many_are_close() {
      assertThatThrownBy(() -> watched("vm-6.18", "tcp"))
          .hasMessageContaining(" Did you mean TCP, MPTCP, TCPv6, ");
    }

    @Test
    void a_name_with_its_last_letter_missing_is_always_named() {
      for (String name : Captures.directories("vm-6.18").keySet()) {
        String cut = name.substring(0, name.length() - 1);
        if (!name.startsWith(":") && !Captures.directories("vm-6.18").containsKey(cut)) {
          assertThatThrownBy(() -> watched("vm-6.18", cut))
              .as(name)
              .hasMessageMatching(".* on this kernel\\. Did you mean .*\\b" + name + "\\b.*");
        }
      }
    }

    @Test
    void one_unknown_name_among_known_ones_is_an_error() {
      assertThatThrownBy(() -> watched("vm-6.18", "@io", "dentry", "sock_inode_cahce"))
          .isExactlyInstanceOf(UnknownCacheException.class)
          .hasMessageContaining("\"sock_inode_cahce\"")
          .hasMessageContaining("Did you mean sock_inode_cache?");
    }
  }

  @Test
  void a_kernel_without_sysfs_files_has_the_names_of_slabinfo() {
    SlabCatalogue catalogue = SlabCatalogue.of(Captures.slabInfo("debian-6.1"));

    assertThat(catalogue.entries()).hasSize(154).contains("dentry", "sock_inode_cache");
    assertThat(catalogue.select(List.of("*")).watched())
        .hasSize(154)
        .allMatch(cache -> cache.directories().equals(List.of(cache.name())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vm-6.18", "debian-6.1", "debian-6.1-slub_debug"})
  void every_slab_of_sysfs_is_in_slabinfo_under_one_of_its_names(String kernel) {
    Set<String> listed =
        Captures.slabInfo(kernel).rows().stream()
            .map(SlabInfo.Row::name)
            .collect(Collectors.toSet());

    for (SlabCache cache : Captures.catalogue(kernel).select(List.of("@all")).watched()) {
      assertThat(
              Stream.concat(Stream.of(cache.name()), cache.aliases().stream())
                  .filter(listed::contains))
          .as(cache.toString())
          .hasSize(1);
    }
  }
}
