/**
 * release.c: which build of the program this is.
 *
 * Who calls in: INFO, `--version`, the first log lines and the crash report. Whom it calls: nobody.
 *
 * What differs from C: nothing is compiled in by a build script, so the commit is the one of a release tarball (zeros) and the
 * build id is a constant: the CRC-64 of version, build name, dirty count and commit, as C works it out.
 */

/** CRC-64 (Jones) of "7.0.5" "readable" "0" "00000000". */
const REDIS_BUILD_ID = '8b70d9eaffde8060';

/**
 * The commit that the program was built from: zeros, as in a release.
 * @c release.c:41
 */
export function redisGitSHA1(): string {
  return '00000000';
}

/**
 * How many lines differed from that commit, as a decimal string.
 * @c release.c:45
 */
export function redisGitDirty(): string {
  return '0';
}

/**
 * The build id as 64 bits.
 * @c release.c:49
 */
export function redisBuildId(): bigint {
  return BigInt(`0x${REDIS_BUILD_ID}`);
}

/**
 * The build id in hexadecimal, as INFO shows it.
 * @c release.c:58
 */
export function redisBuildIdString(): string {
  return redisBuildId().toString(16);
}
