# NoSlabLeak: waits for JVM $1 to end, and takes back what it left in the kernel, if it was killed.
# $1 and $2: its process number and when that was started, by which all that is its own is named.
# $3: where our files are; $4: what vfs_cache_pressure is raised to; $5: the kernel's default.
# The working directory is the root of tracefs, where that can be reached.

# What ends the JVM may be sent to all of its group.
trap '' HUP INT QUIT TERM PIPE
exec 3>&1 >/dev/null 2>&1
echo ready >&3
exec 3>&-

# Nobody writes: this ends when the last who could has ended.
read -r nothing

# Or has closed its descriptors, one of them too many. Field 22 is when it was started; a process's
# name may hold anything, but for what comes after it.
lives() {
  stat=$(cat "/proc/$1/stat") || return 1
  started=$2
  # shellcheck disable=SC2086 # its fields
  set -- ${stat##*) }
  [ "$1" != Z ] && [ "$1" != X ] && [ "${20}" = "$started" ]
}
looks=0
while lives "$1" "$2"; do
  # It may just be ending: its threads go one by one.
  if [ $looks -lt 100 ]; then sleep 0.02; else sleep 1; fi
  looks=$((looks + 1))
done

left=$1-$2
pressure=/proc/sys/vm/vfs_cache_pressure

# Its descriptors may be closed a moment later than the one that was waited for.
attempt() {
  busy=
  for mount in "$3/mounts/$left"-*; do
    [ -d "$mount" ] || continue
    umount -l "$mount"
    rmdir "$mount" || busy=1
  done
  for instance in "instances/noslableak-$left"-*; do
    [ -d "$instance" ] || continue
    echo 0 >"$instance/tracing_on"
    echo 0 >"$instance/events/enable"
    rmdir "$instance" || busy=1
  done
  # Only now: an event that is switched on somewhere cannot be removed.
  if [ -w kprobe_events ]; then
    probes=$(cat kprobe_events)
    while read -r probe; do
      probe=${probe#*:}
      case $probe in
        noslableak_"$1_$2"_*/*) echo "-:${probe%% *}" >>kprobe_events || busy=1 ;;
      esac
    done <<EOF
$probes
EOF
  fi
  [ -z "$busy" ]
}

# Not by the shell's own read, which asks for one byte at a time: a sysctl gives one digit then.
is_raised() {
  [ "$(cat "$pressure")" = "$4" ]
}

# Its files are those of who holds the lock of this machine.
holds_lock() {
  holder=
  read -r holder rest <"$3/lock" # Without a newline, so it fails at the end.
  [ "$holder" = "$1" ]
}

# Another JVM, in a container, may have raised it for a moment: that puts it back.
restore_pressure() {
  looks=0
  while [ $looks -lt 40 ] && holds_lock "$@"; do
    if ! is_raised "$@"; then
      rm -f "$3/vfs_cache_pressure"
      break
    fi
    looks=$((looks + 1))
    if [ $looks -ge 10 ]; then
      found=$(cat "$3/vfs_cache_pressure")
      case $found in '' | *[!0-9]* | "$4") found=$5 ;; esac
      echo "$found" >"$pressure"
    fi
    sleep 0.05
  done
}

attempt "$@"
restore_pressure "$@"
attempts=0
until attempt "$@" || [ $attempts -eq 100 ]; do
  attempts=$((attempts + 1))
  sleep 0.1
done
