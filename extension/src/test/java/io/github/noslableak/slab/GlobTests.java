package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTests {

  @ParameterizedTest
  @CsvSource({
    "dentry, dentry, true",
    "dentry, dentry2, false",
    "dentry, DENTRY, false",
    "*, '', true",
    "*, :A-0000384, true",
    "*_inode_cache, sock_inode_cache, true",
    "*_inode_cache, inode_cache, false",
    "kmalloc-*, kmalloc-256, true",
    "kmalloc-*, kmalloc-, true",
    "kmalloc-*, dma-kmalloc-256, false",
    "TCP?, TCP, false",
    "TCP??, TCPv6, true",
    "TCP?, TCPv6, false",
    "*sock*, sock_inode_cache, true",
    "*sock*, tw_sock_TCP, true",
    "**, dentry, true",
    "?*?, ab, true",
    "?*?, a, false"
  })
  void star_is_any_characters_and_question_mark_one(String glob, String name, boolean matches) {
    assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "fs.cache, fs_cache, false",
    "[fd]ilp, filp, false",
    "(dentry), dentry, false",
    "dentry(1:a)*, dentry(1:a)b, true",
    "\\Q*\\E, \\Qx\\E, true",
    "a\\E*b, a\\Exb, true",
    "a+*, aab, false",
    "^*$, dentry, false",
    "'{a,b}*', a, false"
  })
  void everything_else_is_literal(String glob, String name, boolean matches) {
    assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
  }

  @Test
  void many_stars_take_no_time() {
    Glob glob = new Glob("*a".repeat(40) + "b");

    assertThat(glob.matches("a".repeat(4_000))).isFalse();
    assertThat(glob.matches("a".repeat(4_000) + "b")).isTrue();
  }

  @Test
  void a_name_without_wildcard_is_no_glob() {
    assertThat(Glob.isGlob("dentry")).isFalse();
    assertThat(Glob.isGlob("@io")).isFalse();
    assertThat(Glob.isGlob("*")).isTrue();
    assertThat(Glob.isGlob("dentr?")).isTrue();
  }
}
