# NoSlabLeak: waits for JVM $1 to end, and takes back what it left in the kernel, if it was killed.
# $1 and $2: its process number and when that was started, by which all that is its own is named.
# $3: where our files are; $4: what vfs_cache_pressure is raised to; $5: the kernel's default.
# The working directory is the root of tracefs, where that can be reached.

# What ends the JVM may be sent to all of its group.
trap '' HUP INT QUIT TERM
exec 3>&1 >/dev/null 2>&1
echo ready >&3
exec 3>&-

# Nobody writes: this ends when the last who could has ended.
read -r nothing

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

is_raised() {
  read -r value <"$pressure" && [ "$value" = "$4" ]
}

# Another JVM may have raised it for a moment: that puts it back.
restore_pressure() {
  looks=0
  while is_raised "$@"; do
    looks=$((looks + 1))
    if [ $looks -eq 10 ]; then
      found=
      read -r found <"$3/vfs_cache_pressure" # Without a newline, so it fails at the end.
      case $found in '' | *[!0-9]* | "$4") found=$5 ;; esac
      echo "$found" >"$pressure"
      break
    fi
    sleep 0.05
  done
  # The file is that of who holds the lock of this machine.
  holder=
  read -r holder rest <"$3/lock"
  if [ "$holder" = "$1" ]; then
    rm -f "$3/vfs_cache_pressure"
  fi
}

restore_pressure "$@"
attempts=0
until attempt "$@" || [ $attempts -eq 100 ]; do
  attempts=$((attempts + 1))
  sleep 0.1
done
