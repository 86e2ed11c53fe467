package io.github.noslableak.trace.ref;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A function of the kernel that takes a reference on an object or gives one back.
 *
 * <p>What is inline cannot be followed: get_file(), sock_hold(), sock_put() and dget(); the
 * function that dget() calls, lockref_get(), is in lib/, whose functions allow no probe (seen on
 * 6.1). Left out are functions whose references go over to somebody else as a rule, such as
 * ihold(), whose reference d_instantiate() takes: they would name whoever is right.
 */
enum ReferenceFunction {
  PATH_GET(Family.PATH, Role.TAKES_ARGUMENT),
  PATH_PUT(Family.PATH, Role.RETURNS),
  DGET_PARENT(Family.DENTRY, Role.TAKES_RESULT),
  DPUT(Family.DENTRY, Role.RETURNS),
  MNTGET(Family.MOUNT, Role.TAKES_ARGUMENT),
  MNTPUT(Family.MOUNT, Role.RETURNS),
  FGET(Family.FILE, Role.TAKES_RESULT),
  FPUT(Family.FILE, Role.RETURNS);

  /** The field of an event that holds a dentry's name. */
  static final String NAME_FIELD = "name";

  /** Functions that give back what the others of the family take. */
  enum Family {
    PATH,
    DENTRY,
    MOUNT,
    FILE
  }

  private enum Role {
    TAKES_ARGUMENT,
    TAKES_RESULT,
    RETURNS
  }

  /**
   * Where a kernel passes what.
   *
   * @param argument the register of the first argument
   * @param caller what holds the return address when a function is entered
   */
  record Machine(String argument, String caller) {

    /** Returns that of a JVM's {@code os.arch}, if it is known. */
    static Optional<Machine> of(String architecture) {
      return switch (architecture) {
        case "amd64", "x86_64" -> Optional.of(new Machine("%di", "$stack0"));
        case "aarch64" -> Optional.of(new Machine("%x0", "%x30"));
        default -> Optional.empty();
      };
    }
  }

  private final Family family;
  private final Role role;

  ReferenceFunction(Family family, Role role) {
    this.family = family;
    this.role = role;
  }

  Family family() {
    return family;
  }

  boolean takes() {
    return role != Role.RETURNS;
  }

  /** Its name in the kernel. */
  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The field of its event that holds the return address. */
  String callerField() {
    return role == Role.TAKES_RESULT ? "__probe_ret_ip" : "caller";
  }

  /** The fields of its event that hold addresses of objects; of a path, the dentry comes first. */
  List<String> objectFields() {
    return family == Family.PATH ? List.of("dentry", "mount") : List.of("object");
  }

  /**
   * Returns the line that makes the kernel record its calls, for kprobe_events.
   *
   * @param group the group of events that it becomes a member of
   */
  String probe(String group, Machine machine) {
    String event = group + "/" + symbol() + " " + symbol();
    if (role == Role.TAKES_RESULT) {
      return "r:" + event + " object=$retval:x64" + name("$retval");
    }
    // struct path { struct vfsmount *mnt; struct dentry *dentry; }, since 2.6.20.
    String objects =
        family == Family.PATH
            ? "mount=+0(%s):x64 dentry=+8(%s):x64".replace("%s", machine.argument())
            : "object=" + machine.argument() + ":x64";
    return "p:"
        + event
        + " "
        + objects
        + " caller="
        + machine.caller()
        + ":x64"
        + name(family == Family.PATH ? "+8(" + machine.argument() + ")" : machine.argument());
  }

  /**
   * Returns the argument that records the name of a dentry of which a reference is taken, or
   * nothing. struct dentry has {@code d_name.name} at 40 on 6.1 and on 6.18, unless the kernel has
   * CONFIG_LOCKDEP or CONFIG_PREEMPT_RT; what is read there then is no name, and not taken for one.
   */
  private String name(String dentry) {
    return takes() && (family == Family.PATH || family == Family.DENTRY)
        ? " " + NAME_FIELD + "=+0(+40(" + dentry + ")):string"
        : "";
  }
}
