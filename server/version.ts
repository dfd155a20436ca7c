/**
 * version.h: which Redis this is.
 *
 * INFO, the log's first lines, HELLO and `--version` say it. The number is that of the C program whose files these modules mirror, so that
 * a client that looks at it behaves as it would with that program.
 */
export const REDIS_VERSION = '7.0.5';
