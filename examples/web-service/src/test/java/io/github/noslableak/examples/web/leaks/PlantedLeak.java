package io.github.noslableak.examples.web.leaks;

/** A test that leaks, and a cache that its failure must name. */
enum PlantedLeak {
  DIRECTORY_STREAM(FileLeakTestCases.class, "lists_a_directory", "filp"),
  WATCH_SERVICE(FileLeakTestCases.class, "watches_a_directory", "filp"),
  LOG_HANDLER(FileLeakTestCases.class, "replaces_the_handler_of_a_log", "filp"),
  RANDOM_ACCESS_FILE(FileLeakTestCases.class, "reads_the_last_byte", "filp"),
  MAPPED_FILE(FileLeakTestCases.class, "maps_a_file", "filp"),
  ZIP_FILE(FileLeakTestCases.class, "counts_the_entries_of_a_zip_file", "filp"),
  CLASS_LOADER(FileLeakTestCases.class, "loads_a_resource_of_a_jar", "filp"),
  SCANNER(FileLeakTestCases.class, "scans_a_file", "filp"),
  SELECTOR(SocketLeakTestCases.class, "selects_nothing", "filp"),
  FAILED_BIND(SocketLeakTestCases.class, "binds_to_a_port_that_is_taken", "sock_inode_cache"),
  DATAGRAM_SOCKET(SocketLeakTestCases.class, "sends_a_datagram", "sock_inode_cache"),
  PIPE(SocketLeakTestCases.class, "writes_into_a_pipe", "filp"),
  ACCEPTED_SOCKET(SocketLeakTestCases.class, "greets_a_client", "sock_inode_cache"),
  NETTY_EVENT_LOOP(SocketLeakTestCases.class, "computes_on_an_event_loop", "filp"),
  OKHTTP_RESPONSE(
      HttpLeakTestCases.class, "looks_at_the_status_of_an_okhttp_response", "sock_inode_cache"),
  OKHTTP_CLIENT(
      HttpLeakTestCases.class, "makes_an_okhttp_client_for_each_call", "sock_inode_cache"),
  JDK_CLIENT(HttpLeakTestCases.class, "makes_a_jdk_client_for_each_request", "filp"),
  HTTP_SERVER(HttpLeakTestCases.class, "starts_a_server", "sock_inode_cache"),
  POOLED_CONNECTION(DatabaseLeakTestCases.class, "borrows_connections_of_the_pool", "filp"),
  CONNECTION(DatabaseLeakTestCases.class, "opens_a_connection", "filp"),
  POOL(DatabaseLeakTestCases.class, "opens_a_pool", "filp"),
  H2_DATABASE(DatabaseLeakTestCases.class, "opens_an_h2_database", "filp"),
  CHILD_PROCESS(ProcessLeakTestCases.class, "starts_a_process", "filp");

  final Class<?> testClass;
  final String method;
  final String cache;

  PlantedLeak(Class<?> testClass, String method, String cache) {
    this.testClass = testClass;
    this.method = method;
    this.cache = cache;
  }
}
