/**
 * syscheck.c: is this machine set up in a way that suits Redis?
 *
 * Each check reads a file below /proc or /sys, or measures, and answers with a syscheckResult: 1 it is fine, -1 it is not and `error_msg`
 * says what to do, 0 it could not be found out (no such file, another system).
 *
 * Who calls in: main (the warnings at start) and `redis-server --check-system`. Whom it calls: posix.
 *
 * What differs from C: the check for the arm64 kernel bug needs fork(2) and is not here; nothing here forks either.
 */
import { RUSAGE_SELF, STDOUT_FILENO, posix } from '../posix/posix.ts';
import { sdstrim } from '../object/sds.ts';

const CLOCKSOURCE = '/sys/devices/system/clocksource/clocksource0/';

/** What a check found. */
export interface syscheckResult {
  res: -1 | 0 | 1;
  error_msg: string;
}

const SKIPPED: syscheckResult = { res: 0, error_msg: '' };
const PASSED: syscheckResult = { res: 1, error_msg: '' };

/**
 * The first line of a small file, with blanks and newlines trimmed; null when it cannot be read or is empty.
 * @c syscheck.c:51
 * @cstatic
 */
export function read_sysfs_line(path: string): string | null {
  const file = posix.readFile(path);
  if (file === null || file.length === 0) return null;
  const text = Buffer.from(file).toString('latin1');
  const end = text.indexOf('\n');
  return sdstrim(end === -1 ? text : text.slice(0, end), ' \n');
}

/**
 * Reads the clock in a busy loop for 50 ms: when a good part of that time was spent in the kernel, the clock is a slow one.
 * @c syscheck.c:67
 * @cstatic
 */
export function checkClocksource(): syscheckResult {
  // 5 ticks of the 100 a second that every Linux reports to programs.
  const test_time_us = (5 * 1000000) / 100;
  const ru_start = posix.getrusage(RUSAGE_SELF);
  if (ru_start === null) return SKIPPED;
  const start_us = posix.clock_monotonic();
  while (posix.clock_monotonic() - start_us < test_time_us);
  const ru_end = posix.getrusage(RUSAGE_SELF);
  if (ru_end === null) return SKIPPED;

  const stime_us = ru_end.ru_stime - ru_start.ru_stime;
  const utime_us = ru_end.ru_utime - ru_start.ru_utime;
  if (stime_us * 10 <= stime_us + utime_us) return PASSED;

  const avail = read_sysfs_line(`${CLOCKSOURCE}available_clocksource`);
  const curr = read_sysfs_line(`${CLOCKSOURCE}current_clocksource`);
  return {
    res: -1,
    error_msg:
      'Slow system clocksource detected. This can result in degraded performance. ' +
      "Consider changing the system's clocksource. " +
      `Current clocksource: ${curr ?? ''}. Available clocksources: ${avail ?? ''}. ` +
      `For example: run the command 'echo tsc > ${CLOCKSOURCE}current_clocksource' as root. ` +
      "To permanently change the system's clocksource you'll need to set the 'clocksource=' kernel command line parameter.",
  };
}

/**
 * The default clock of the Xen hypervisor is slow.
 * @c syscheck.c:122
 */
export function checkXenClocksource(): syscheckResult {
  const curr = read_sysfs_line(`${CLOCKSOURCE}current_clocksource`);
  if (curr === null) return SKIPPED;
  if (curr !== 'xen') return PASSED;
  return {
    res: -1,
    error_msg:
      "Your system is configured to use the 'xen' clocksource which might lead to degraded performance. " +
      "Check the result of the [slow-clocksource] system check: run 'redis-server --check-system' to check if " +
      "the system's clocksource isn't degrading performance.",
  };
}

/**
 * Without overcommit the kernel refuses memory that a fork may need. We do not fork, yet operators expect the warning.
 * @c syscheck.c:142
 */
export function checkOvercommit(): syscheckResult {
  const line = read_sysfs_line('/proc/sys/vm/overcommit_memory');
  if (line === null) return SKIPPED;
  if (Number.parseInt(line, 10) !== 0) return PASSED;
  return {
    res: -1,
    error_msg:
      'overcommit_memory is set to 0! Background save may fail under low memory condition. ' +
      "To fix this issue add 'vm.overcommit_memory = 1' to /etc/sysctl.conf and then reboot or run the " +
      "command 'sysctl vm.overcommit_memory=1' for this to take effect.",
  };
}

/**
 * Transparent huge pages, when always on, cost latency and memory.
 * @c syscheck.c:166
 */
export function checkTHPEnabled(): syscheckResult {
  const line = read_sysfs_line('/sys/kernel/mm/transparent_hugepage/enabled');
  if (line === null) return SKIPPED;
  if (!line.includes('[always]')) return PASSED;
  return {
    res: -1,
    error_msg:
      'You have Transparent Huge Pages (THP) support enabled in your kernel. ' +
      'This will create latency and memory usage issues with Redis. ' +
      "To fix this issue run the command 'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled' as root, " +
      'and add it to your /etc/rc.local in order to retain the setting after a reboot. ' +
      "Redis must be restarted after THP is disabled (set to 'madvise' or 'never').",
  };
}

/** The checks of `--check-system`, in the order in which it prints them. */
const checks: readonly { name: string; check_fn: () => syscheckResult }[] = [
  { name: 'slow-clocksource', check_fn: checkClocksource },
  { name: 'xen-clocksource', check_fn: checkXenClocksource },
  { name: 'overcommit', check_fn: checkOvercommit },
  { name: 'THP', check_fn: checkTHPEnabled },
];

/**
 * Runs all checks and prints a line for each to standard output. 0 when one failed, otherwise 1.
 * @c syscheck.c:351
 */
export function syscheck(): number {
  let ret = 1;
  for (const check of checks) {
    const { res, error_msg } = check.check_fn();
    let text = `[${check.name}]...`;
    if (res === 0) text += 'skipped\n';
    else if (res === 1) text += 'OK\n';
    else {
      text += `WARNING:\n${error_msg}\n`;
      ret = 0;
    }
    const out = Buffer.from(text, 'latin1');
    posix.write(STDOUT_FILENO, out, 0, out.length);
  }
  return ret;
}
