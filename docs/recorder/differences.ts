/**
 * Where our stacks and call trees are not those of the C server, and why. The tests hold these lists: what stands here and
 * agrees after all makes them fail, as does a difference that does not stand here.
 *
 * Who calls in: the tests of the agreement, the site. Whom it calls: nobody.
 */

/** Stacks that differ: ids of test/facts/backtraces.json, by the reason. */
export const stackDifferences: { why: string; ids: string[] }[] = [];

/**
 * Functions that are left out of the comparison of call trees with all that they call, by the reason. Names, or the beginning of
 * names with a `*` behind.
 */
export const leftOutOfTrees: { why: string; names: string[] }[] = [
  {
    why: 'Strings are JavaScript strings, and only growable buffers are sds: where C makes and measures an sds there is often no call.',
    names: ['sds*', '_sds*', 'll2string', 'string2ll', 'ull2string', 'digits10', 'sdigits10'],
  },
  {
    why: 'Memory is accounted for where C allocates, but not by a call for each.',
    names: ['zmalloc*', 'zcalloc*', 'zrealloc*', 'zfree*', 'ztry*'],
  },
  {
    why: 'C computes the clock by a macro that is a function in some builds.',
    names: ['LRU_CLOCK'],
  },
  {
    why: 'The hash is half SipHash on 32-bit words, and a key that is the same string needs no comparison, so these are called more or less often.',
    names: ['siphash*', 'siptlw', 'dictSdsKeyCompare', 'dictSdsKeyCaseCompare'],
  },
  {
    why: 'Users with limited rights, and the tracking of keys, do not exist here; lists and trees are walked within them.',
    names: ['ACLCheckAllPerm', 'trackingInvalidateKeysOnFlush'],
  },
];

/** Entries of call trees that only one side has: the function and who calls it, by the reason. */
export const treeDifferences: { why: string; side: 'C' | '+'; calls: string[] }[] = [];
